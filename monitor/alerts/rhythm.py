"""Of which spikes and silences people are told; pure.

One burst is told once, and again only when it is twice as strong as they know; it is over when no
hour was a spike for a while. A silence is told once, until the rule speaks again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from monitor.alerts.spikes import Counts, Silence, Spike, silence
from monitor.model.spike import Rhythm, WatchedRule

HOUR: Final = timedelta(hours=1)
CALM: Final = timedelta(hours=6)
"""Without a spike, after which another one is another burst."""

_LEAST_PART: Final = 0.25  # of an hour, from which its rate can be told
_AGAIN: Final = 2


def hour_of(moment: datetime) -> datetime:
    """When its hour began."""
    return moment.replace(minute=0, second=0, microsecond=0)


def counts(
    stories: Sequence[datetime], heard: set[datetime], start: datetime, end: datetime
) -> Counts:
    """Stories by the hour; None where it says nothing.

    That is an hour in which no article came at all, and the one after it, which brings what was
    missed: the program was not running, or no feed could be read.

    Args:
        stories: when each came.
        heard: the hours in which articles came.
        start: the first hour.
        end: the hour after the last one.
    """
    hours = [start + number * HOUR for number in range(max(0, (end - start) // HOUR))]
    found: list[int | None] = [
        0 if {hour, hour - HOUR} <= heard or (hour == start and hour in heard) else None
        for hour in hours
    ]
    for came in stories:
        number = (came - start) // HOUR
        if 0 <= number < len(found) and (before := found[number]) is not None:
            found[number] = before + 1
    return found


def told_spike(rhythm: Rhythm, found: Spike, hour: datetime, now: datetime) -> tuple[Rhythm, bool]:
    """What is to be remembered of an hour that is a spike, and whether people are told of it.

    Args:
        rhythm: of the rule.
        found: the spike.
        hour: when it began.
        now: the time; the hour may not be over.
    """
    known = rhythm.burst_at
    # Either way: the hour before the present one is looked at, too.
    fresh = known is None or abs(hour - known) > CALM
    told = fresh or found.stories >= _AGAIN * rhythm.burst_rate
    part = min(1.0, max((now - hour) / HOUR, _LEAST_PART))
    return replace(
        rhythm,
        burst_at=hour if fresh or known is None else max(hour, known),
        burst_rate=ceil(found.stories / part) if told else rhythm.burst_rate,
    ), told


def told_silence(
    rule: WatchedRule, rhythm: Rhythm, past: Counts, end: datetime
) -> tuple[Rhythm, Silence | None]:
    """What is to be remembered of a rule, and the silence that people are told of.

    Args:
        rule: the rule.
        rhythm: of it.
        past: its stories by the hour, all of which are over.
        end: of the last of these hours.
    """
    hours = next((back for back, count in enumerate(reversed(past)) if count), None)
    if hours is None:
        return rhythm, None
    since = end - hours * HOUR
    if rhythm.silent_since is not None:
        spoke = since > rhythm.silent_since
        return (replace(rhythm, silent_since=None) if spoke else rhythm), None
    if rule.until is not None and rule.until < end.date():
        return rhythm, None
    found = silence(past)
    return (rhythm, None) if found is None else (replace(rhythm, silent_since=since), found)
