"""Trees made of trees."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from monitor.rules.tree import Node, Positional

Change = Callable[[Any], Any]


def rewritten(what: Any, change: Change) -> Any:  # noqa: ANN401
    """A tree in which each part was changed, the innermost first."""
    if isinstance(what, tuple):
        return tuple(rewritten(each, change) for each in what)
    if not is_dataclass(what) or isinstance(what, type):
        return what
    parts = {each.name: rewritten(getattr(what, each.name), change) for each in fields(what)}
    return change(replace(what, **parts))


def shared(node: Node, pool: dict[Positional, Positional]) -> Node:
    """The tree with one object for all equal positionals, as the compiler builds it."""

    def one(part: Any) -> Any:  # noqa: ANN401
        return pool.setdefault(part, part) if isinstance(part, Positional) else part

    result: Node = rewritten(node, one)
    return result
