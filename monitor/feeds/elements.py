"""Elements of mark-up that need not be well-formed: names and attributes, without a tree.

Real subscription lists hold raw ``&``, ``<`` and quotes inside attribute values, unclosed elements
and unclosed quotes, where an XML parser gives up. Takes linear time on any input.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, Literal

Kind = Literal["start", "end", "empty"]

_NAME: Final = r"[A-Za-z_][\w:.-]*+"
_NEXT: Final = re.compile(rf"(?P<end>/\s*+>|>)|(?<![\w:.-])(?P<name>{_NAME})\s*+=\s*+")
_UNQUOTED: Final = re.compile(r"[^\s\"'<>]*")
# What stands behind a quote that closes a value, and before one that opens the next.
_BEHIND: Final = re.compile(rf"\s*+(?:/?\s*+>|\Z|{_NAME}\s*+(?:=|\Z))")
_BEFORE: Final = re.compile(rf"\s{_NAME}\s*=\s*\Z")
_LOOK_BACK: Final = 40  # characters; no name of an attribute is that long
_REFERENCE: Final = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_BLANKS: Final = re.compile(r"\s+")
_COMMENT: Final = ("<!--", "-->")


@dataclass(frozen=True, slots=True)
class Element:
    """A tag.

    Attributes:
        name: in small letters, without a prefix.
        kind: ``empty`` for ``<x/>``.
        attributes: by name in small letters, the first of a name; decoded, on one line.
        line: where the tag begins, from 1.
    """

    name: str
    kind: Kind
    attributes: Mapping[str, str]
    line: int


def elements(text: str, *names: str, raw_quotes: bool = False) -> Iterator[Element]:
    """The tags of these names, in their order; never raises.

    Args:
        text: the document.
        names: in small letters; other tags are passed over.
        raw_quotes: a quote closes a value only where an attribute or the end of the tag follows.
    """
    text = _without_comments(text)
    tag = re.compile(rf"<(/?)(?:[\w.-]++:)?({'|'.join(names)})(?=[\s/>]|\Z)", re.IGNORECASE)
    found = list(tag.finditer(text))
    line, counted = 1, 0
    for match, following in zip_longest(found, found[1:]):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        rest = text[match.end() : following.start() if following else len(text)]
        attributes, is_empty = _attributes(rest, raw_quotes=raw_quotes)
        kind: Kind = "end" if match[1] else "empty" if is_empty else "start"
        yield Element(match[2].lower(), kind, attributes, line)


def _without_comments(text: str) -> str:
    """The text with the lines of its comments left empty; an unclosed comment is none."""
    opening, closing = _COMMENT
    parts, at = [], 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + 4)) >= 0:
        parts += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + len(closing)
    return "".join([*parts, text[at:]])


def _attributes(tag: str, *, raw_quotes: bool) -> tuple[dict[str, str], bool]:
    """What stands in a tag up to its end, and whether the end has a slash."""
    attributes: dict[str, str] = {}
    at = 0
    while (found := _NEXT.search(tag, at)) is not None and found["end"] is None:
        value, at = _value(tag, found.end(), raw_quotes=raw_quotes)
        if value is not None:
            attributes.setdefault(found["name"].lower(), _decoded(value))
    return attributes, found is not None and found[0].startswith("/")


def _value(tag: str, start: int, *, raw_quotes: bool) -> tuple[str | None, int]:
    """A value and where to go on; None if the document ends inside it."""
    quote = tag[start : start + 1]
    if quote not in {'"', "'"}:
        found = _UNQUOTED.match(tag, start)
        end = found.end() if found else start
        return tag[start:end], end
    start += 1
    end = tag.find(quote, start)
    while end >= 0:
        if raw_quotes and (unclosed := _BEFORE.search(tag, max(start, end - _LOOK_BACK), end)):
            return tag[start : unclosed.start()], unclosed.start()
        if not raw_quotes or _BEHIND.match(tag, end + 1):
            return tag[start:end], end + 1
        end = tag.find(quote, end + 1)
    return _unclosed(tag, start)


def _unclosed(tag: str, start: int) -> tuple[str | None, int]:
    """A value without its second quote ends with its tag."""
    end = tag.find(">", start)
    if end < 0:
        return None, len(tag)
    value = tag[start:end].rstrip().removesuffix("/").rstrip()
    return value, start + len(value)


def _decoded(value: str) -> str:
    """Only references with their semicolon: in ``?a=1&copy=2`` there is none."""
    value = value.removeprefix("<![CDATA[").removesuffix("]]>")
    return _BLANKS.sub(" ", _REFERENCE.sub(lambda found: html.unescape(found[0]), value)).strip()
