"""Numbers, times and rules in the words of a message."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from monitor.alerts.plain import one_line
from monitor.model.alert import TellingHit

_LATE = timedelta(hours=48)  # a longer delay is told as the time it was seen


def counted(count: int, one: str, many: str = "") -> str:
    """A number and what it counts: ``1 story``, ``14 stories``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def rules_of(hits: Iterable[TellingHit]) -> tuple[str, ...]:
    """The titles of the rules, each rule once, in the order of the hits."""
    titles = {hit.rule.id: one_line(hit.rule.title) for hit in hits}
    return tuple(titles.values())


def moment(time: datetime, tz: tzinfo) -> str:
    """A time with its day, year and zone."""
    local = time.astimezone(tz)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


def period(since: datetime, until: datetime, tz: tzinfo) -> str:
    """A stretch of time; of one day it names the day once."""
    start, end = since.astimezone(tz), until.astimezone(tz)
    if start.date() == end.date():
        return f"{start:%A} {start.day} {start:%B %Y, %H:%M} – {end:%H:%M %Z}"
    return f"{start:%a} {start.day} {start:%b, %H:%M} – {moment(until, tz)}"


def published_at(published: datetime | None, tz: tzinfo) -> str:
    """When an article was published; empty if unknown."""
    return f"published {moment(published, tz)}" if published else ""


def seen_at(published: datetime | None, seen: datetime, tz: tzinfo) -> str:
    """How long after publication, or when if that is unknown, lies ahead or is long ago."""
    if published and timedelta() <= seen - published <= _LATE:
        return f"seen {_duration(seen - published)} later"
    return f"seen {moment(seen, tz)}"


def _duration(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    if minutes < 1:
        return "less than a minute"
    if span < timedelta(hours=2):
        return f"{minutes} min"
    return f"{round(span / timedelta(hours=1))} h"
