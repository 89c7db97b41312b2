"""When a digest comes, how long a channel is quiet, and how long a burst collects.

Hours are those of the channel's wall clock. A clock change moves them by one rule: an hour has
come at the first moment at which the clock shows it or a later one. So an hour that a day skips
comes right after the gap, and one that a day has twice comes once, the first time.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from monitor.model.channel import DigestTimes, QuietHours

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_SECOND: Final = timedelta(seconds=1)
_BURSTS: Final = tuple(timedelta(minutes=wait) for wait in (10, 20, 40, 60))
_STORM: Final = timedelta(hours=2)


def next_digest(times: DigestTimes, zone: tzinfo, after: datetime) -> datetime:
    """The first moment strictly after ``after`` at which a digest is due, in UTC."""
    today = after.astimezone(zone).date()
    week = (today + _DAY * ahead for ahead in range(_WEEK + 1))
    days = (day for day in week if day.weekday() in times.days)
    hours = (_moment(day, hour, zone) for day in days for hour in times.at)
    return next(moment for moment in hours if moment > after)


def quiet_until(quiet: QuietHours, zone: tzinfo, at: datetime) -> datetime | None:
    """The end, in UTC, of the quiet hours that contain ``at``; None if ``at`` is in none.

    The first moment of quiet hours belongs to them, their end does not.
    """
    today = at.astimezone(zone).date()
    over_midnight = _DAY * (quiet.end < quiet.start)
    # A clock that goes back over midnight shows a day that is not over after the next has begun.
    for day in (today - _DAY, today, today + _DAY):
        end = _moment(day + over_midnight, quiet.end, zone)
        if _moment(day, quiet.start, zone) <= at < end:
            # A zone that skips a day lets two nights touch.
            touching = quiet_until(quiet, zone, end)
            return end if touching is None else touching
    return None


def burst_due(now: datetime, recent: Sequence[datetime]) -> datetime:
    """When a burst that begins now goes out.

    A storm that goes on is told ever more rarely: the wait is ten minutes, doubled by each
    burst of the last two hours, and at most an hour.

    Args:
        now: the moment of its first alert.
        recent: when earlier bursts of the channel were sealed, in any order.
    """
    storm = sum(now - _STORM < sealed <= now for sealed in recent)
    return now + _BURSTS[min(storm, len(_BURSTS) - 1)]


def _moment(day: date, hour: time, zone: tzinfo) -> datetime:
    """The first moment at which the clock of a zone shows an hour of a day, or a later one."""
    wall = datetime.combine(day, hour, zone)
    moment = wall.astimezone(UTC)
    shown = moment.astimezone(zone)
    if shown.replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # In a gap: read with the offset after it (PEP 495), the hour lies before the change.
    before = wall.replace(fold=1).astimezone(UTC)
    seconds = range((moment - before) // _SECOND)

    def changed(second: int) -> bool:
        now = (before + _SECOND * second).astimezone(zone)
        return now.utcoffset() == shown.utcoffset()

    return before + _SECOND * bisect_left(seconds, x=True, key=changed)
