"""Trees made from others: with new parts, under another name, as mere positions."""

from collections.abc import Sequence
from dataclasses import replace
from operator import is_

from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    At,
    AtLeast,
    Clause,
    Count,
    Entity,
    Meta,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Positional,
    Regex,
    Scope,
    Together,
    Weighted,
    children,
    contexts,
    operands,
)


def with_children(node: Node, parts: Sequence[Node]) -> Node:
    """The node with other nodes right below it; itself if they are the same objects."""
    if all(map(is_, children(node), parts)):
        return node
    match node:
        case And():
            return And(tuple(parts))
        case Or():
            return Or(tuple(parts))
        case Not():
            return Not(parts[0])
        case Scope(field, _):
            return Scope(field, parts[0])
        case AtLeast(minimum, _):
            return AtLeast(minimum, tuple(parts))
        case Weighted(_, _, weighted, _):
            weights = (weight for _, weight in weighted)
            return replace(node, parts=tuple(zip(parts, weights, strict=True)))
        case _:
            return node


def with_operands(what: Positional, parts: Sequence[Positional]) -> Positional:
    """The positional made of others; itself if they are the same objects."""
    if all(map(is_, operands(what), parts)):
        return what
    match what:
        case Near() | Together() | Apart() | Outside():
            return replace(what, left=parts[0], right=parts[1])
        case _:
            return AnyOf(tuple(parts))


def renamed(node: Node, name: str, at: At) -> Node:
    """The same tree with every passage under one name and at one place."""
    match node:
        case Clause(_, _, what):
            return Clause(name, at, what)
        case Count(Clause(_, _, what), minimum):
            return Count(Clause(name, at, what), minimum)
        case Regex(_, _, pattern):
            return Regex(name, at, pattern)
        case Meta(field, value, _):
            return Meta(field, value, at)
        case Weighted():
            node = replace(node, name=name, at=at)
        case _:
            pass
    return with_children(node, [renamed(part, name, at) for part in children(node)])


def positions_of(node: Node) -> Positional | str:
    """Where a tree stands in a text, or why it stands nowhere in particular."""
    match node:
        case Clause(_, _, what):
            return what
        case Or(parts):
            found = [positions_of(part) for part in parts]
            reason = next((each for each in found if isinstance(each, str)), None)
            return reason or AnyOf(tuple(each for each in found if not isinstance(each, str)))
        case Weighted():
            return "it has weights"
        case _:
            return "one of its queries is no mere OR of words, phrases and proximities"


def depth(node: Node) -> int:
    """Levels of a tree, those of its positionals and of the contexts of aliases included."""
    if isinstance(node, Clause):
        return 1 + _depth(node.what)
    return 1 + max(map(depth, children(node)), default=0)


def _depth(what: Positional) -> int:
    if isinstance(what, Entity):
        return 1 + max(map(depth, contexts(what)), default=0)
    return 1 + max(map(_depth, operands(what)), default=0)


def identity(what: Positional) -> object:
    """A key that two positionals share if they are equal, given that their operands are shared."""
    match what:
        case Near(left, right, distance, ordered):
            return Near, id(left), id(right), distance, ordered
        case Together(left, right, unit):
            return Together, id(left), id(right), unit
        case Apart(left, right, distance):
            return Apart, id(left), id(right), distance
        case Outside(left, right):
            return Outside, id(left), id(right)
        case AnyOf(parts):
            return (AnyOf, *map(id, parts))
        case _:
            return what
