"""Passages as people see them."""

from typing import Final

from monitor.model.hit import FieldName, Span

_OPENING: Final = {")": "(", "]": "[", "}": "{"}
_CLOSING: Final = {opening: closing for closing, opening in _OPENING.items()}


def span_of(text: str, start: int, end: int, clause: str, field: FieldName) -> Span:
    """The passage of a clause between two offsets of a field.

    A bracket that its words leave open or shut is taken along: "troop [deployment" looks broken,
    and brackets are no tokens.
    """
    after, before = text[end : end + 1], text[max(0, start - 1) : start]
    if after in _OPENING and _outnumbers(_OPENING[after], after, text, start, end):
        end += 1
    elif before in _CLOSING and _outnumbers(_CLOSING[before], before, text, start, end):
        start -= 1
    return Span(field, start, end, text[start:end], clause)


def _outnumbers(bracket: str, other: str, text: str, start: int, end: int) -> bool:
    return text.count(bracket, start, end) > text.count(other, start, end)
