"""Do two texts say mostly the same? Shared runs of words (w-shingling, Broder 1997)."""

import re

_WORD = re.compile(r"\w+")
_RUN = 3  # words
_LEAST_WORDS = 12
_LETTERS, _LEAST_LETTERS = 5, 40  # for scripts that write no blanks
_LEAST_SHARED = 3
_CONTAINED = 0.3  # of the shorter one; a summary is contained in its article
_MOST = 20_000  # characters that are compared


def similar(one: str, other: str) -> bool | None:
    """Whether one text holds a good part of the other; None if one is too short to tell."""
    ours, theirs = shingles(one), shingles(other)
    if not ours or not theirs:
        return None
    shared = len(ours & theirs)
    return shared >= _LEAST_SHARED and shared >= _CONTAINED * min(len(ours), len(theirs))


def shingles(text: str) -> frozenset[str]:
    """Every run of three words, or of five letters where there are no words; empty if short."""
    words = _WORD.findall(text[:_MOST].casefold())
    if len(words) >= _LEAST_WORDS:
        return frozenset(" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
    letters = "".join(words)
    if len(letters) < _LEAST_LETTERS * max(1, len(words) // _RUN):
        return frozenset()
    return frozenset(letters[at : at + _LETTERS] for at in range(len(letters) - _LETTERS + 1))
