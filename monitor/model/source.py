"""What happened to a source, beside its articles."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """Kinds of events of a feed."""

    GAP = "gap"  # a document listed nothing of the one before: something may be missing
    FILLED = "filled"  # … but its older pages did
    RENAMED = "renamed"  # a feed gave new names to what it listed before
    FLOOD = "flood"  # more new articles at once than a desk can read
    HEALTH = "health"  # it does worse, or well again


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """An event of a feed.

    Attributes:
        text: one line for people, without the name of the feed.
        told: people get a system alert about it.
    """

    feed: int
    kind: EventKind
    at: datetime
    text: str
    told: bool
