"""Short ways to query trees that no query is parsed for."""

from monitor.model.hit import FieldName
from monitor.model.rule import Case
from monitor.rules.parse import parse_query
from monitor.rules.tree import (
    AliasForm,
    AnyOf,
    Apart,
    AtLeast,
    Clause,
    Count,
    Entity,
    Node,
    Outside,
    Positional,
    Regex,
    Scope,
    Together,
    Unit,
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


def sent(left: str, right: str) -> Clause:
    return clause(Together(what(left), what(right), Unit.SENTENCE), f"{left} SENT {right}")


def para(left: str, right: str) -> Clause:
    return clause(Together(what(left), what(right), Unit.PARAGRAPH), f"{left} PARA {right}")


def apart(left: str, distance: int, right: str) -> Clause:
    return clause(Apart(what(left), what(right), distance), f"{left} NOT NEAR/{distance} {right}")


def outside(left: str, right: str) -> Clause:
    return clause(Outside(what(left), what(right)), f"{left} NOT IN {right}")


def any_of(*texts: str) -> AnyOf:
    return AnyOf(tuple(map(what, texts)))


def count(text: str, minimum: int) -> Count:
    return Count(clause(what(text), f"{text}{{{minimum},}}"), minimum)


def at_least(minimum: int, *parts: str) -> AtLeast:
    return AtLeast(minimum, tuple(map(query, parts)))


def weighted(threshold: float, weights: dict[str, float], name: str = "#topic") -> Weighted:
    parts = tuple((query(text), weight) for text, weight in weights.items())
    return Weighted(name, NOWHERE, parts, threshold)


def expression(pattern: str) -> Regex:
    return Regex(f"/{pattern}/", NOWHERE, pattern)


def scoped(field: FieldName, part: Node) -> Scope:
    return Scope(field, part)


def alias(
    text: str, *, case: Case = Case.AUTO, inflect: bool = False, context: Node | None = None
) -> AliasForm:
    words = tuple(text.split())
    folds = tuple(map(str.casefold, words))
    return AliasForm(words, folds, case, len(words) > 1, inflect, context)


def entity(*aliases: AliasForm, surname: AliasForm | None = None) -> Entity:
    return Entity("entity", aliases, surname)
