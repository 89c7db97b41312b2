"""When to poll a feed again: from its own rhythm, its hints and its failures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from monitor.errors import FetchError, MonitorError
from monitor.model.feed import FeedSpec

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
UNKNOWN_RHYTHM = timedelta(minutes=15)
MAX_HINT = timedelta(hours=1)  # a monitor must stay fresh, whatever servers wish
RHYTHM_ENTRIES = 20
QUIET_FEEDS = (  # no entry for so long: poll so rarely
    (timedelta(days=180), timedelta(hours=24)),
    (timedelta(days=30), timedelta(hours=6)),
)

FIRST_RETRY = timedelta(minutes=5)
LEAST_RETRY = timedelta(seconds=5)
BUSY_RETRY, LONGEST_BUSY = timedelta(minutes=15), timedelta(hours=4)
FORBIDDEN_RETRY = timedelta(hours=4)
_MAX_DOUBLINGS = 20

_SPREAD, _FAILURE_SPREAD = 0.10, 0.25
_FORBIDDEN, _BUSY = 403, 429


def after_success(
    spec: FeedSpec,
    *,
    published: Sequence[datetime],
    fresh_for: timedelta | None,
    ttl: timedelta | None,
    now: datetime,
    jitter: float,
) -> datetime:
    """The next poll of a feed that answered.

    A fixed ``every`` is obeyed to the letter; else half the median gap between entries, between
    5 minutes and 24 hours, or what server and feed ask for (up to an hour) if that is longer.

    Args:
        spec: the feed.
        published: dates of known entries, in any order.
        fresh_for: what the headers of the answer say.
        ttl: what the feed says.
        now: when it answered.
        jitter: a random number from -1 to 1; spreads the polls by 10 %.
    """
    if spec.every is not None:
        return now + spec.every
    hint = min(max(fresh_for or timedelta(), ttl or timedelta()), MAX_HINT)
    return now + _spread(max(_rhythm(published, now), hint), jitter, _SPREAD)


def after_failure(
    error: MonitorError, spec: FeedSpec, *, failures: int, now: datetime, jitter: float
) -> datetime:
    """The next poll of a feed that could not be fetched or read.

    Args:
        error: what happened; a FetchError may say how long to wait.
        spec: the feed.
        failures: in a row, this one included, so at least 1.
        now: when it failed.
        jitter: a random number from -1 to 1; spreads the polls by 25 %, but a time that the
            server named is kept exactly.
    """
    if isinstance(error, FetchError) and error.retry_after is not None:
        return now + timedelta(seconds=error.retry_after)
    return now + _spread(_back_off(error, spec, failures), jitter, _FAILURE_SPREAD)


def clamp(next_poll: datetime, spec: FeedSpec, now: datetime) -> datetime:
    """Pulls a poll back that lies further ahead than it could: the clock was set back."""
    longest = max(LONGEST, spec.every or LONGEST)
    return min(next_poll, now + longest * (1 + _FAILURE_SPREAD))


def _rhythm(published: Sequence[datetime], now: datetime) -> timedelta:
    latest = sorted((when for when in published if when <= now), reverse=True)[:RHYTHM_ENTRIES]
    if not latest:
        return UNKNOWN_RHYTHM
    for silence, interval in QUIET_FEEDS:
        if now - latest[0] > silence:
            return interval
    gaps = [(newer - older).total_seconds() for newer, older in pairwise(latest)]
    if not gaps:
        return UNKNOWN_RHYTHM
    return min(max(timedelta(seconds=median(gaps) / 2), SHORTEST), LONGEST)


def _back_off(error: MonitorError, spec: FeedSpec, failures: int) -> timedelta:
    status = error.status if isinstance(error, FetchError) else None
    if isinstance(error, FetchError) and error.gone:
        return LONGEST
    if status == _FORBIDDEN:
        return FORBIDDEN_RETRY
    doubled: int = 2 ** min(max(failures - 1, 0), _MAX_DOUBLINGS)
    if status == _BUSY:
        return min(BUSY_RETRY * doubled, LONGEST_BUSY)
    first = FIRST_RETRY if spec.every is None else max(min(FIRST_RETRY, spec.every), LEAST_RETRY)
    return min(first * doubled, LONGEST)


def _spread(interval: timedelta, jitter: float, share: float) -> timedelta:
    return interval * (1 + share * jitter)
