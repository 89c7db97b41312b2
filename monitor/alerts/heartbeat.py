"""What the program says of itself: signs of life, and reloads that were refused."""

from collections.abc import Sequence
from datetime import datetime, time, tzinfo

from monitor.alerts.timetable import next_digest
from monitor.errors import Problem
from monitor.model.channel import DigestTimes


def next_heartbeat(hour: time, zone: tzinfo, after: datetime) -> datetime:
    """The first moment strictly after ``after`` at which a sign of life is due, in UTC."""
    return next_digest(DigestTimes(at=(hour,)), zone, after)


def heartbeat_text(articles: int, hits: int) -> str:
    """The sign of life of a day: silence then means that something is wrong."""
    return f"still alive: {_counted(articles, 'article')} and {_counted(hits, 'hit')} in 24 hours"


def refused_text(problems: Sequence[Problem]) -> str:
    """That files were not taken up, with the first reason."""
    first = str(problems[0]).split("\n", 1)[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"changed files were refused, what ran before goes on: {first}{more}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
