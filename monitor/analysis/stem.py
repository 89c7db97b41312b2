"""Stems by Snowball, of folded words (the only door of PyStemmer)."""

from functools import lru_cache
from typing import Final

import Stemmer

from monitor.analysis.language import primary

# english, never porter: the old algorithm makes one word of news and new.
_ALGORITHMS: Final = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_AVAILABLE: Final = frozenset(Stemmer.algorithms())
_LONGEST: Final = 64  # no inflected word is longer; keeps hostile text out of stemmers and memo


def has_stemmer(language: str | None) -> bool:
    """Whether words of a language (BCP 47) have stems; without, only equal forms match."""
    return _algorithm(language) is not None


def stem_language(language: str | None) -> str | None:
    """The key under which words of a language (BCP 47) share their stems."""
    subtag = primary(language)
    return subtag if subtag is None or has_stemmer(subtag) else "zxx"


def stem(folded: str, language: str | None) -> str:
    """The stem of a folded word in a language (BCP 47 tag).

    Most feeds without a language are English, so for None a word in ASCII letters gets its
    English stem. A word of a language without a stemmer (Ukrainian, Bulgarian, Hebrew …) is its
    own stem.
    """
    if len(folded) > _LONGEST:
        return folded
    algorithm = _algorithm(language)
    if algorithm is None and primary(language) is None and folded.isascii():
        algorithm = "english"
    return folded if algorithm is None else _stem(folded, algorithm)


def _algorithm(language: str | None) -> str | None:
    algorithm = _ALGORITHMS.get(primary(language) or "")
    return algorithm if algorithm in _AVAILABLE else None


@lru_cache(maxsize=100_000)
def _stem(folded: str, algorithm: str) -> str:
    # A new stemmer costs half a microsecond; a shared one must not be used by two threads.
    return str(Stemmer.Stemmer(algorithm, 0).stemWord(folded))
