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
        thread_receipt: what the service called the first message on the same story; empty if
            this is it, or the service named none.
    """

    id: int
    alert: int
    channel: str
    target: str
    key: str
    attempt: int
    created: datetime
    thread_receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """What is known of a channel; kept over restarts.

    Attributes:
        since: of its state; None if it was never another.
        failures: attempts in a row that spoke against it.
        next_probe: nothing is sent before; set after failures, whether or not it is down.
    """

    channel: str
    state: ChannelState = ChannelState.UP
    since: datetime | None = None
    failures: int = 0
    next_probe: datetime | None = None
    last_ok: datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChange:
    """A channel went down, or is up again; each happens once an outage.

    Attributes:
        state: the new one.
        at: when.
        down_since: of the outage, if it is over.
        last_ok: when it last took a message before.
        failures: attempts in a row that failed.
        reason: of the last failure, for people, without secrets.
    """

    channel: str
    state: ChannelState
    at: datetime
    down_since: datetime | None = None
    last_ok: datetime | None
    failures: int
    reason: str
