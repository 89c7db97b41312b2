"""Names that rules, topics and queries refer to, and what is wrong with them."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Final, Literal

import regex

from monitor.errors import Problem, RuleError
from monitor.model.rule import RuleBook, SourceText
from monitor.rules.parse import parse_query
from monitor.rules.places import problem_at
from monitor.rules.tree import At, Clause, Node, Positional, Reference, children, operands

Kind = Literal["entity", "topic", "rule"]
Names = Mapping[Kind, Collection[str]]
"""What is defined, by kind."""

_TABLES: Final[Mapping[Kind, str]] = {"entity": "entities", "topic": "topics", "rule": "rules"}
_SIGNS: Final[Mapping[Kind, str]] = {"entity": "@", "topic": "#", "rule": "rule:"}


def is_phrase(text: str, topics: Collection[str]) -> bool:
    """Whether an item of a rule's ``topics`` is a phrase: no topic, and it has a blank."""
    return text not in topics and " " in text.strip()


def written(kind: Kind, id_: str) -> str:
    """A reference as a query writes it."""
    return f"{_SIGNS[kind]}{id_}"


def unknown(
    kind: Kind, id_: str, known: Collection[str], source: SourceText, offset: int = 0
) -> Problem:
    """The problem of a name that nothing defines, with the nearest that something does."""
    close = get_close_matches(id_, known, 1)
    hint = f'did you mean "{close[0]}"?' if close else f"define it under [{_TABLES[kind]}.{id_}]"
    message = f'unknown {kind} "{id_}"; {hint}'
    if source.text != id_:
        return problem_at(source, offset, message)
    if kind == "topic" and not close:  # an item of a list, which needs no caret
        message += f", or look for the word with query = '{id_}'"
    return Problem(source.place, message)


def offset_of(reference: Reference, source: SourceText, at: At) -> int:
    """Where a reference stands in its clause; @eu is not the beginning of @eu-council."""
    name = regex.escape(written(reference.kind, reference.id))
    found = regex.search(rf"{name}(?![\w-])", source.text, pos=at[0])
    return found.start() if found else at[0]


def query_problems(book: RuleBook, names: Names | None) -> list[Problem]:
    """What is wrong with each query by itself, of a book that can't be compiled as a whole.

    Args:
        book: what could be read.
        names: what is defined; None if that is not known.
    """
    found = [problem for query in _queries(book) for problem in _query_problems(query, names)]
    return [*found, *_list_problems(book, names)] if names else found


def _queries(book: RuleBook) -> Iterator[SourceText]:
    for entity in book.entities.values():
        yield from (alias.context for alias in entity.aliases if alias.context)
    for topic in book.topics.values():
        yield from topic.queries
        yield from (query for query, _ in topic.weights)
    for rule in book.rules.values():
        yield from rule.exclude
        if rule.query:
            yield rule.query


def _query_problems(query: SourceText, names: Names | None) -> list[Problem]:
    try:
        node = parse_query(query).node
    except RuleError as error:
        return list(error.problems)
    return [] if names is None else list(_unknown_in(node, query, names))


def _unknown_in(node: Node, source: SourceText, names: Names) -> Iterator[Problem]:
    for reference, at in _references(node):
        known = names[reference.kind]
        if reference.id not in known:
            offset = offset_of(reference, source, at)
            yield unknown(reference.kind, reference.id, known, source, offset)


def _references(node: Node) -> Iterator[tuple[Reference, At]]:
    if isinstance(node, Clause):
        yield from ((reference, node.at) for reference in _inside(node.what))
    for part in children(node):
        yield from _references(part)


def _inside(what: Positional) -> Iterator[Reference]:
    if isinstance(what, Reference):
        yield what
    for part in operands(what):
        yield from _inside(part)


def _list_problems(book: RuleBook, names: Names) -> Iterator[Problem]:
    for rule in book.rules.values():
        for item in rule.entities:
            if item.text not in names["entity"]:
                yield unknown("entity", item.text, names["entity"], item)
        for item in rule.topics:
            if item.text not in names["topic"] and not is_phrase(item.text, names["topic"]):
                yield unknown("topic", item.text, names["topic"], item)
