"""Folding: one form for all spellings of a word that differ in case, accents or width only.

NFKC, then each character by a table that fills itself: case folded, compatibility forms
resolved, marks dropped. Only the marks of Latin, Greek, Cyrillic, Arabic and Hebrew are dropped:
in Indic and South-East Asian scripts a mark is a vowel, and dropping it makes other words.
Cyrillic й is a letter of its own, not an accented и, and the Russian stemmer needs it.
"""

import unicodedata
from typing import Final

import regex

# Letters that Unicode does not decompose although newsrooms write them without the stroke.
_LETTERS: Final = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
    "ħ": "h", "ŧ": "t", "ŋ": "ng", "ɓ": "b", "ɗ": "d", "ƙ": "k", "й": "й",
}  # fmt: skip

# Combining marks by block; then modifier apostrophes (Uzbek ʻ, Ukrainian ʼ, transliterated ʿ) and
# the Arabic tatweel, which only stretches a word.
_DROPPED: Final = regex.compile(
    r"[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF-\u05C7\u0610-\u061A\u064B-\u065F\u0670"
    r"\u06D6-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\uFE20-\uFE2F\u02B9-\u02BF\u0640\p{DI}]"
)
_MARKS: Final = regex.compile(r"(\p{M}{30})\p{M}+")
_LONG: Final = 64


class _Table(dict[int, str]):
    """Code point -> folded text, computed when it is first seen."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(char: str) -> str:
    low = char.casefold()
    if low in _LETTERS:
        return _LETTERS[low]
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(_LETTERS.get(each, each) for each in _DROPPED.sub("", spread))


_TABLE: Final = _Table()


def normalise(word: str) -> str:
    """The NFKC form of a word.

    Runs of more than 30 marks are cut to 30 (the Stream-Safe Text Format of UAX 15), since
    normalising takes quadratic time in their length.
    """
    if word.isascii():
        return word
    if len(word) > _LONG:
        word = _MARKS.sub(r"\1", word)
    return unicodedata.normalize("NFKC", word)


def fold(word: str) -> str:
    """Fold a word: case, accents, ligatures, width, soft hyphens and zero-width characters.

    ``Zełenski`` and ``ZELENSKI`` become ``zelenski``, ``İstanbul`` ``istanbul``, ``ﬁnance``
    ``finance``. Folding twice changes nothing. Other characters (``*``, blanks) stay.
    """
    if word.isascii():
        return word if word.islower() else word.lower()  # one string takes half the memory
    return unicodedata.normalize("NFC", normalise(word).translate(_TABLE))
