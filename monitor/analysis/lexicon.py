"""What analysis knows of each word it has seen."""

from functools import cache
from typing import Final, NamedTuple

import regex

from monitor.analysis.fold import fold, normalise
from monitor.analysis.scan import APOSTROPHES
from monitor.analysis.stem import stem, stem_language


class Word(NamedTuple):
    """A word as it stands in a text, read once; see ``Tokens`` for the forms."""

    raw: str
    fold: str
    stem: str
    letters: int
    capitals: int


_UNWRITTEN: Final = regex.compile(rf'[.{APOSTROPHES}"״׳\p{{DI}}]')
_KEPT: Final = 5_000  # words a language; about 2 MB. Who reads texts keeps what is made of them
_LONGEST: Final = 64  # longer ones are no words, and would fill the memory


class Lexicon(dict[str, Word]):
    """Word as it stands in a text -> what is known of it in one language; fills itself.

    Threads may share it: every entry can be computed again, so a lost one does no harm.
    """

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, word: str) -> Word:
        plain = word.isascii() and word.isalnum()
        raw = word if plain else normalise(_UNWRITTEN.sub("", word))
        folded = fold(raw)
        entry = Word(
            raw,
            folded,
            stem(folded, self._language),
            letters=sum(map(str.isalpha, raw)),
            capitals=sum(map(str.isupper, raw)),
        )
        if len(word) <= _LONGEST:
            if len(self) >= _KEPT:
                self.clear()
            self[word] = entry
        return entry


def lexicon(language: str | None) -> Lexicon:
    """The lexicon of a language (BCP 47 tag); languages without stemmer share one."""
    return _lexicon(stem_language(language))


@cache
def _lexicon(language: str | None) -> Lexicon:
    return Lexicon(language)
