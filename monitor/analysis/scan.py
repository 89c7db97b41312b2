"""One pass over a text: where its words stand, and where its sentences and lines end."""

from enum import IntEnum
from typing import Final, NamedTuple

import regex

from monitor.analysis.abbreviations import sentence_goes_on

APOSTROPHES: Final = "'’‘ʼ´`＇"

# Scripts written without blanks (and Hangul, whose particles are joined to the words): every
# grapheme cluster is a token, so that a word is found inside a longer run.
_UNSPACED: Final = (
    r"[[\p{L}\p{N}]&&[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Hangul}"
    r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]--\p{DI}]"
)
_LETTER: Final = rf"[[\p{{L}}\p{{N}}]--{_UNSPACED}--\p{{DI}}]"
# Letters for Unicode of which folding leaves nothing: modifier apostrophes, tatweel, Arabic marks
# that stand alone. No word begins with one, so no folded word is empty.
_FIRST: Final = (
    rf"[{_LETTER}--[\u02B9-\u02BF\u0374\u0640\u06E5\u06E6\uFC5E-\uFC63\uFCF2-\uFCF4\uFE70-\uFE7F]]"
)
_NO_LETTER: Final = r"(?![\p{L}\p{N}\p{M}])"

# What the next sentence begins with.
DIGIT: Final = r"\p{Nd}"
OPENING: Final = r"""[\p{Lu}\p{Lt}\p{Lo}\p{Georgian}\p{N}\p{Ps}\p{Pi}\p{Pf}\p{Pd}"'¿¡•]"""

_SCANNER: Final = regex.compile(
    rf"""
    # Most words, fast: the blank is taken along, so that the next search begins at a word.
    (?P<token>[A-Za-z0-9]++)(?:[ ]|(?=[,;:()\[\]\-\n]|\Z))

    # French and Italian elision leaves no token: l’Union, dell’Ucraina.
    | (?i:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|un|all|coll|dall|dell|nell|sull|quell|quest)
      [{APOSTROPHES}](?=(?i:[aeiouyhàâäáæèéêëìíîïòóôöœùúûü]))

    | (?P<token>
        \p{{Lu}}(?:\.\p{{Lu}})+(?:\.|{_NO_LETTER})                    # U.S.
        | {_FIRST}(?:
            {_LETTER}++
            | \p{{M}}++
            | \p{{DI}}++(?=[{_LETTER}\p{{M}}])                         # soft hyphen, ZWNJ …
            | [{APOSTROPHES}](?<=\p{{Cyrillic}}.)(?=(?i:[яюєїеёі]))   # п’ять
            | ["״׳](?<=\p{{Hebrew}}.)(?=\p{{Hebrew}})                  # צה״ל
            | [{APOSTROPHES}](?<=[Nn].)[Tt]{_NO_LETTER}                # don't is not Don
          )*+
        | (?={_UNSPACED})\X
      )
      (?:[{APOSTROPHES}](?i:s|d|m|re|ve|ll){_NO_LETTER})?+            # Putin’s, we’ll

    | (?P<stop>(?<![.!?…])[.!?…]++["'\p{{Pe}}\p{{Pf}}\p{{Pi}}]*+)
      (?=\s++(?:(?P<digit>{DIGIT})|{OPENING}))

    | (?P<mark>[。｡！？؟۔।॥።។៕։]++)                                # no blank needed

    | (?P<line>[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*+)
    """,
    regex.V1 | regex.VERBOSE,
)
_TOKEN: Final = _SCANNER.groupindex["token"]
_MARK: Final = _SCANNER.groupindex["mark"]
_LINE: Final = _SCANNER.groupindex["line"]
_NEWLINE: Final = regex.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028]|(?P<paragraph>\u2029)")
# The second letter of these is a token of its own.
_DOTTED: Final = regex.compile(r"(?<![\p{L}.])(?i:e\.g|i\.e|z\.b|d\.h)$")
_DOTTED_LENGTH: Final = 3
_UNSPACED_WORD: Final = regex.compile(_UNSPACED, regex.V1)


class Level(IntEnum):
    """What ends at a break."""

    SENTENCE = 1
    LINE = 2
    PARAGRAPH = 3


class Break(NamedTuple):
    """Something ends before the token with this number."""

    token: int
    level: Level


class Scan(NamedTuple):
    """Where the words of a text stand, and its breaks in order."""

    start: list[int]
    end: list[int]
    breaks: list[Break]


def scan(text: str, language: str | None) -> Scan:
    """Find the words and breaks of a text; the language decides about abbreviations only."""
    start: list[int] = []
    end: list[int] = []
    breaks: list[Break] = []
    for match in _SCANNER.finditer(text):
        kind = match.lastindex  # numbers: by name a match takes three times as long
        if kind == _TOKEN:
            first, last = match.span(_TOKEN)
            start.append(first)
            end.append(last)
        elif kind == _LINE:
            breaks.append(Break(len(start), _level(match["line"])))
        elif kind == _MARK or (kind and not _goes_on(text, start, end, match, language)):
            breaks.append(Break(len(start), Level.SENTENCE))
    return Scan(start, end, breaks)


def _level(blanks: str) -> Level:
    newlines = list(_NEWLINE.finditer(blanks))
    several = len(newlines) > 1 or newlines[0]["paragraph"]
    return Level.PARAGRAPH if several else Level.LINE


def _goes_on(
    text: str, start: list[int], end: list[int], stop: "regex.Match[str]", language: str | None
) -> bool:
    """Whether a full stop belongs to the word before it: Gen., J. (Smith)."""
    if stop["stop"] != "." or not end or end[-1] != stop.start():
        return False
    word = text[start[-1] : end[-1]]
    if _UNSPACED_WORD.match(word):
        return False
    if _DOTTED.search(text, max(0, end[-1] - _DOTTED_LENGTH), end[-1]):
        return True
    return sentence_goes_on(word, language, before_number=stop["digit"] is not None)
