"""Where positionals stand in one field of an article."""

from typing import Final, Literal

from monitor.matching import find
from monitor.matching.find import Range
from monitor.matching.mentions import Mentions
from monitor.matching.verdict import has_entity, is_monotone
from monitor.matching.view import FieldView
from monitor.rules.tree import (
    AnyOf,
    Apart,
    Entity,
    Near,
    Outside,
    Positional,
    Reference,
    Sequence,
    Together,
    Unit,
    Window,
)

_FLAT: Final = (Sequence, Entity)  # none of their ranges contains another one
Bound = Literal["certain", "beginning", "possible"]
"""Which of the ranges of a positional in a field.

Of an unknown text: ``certain`` ones stand there whatever the text says, ``possible`` ones may;
``beginning`` are those of the lead that the text must have as well if it begins with the lead.
Of a known text ``certain`` are all there are; ``head`` are those in the head of a long field.
"""


class FieldSearch:
    """One field under evaluation; every positional is looked for once in it.

    Trees must outlive it: it knows their parts by identity, since equal positionals of a rule set
    are one object and hashing trees is slow.

    Attributes:
        view: the field.
        head: the beginning of a long field, searched first: it may have all that is asked for.
    """

    def __init__(
        self,
        view: FieldView,
        mentions: Mentions,
        bound: Bound = "certain",
        head: "FieldSearch | None" = None,
    ) -> None:
        self.view = view
        self.head = head
        self._mentions = mentions
        self._bound = bound
        self._ranges: dict[int, list[Range]] = {}
        self._passages: dict[int, list[Range]] = {}

    def ranges(self, what: Positional) -> list[Range]:
        """Where a positional stands."""
        found = self._ranges.get(id(what))
        if found is None:
            found = self._ranges[id(what)] = self._find(what)
        return found

    def passages(self, what: Positional) -> list[Range]:
        """The ranges that contain no other one."""
        if isinstance(what, _FLAT):
            return self.ranges(what)
        found = self._passages.get(id(what))
        if found is None:
            found = self._passages[id(what)] = find.smallest(self.ranges(what))
        return found

    def occurrences(self, what: Positional) -> int:
        """How many passages there are that don't overlap."""
        return len(find.leftmost(self.passages(what)))

    def enough(self, what: Positional, number: int) -> list[Range]:
        """The passages; of a long field perhaps only those of its head, if it has ``number``."""
        if self.head and is_monotone(what) and not has_entity(what):
            found = self.head.passages(what)
            if len(found) >= number:
                return found
        return self.passages(what)

    def _find(self, what: Positional) -> list[Range]:
        match what:
            case Sequence():
                return find.neighbours(self.view, what.tokens)
            case Entity():
                return self._mentioned(what)
            case Window():
                return find.window(self.view, what.parts, what.slop)
            case Near(left, right, distance, ordered):
                one, other = self.ranges(left), self.ranges(right)
                return find.near(self.view, one, other, distance, ordered=ordered)
            case AnyOf(parts):
                return find.merged(map(self.ranges, parts))
            case Together(left, right, unit):
                words = self.view.tokens
                units = words.sentence if unit is Unit.SENTENCE else words.paragraph
                return find.together(self.ranges(left), self.ranges(right), units)
            case Apart() | Outside():
                return self._without(what)
            case Reference():
                raise AssertionError(what)  # expanded when the rule was compiled

    def _without(self, what: Apart | Outside) -> list[Range]:
        if not self._mentions.text_known and has_entity(what):
            # The text may clear up a mention on either side.
            return self.ranges(what.left) if self._bound == "possible" else []
        left, right = self.passages(what.left), self.passages(what.right)
        match what:
            case Apart(_, _, distance):
                return find.apart(self.view, left, right, distance)
            case Outside():
                return find.outside(left, right)

    def _mentioned(self, entity: Entity) -> list[Range]:
        seen = self._mentions.of(entity)
        if self._bound == "possible":
            return seen.most(self.view.name)
        found = seen.least(self.view.name)
        if self._bound == "certain":
            return found
        return [each for each in found if each[1] < len(self.view.tokens)]
