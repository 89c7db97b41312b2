"""What happened to a source, beside its articles."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from monitor.model.spike import Evidence


class EventKind(StrEnum):
    """Kinds of events of a feed, a channel or a rule."""

    GAP = "gap"  # a document listed nothing of the one before: something may be missing
    FILLED = "filled"  # … but its older pages did
    RENAMED = "renamed"  # a feed gave new names to what it listed before
    FLOOD = "flood"  # more new articles at once than a desk can read
    HEALTH = "health"  # it does worse, or well again
    CHANNEL = "channel"  # a channel takes nothing any more, or takes messages again
    SPIKE = "spike"  # a rule finds much more than usual
    SILENCE = "silence"  # a rule finds nothing for longer than usual
    SERVICE = "service"  # the program itself: a refused reload, a sign of life


OURSELVES: Final = "Media Monitor"
"""Stands in events of the program itself where others name a channel; none can be called so."""


class Health(StrEnum):
    """How a feed does."""

    NEW = "new"  # never polled to the end
    OK = "ok"
    SLOW = "slow"  # it answers, but late
    SILENT = "silent"  # it answers, but brings nothing new for longer than it ever did
    FAILING = "failing"
    NOT_A_FEED = "not-a-feed"  # what comes from its address can't be read as a feed
    GONE = "gone"  # its server says that it will not come back (410): not polled any more
    RETIRED = "retired"  # no configuration names it


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What judging a feed needs.

    Attributes:
        failures: polls that failed since the last that didn't; ``failing_since`` the first.
        unreadable: the last of them brought something that is no feed.
        error: of the last one.
        seconds: that it takes to answer, smoothed.
        silent_at: when it will have been silent for longer than it ever is.
        first_polled_at: the first poll that gave entries.
        alarm: what people were told and is not over yet.
        well_since: since when the alarm seems to be over.
    """

    feed: int
    retired: bool = False
    gone: bool = False
    failures: int = 0
    failing_since: datetime | None = None
    unreadable: bool = False
    error: str | None = None
    last_ok: datetime | None = None
    seconds: float | None = None
    silent_at: datetime | None = None
    first_polled_at: datetime | None = None
    alarm: Health | None = None
    well_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """An event of a feed, a channel or a rule.

    Attributes:
        feed: its id; None if it is about a channel or a rule.
        text: one line for people, without the name of the feed, channel or rule.
        told: people get an alert about it: a system alert, or one of a rule.
        evidence: of what a rule does; None if it is about none.
    """

    feed: int | None = None
    channel: str | None = None
    kind: EventKind
    at: datetime
    text: str
    told: bool
    evidence: Evidence | None = None
