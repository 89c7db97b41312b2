"""What stands between two blanks, read once: its words, and where sentences end in and behind it.

``scan`` looks no further than the blank behind a chunk and one character more, so a text is the
sum of its chunks: that is what lets ``batch`` read texts by looking their chunks up.
"""

from collections import Counter
from itertools import accumulate
from typing import Final, NamedTuple

import regex

from monitor.analysis import scan as scanning
from monitor.analysis.lexicon import Lexicon, Word
from monitor.analysis.scan import Break, scan

DIGIT, OPENING, OTHER = 1, 2, 4
"""Kinds of characters that a chunk may begin with, as bits."""


class Chunk(NamedTuple):
    """A run of characters without blanks.

    Attributes:
        start: offset of each word in the chunk, in characters.
        end: offset behind each word.
        words: what is known of each.
        breaks: for each word, how many sentences end in the chunk before it.
        first: what the chunk begins with.
        after: bits; if the next chunk begins so, a sentence ends between the two.
        odd: it holds a blank or line end that is no ASCII, or begins or ends with one: its
            neighbours would have to be read with it.
    """

    start: list[int]
    end: list[int]
    words: list[Word]
    breaks: list[int]
    first: int
    after: int
    odd: bool


_FIRST: Final = regex.compile(
    rf"(?P<digit>{scanning.DIGIT})|(?P<opening>{scanning.OPENING})", regex.V1
)
_PROBES: Final = ((DIGIT, "1"), (OPENING, "A"), (OTHER, "a"))
_LINE_ENDS: Final = regex.compile(r"[\x1c-\x1e\x85\u2028\u2029]")


def read_chunk(chunk: str, language: str | None, lexicon: Lexicon) -> Chunk:
    """Read a chunk of a text in a language (BCP 47 tag) by means of its lexicon."""
    if chunk.isascii() and chunk.isalnum():  # most are, and hold no surprise
        return Chunk([0], [len(chunk)], [lexicon[chunk]], [0], _first(chunk), 0, odd=False)
    start, end, breaks = scan(chunk, language)
    return Chunk(
        start=start,
        end=end,
        words=[lexicon[chunk[first:last]] for first, last in zip(start, end, strict=True)],
        breaks=_breaks_before(len(start), breaks),
        first=_first(chunk),
        after=_after(chunk, len(start), breaks, language),
        odd=chunk[0].isspace() or chunk[-1].isspace() or bool(_LINE_ENDS.search(chunk)),
    )


def _breaks_before(words: int, breaks: list[Break]) -> list[int]:
    if not breaks:
        return [0] * words
    ends = Counter(each.token for each in breaks)
    return list(accumulate(ends[word] for word in range(words)))


def _first(chunk: str) -> int:
    found = _FIRST.match(chunk)
    if not found:
        return OTHER
    return DIGIT if found["digit"] else OPENING


def _after(chunk: str, words: int, breaks: list[Break], language: str | None) -> int:
    """Asks ``scan`` what it makes of each kind of continuation."""
    if chunk[-1].isalnum() or chunk[-1] == ",":  # no end of its own; 。 before it is one
        ended = any(each.token == words for each in breaks)
        return DIGIT | OPENING | OTHER if ended else 0
    after = 0
    for kind, probe in _PROBES:
        if any(each.token == words for each in scan(f"{chunk} {probe}", language).breaks):
            after |= kind
    return after
