"""Whether a query tree holds for an article, and by which passages.

This is the plain evaluator: it asks the article for each clause. The percolator asks it for
passages, and for verdicts where its tables don't say all.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Final, Literal

from monitor.matching import find, regexes, verdict
from monitor.matching.find import Range
from monitor.matching.mentions import Sightings, sightings
from monitor.matching.meta import meta_holds, restriction_holds
from monitor.matching.passages import span_of
from monitor.matching.verdict import Truth, has_entity, is_monotone
from monitor.matching.view import ArticleView, FieldView
from monitor.model.hit import FieldName, Span
from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    AtLeast,
    Clause,
    Count,
    Entity,
    Meta,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Positional,
    Reference,
    Regex,
    Restriction,
    Scope,
    Sequence,
    Together,
    Unit,
    Weighted,
    Window,
)

_ORDER: Final[dict[FieldName, int]] = {"title": 0, "lead": 1, "text": 2}
# Of a clause in a field; a text that repeats one word for half a megabyte has no more to say.
MOST_PASSAGES: Final = 500
HEAD: Final = 5_000
"""Tokens of a long field that are searched first: they may have all that is asked for."""

Bound = Literal["certain", "beginning", "possible", "head"]
"""Which of the ranges of a positional in a field.

Of an unknown text: ``certain`` ones stand there whatever the text says, ``possible`` ones may;
``beginning`` are those of the lead that the text must have as well if it begins with the lead.
Of a known text ``certain`` are all there are; ``head`` are those in the head of a long field.
"""

Place = tuple[FieldName, Bound]

_EXACT: Final[dict[FieldName, tuple[Place, ...]]] = {
    "title": (("title", "certain"),),
    "lead": (("lead", "certain"),),
    "text": (("text", "certain"),),
}
_BEGINNING: Final[tuple[Place, ...]] = (("title", "certain"), ("lead", "beginning"))

Extents = dict[tuple[str, FieldName], list[list[Range]]]
"""Of each clause in a field: start and end of passages, in characters, a list a positional."""


class Evaluation:
    """One article under evaluation; every positional is looked for once in each field.

    Trees must outlive it: it knows their parts by identity, since equal positionals of a rule set
    are one object and hashing trees is slow.
    """

    def __init__(self, article: ArticleView) -> None:
        self.article = article
        self._searched = tuple(
            (name, bound)
            for each in article.searched
            for name, bound in _EXACT[each]
            if len(article.fields[name].tokens)
        )
        self._heads = {
            name: view.first(HEAD)
            for name, view in article.fields.items()
            if len(view.tokens) > HEAD
        }
        self._ranges: dict[tuple[int, FieldName, Bound], list[Range]] = {}
        self._passages: dict[tuple[int, FieldName, Bound], list[Range]] = {}
        self._sightings: dict[int, Sightings] = {}
        self._regexes: dict[tuple[str, FieldName], bool] = {}

    # --- verdicts ---

    def holds(self, node: Node, field: FieldName | None = None) -> bool:
        """Whether the tree is certainly true of the article, in one field or in all."""
        return self.verdict(node, field) is True

    def verdict(self, node: Node, field: FieldName | None = None) -> Truth:
        """Whether the tree is true; None if only the text can tell, which is not known.

        True or False then means that no text could change it.
        """
        match node:
            case Clause(what=what):
                return self._occurs(what, field) or self._undecided(what, 1, field)
            case And(parts):
                return verdict.all_of(self.verdict(part, field) for part in parts)
            case Or(parts):
                return verdict.any_of(self.verdict(part, field) for part in parts)
            case Not(part):
                return verdict.opposite(self.verdict(part, field))
            case Scope(inner, part):
                return self.verdict(part, inner)
            case AtLeast(minimum, parts):
                return verdict.at_least(minimum, (self.verdict(part, field) for part in parts))
            case Weighted(_, _, parts, threshold):
                weighed = ((self.verdict(part, field), weight) for part, weight in parts)
                return verdict.reaches(threshold, weighed)
            case _:
                return self._answer(node, field)

    def _answer(self, node: Count | Regex | Meta | Restriction, field: FieldName | None) -> Truth:
        match node:
            case Count(Clause(what=what), minimum):
                return self._recurs(what, minimum, field) or self._undecided(what, minimum, field)
            case Regex(_, _, pattern):
                return self._matches(pattern, field)
            case Meta():
                return meta_holds(node, self.article.article, self.article.language)
            case Restriction():
                return restriction_holds(node, self.article.article, self.article.language)

    def _occurs(self, what: Positional, field: FieldName | None) -> bool:
        return any(self._enough(what, *place, 1) for place in self._places(what, field))

    def _recurs(self, what: Positional, minimum: int, field: FieldName | None) -> bool:
        places = self._places(what, field)
        some = (find.leftmost(self._enough(what, *place, minimum)) for place in places)
        if sum(map(len, some)) >= minimum:
            return True
        return sum(self.occurrences(what, *place) for place in places) >= minimum

    def _places(self, what: Positional, field: FieldName | None) -> tuple[Place, ...]:
        """Where an occurrence certainly counts."""
        if self.article.text_known:
            return _EXACT[field] if field else self._searched
        if field:
            return _EXACT[field]
        return _BEGINNING if is_monotone(what) else _EXACT["title"]

    def _undecided(self, what: Positional, minimum: int, field: FieldName | None) -> Truth:
        """None if a text could make up for what does not occur often enough."""
        if self.article.text_known:
            return False
        if field in {None, "text"}:
            return None
        return None if self.occurrences(what, field, "possible") >= minimum else False

    def _matches(self, pattern: str, field: FieldName | None) -> Truth:
        known = self.article.text_known
        fields = (field,) if field else self.article.searched if known else ("title",)
        if any(self._is_found(pattern, each) for each in fields):
            return True
        return False if known or field in {"title", "lead"} else None

    def _is_found(self, pattern: str, field: FieldName) -> bool:
        key = (pattern, field)
        if key not in self._regexes:
            text = self.article.fields[field].tokens.text
            self._regexes[key] = regexes.is_found(pattern, text)
        return self._regexes[key]

    # --- ranges ---

    def ranges(self, what: Positional, field: FieldName, bound: Bound = "certain") -> list[Range]:
        """Where a positional stands in a field."""
        key = (id(what), field, bound)
        found = self._ranges.get(key)
        if found is None:
            found = self._ranges[key] = self._find(what, field, bound)
        return found

    def passages(
        self, what: Positional, field: FieldName, bound: Bound = "certain"
    ) -> list[Range]:
        """The ranges that contain no other one."""
        if isinstance(what, Sequence | Entity):
            return self.ranges(what, field, bound)
        key = (id(what), field, bound)
        found = self._passages.get(key)
        if found is None:
            found = self._passages[key] = find.smallest(self.ranges(what, field, bound))
        return found

    def occurrences(self, what: Positional, field: FieldName, bound: Bound = "certain") -> int:
        """How many passages there are that don't overlap."""
        return len(find.leftmost(self.passages(what, field, bound)))

    def _enough(
        self, what: Positional, field: FieldName, bound: Bound, number: int
    ) -> list[Range]:
        """The passages; of a long field perhaps only those of its head, if it has ``number``."""
        if field in self._heads and is_monotone(what) and not has_entity(what):
            found = self.passages(what, field, "head")
            if len(found) >= number:
                return found
        return self.passages(what, field, bound)

    def view(self, field: FieldName, bound: Bound = "certain") -> FieldView:
        """The field that is searched."""
        match bound:
            case "beginning":
                return self.article.beginning
            case "head":
                return self._heads[field]
            case _:
                return self.article.fields[field]

    def _find(self, what: Positional, field: FieldName, bound: Bound) -> list[Range]:
        match what:
            case Sequence(tokens):
                return find.neighbours(self.view(field, bound), tokens)
            case Window(parts, slop):
                return find.window(self.view(field, bound), parts, slop)
            case Near(left, right, distance, ordered):
                one, other = self.ranges(left, field, bound), self.ranges(right, field, bound)
                return find.near(self.view(field, bound), one, other, distance, ordered=ordered)
            case AnyOf(parts):
                return find.merged(self.ranges(part, field, bound) for part in parts)
            case Entity():
                return self._mentions(what, field, bound)
            case Together(left, right, unit):
                words = self.view(field, bound).tokens
                units = words.sentence if unit is Unit.SENTENCE else words.paragraph
                one, other = self.ranges(left, field, bound), self.ranges(right, field, bound)
                return find.together(one, other, units)
            case Apart() | Outside():
                return self._without(what, field, bound)
            case Reference():
                raise AssertionError(what)  # expanded when the rule was compiled

    def _without(self, what: Apart | Outside, field: FieldName, bound: Bound) -> list[Range]:
        if not self.article.text_known and has_entity(what):
            # The text may clear up a mention on either side.
            return self.ranges(what.left, field, bound) if bound == "possible" else []
        left = self.passages(what.left, field, bound)
        right = self.passages(what.right, field, bound)
        match what:
            case Apart(_, _, distance):
                return find.apart(self.view(field, bound), left, right, distance)
            case Outside():
                return find.outside(left, right)

    def _mentions(self, entity: Entity, field: FieldName, bound: Bound) -> list[Range]:
        if id(entity) not in self._sightings:
            self._sightings[id(entity)] = sightings(entity, self.article, self.verdict)
        seen = self._sightings[id(entity)]
        if bound == "possible":
            return seen.most(field)
        size = len(self.view(field, bound).tokens)
        return [each for each in seen.least(field) if each[1] < size]

    # --- passages for people ---

    def spans(self, node: Node, field: FieldName | None = None) -> tuple[Span, ...]:
        """The passages of every clause that is true and counts, each once, in reading order."""
        found: Extents = {}
        self._collect(node, field, None, found)
        spans = [
            span_of(self.article.fields[where].tokens.text, start, end, name, where)
            for (name, where), extents in found.items()
            for start, end in _without_overlaid(extents)[:MOST_PASSAGES]
        ]
        return tuple(sorted(spans, key=lambda span: (_ORDER[span.field], span.start, span.end)))

    def _collect(
        self, node: Node, field: FieldName | None, name: str | None, found: Extents
    ) -> None:
        """Add the passages of a true node; ``name`` is that of the topic it belongs to."""
        match node:
            case Clause(own, _, what) | Count(Clause(own, _, what), _):
                self._add(name or own, what, field, found)
            case Regex(own, _, pattern):
                self._add_matches(name or own, pattern, field, found)
            case Scope(inner, part):
                self._collect(part, inner, name, found)
            case And(parts) | Or(parts) | AtLeast(_, parts):
                self._collect_true(parts, field, name, found)
            case Weighted(own, _, weighted, _):
                positive = (part for part, weight in weighted if weight > 0)
                self._collect_true(positive, field, name or own, found)
            case Not() | Meta() | Restriction():
                pass

    def _collect_true(
        self, parts: Iterable[Node], field: FieldName | None, name: str | None, found: Extents
    ) -> None:
        for part in parts:
            if self.holds(part, field):
                self._collect(part, field, name, found)

    def _add(self, name: str, what: Positional, field: FieldName | None, found: Extents) -> None:
        for each, _ in ((field, "certain"),) if field else self._searched:
            passages = self._enough(what, each, "certain", MOST_PASSAGES)
            if passages:
                if isinstance(what, Window):
                    passages = find.leftmost(passages)
                tokens = self.article.fields[each].tokens
                extents = [
                    (tokens.start[first], tokens.end[last])
                    for first, last in passages[:MOST_PASSAGES]
                ]
                found.setdefault((name, each), []).append(extents)

    def _add_matches(
        self, name: str, pattern: str, field: FieldName | None, found: Extents
    ) -> None:
        for each in (field,) if field else self.article.searched:
            text = self.article.fields[each].tokens.text
            matches = regexes.matches(pattern, text, MOST_PASSAGES)
            found.setdefault((name, each), []).append(matches)


def _without_overlaid(extents: list[list[Range]]) -> list[Range]:
    """Of passages under one name, those that no other one contains."""
    return extents[0] if len(extents) == 1 else find.largest(chain.from_iterable(extents))
