"""Mutes: what is not told for a while."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MuteKind(StrEnum):
    """What a mute is about."""

    RULE = "rule"
    STORY = "story"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A wish not to be told.

    Attributes:
        id: stored id.
        subject: id of the rule, id of the story in digits, or a feed as routes name it.
        until: its end, which does not belong to it.
        reason: in the words of who muted; may be empty.
        created: its begin.
    """

    id: int
    kind: MuteKind
    subject: str
    until: datetime
    reason: str
    created: datetime
