"""How many cases each operator decides: with its opposite the query's verdict would be another."""

from collections import Counter
from collections.abc import Iterator

from typing_extensions import override

from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    AtLeast,
    CasedForm,
    Clause,
    Count,
    Entity,
    Form,
    Meta,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Pattern,
    Positional,
    Regex,
    Restriction,
    Scope,
    Sequence,
    Term,
    Together,
    Unit,
    Weighted,
    Window,
    children,
    operands,
)
from tests.properties import oracle
from tests.properties.generate import Batch
from tests.properties.rewrite import rewritten

NOTHING = AnyOf(())
ANYTHING = Sequence((Pattern("*"),))
OPERATORS = (
    *("word", "=form", "{Cased}", "wild*card", '"phrase"', '"phrase"~', '"window"~n'),
    *("NEAR", "ONEAR", "SENT", "PARA", "NOT NEAR", "NOT IN", "OR group", "@entity"),
    *("AND", "OR", "NOT", "ATLEAST", "{n,}", "weights", "/regex/", "title:", "lead:", "text:"),
    *("author:", "url:", "site:", "feed:", "tag:", "lang:", "feeds", "languages", "until"),
)


class Tally:
    """Counts cases, those that match, and for each operator those that it decides."""

    def __init__(self) -> None:
        self.cases = self.matching = 0
        self.decided = Counter[str]()

    def add(self, batch: Batch) -> None:
        for article in batch.articles:
            reading = oracle.Reading(article)
            for query in batch.queries:
                self.cases += 1
                self.matching += oracle.holds(query, reading)
                self.decided.update(_deciding(query, reading))

    @override
    def __str__(self) -> str:
        share = self.matching / self.cases
        counts = "\n".join(f"{self.decided[name]:7,} {name}" for name in OPERATORS)
        return f"{self.cases:,} cases, {share:.1%} match; of these decide\n{counts}"


def _deciding(tree: Node, reading: oracle.Reading) -> set[str]:
    verdict = oracle.holds(tree, reading)
    found: set[str] = set()
    for node in _nodes(tree):
        if oracle.holds(tree, reading, flipped=node) is not verdict:
            found.update(_names(node))
            if isinstance(node, Clause | Count):
                found |= _deciding_operands(node, reading)
    return found


def _deciding_operands(node: Clause | Count, reading: oracle.Reading) -> set[str]:
    """The operands of a proximity that decide its verdict, all fields taken together."""
    what = node.what if isinstance(node, Clause) else node.clause.what
    verdict = oracle.holds(node, reading)
    return {
        _name(part)
        for part in _inside(what)
        for other in (NOTHING, ANYTHING)
        if oracle.holds(_replaced(node, part, other), reading) is not verdict
    }


def _replaced(node: Node, part: Positional, other: Positional) -> Node:
    result: Node = rewritten(node, lambda each: other if each == part else each)
    return result


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if not isinstance(node, Count):
        for part in children(node):
            yield from _nodes(part)


def _inside(what: Positional) -> Iterator[Positional]:
    for part in operands(what):
        yield part
        yield from _inside(part)


def _names(node: Node) -> tuple[str, ...]:
    match node:
        case Clause(_, _, what):
            return (_name(what),)
        case Count(clause, _):
            return ("{n,}", _name(clause.what))
        case Scope(field, _) | Meta(field, _, _):
            return (f"{field}:",)
        case Restriction(feeds, languages, until):
            asked = {"feeds": feeds, "languages": languages, "until": until}
            return tuple(name for name, value in asked.items() if value)
        case _:
            return (_NODES[type(node)],)


_NODES: dict[type, str] = {
    And: "AND", Or: "OR", Not: "NOT", AtLeast: "ATLEAST", Weighted: "weights", Regex: "/regex/",
}  # fmt: skip
_WORDS: dict[type, str] = {
    Term: "word", Form: "=form", CasedForm: "{Cased}", Pattern: "wild*card",
}  # fmt: skip


def _name(what: Positional) -> str:
    match what:
        case Sequence((test,)):
            return _WORDS[type(test)]
        case Sequence((CasedForm(), *_)):
            return "{Cased}"
        case Sequence(tests):
            return '"phrase"~' if any(isinstance(test, Term) for test in tests) else '"phrase"'
        case Near(_, _, _, ordered):
            return "ONEAR" if ordered else "NEAR"
        case Together(_, _, unit):
            return "SENT" if unit is Unit.SENTENCE else "PARA"
        case _:
            return _POSITIONALS[type(what)]


_POSITIONALS: dict[type, str] = {
    Window: '"window"~n', Apart: "NOT NEAR", Outside: "NOT IN", AnyOf: "OR group", Entity: "@entity",
}  # fmt: skip
