"""Warnings: what is no mistake by itself, but finds too much, too little or nothing."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import regex

from monitor.analysis.common import is_common
from monitor.analysis.stem import has_stemmer
from monitor.analysis.tokens import tokenise
from monitor.analysis.wordlists import WORDS
from monitor.errors import Problem
from monitor.model.rule import Alias, Case, EntitySpec, RuleBook, RuleSpec, SourceText, TopicSpec
from monitor.rules.compile import RuleSet
from monitor.rules.parse import parse_query, phrase_node
from monitor.rules.places import problem_at
from monitor.rules.queries import PHRASE_SLOP
from monitor.rules.redundant import (
    Finding,
    Keys,
    Oddity,
    among_alternatives,
    excluded,
    findings,
)
from monitor.rules.references import is_phrase
from monitor.rules.tree import (
    And,
    AtLeast,
    Clause,
    Near,
    Node,
    Not,
    Pattern,
    Positional,
    Scope,
    Term,
    Window,
    children,
    is_positive,
    operands,
)
from monitor.rules.tree import Sequence as Phrase

_FAR: Final = 10  # words; more is most of a sentence
_LITERALS: Final = 3  # letters of a wildcard, and one more if it begins with *
_SHORT: Final = 2  # letters of an alias
_LETTER: Final = regex.compile(r"[\p{L}\p{M}\p{N}]")
_UNSPACED: Final = regex.compile(r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]")


def lint(book: RuleBook, rules: RuleSet) -> tuple[Problem, ...]:
    """What is odd about a book that could be compiled, in the order of the files."""
    found: list[Problem] = []
    for entity in book.entities.values():
        found += _of_entity(entity)
    for topic in book.topics.values():
        found += _of_topic(topic)
    for rule in book.rules.values():
        found += _of_rule(rule, book)
    found += _same_rules(rules)
    found += _without_stemmer(rules)
    return tuple(sorted(set(found)))


@dataclass(frozen=True, slots=True)
class _Written:
    """A query as it is written, and what it means before its references are expanded."""

    source: SourceText
    node: Node


def _written(source: SourceText) -> _Written:
    return _Written(source, parse_query(source).node)


def _phrase(source: SourceText) -> _Written:
    return _Written(source, phrase_node(source, PHRASE_SLOP))


def _of_entity(spec: EntitySpec) -> Iterator[Problem]:
    seen: dict[Hashable, Alias] = {}
    for alias in spec.aliases:
        context = alias.context.text if alias.context else None
        first = seen.setdefault((alias.text.text, alias.case, context), alias)
        if first is not alias:
            yield _odd_alias(alias, f"stands twice, first at {first.text.place}")
        elif reason := _common(alias) or _short(alias):
            way_out = _RENAME if alias is spec.aliases[0] else _DECIDE
            yield _odd_alias(alias, f"{reason}; {way_out}")
        if alias.context:
            yield from _of_query(_written(alias.context), Keys(()))


def _odd_alias(alias: Alias, message: str) -> Problem:
    return Problem(alias.text.place, f"the alias {alias.text.text!r} {message}", "warning")


def _common(alias: Alias) -> str | None:
    """How the case of an alias counts whose lower-case form is a common word."""
    folded = tokenise(alias.text.text, None).fold
    if alias.case is not Case.AUTO or alias.context or len(folded) != 1:
        return None
    languages = [language for language in sorted(WORDS) if is_common(folded[0], language)]
    if not languages:
        return None
    counts = (
        "counts in capitals only"
        if alias.text.text.isupper()
        else "needs its capital, and where that proves nothing a second, clear mention"
    )
    return f"is a common word ({', '.join(languages)}) and {counts}"


def _short(alias: Alias) -> str | None:
    text = alias.text.text
    if alias.case is not Case.AUTO or alias.context or _UNSPACED.search(text):
        return None
    if len(_LETTER.findall(text)) > _SHORT or any(map(str.isdigit, text)):
        return None
    return "is short, and likely to mean something else"


_DECIDE: Final = 'to decide yourself, give it a case = "exact" or "any", or a context'
_RENAME: Final = (
    "to decide yourself, give the entity a longer name, and make this an alias with a "
    'case = "exact" or "any", or a context'
)


def _of_topic(spec: TopicSpec) -> Iterator[Problem]:
    keys = Keys(())
    parts = [*map(_phrase, spec.phrases), *map(_written, spec.queries)]
    yield from _of_parts(parts, keys)
    lines = [_written(query) for query, _ in spec.weights]
    for line in lines:
        yield from _of_query(line, keys)
    yield from _of_weights(spec, lines, keys)


def _of_weights(spec: TopicSpec, lines: Sequence[_Written], keys: Keys) -> Iterator[Problem]:
    first: dict[Hashable, _Written] = {}
    for line in lines:
        other = first.setdefault(keys.node(line.node), line)
        if other is not line:
            message = f"means the same as {other.source.text!r}, so its weight counts twice"
            yield _warning(line.source, 0, f"{line.source.text!r} {message}; leave one out")
    if spec.threshold is not None and all(weight >= spec.threshold for _, weight in spec.weights):
        message = "every line alone reaches the threshold: plain queries say the same"
        yield Problem(spec.place, f"topic {spec.id}: {message}", "warning")


def _of_rule(spec: RuleSpec, book: RuleBook) -> Iterator[Problem]:
    keys = Keys(spec.languages)
    phrases = [_phrase(each) for each in spec.topics if is_phrase(each.text, book.topics)]
    yield from _of_parts(phrases, keys)
    yield from _listed_twice(spec.topics)
    yield from _listed_twice(spec.entities)
    exclude = [_written(each) for each in spec.exclude]
    yield from _of_parts(exclude, keys)
    if spec.query:
        query = _written(spec.query)
        yield from _of_query(query, keys)
        parts = query.node.parts if isinstance(query.node, And) else (query.node,)
        wanted = [part for part in parts if not isinstance(part, Not)]
        for finding in excluded(wanted, [each.node for each in exclude], keys):
            yield _explained(finding, query.source, _source_of(finding.other, exclude))


def _listed_twice(items: Sequence[SourceText]) -> Iterator[Problem]:
    seen: set[str] = set()
    for item in items:
        if item.text in seen:
            yield Problem(item.place, f"{item.text!r} stands twice; leave one out", "warning")
        seen.add(item.text)


def _of_parts(parts: Sequence[_Written], keys: Keys) -> Iterator[Problem]:
    """Queries of which one is enough: each by itself, and beside the others."""
    yield from _listed_twice([part.source for part in parts])
    parts = list({part.source.text: part for part in parts}.values())
    for part in parts:
        yield from _of_query(part, keys)
    for finding in among_alternatives([part.node for part in parts], keys):
        yield _explained(
            finding, _source_of(finding.node, parts), _source_of(finding.other, parts)
        )


def _source_of(node: Node, parts: Iterable[_Written]) -> SourceText:
    """The query that a node is written in: the nodes of equal texts are one object."""
    return next(part.source for part in parts if _holds(part.node, node))


def _holds(tree: Node, node: Node) -> bool:
    return tree is node or any(_holds(part, node) for part in children(tree))


def _of_query(query: _Written, keys: Keys) -> Iterator[Problem]:
    for finding in findings(query.node, keys):
        yield _explained(finding, query.source, query.source)
    for node in _all(query.node):
        if message := _breadth(node) or _pointless(node):
            yield _warning(query.source, _range(node)[0], message)


def _all(node: Node) -> Iterator[Node]:
    yield node
    for part in children(node):
        yield from _all(part)


def _explained(finding: Finding, source: SourceText, other_source: SourceText) -> Problem:
    part, other = _shown(finding.node, source), _shown(finding.other, other_source)
    messages = {
        Oddity.TWICE: f"{part} stands twice"
        if part == other
        else f"{part} is the same as {other}",
        Oddity.COVERED: f"{part} finds nothing that {other} does not",
        Oddity.NARROWER: f"{part} adds nothing to {other}, which is enough by itself",
        Oddity.IMPLIED: f"{part} holds whenever {other} does",
        Oddity.NEVER: f"{part} is needed, but excluded by NOT {other}: this never matches",
        Oddity.EXCLUDED: f"{part} never counts: NOT {other} excludes it",
    }
    message = messages[finding.oddity]
    if finding.oddity is not Oddity.NEVER:
        message += "; leave it out"
    return _warning(source, _range(finding.node)[0], message)


def _shown(node: Node, source: SourceText) -> str:
    start, end = _range(node)
    text = source.text[start:end]
    if isinstance(node, Scope):
        text = f"{node.field}:{text}"
    return text if '"' in text else f'"{text}"'


def _range(node: Node) -> tuple[int, int]:
    at = getattr(node, "at", None)
    if isinstance(at, tuple):
        return at
    inner = [_range(part) for part in children(node)]
    return min(inner)[0], max(end for _, end in inner)


def _breadth(node: Node) -> str | None:
    """What in a clause finds too much."""
    if not isinstance(node, Clause):
        return None
    return next(filter(None, map(_broad, _positionals(node.what))), None)


def _positionals(what: Positional) -> Iterator[Positional]:
    yield what
    for part in operands(what):
        yield from _positionals(part)


def _broad(what: Positional) -> str | None:
    match what:
        case Near(_, _, distance) | Window(_, distance) if distance > _FAR:
            return (
                f"{distance} words between are most of a sentence: it finds what has nothing to "
                f"do with each other; give at most {_FAR}, or write a SENT b"
            )
        case Phrase(tests):
            patterns = (test.fold for test in tests if isinstance(test, Pattern))
            return next(filter(None, map(_broad_pattern, patterns)), None)
        case _:
            return None


def _broad_pattern(pattern: str) -> str | None:
    needed = _LITERALS + pattern.startswith("*")
    if "*" not in pattern or len(_LETTER.findall(pattern)) >= needed:
        return None
    return f'"{pattern}" finds very many words; give at least {needed} letters'


def _pointless(node: Node) -> str | None:
    """An ATLEAST that says what AND or OR say, or that counts what is absent."""
    if not isinstance(node, AtLeast):
        return None
    if node.minimum == 1:
        return "ATLEAST/1 is OR; write a OR b"
    if node.minimum == len(node.parts):
        return "ATLEAST of all its operands is AND; write a AND b"
    if not all(map(is_positive, node.parts)):
        return "an operand that only excludes counts in every article without it; put NOT outside"
    return None


def _same_rules(rules: RuleSet) -> Iterator[Problem]:
    keys = Keys(())
    first: dict[Hashable, str] = {}
    for id_, rule in rules.rules.items():
        other = first.setdefault(keys.node(rule.tree), id_)
        if other != id_:
            place = rules.rules[other].spec.place
            message = f'rule "{id_}" finds what rule "{other}" ({place}) finds; one is enough'
            yield Problem(rule.spec.place, message, "warning")


def _without_stemmer(rules: RuleSet) -> Iterator[Problem]:
    for id_, rule in rules.rules.items():
        silent = [each for each in rule.spec.languages if not has_stemmer(each)]
        if silent and any(map(_has_term, _all(rule.tree))):
            yield Problem(
                rule.spec.place,
                f'rule "{id_}": there is no stemmer for {", ".join(silent)}, so words are found '
                "in the form that is written only; use wildcards",
                "warning",
            )


def _has_term(node: Node) -> bool:
    if not isinstance(node, Clause):
        return False
    return any(isinstance(test, Term) for what in _positionals(node.what) for test in _tests(what))


def _tests(what: Positional) -> Iterator[object]:
    match what:
        case Phrase(tests):
            yield from tests
        case Window(parts):
            for part in parts:
                yield from part
        case _:
            pass


def _warning(source: SourceText, offset: int, message: str) -> Problem:
    return replace(problem_at(source, offset, message), level="warning")
