"""Mentions of an entity: aliases with their case rule, surnames, overlaps.

The case rule is that of docs/rules.md: acronyms match in capitals or as a Title (NATO, Nato);
if the lower-case word is common (US, WHO) in capitals only; a common word that is a name (May,
Shell) needs its capital and, where a capital proves nothing, a second, clear mention.
"""

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
            several_words |= len(alias.fold) > 1 and bool(fitting)
    if entity.surname and several_words:
        for name, view in article.fields.items():
            found[name] += _surnames(entity.surname, view, article.language)
    clear = any(clarity is Clarity.CLEAR for ranges in found.values() for _, clarity in ranges)
    return {name: _longest(ranges) if clear else [] for name, ranges in found.items()}


def misfits(entity: Entity, article: ArticleView) -> list[tuple[FieldName, Range]]:
    """Ranges that spell an alias but are not counted: wrong case, or never clear."""
    counted = mentions(entity, article)
    return [
        (name, range_)
        for name, view in article.fields.items()
        for alias in entity.aliases
        for range_ in neighbours(view, tuple(map(Form, alias.fold)))
        if range_ not in counted[name]
    ]


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
    if all(word.isupper() for word in alias.raw):
        return _acronym(raw, common=common)
    if common:
        return _common_name(raw[0], at_start=tokens.initial[first])
    return Clarity.CLEAR


def _acronym(raw: tuple[str, ...], *, common: bool) -> Clarity:
    if all(word.isupper() for word in raw):
        return Clarity.CLEAR
    titled = all(word[:1].isupper() for word in raw)
    return Clarity.CLEAR if titled and not common else Clarity.WRONG


def _common_name(raw: str, *, at_start: bool) -> Clarity:
    if not raw[:1].isupper():
        return Clarity.WRONG
    return Clarity.UNCLEAR if at_start else Clarity.CLEAR


def _longest(found: list[tuple[Range, Clarity]]) -> list[Range]:
    """Of overlapping ranges the longest; of equally long ones the first."""
    kept: list[Range] = []
    for start, end in sorted({range_ for range_, _ in found}):
        if not kept or start > kept[-1][1]:
            kept.append((start, end))
        elif end - start > kept[-1][1] - kept[-1][0]:
            kept[-1] = (start, end)
    return kept
