"""Case forms of names: Путина is a form of Путин, Helsingissä of Helsinki.

By paradigms, not by lists of names: what a name ends in decides which endings it may take, so
names never seen decline too. Zelenska is no form of Zelenskyy, as no paradigm leads from one to
the other. All words are folded (see ``analysis.fold``).
"""

from functools import lru_cache
from typing import Final

import regex

from monitor.analysis.inflection_other import OTHER
from monitor.analysis.inflection_slavic import SLAVIC
from monitor.analysis.inflection_table import Forms, Table
from monitor.analysis.language import primary

_TABLES: Final = SLAVIC | OTHER
_SHORTEST: Final = 4  # shorter names, declined, are too often other words
_LONGEST: Final = 64  # no name is longer; keeps hostile text out of the patterns
_KEY: Final = 4
# What a text of unknown language in these scripts is most likely written in.
_SCRIPTS: Final = (
    (regex.compile(r"\p{Cyrillic}"), ("ru", "uk", "be", "bg", "mk", "sr")),
    (regex.compile(r"\p{Greek}"), ("el",)),
)


def declines(language: str | None) -> bool:
    """Whether names decline in a language (BCP 47 tag).

    So they may in an unknown one (None): in Cyrillic by the Slavic tables, in Greek by the Greek
    one, in other scripts not.
    """
    subtag = primary(language)
    return subtag is None or subtag in _TABLES


def is_case_form(alias_word: str, word: str, language: str | None) -> bool:
    """Whether a word of a text is a case form of a word of a name.

    Args:
        alias_word: the name's word, folded, as a rule in the nominative. Words under 4 letters
            and words with digits do not decline; nor do acronyms, which only the caller can tell.
        word: the word of the text, folded.
        language: of the text (BCP 47 tag); see ``declines`` for None.
    """
    if word == alias_word:
        return True
    for stem, endings in _forms(alias_word, language):
        if word.startswith(stem) and word[len(stem) :] in endings:
            return True
    return False


def index_keys(alias_word: str, language: str | None) -> tuple[str, ...]:
    """Under which keys to file a word of a name; each of its case forms has its own among them.

    Most names have one, few more than three.
    """
    keys = {alias_word[:_KEY]}
    for stem, endings in _forms(alias_word, language):
        keys |= {(stem + each)[:_KEY] for each in endings} if len(stem) < _KEY else {stem[:_KEY]}
    return tuple(sorted(keys))


def case_prefixes(alias_word: str, language: str | None) -> tuple[str, ...]:
    """What the case forms of a word of a name begin with: each with at least one of these."""
    return tuple(sorted({stem or alias_word[:1] for stem, _ in _forms(alias_word, language)}))


def text_keys(word: str, language: str | None) -> tuple[str, ...]:
    """Under which keys the names stand that a word of a text may be a form of."""
    del language  # the keys are prefixes in every language
    return (word[:_KEY],)


@lru_cache(maxsize=50_000)
def _forms(name: str, language: str | None) -> Forms:
    if not (_SHORTEST <= len(name) <= _LONGEST and name.isalpha()):
        return ()
    return tuple(form for table in _tables(name, language) for form in table.forms(name))


def _tables(name: str, language: str | None) -> list[Table]:
    subtag = primary(language)
    if subtag is None:
        codes = [code for script, codes in _SCRIPTS if script.match(name) for code in codes]
        return [_TABLES[code] for code in codes]
    return [_TABLES[subtag]] if subtag in _TABLES else []
