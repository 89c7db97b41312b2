"""Deliveries: one alert on its way to one target of one channel."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    HELD = "held"
    DROPPED = "dropped"
    FOLDED = "folded"  # another message tells what it was to tell


class Outcome(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    RETRY = "retry"  # this message failed, a later try may help
    PERMANENT = "permanent"  # this message will never be accepted
    CHANNEL_DOWN = "channel-down"  # the channel takes nothing at present


class ChannelState(StrEnum):
    """Whether a channel takes messages."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery this process holds the lease of; its attempt is already on disk.

    Attributes:
        key: stable identity of the message over all attempts (becomes the Message-ID).
        attempt: number of this attempt, from 1.
    """

    id: int
    alert: int
    channel: str
    target: str
    key: str
    attempt: int
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """What is known of a channel; kept over restarts."""

    channel: str
    state: ChannelState = ChannelState.UP
    since: datetime | None = None
    failures: int = 0
    next_probe: datetime | None = None
    last_ok: datetime | None = None
    last_error: str | None = None
