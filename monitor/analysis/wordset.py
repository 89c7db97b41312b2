"""The distinct words and stems of articles: what a full-text index files them under."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from monitor.analysis.chunks import read_chunk
from monitor.analysis.document import language_of
from monitor.analysis.fold import fold
from monitor.analysis.inflection import case_prefixes, declines
from monitor.analysis.language import primary
from monitor.analysis.lexicon import lexicon
from monitor.analysis.stem import has_stemmer, stem

UNKNOWN: Final = "und"
OTHER: Final = "zxx"
_MOST_LANGUAGES: Final = 4  # whose words are remembered
_KEPT: Final = 30_000  # chunks a language; below 10 MB
_LONGEST: Final = 64  # longer ones are no words, and would fill the memory
_AROUND: Final = '.,;:!?…()[]–—“”"'  # words are the same with and without them

Fields = tuple[str, str, str]
"""Title, lead and text of an article."""


class WordSets:
    """Reads articles; remembers the words it met."""

    def __init__(self) -> None:
        self._known: dict[str | None, _Chunks] = {}

    def of(
        self, articles: Sequence[Fields], languages: Sequence[str | None]
    ) -> list[tuple[str, frozenset[str]]]:
        """Of each article the key of its language, and the folded forms and stems of its words.

        Args:
            articles: title, lead and text.
            languages: BCP 47 tags as stated; where there is none, it is guessed.
        """
        return [
            self._of(fields, primary(language_of(*fields, stated)))
            for fields, stated in zip(articles, languages, strict=True)
        ]

    def _of(self, fields: Fields, language: str | None) -> tuple[str, frozenset[str]]:
        known = self._of_language(language)
        chunks = {chunk.strip(_AROUND) for chunk in {*"\n".join(fields).split()}}
        words = frozenset(chain.from_iterable(map(known.__getitem__, chunks)))
        return language_key(language), words

    def _of_language(self, language: str | None) -> "_Chunks":
        known = self._known.pop(language, None) or _Chunks(language)
        while len(self._known) >= _MOST_LANGUAGES:
            del self._known[next(iter(self._known))]
        self._known[language] = known
        return known


class _Chunks(dict[str, tuple[str, ...]]):
    """What stands between two blanks -> folded forms and stems of its words; fills itself."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language
        self._lexicon = lexicon(language)

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        words: tuple[str, ...]
        if chunk.isascii() and chunk.isalnum():  # most are, and one word
            folded = fold(chunk)
            words = folded, stem(folded, self._language)
        else:
            read = read_chunk(chunk, self._language, self._lexicon).words if chunk else ()
            words = tuple({form for word in read for form in (word.fold, word.stem)})
        if len(chunk) <= _LONGEST:
            if len(self) >= _KEPT:
                self.clear()
            self[chunk] = words
        return words


def language_key(language: str | None) -> str:
    """What stands for a language (BCP 47 tag) whose words are stemmed or declined in a way.

    All that do neither share one key, so that there are few, whatever feeds state.
    """
    subtag = primary(language)
    if subtag is None:
        return UNKNOWN
    return subtag if has_stemmer(subtag) or declines(subtag) else OTHER


def stems_in(fold: str, keys: Sequence[str]) -> tuple[str, ...]:
    """The stems of a folded word in languages, by their keys."""
    return tuple(sorted({stem(fold, _language(key)) for key in keys}))


def name_prefixes(fold: str, keys: Sequence[str]) -> tuple[str, ...]:
    """What the case forms of a folded word of a name, beside itself, begin with in languages."""
    languages = [_language(key) for key in keys]
    return tuple(
        sorted({prefix for language in languages for prefix in case_prefixes(fold, language)})
    )


def _language(key: str) -> str | None:
    return None if key == UNKNOWN else key
