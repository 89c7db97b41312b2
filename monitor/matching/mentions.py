"""Mentions of an entity: aliases with their case rule, surnames, overlaps.

The case rule is that of docs/rules.md: acronyms match in capitals or as a Title (NATO, Nato);
if the lower-case word is common (US, WHO) in capitals only; a common word that is a name (May,
Shell) needs its capital and, where a capital proves nothing, a second, clear mention.
"""

from bisect import bisect_left
from enum import IntEnum

from monitor.analysis.common import is_common
from monitor.analysis.givennames import GIVEN_NAMES
from monitor.matching.find import Range, neighbours
from monitor.matching.view import ArticleView, FieldView
from monitor.model.hit import FieldName
from monitor.model.rule import Case
from monitor.rules.tree import AliasForm, Entity, Form


class Clarity(IntEnum):
    """How well the case of a mention fits its alias."""

    WRONG = 0
    UNCLEAR = 1
    CLEAR = 2


Found = dict[FieldName, list[tuple[Range, Clarity]]]


def mentions(entity: Entity, article: ArticleView) -> dict[FieldName, list[Range]]:
    """Ranges in each field, the longest where several overlap."""
    found: Found = {}
    several_words = False
    for name, view in article.fields.items():
        found[name] = []
        for alias in entity.aliases:
            fitting = _fitting(alias, view, article.language)
            found[name] += fitting
            several_words |= alias.full and bool(fitting)
    if entity.surname and several_words:
        for name, view in article.fields.items():
            found[name] += _surnames(entity.surname, view, article.language)
    clear = any(clarity is Clarity.CLEAR for ranges in found.values() for _, clarity in ranges)
    return {name: _longest(ranges) if clear else [] for name, ranges in found.items()}


def misfit(entity: Entity, view: FieldView) -> Range | None:
    """A range that spells an alias, for a field in which no mention counts."""
    for alias in entity.aliases:
        for range_ in neighbours(view, tuple(map(Form, alias.fold))):
            return range_
    return None


def _fitting(
    alias: AliasForm, view: FieldView, language: str | None
) -> list[tuple[Range, Clarity]]:
    graded = (
        (range_, clarity(alias, view, range_, language))
        for range_ in neighbours(view, tuple(map(Form, alias.fold)))
    )
    return [each for each in graded if each[1] is not Clarity.WRONG]


def _surnames(
    surname: AliasForm, view: FieldView, language: str | None
) -> list[tuple[Range, Clarity]]:
    return [
        each
        for each in _fitting(surname, view, language)
        if not _follows_given_name(view, each[0][0])
    ]


def _follows_given_name(view: FieldView, position: int) -> bool:
    """Boris Rutte is not Mark Rutte."""
    tokens, before = view.tokens, position - 1
    if before < 0 or tokens.sentence[before] != tokens.sentence[position]:
        return False
    between = tokens.text[tokens.end[before] : tokens.start[position]]
    return (
        between.isspace()
        and tokens.raw[before][:1].isupper()
        and tokens.fold[before] in GIVEN_NAMES
    )


def clarity(alias: AliasForm, view: FieldView, range_: Range, language: str | None) -> Clarity:
    """How well the case of a range fits an alias whose words it spells."""
    if alias.case is Case.ANY:
        return Clarity.CLEAR
    tokens, (first, last) = view.tokens, range_
    raw = tuple(tokens.raw[first : last + 1])
    common = len(alias.fold) == 1 and is_common(alias.fold[0], language)
    if tokens.shouting[first]:
        return Clarity.WRONG if common else Clarity.CLEAR
    if alias.case is Case.EXACT:
        return Clarity.CLEAR if raw == alias.raw else Clarity.WRONG
    if any(map(str.isupper, alias.raw)) and all(map(_is_capital, alias.raw)):
        return _acronym(raw, common=common)
    if common:
        return _common_name(raw[0], at_start=tokens.initial[first])
    return Clarity.CLEAR


def _acronym(raw: tuple[str, ...], *, common: bool) -> Clarity:
    if all(map(_is_capital, raw)):
        return Clarity.CLEAR
    titled = all(_is_capital(word[:1]) for word in raw)
    return Clarity.CLEAR if titled and not common else Clarity.WRONG


def _is_capital(word: str) -> bool:
    """Whether no letter of it is a small one (the 19 of COVID-19 has none)."""
    return word.upper() == word


def _common_name(raw: str, *, at_start: bool) -> Clarity:
    if not raw[:1].isupper():
        return Clarity.WRONG
    return Clarity.UNCLEAR if at_start else Clarity.CLEAR


def _longest(found: list[tuple[Range, Clarity]]) -> list[Range]:
    """Of overlapping ranges the longest; of equally long ones the first."""
    kept: list[Range] = []
    for start, end in sorted({range_ for range_, _ in found}, key=_longest_first):
        at = bisect_left(kept, (start, end))
        before = kept[at - 1][1] if at > 0 else -1
        behind = kept[at][0] if at < len(kept) else end + 1
        if before < start and end < behind:
            kept.insert(at, (start, end))
    return kept


def _longest_first(range_: Range) -> tuple[int, int]:
    start, end = range_
    return start - end, start
