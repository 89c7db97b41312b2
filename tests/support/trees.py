"""Short ways to query trees, those among them that no query is parsed for."""

from monitor.model.rule import Case
from monitor.rules.parse import parse_query
from monitor.rules.tree import (
    AliasForm,
    Clause,
    Entity,
    Node,
    Positional,
    Regex,
    Weighted,
)
from tests.support.rulebook import source

NOWHERE = (0, 0)


def query(text: str) -> Node:
    """The tree of a query without references."""
    return parse_query(source(text)).node


def what(text: str) -> Positional:
    """The positional of a query that is one clause."""
    node = query(text)
    assert isinstance(node, Clause)
    return node.what


def clause(positional: Positional, name: str = "clause") -> Clause:
    return Clause(name, NOWHERE, positional)


def weighted(threshold: float, weights: dict[str, float], name: str = "#topic") -> Weighted:
    parts = tuple((query(text), weight) for text, weight in weights.items())
    return Weighted(name, NOWHERE, parts, threshold)


def expression(pattern: str) -> Regex:
    return Regex(f"/{pattern}/", NOWHERE, pattern)


def alias(
    text: str, *, case: Case = Case.AUTO, inflect: bool = False, context: Node | None = None
) -> AliasForm:
    words = tuple(text.split())
    folds = tuple(map(str.casefold, words))
    return AliasForm(words, folds, case, len(words) > 1, inflect, context)


def entity(*aliases: AliasForm, surname: AliasForm | None = None) -> Entity:
    return Entity("entity", aliases, surname)
