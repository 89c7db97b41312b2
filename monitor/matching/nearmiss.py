"""How near a clause came that failed."""

from collections.abc import Iterable
from dataclasses import replace

from monitor.matching import find
from monitor.matching.evaluate import Evaluation
from monitor.matching.find import Pair, Range
from monitor.matching.mentions import spelled
from monitor.matching.missing import Lack, Missing, effort
from monitor.model.hit import FieldName
from monitor.rules.tree import (
    AnyOf,
    Apart,
    CasedForm,
    Clause,
    Entity,
    Form,
    Near,
    Outside,
    Positional,
    Sequence,
    Together,
    Unit,
    Window,
)


def near_miss(clause: Clause, fields: Iterable[FieldName], evaluation: Evaluation) -> Missing:
    """The clause with what came nearest to it in the fields."""
    nothing = Missing(clause=clause.name, at=clause.at, reason=Lack.ABSENT)
    return min(
        (_NearMiss(evaluation, field, nothing).of(clause.what) for field in fields),
        key=lambda miss: effort([miss]),
    )


class _NearMiss:
    """One field; ``nothing`` is the answer for what is not there at all."""

    def __init__(self, evaluation: Evaluation, field: FieldName, nothing: Missing) -> None:
        self._evaluation, self._nothing = evaluation, nothing
        self._search = evaluation.fields[field]
        self._view = self._search.view

    def of(self, what: Positional) -> Missing:
        match what:
            case Entity():
                return self._misfit(what)
            case Sequence():
                return self._miscased(what)
            case Window():
                return self._window(what)
            case Near(left, right, allowed, ordered):
                sides = self._ranges(left), self._ranges(right)
                gap = find.closest(self._view, *sides, ordered=ordered)
                return self._far(sides, gap, allowed)
            case Together():
                return self._together(what)
            case Apart() | Outside():
                return self._excluded(what)
            case AnyOf(parts):
                return min(map(self.of, parts), key=lambda miss: effort([miss]))
            case _:
                return self._nothing

    def _ranges(self, what: Positional) -> list[Range]:
        return self._search.ranges(what)

    def _misfit(self, entity: Entity) -> Missing:
        for alias in entity.aliases:
            for range_ in spelled(alias, self._view):
                context = alias.context is None or self._evaluation.holds(alias.context)
                case = replace(self._nothing, reason=Lack.CASE, passage=self._text(range_))
                return case if context else replace(case, reason=Lack.ABSENT, detail="context")
        for range_ in spelled(entity.surname, self._view) if entity.surname else ():
            return replace(self._nothing, passage=self._text(range_), detail="surname")
        return self._nothing

    def _miscased(self, what: Sequence) -> Missing:
        anyhow = tuple(
            Form(test.fold) if isinstance(test, CasedForm) else test for test in what.tokens
        )
        for range_ in find.neighbours(self._view, anyhow):
            return replace(self._nothing, reason=Lack.CASE, passage=self._text(range_))
        return self._nothing

    def _window(self, what: Window) -> Missing:
        """The range that holds all parts with the fewest other words."""
        words = sum(map(len, what.parts))
        ranges = find.window(self._view, what.parts, len(self._view.tokens))
        gaps = ((last - first + 1 - words, (first, last)) for first, last in ranges)
        places = [find.neighbours(self._view, part) for part in what.parts]
        return self._far(places, min(gaps, default=None), what.slop)

    def _far(self, places: Iterable[list[Range]], gap: Pair | None, allowed: int) -> Missing:
        if gap is None:
            return self._scattered(places)
        distance, range_ = gap
        passage = self._text(range_)
        return replace(
            self._nothing,
            reason=Lack.TOO_FAR,
            distance=distance,
            allowed=allowed,
            passage=passage,
        )

    def _scattered(self, places: Iterable[list[Range]]) -> Missing:
        """Everything is there, but no sentence has all of it."""
        found = list(places)
        sentences = {self._view.tokens.sentence[start] for each in found for start, _ in each}
        if all(found) and len(sentences) > 1:
            return replace(self._nothing, reason=Lack.OTHER_SENTENCE)
        return self._nothing

    def _together(self, what: Together) -> Missing:
        miss = self._scattered((self._ranges(what.left), self._ranges(what.right)))
        if miss.reason is Lack.OTHER_SENTENCE and what.unit is Unit.PARAGRAPH:
            return replace(miss, detail="paragraph")
        return miss

    def _excluded(self, what: Apart | Outside) -> Missing:
        left = self._search.passages(what.left)
        if not left:
            return self.of(what.left)
        right = self._search.passages(what.right)
        excluding = (
            find.neighbours_of(self._view, left, right, what.distance)
            if isinstance(what, Apart)
            else find.around(left, right)
        )
        by = next(iter(excluding), None)
        passage = self._text(by) if by else None
        return replace(self._nothing, reason=Lack.EXCLUDED, passage=passage)

    def _text(self, range_: Range) -> str:
        tokens = self._view.tokens
        return tokens.text[tokens.start[range_[0]] : tokens.end[range_[1]]]
