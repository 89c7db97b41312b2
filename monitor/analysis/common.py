"""Common words: a name spelled like one needs more evidence than its letters."""

from typing import Final

from monitor.analysis.fold import fold
from monitor.analysis.language import primary
from monitor.analysis.wordlists import WORDS

_LISTS: Final = {
    language: frozenset(map(fold, words.split())) for language, words in WORDS.items()
}
_ALL: Final = frozenset().union(*_LISTS.values())


def is_common(folded: str, language: str | None) -> bool:
    """Whether a folded word is an everyday word of a language (BCP 47 tag).

    Without a language, or in one without a list, a word counts as common if any list has it: the
    price is that the name needs its capital there.
    """
    return folded in _LISTS.get(primary(language) or "", _ALL)
