"""The case rule of docs/rules.md: how well the case of a mention fits its alias.

Acronyms match in capitals or as a Title (NATO, Nato); if the lower-case word is common (US, WHO)
in capitals only; a common word that is a name (May, Shell) needs its capital and, where a capital
proves nothing, a second, clear mention.
"""

from enum import IntEnum

from monitor.analysis.common import is_common
from monitor.model.rule import Case
from monitor.rules.tree import AliasForm


class Clarity(IntEnum):
    """How well the case of a mention fits its alias."""

    WRONG = 0
    UNCLEAR = 1
    CLEAR = 2


def grade(
    alias: AliasForm,
    raw: tuple[str, ...],
    fold: str,
    *,
    shouting: bool,
    initial: bool,
    language: str | None,
) -> Clarity:
    """How well words that spell an alias fit its case.

    Args:
        alias: what they spell.
        raw: the words as written.
        fold: the first of them, folded; a case form may be common where the alias is not.
        shouting: they begin in a line in capitals.
        initial: the first stands where a capital proves nothing.
        language: BCP 47 tag of the article.
    """
    if alias.case is Case.ANY:
        return Clarity.CLEAR
    common = len(alias.fold) == 1 and (
        is_common(alias.fold[0], language) or (alias.inflect and is_common(fold, language))
    )
    if shouting:
        return Clarity.WRONG if common else Clarity.CLEAR
    if alias.case is Case.EXACT:
        return Clarity.CLEAR if raw == alias.raw else Clarity.WRONG
    if is_acronym(alias):
        return _acronym(raw, common=common)
    if common:
        return _common_name(raw[0], initial=initial)
    return Clarity.CLEAR


def is_acronym(alias: AliasForm) -> bool:
    """Whether an alias is written in capitals."""
    return any(map(str.isupper, alias.raw)) and all(map(_is_capital, alias.raw))


def _acronym(raw: tuple[str, ...], *, common: bool) -> Clarity:
    if all(map(_is_capital, raw)):
        return Clarity.CLEAR
    titled = all(_is_capital(word[:1]) for word in raw)
    return Clarity.CLEAR if titled and not common else Clarity.WRONG


def _is_capital(word: str) -> bool:
    """Whether no letter of it is a small one (the 19 of COVID-19 has none)."""
    return word.upper() == word


def _common_name(raw: str, *, initial: bool) -> Clarity:
    if not raw[:1].isupper():
        return Clarity.WRONG
    return Clarity.UNCLEAR if initial else Clarity.CLEAR
