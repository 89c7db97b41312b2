"""What stands between two blanks, read once: its words, and where sentences end in and behind it.

``scan`` looks no further than the blank behind a chunk and one character more, so a text is the
sum of its chunks: that is what lets ``batch`` read texts by looking their chunks up.
"""

from collections import Counter
from enum import IntFlag
from itertools import accumulate
from typing import Final, NamedTuple

import regex

from monitor.analysis.lexicon import Lexicon, Word
from monitor.analysis.scan import DIGIT, OPENING, Break, scan


class Next(IntFlag):
    """Kinds of characters that a chunk may begin with."""

    DIGIT = 1
    OPENING = 2
    OTHER = 4


class Chunk(NamedTuple):
    """A run of characters without blanks.

    Attributes:
        start: offset of each word in the chunk, in characters.
        end: offset behind each word.
        words: what is known of each.
        breaks: for each word, how many sentences end in the chunk before it.
        first: what the chunk begins with.
        after: if the next chunk begins so, a sentence ends between the two.
        odd: it holds a blank or line end that is no ASCII, or begins or ends with one: its
            neighbours would have to be read with it.
    """

    start: list[int]
    end: list[int]
    words: list[Word]
    breaks: list[int]
    first: Next
    after: Next
    odd: bool


_FIRST: Final = regex.compile(rf"(?P<digit>{DIGIT})|(?P<opening>{OPENING})", regex.V1)
_PROBES: Final = ((Next.DIGIT, "1"), (Next.OPENING, "A"), (Next.OTHER, "a"))
_LINE_ENDS: Final = regex.compile(r"[\x1c-\x1e\x85\u2028\u2029]")


def read_chunk(chunk: str, language: str | None, lexicon: Lexicon) -> Chunk:
    """Read a chunk of a text in a language (BCP 47 tag) by means of its lexicon."""
    start, end, breaks = scan(chunk, language)
    return Chunk(
        start=start,
        end=end,
        words=[lexicon[chunk[first:last]] for first, last in zip(start, end, strict=True)],
        breaks=_breaks_before(len(start), breaks),
        first=_first(chunk),
        after=_after(chunk, len(start), language),
        odd=chunk[0].isspace() or chunk[-1].isspace() or bool(_LINE_ENDS.search(chunk)),
    )


def _breaks_before(words: int, breaks: list[Break]) -> list[int]:
    ends = Counter(each.token for each in breaks)
    return list(accumulate(ends[word] for word in range(words)))


def _first(chunk: str) -> Next:
    found = _FIRST.match(chunk)
    if not found:
        return Next.OTHER
    return Next.DIGIT if found["digit"] else Next.OPENING


def _after(chunk: str, words: int, language: str | None) -> Next:
    """Asks ``scan`` what it makes of each kind of continuation."""
    if chunk[-1].isalnum() or chunk[-1] == ",":
        return Next(0)
    after = Next(0)
    for kind, probe in _PROBES:
        if any(each.token == words for each in scan(f"{chunk} {probe}", language).breaks):
            after |= kind
    return after
