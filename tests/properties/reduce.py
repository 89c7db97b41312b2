"""The smallest query and article that still show a difference: failures that can be read."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import regex

from monitor.model.article import Article
from monitor.rules.tree import Node, Positional, Window, is_positive

_WORD = regex.compile(r"\s*\S+\s*|\s+")
_BARE: dict[str, Any] = {
    "language": None, "url": "", "author": "", "tags": (), "carriers": (), "seen": None,
}  # fmt: skip


def reduced(
    node: Node, article: Article, differs: Callable[[Node, Article], bool]
) -> tuple[Node, Article]:
    """Leaves out one thing after the other as long as the difference stays."""
    while True:
        for smaller in _smaller_cases(node, article):
            if is_positive(smaller[0]) and differs(*smaller):
                node, article = smaller
                break
        else:
            return node, article


def _smaller_cases(node: Node, article: Article) -> Iterator[tuple[Node, Article]]:
    yield from ((smaller, article) for smaller in _smaller(node))
    for name, bare in _BARE.items():
        if getattr(article, name) != bare:
            yield node, replace(article, **{name: bare})
    for name in ("text", "lead", "title"):
        for shorter in _shorter(getattr(article, name)):
            text: dict[str, Any] = {name: shorter}
            yield node, replace(article, **text)


def _shorter(text: str) -> Iterator[str]:
    if text:
        yield ""
    words = _WORD.findall(text)
    for at in range(len(words)):
        yield "".join((*words[:at], *words[at + 1 :]))
    for at in range(len(text)):
        yield text[:at] + text[at + 1 :]


def _smaller(what: Any) -> Iterator[Any]:  # noqa: ANN401
    """A part in the place of the whole, one of several parts left out, a part made smaller."""
    if not is_dataclass(what) or isinstance(what, type):
        return
    kind: Any = Node if isinstance(what, Node) else Positional
    least = 2 if isinstance(what, Window) else 1
    for name in (each.name for each in fields(what)):
        value = getattr(what, name)
        parts = value if isinstance(value, tuple) else (value,)
        yield from (each for each in parts if isinstance(what, kind) and isinstance(each, kind))
        if isinstance(value, tuple):
            yield from (replace(what, **{name: fewer}) for fewer in _fewer(value, least))
        else:
            yield from (replace(what, **{name: smaller}) for smaller in _smaller(value))


def _fewer(parts: tuple[Any, ...], least: int = 1) -> Iterator[tuple[Any, ...]]:
    if not all(is_dataclass(each) or isinstance(each, tuple) for each in parts):
        return
    for at, part in enumerate(parts):
        if len(parts) > least:
            yield (*parts[:at], *parts[at + 1 :])
        smaller = _fewer(part) if isinstance(part, tuple) else _smaller(part)
        yield from ((*parts[:at], each, *parts[at + 1 :]) for each in smaller)
