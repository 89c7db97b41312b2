"""Common words: a name spelled like one needs more evidence than its letters."""

from functools import cache
from typing import Final

from monitor.analysis.fold import fold
from monitor.analysis.language import primary
from monitor.analysis.stem import stem
from monitor.analysis.wordlists import WORDS

# Languages that share the list of another.
_RELATED: Final = {"bs": "sr", "cnr": "sr", "hr": "sr", "nn": "nb", "no": "nb"}

_OWN: Final = {language: frozenset(map(fold, words.split())) for language, words in WORDS.items()}
_LISTS: Final = _OWN | {language: _OWN[other] for language, other in _RELATED.items()}
_ALL: Final = frozenset().union(*_OWN.values())


def is_common(folded: str, language: str | None) -> bool:
    """Whether a folded word is an everyday word of a language (BCP 47 tag).

    Without a language, or in one without a list, a word counts as common if any list has it: the
    price is that the name needs its capital there. Few names pay it: of the one-word names of
    countries in English, French or Indonesian about one in fifty, Mali and Guinea among them.
    """
    return folded in _LISTS.get(primary(language) or "", _ALL)


@cache
def common_stems(language: str | None) -> frozenset[str]:
    """The stems of the everyday words of a language (BCP 47 tag); see ``is_common``."""
    words = _LISTS.get(primary(language) or "", _ALL)
    return frozenset(stem(word, language) for word in words) | words
