"""Names that rules, topics and queries refer to, and what is wrong with them."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final, Literal

import regex

from monitor.errors import Problem, RuleError
from monitor.model.rule import RuleBook, SourceText
from monitor.rules.parse import parse_query
from monitor.rules.places import problem_at
from monitor.rules.tree import (
    And,
    AnyOf,
    At,
    Clause,
    Near,
    Node,
    Not,
    Or,
    Positional,
    Reference,
    Scope,
)

Kind = Literal["entity", "topic"]
Names = tuple[Collection[str], Collection[str]]
"""Known entities, known topics."""

_TABLES: Final = {"entity": "entities", "topic": "topics"}


def is_phrase(text: str, topics: Collection[str]) -> bool:
    """Whether an item of a rule's ``topics`` is a phrase: no topic, and it has a blank."""
    return text not in topics and " " in text.strip()


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


def offset_of(sign: str, id_: str, source: SourceText, at: At) -> int:
    """Where a reference stands in its clause; @eu is not the beginning of @eu-council."""
    found = regex.search(rf"{sign}{regex.escape(id_)}(?![\w-])", source.text, pos=at[0])
    return found.start() if found else at[0]


def query_problems(book: RuleBook, names: Names | None) -> list[Problem]:
    """What is wrong with each query by itself, of a book that can't be compiled as a whole.

    Args:
        book: what could be read.
        names: what is defined; None if that is not known.
    """
    queries = [
        *(query for topic in book.topics.values() for query in topic.queries),
        *(query for rule in book.rules.values() for query in (*rule.exclude, rule.query) if query),
    ]
    found = [problem for query in queries for problem in _query_problems(query, names)]
    return [*found, *_list_problems(book, *names)] if names else found


def _query_problems(query: SourceText, names: Names | None) -> list[Problem]:
    try:
        node = parse_query(query).node
    except RuleError as error:
        return list(error.problems)
    return [] if names is None else list(_unknown_in(node, query, *names))


def _unknown_in(
    node: Node, source: SourceText, entities: Collection[str], topics: Collection[str]
) -> Iterator[Problem]:
    for reference, at in _references(node):
        sign, known = ("@", entities) if reference.kind == "entity" else ("#", topics)
        if reference.id not in known:
            offset = offset_of(sign, reference.id, source, at)
            yield unknown(reference.kind, reference.id, known, source, offset)


def _references(node: Node) -> Iterator[tuple[Reference, At]]:
    match node:
        case Clause(_, at, what):
            yield from ((reference, at) for reference in _inside(what))
        case And(parts) | Or(parts):
            for part in parts:
                yield from _references(part)
        case Not(part) | Scope(_, part):
            yield from _references(part)
        case _:
            pass


def _inside(what: Positional) -> Iterator[Reference]:
    match what:
        case Reference():
            yield what
        case Near(left, right, _, _):
            yield from _inside(left)
            yield from _inside(right)
        case AnyOf(parts):
            for part in parts:
                yield from _inside(part)
        case _:
            pass


def _list_problems(
    book: RuleBook, entities: Collection[str], topics: Collection[str]
) -> Iterator[Problem]:
    for rule in book.rules.values():
        for item in rule.entities:
            if item.text not in entities:
                yield unknown("entity", item.text, entities, item)
        for item in rule.topics:
            if item.text not in topics and not is_phrase(item.text, topics):
                yield unknown("topic", item.text, topics, item)
