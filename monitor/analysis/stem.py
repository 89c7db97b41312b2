"""Stems by Snowball, of folded words (the only door of PyStemmer)."""

from functools import lru_cache
from typing import Final

import regex
import Stemmer

from monitor.analysis.fold import fold
from monitor.analysis.language import primary

# english, never porter: the old one makes one word of news and new. The Serbian stemmer reads
# both scripts and both pronunciations, hence Croatian and Bosnian too.
_ALGORITHMS: Final = {
    "ar": "arabic", "bs": "serbian", "ca": "catalan", "cnr": "serbian", "cs": "czech",
    "da": "danish", "de": "german", "el": "greek", "en": "english", "eo": "esperanto",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hr": "serbian", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_AVAILABLE: Final = frozenset(Stemmer.algorithms())
_LONGEST: Final = 64  # no inflected word is longer; keeps hostile text out of stemmers and memo

_ARTICLE: Final = "ال"
# The article behind and, so (joined), by, like or to; three letters must be left of the word.
_ARABIC_FRONT: Final = regex.compile(r"^[وف]?(?:[بك]?ال|لل)(?=\p{L}{3})")
# And alone; the usual words that begin with its letter keep it.
_ARABIC_AND: Final = regex.compile(
    r"^و(?!زير|زار|زرا|لاي|كال|كيل|ثيق|ثائق|سائل|سيل|سيط|ساط|سط|اشنط|قود|قف|قت|قائع|قع|صول|صف|صاي|ضع|ضوح"
    r"|فد|فود|فا|فق|طن|ظيف|ظائف|اقع|اجب|اجه|اسع|اضح|ارد|الد|راء|رق|رد|رش|عد|عي|جه|جود|جب|داع|دي|زن|زع"
    r"|لد|لي|يل|يكي|باء|تر|تير|حد|حيد|حش|ثق|سام|سع|شيك|صل|ضعي|صي|لاد|لاء|فير)(?=\p{L}{3})"
)


def has_stemmer(language: str | None) -> bool:
    """Whether words of a language (BCP 47) have stems; without, only equal forms match."""
    return _algorithm(language) is not None


def stem_language(language: str | None) -> str | None:
    """The key under which words of a language (BCP 47) share their stems."""
    subtag = primary(language)
    return subtag if subtag is None or has_stemmer(subtag) else "zxx"


def stem(folded: str, language: str | None) -> str:
    """The stem, folded too, of a folded word in a language (BCP 47 tag).

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


@lru_cache(maxsize=1_000)
def _algorithm(language: str | None) -> str | None:
    algorithm = _ALGORITHMS.get(primary(language) or "")
    return algorithm if algorithm in _AVAILABLE else None


def _stem(folded: str, algorithm: str) -> str:
    # A new stemmer costs half a microsecond; a shared one must not be used by two threads. Those
    # who stem texts remember their words themselves.
    stemmer = Stemmer.Stemmer(algorithm, 0)
    if algorithm == "arabic":
        return fold(stemmer.stemWord(_definite(folded)).removeprefix(_ARTICLE))
    found = fold(stemmer.stemWord(folded))  # the Serbian one writes accents
    return folded if found == folded else found  # one string takes half the memory


def _definite(word: str) -> str:
    """An Arabic word with the article and without what is joined to the front of it.

    Snowball reads a word with the article as a noun and one without as a noun or a verb, so
    that forces and the forces had two stems.
    """
    bare = _ARABIC_AND.sub("", _ARABIC_FRONT.sub("", word))
    return _ARTICLE + bare
