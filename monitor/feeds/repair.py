"""Cheap repairs of XML bytes that make most malformed feeds well-formed.

A malformed feed costs feedparser a second parse, and its loose parser loses more.
"""

import re
from collections import deque
from dataclasses import dataclass

_DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>"
_ANY_DECLARATION = re.compile(rb"<\?xml\s[^<>]*>")  # [^>] would read on from each to the end
_CONTROLS = bytes(n for n in range(32) if n not in b"\t\n\r")
_FIRST_ELEMENT = re.compile(rb"<\w")
_MAX_HEAD = 4_096  # bytes before the first element; feedparser's search in it is quadratic
_TAIL = 4_096  # bytes
_ROOT_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf|urlset)\s*>", re.IGNORECASE)
_ENTRY_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_CHARACTERS = (  # of XML 1.0
    (0x9, 0xA, 0xD),
    range(0x20, 0xD800),
    range(0xE000, 0xFFFE),
    range(0x10000, 0x110000),
)
_MAX_DIGITS = 7
# Those that may be impossible: below a blank, with zeros in front, or from D800 on.
_REFERENCE = re.compile(
    rb"&#(?:x(0[0-9a-f]*|[01]?[0-9a-f]|[d-f][0-9a-f]{3}|[0-9a-f]{5,})"
    rb"|(0[0-9]*|[0-9]|[12][0-9]|3[01]|[0-9]{5,}));",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Repaired:
    """An XML document in UTF-8, ready for the parser.

    Attributes:
        ends: the end tag of the root is there; without it an entry that was cut is left out.
    """

    body: bytes
    ends: bool


def repair(body: bytes) -> Repaired:
    """Drops what stands before the declaration and after the root, and impossible characters.

    Line numbers stay those of the document as received, so that messages can name them.

    Args:
        body: the document in UTF-8.
    """
    body = body.translate(None, _CONTROLS)
    start = len(body) - len(body.lstrip())
    skipped_lines = b"\n" * body.count(b"\n", 0, start)
    body = skipped_lines + _without_declaration(body[start:])
    body = _REFERENCE.sub(_possible_reference, _without_long_head(body))
    end = _end_of_root(body)
    if end is None:
        return Repaired(_DECLARATION + _without_partial_entry(body), ends=False)
    return Repaired(_DECLARATION + body[:end], ends=True)


def _end_of_root(body: bytes) -> int | None:
    """Where its last end tag ends; mostly that is near the end."""
    for start in (max(len(body) - _TAIL, 0), 0):
        ends = (found.end() for found in _ROOT_END.finditer(body, start))
        if end := max(ends, default=None):
            return end
    return None


def _without_declaration(body: bytes) -> bytes:
    first = _FIRST_ELEMENT.search(body)
    head = first.start() if first else len(body)
    return _ANY_DECLARATION.sub(b"", body[:head], count=1) + body[head:]


def _without_long_head(body: bytes) -> bytes:
    first = _FIRST_ELEMENT.search(body)
    return body[first.start() :] if first and first.start() > _MAX_HEAD else body


def _possible_reference(found: re.Match[bytes]) -> bytes:
    """The reference as it is, or nothing if XML has no such character."""
    digits = (found[1] or found[2]).lstrip(b"0") or b"0"
    if len(digits) > _MAX_DIGITS:
        return b""
    code = int(digits, 16 if found[1] else 10)
    return found[0] if any(code in characters for characters in _CHARACTERS) else b""


def _without_partial_entry(body: bytes) -> bytes:
    tags = deque(_ENTRY_TAG.finditer(body), maxlen=1)
    return body[: tags[0].start()] if tags and not tags[0][1] else body
