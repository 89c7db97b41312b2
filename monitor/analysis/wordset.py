"""The distinct words and stems of articles: what a full-text index files them under."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from monitor.analysis.batch import Batch, Fields, Hasher
from monitor.analysis.document import language_of
from monitor.analysis.inflection import case_prefixes, declines
from monitor.analysis.language import primary
from monitor.analysis.stem import has_stemmer, stem
from monitor.analysis.vocabulary import Vocabulary

UNKNOWN: Final = "und"
OTHER: Final = "zxx"
_TOGETHER: Final = 32  # articles that are read at once; what they touch fits into a cache
_FOLD, _STEM = attrgetter("fold"), attrgetter("stem")
_MOST_LANGUAGES: Final = 4  # whose words are remembered


class WordSets:
    """Reads articles; remembers the words it met."""

    def __init__(self) -> None:
        self._known: dict[str | None, Vocabulary] = {}
        # Python's own seed, so that nobody can plan chunks with equal hashes.
        self._hasher = Hasher((hash("one"), hash("two")))

    def of(
        self, articles: Sequence[Fields], languages: Sequence[str | None]
    ) -> list[tuple[str, frozenset[str]]]:
        """Of each article the key of its language, and the folded forms and stems of its words.

        Args:
            articles: title, lead and text.
            languages: BCP 47 tags as stated; where there is none, it is guessed.
        """
        groups: defaultdict[str | None, list[int]] = defaultdict(list)
        for number, (fields, stated) in enumerate(zip(articles, languages, strict=True)):
            groups[primary(language_of(*fields, stated))].append(number)
        found: dict[int, tuple[str, frozenset[str]]] = {}
        for language, numbers in groups.items():
            key = language_key(language)
            for first in range(0, len(numbers), _TOGETHER):
                some = numbers[first : first + _TOGETHER]
                batch = Batch(
                    [articles[number] for number in some], self._vocabulary(language), self._hasher
                )
                for position, number in enumerate(some):
                    words = batch.distinct_words(position)
                    found[number] = key, frozenset(chain(map(_FOLD, words), map(_STEM, words)))
        return [found[number] for number in range(len(articles))]

    def _vocabulary(self, language: str | None) -> Vocabulary:
        known = self._known.pop(language, None)
        if known is None or known.is_full:
            known = Vocabulary(language)
        while len(self._known) >= _MOST_LANGUAGES:
            del self._known[next(iter(self._known))]
        self._known[language] = known
        return known


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
