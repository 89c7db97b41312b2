"""How a source does, and when people are told; pure.

What is shown changes at once. What is told has hysteresis: a feed must do badly for a while to
raise an alarm, and well for a while to end it; an alarm is told once, and its end once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.model.source import Health, SourceFacts

SLOW = 10.0  # seconds
_NOT_SLOW = 5.0  # ends an alarm
_SMOOTHING = 0.2  # share of the last answer

_ALARM_AFTER = {
    Health.FAILING: timedelta(hours=24),
    Health.NOT_A_FEED: timedelta(hours=6),  # a site under repair answers with a page, too
}
_ALARM_FAILURES = 3
_WELL_FOR = timedelta(hours=1)

_PAUSES = 2  # times the longest pause are silence
_LEAST_SILENCE, _YOUNG_SILENCE = timedelta(days=1), timedelta(days=3)
_KNOWN_FOR = timedelta(days=7)  # before that nobody knows how a feed keeps its weekends
_HALF_LIFE = timedelta(days=60)  # of the longest pause
_LEAST_DATES = 5
_HOURS = timedelta(hours=48)  # shorter times are told in hours


def judge(facts: SourceFacts, now: datetime) -> Health:
    """How a feed does."""
    if facts.retired:
        return Health.RETIRED
    if facts.gone:
        return Health.GONE
    if facts.failures:
        never = facts.unreadable and facts.failures >= _ALARM_FAILURES
        return Health.NOT_A_FEED if never else Health.FAILING
    if facts.last_ok is None:
        return Health.NEW
    if facts.silent_at is not None and now > facts.silent_at:
        return Health.SILENT
    return Health.SLOW if _is_slow(facts) else Health.OK


def _is_slow(facts: SourceFacts) -> bool:
    limit = _NOT_SLOW if facts.alarm is Health.SLOW else SLOW
    return facts.seconds is not None and facts.seconds > limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What watching a feed changes.

    Attributes:
        alarm, well_since: as they are from now on.
        told: what people are told, in one line without the name of the feed; None for nothing.
    """

    feed: int
    alarm: Health | None
    well_since: datetime | None = None
    told: str | None = None


def watch(facts: SourceFacts, now: datetime) -> Change | None:
    """What is to be stored and told of a feed; None if all is as it was."""
    health = judge(facts, now)
    alarm = _alarm(facts, health, now)
    if alarm is not None and alarm is not facts.alarm:
        return Change(feed=facts.feed, alarm=alarm, told=describe(facts, health, now))
    if facts.alarm is None:
        return None
    if alarm is not None or health not in (Health.OK, Health.SLOW, Health.RETIRED):
        return None if facts.well_since is None else Change(feed=facts.feed, alarm=facts.alarm)
    return _recovery(facts, health, now)


def _alarm(facts: SourceFacts, health: Health, now: datetime) -> Health | None:
    """What people ought to know of a feed now."""
    match health:
        case Health.FAILING | Health.NOT_A_FEED:
            since = facts.failing_since
            long = since is not None and now - since >= _ALARM_AFTER[health]
            return health if long and facts.failures >= _ALARM_FAILURES else None
        case Health.SILENT:
            return None if _was_silent_before(facts) else health
        case Health.GONE | Health.SLOW:
            return health
        case _:
            return None


def _was_silent_before(facts: SourceFacts) -> bool:
    """Whether a feed was silent when it was subscribed: whoever did that could see it."""
    first, silent = facts.first_polled_at, facts.silent_at
    return first is not None and silent is not None and silent <= first


def _recovery(facts: SourceFacts, health: Health, now: datetime) -> Change | None:
    if health is Health.RETIRED:
        return Change(feed=facts.feed, alarm=None)
    if facts.well_since is None or facts.well_since > now:  # the clock may have been set back
        return Change(feed=facts.feed, alarm=facts.alarm, well_since=now)
    if now - facts.well_since < _WELL_FOR:
        return None
    return Change(feed=facts.feed, alarm=None, told="works again")


def describe(facts: SourceFacts, health: Health, now: datetime) -> str:
    """What there is to say of a feed that does not do well; empty if there is nothing."""
    match health:
        case Health.FAILING:
            since = facts.failing_since
            length = f" for {_span(now - since)}" if since and now - since >= _WELL_FOR else ""
            return f"could not be read{length}: {facts.error}"
        case Health.NOT_A_FEED:
            return f"is not a feed any more: {facts.error}" if facts.last_ok else f"{facts.error}"
        case Health.SILENT if facts.silent_at is not None:
            return "has brought nothing new for longer than it ever paused"
        case Health.SLOW if facts.seconds is not None:
            return f"takes {facts.seconds:.0f} s to answer"
        case Health.GONE:
            return "is gone for good, says its server (410): it is not polled any more"
        case _:
            return ""


def _span(time: timedelta) -> str:
    if time < _HOURS:
        return f"{time // timedelta(hours=1)} h"
    return f"{time.days} days"


def smoothed(seconds: float | None, last: float) -> float:
    """How long a feed takes to answer, after one more answer."""
    return last if seconds is None else seconds + _SMOOTHING * (last - seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When the silence of a feed begins to mean something.

    Attributes:
        longest: pause between two entries; old ones fade.
        silent_at: when it will have been silent for too long; None if it has no rhythm yet.
    """

    longest: timedelta
    silent_at: datetime | None


def rhythm(
    dates: Sequence[datetime],
    longest: timedelta,
    *,
    faded_for: timedelta,
    known_since: datetime,
    now: datetime,
) -> Rhythm:
    """The rhythm of a feed after a document that brought something new.

    Args:
        dates: of its newest entries, in any order.
        longest: pause known before.
        faded_for: how long ago that was.
        known_since: its first poll.
        now: the time.
    """
    past = sorted(date for date in dates if date <= now)
    faded = longest * 0.5 ** (max(faded_for, timedelta()) / _HALF_LIFE)
    pauses = [later - earlier for earlier, later in pairwise(past)]
    longest = max([faded, *pauses])
    if len(past) < _LEAST_DATES:
        return Rhythm(longest=longest, silent_at=None)
    young = now - min(known_since, past[0]) < _KNOWN_FOR
    least = _YOUNG_SILENCE if young else _LEAST_SILENCE
    # What a first poll finds came when it says; what a later one brings is new, whatever it says.
    last = past[-1] if known_since >= now else now
    return Rhythm(longest=longest, silent_at=last + max(_PAUSES * longest, least))
