"""When what goes wrong with the machine, beside what goes wrong with servers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tests.soak.world import BEGAN, DAY, HOUR, Span


class Kind(StrEnum):
    """What goes wrong."""

    AWAY = "away"  # the daemon was killed and nobody starts it
    DISK = "disk full"
    FROZEN = "frozen clock"
    BACK = "clock set back"
    BAD_RULES = "bad rules"
    BAD_CONFIG = "bad configuration"
    NO_MAIL = "no mail server"


_STOPS = frozenset({Kind.AWAY, Kind.DISK, Kind.FROZEN})
"""Those in which a feed may not be polled; a clock set back is no excuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One that lasts; ``hours`` is by how much a clock is set back."""

    kind: Kind
    span: Span
    hours: float = 0


def trouble(kind: Kind, day: float, lasts: float, hours: float = 0) -> Trouble:
    """From a day on, for some hours."""
    start = BEGAN + day * DAY
    return Trouble(kind=kind, span=Span(start, start + lasts * HOUR), hours=hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """All of it.

    Attributes:
        kills: when the daemon is killed, and started again at once.
        strikes: when one of its worker processes is killed.
    """

    troubles: Sequence[Trouble]
    kills: Sequence[datetime]
    strikes: Sequence[datetime] = ()

    def at(self, now: datetime) -> dict[Kind, Trouble]:
        """What is wrong now."""
        return {each.kind: each for each in self.troubles if now in each.span}

    def spans(self, *kinds: Kind) -> list[Span]:
        """When this was wrong."""
        return [each.span for each in self.troubles if each.kind in kinds]

    def stops(self) -> list[Span]:
        """When a feed may not be polled."""
        return self.spans(*_STOPS)

    def ahead(self, now: datetime) -> timedelta:
        """By how much the clock of the machine is wrong."""
        found = self.at(now)
        if frozen := found.get(Kind.FROZEN):
            return frozen.span.start - now
        back = found.get(Kind.BACK)
        return -back.hours * HOUR if back else timedelta()


def evenly(first: float, last: float, count: int) -> Iterable[datetime]:
    """So many moments between two days."""
    return [BEGAN + (first + (last - first) * (n + 0.5) / count) * DAY for n in range(count)]
