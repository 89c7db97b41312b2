"""Whether an alert that is due leaves now, waits longer, or goes into one with others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.decide import QUIET, quiet_end
from monitor.alerts.timetable import burst_due
from monitor.model.alert import AlertKind, Wait, WaitsFor
from monitor.model.channel import ChannelPolicy
from monitor.model.rule import Severity

HOUR = timedelta(hours=1)
BURST = "burst"
_LIMITED = (AlertKind.FIRST, AlertKind.FOLLOW_UP)
_COUNTED = (*_LIMITED, AlertKind.SPIKE)
_KEPT_WHOLE = (AlertKind.CATCH_UP, AlertKind.SYSTEM, AlertKind.SPIKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What a channel was told lately.

    Attributes:
        last_hour: messages on single stories, and on spikes, within the last hour.
        bursts: when its last bursts were sealed.
    """

    last_hour: int = 0
    bursts: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True)
class Leave:
    """It is sealed now."""


@dataclass(frozen=True, slots=True)
class Postpone:
    """It stays open until a time."""

    due_at: datetime
    waits_for: WaitsFor


@dataclass(frozen=True, slots=True)
class Fold:
    """What it has goes into another open alert."""

    into: Wait


Passage = Leave | Postpone | Fold


def is_limited(kind: AlertKind, policy: ChannelPolicy) -> bool:
    """Whether what the channel was told lately decides on an alert."""
    return kind in _COUNTED and policy.max_per_hour is not None


def gate(
    kind: AlertKind, severity: Severity, policy: ChannelPolicy, traffic: Traffic, now: datetime
) -> Passage:
    """What becomes of an alert that is due.

    A digest leaves at its hour. All else waits for the end of quiet hours: what is about sources,
    spikes or an outage as it is, single stories in one digest. Above the limit of a channel single
    stories come together in a burst, which waits longer with each that follows closely; spikes
    wait as long, for room.

    Args:
        kind: of the alert.
        severity: the highest of its hits.
        policy: of its channel.
        traffic: what the channel was told lately.
        now: the time.
    """
    if kind is AlertKind.DIGEST:
        return Leave()
    morning = quiet_end(policy, severity, now)
    if morning is not None and kind in _KEPT_WHOLE:
        return Postpone(morning, WaitsFor.QUIET)
    if morning is not None:
        return Fold(
            Wait(kind=AlertKind.DIGEST, subject=QUIET, due_at=morning, waits_for=WaitsFor.QUIET)
        )
    limit = policy.max_per_hour
    full = limit is not None and traffic.last_hour >= limit
    due_at = burst_due(now, traffic.bursts)
    if kind is AlertKind.SPIKE and full:
        return Postpone(due_at, WaitsFor.LIMIT)
    if kind in _LIMITED and full:
        return Fold(
            Wait(kind=AlertKind.BURST, subject=BURST, due_at=due_at, waits_for=WaitsFor.LIMIT)
        )
    return Leave()
