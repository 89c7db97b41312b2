"""Mentions of an entity: aliases with their case rule and context, surnames, overlaps."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from monitor.analysis.givennames import GIVEN_NAMES
from monitor.matching.casing import Clarity, grade
from monitor.matching.find import Range, adjacent
from monitor.matching.view import ArticleView, FieldView
from monitor.model.hit import FieldName
from monitor.rules.tree import AliasForm, Entity, Node

Found = dict[FieldName, list[Range]]
Verdict = Callable[[Node], bool | None]
"""Whether the context of an alias is true of the article; None if its text must tell."""


@dataclass(slots=True)
class Sightings:
    """Ranges that spell a name in a case that may count.

    Attributes:
        certain: they count as soon as one mention of the entity is clear.
        possible: they count if the text, which is not known, says so.
        clear: one mention is clear.
    """

    certain: Found = field(default_factory=dict)
    possible: Found = field(default_factory=dict)
    clear: bool = False

    def least(self, name: FieldName) -> list[Range]:
        """Mentions in a field whatever the text may say; with a known text, all mentions.

        Of overlapping ones the longest count.
        """
        certain = self.certain.get(name)
        if not (self.clear and certain):
            return []
        return (
            _undisputed(certain, self.most(name)) if name in self.possible else _longest(certain)
        )

    def most(self, name: FieldName) -> list[Range]:
        """Every range of a field that may be a mention once the text is known."""
        return sorted({*self.certain.get(name, ()), *self.possible.get(name, ())})


class Mentions:
    """The entities of an article, each looked for once; they are known by identity.

    Args:
        article: where they are looked for.
        judge: makes what is asked for the contexts of aliases, when it is first needed. Not the
            evaluation that these mentions belong to: only the garbage collector frees a cycle.
    """

    def __init__(self, article: ArticleView, judge: Callable[[ArticleView], Verdict]) -> None:
        self.text_known = article.text_known
        self._article = article
        self._judge = judge
        self._seen: dict[int, Sightings] = {}

    @cached_property
    def _verdict(self) -> Verdict:
        return self._judge(self._article)

    def of(self, entity: Entity) -> Sightings:
        """Where an entity may be mentioned in each field."""
        seen = self._seen.get(id(entity))
        if seen is None:
            seen = self._seen[id(entity)] = self._look_for(entity)
        return seen

    def _look_for(self, entity: Entity) -> Sightings:
        found = Sightings()
        several_words = False
        for alias in entity.aliases:
            if self._article.may_name(alias):
                counts = True if alias.context is None else self._verdict(alias.context)
                if counts is not False:
                    spelled = _collect(found, alias, self._article, certain=counts is True)
                    several_words |= alias.full and spelled and counts is True
        if entity.surname and (several_words or not self.text_known):
            _collect(found, entity.surname, self._article, certain=several_words, surname=True)
        return found


def _collect(
    found: Sightings,
    alias: AliasForm,
    article: ArticleView,
    *,
    certain: bool,
    surname: bool = False,
) -> bool:
    """Add the ranges that fit an alias; whether there is one."""
    ranges = found.certain if certain else found.possible
    any_found = False
    for name, view in article.filled:
        for range_ in spelled(alias, view):
            grade = clarity(alias, view, range_, article.language)
            if grade is Clarity.WRONG or (surname and _follows_given_name(view, range_[0])):
                continue
            any_found = True
            ranges.setdefault(name, []).append(range_)
            found.clear |= certain and grade is Clarity.CLEAR
    return any_found


def spelled(alias: AliasForm, view: FieldView) -> list[Range]:
    """Ranges whose words are those of an alias, case aside."""
    places = []
    for word in alias.fold:
        positions = view.find_name(word, inflect=alias.inflect)
        if not positions:
            return []
        places.append(positions)
    return adjacent(view, places)


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
    tokens, (first, last) = view.tokens, range_
    return grade(
        alias,
        tuple(tokens.raw[first : last + 1]),
        tokens.fold[first],
        shouting=tokens.shouting[first],
        initial=tokens.initial[first],
        language=language,
    )


def _longest(found: list[Range]) -> list[Range]:
    """Of overlapping ranges the longest; of equally long ones the first."""
    if len(found) == 1:
        return found
    taken = bytearray(max(end for _, end in found) + 1)
    kept = []
    for start, end in sorted(sorted(dict.fromkeys(found)), key=_length, reverse=True):
        # What is as long and overlaps has one of its ends.
        if not (taken[start] or taken[end]):
            taken[start : end + 1] = b"\1" * (end - start + 1)
            kept.append((start, end))
    return sorted(kept)


def _length(range_: Range) -> int:
    return range_[1] - range_[0]


def _undisputed(certain: Iterable[Range], every: list[Range]) -> list[Range]:
    """Ranges that come before all that overlap them, whichever of the others count."""
    longest = max(end - start for start, end in every)

    def comes_first(range_: Range) -> bool:
        start, end = range_
        low, high = bisect_left(every, (start - longest, 0)), bisect_left(every, (end + 1, 0))
        rivals = (each for each in every[low:high] if each[1] >= start)
        return min(rivals, key=_longest_first) == range_

    return sorted(filter(comes_first, set(certain)))


def _longest_first(range_: Range) -> tuple[int, int]:
    start, end = range_
    return start - end, start
