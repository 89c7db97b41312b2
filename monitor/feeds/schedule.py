"""When to poll a feed again: from its own rhythm, its hints and its failures."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from monitor.errors import FetchError, MonitorError
from monitor.model.feed import NO_SKIPS, FeedSpec, Hints, Skips

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
UNKNOWN_RHYTHM = timedelta(minutes=15)
RHYTHM_ENTRIES = 20
LONGEST_HINT = {  # a monitor must stay fresh, whatever servers wish
    Hints.FULL: LONGEST,
    Hints.CAPPED: timedelta(hours=1),
    Hints.OFF: timedelta(),
}
LONGEST_SKIP = timedelta(hours=1)
QUIET_FEEDS = (  # no entry for so long: poll so rarely
    (timedelta(days=180), timedelta(hours=24)),
    (timedelta(days=30), timedelta(hours=6)),
)
PUNCTUAL = timedelta(seconds=2)  # a poll that begins so late is made up for by the next
SPREAD_FROM = timedelta(minutes=1)  # a shorter rhythm needs no phase of its own
UNCONDITIONAL = timedelta(hours=24)  # so long an answer "not modified" is believed

FIRST_RETRY = timedelta(minutes=5)
LEAST_RETRY = timedelta(seconds=5)
BUSY_PAUSE, LONGEST_BUSY = timedelta(minutes=15), timedelta(hours=4)
FORBIDDEN_RETRY = timedelta(hours=4)
GONE_AFTER = timedelta(hours=24)
_MAX_DOUBLINGS = 20

_SPREAD, _FAILURE_SPREAD = 0.10, 0.25
_FORBIDDEN, _BUSY = 403, 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A poll that has ended.

    Attributes:
        due: when it should have begun.
        began: when it did.
        now: when it ended.
        first: no poll of this feed had given a document before.
        jitter: a random number from -1 to 1.
    """

    due: datetime
    began: datetime
    now: datetime
    first: bool = False
    jitter: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What server and feed say about the next poll.

    Attributes:
        fresh_for: the headers of the answer.
        ttl: the feed.
        skips: hours and days at which the feed brings nothing.
    """

    fresh_for: timedelta | None = None
    ttl: timedelta | None = None
    skips: Skips = NO_SKIPS


def after_success(
    spec: FeedSpec,
    moment: Moment,
    *,
    published: Sequence[datetime],
    wishes: Wishes,
    hurry: int = 0,
) -> datetime:
    """The next poll of a feed that answered.

    A fixed ``every`` is obeyed to the letter. Else it is half the median gap between entries,
    between 5 minutes and 24 hours, 10 % more or less, but never before what server and feed ask
    for (up to an hour unless ``hints`` says otherwise). The first time is shortened by an amount
    that the URL decides, so that feeds added together are not polled together for ever.

    Args:
        spec: the feed.
        moment: the poll that has ended.
        published: dates of known entries, in any order.
        wishes: of the server and the feed.
        hurry: how often the rhythm is halved, for a feed that lists less than comes meanwhile.
    """
    if spec.every is not None:
        wait = phase(spec.url, spec.every) if moment.first else spec.every
        return _base(moment) + wait
    rhythm = max(_rhythm(published, moment.now) / 2**hurry, SHORTEST)
    wait = phase(spec.url, rhythm) if moment.first else _spread(rhythm, moment.jitter, _SPREAD)
    hint = _hint(wishes, spec.hints) * (1 + _SPREAD * abs(moment.jitter))
    planned = moment.now + max(wait, hint)
    return planned if spec.hints is Hints.OFF else _outside(wishes.skips, planned)


def after_failure(
    error: MonitorError, spec: FeedSpec, moment: Moment, *, failures: int
) -> datetime:
    """The next poll of a feed that could not be fetched or read.

    Args:
        error: what happened; a FetchError may say how long to wait.
        spec: the feed.
        moment: the poll that has ended; its jitter spreads the retry by 25 %, but a time that
            the server named is kept exactly.
        failures: in a row, this one included, so at least 1.
    """
    if isinstance(error, FetchError) and error.retry_after is not None:
        return moment.now + timedelta(seconds=error.retry_after)
    if isinstance(error, FetchError) and error.gone:
        return moment.now + _spread(GONE_AFTER, abs(moment.jitter), _FAILURE_SPREAD)
    return moment.now + _spread(_back_off(error, spec, failures), moment.jitter, _FAILURE_SPREAD)


def host_pause(status: int, retry_after: float | None, strikes: int) -> timedelta | None:
    """How long a whole host is left alone after an answer; None: it is not.

    Args:
        status: of the answer.
        retry_after: seconds it names, already within reason.
        strikes: pauses of this host that ended shortly before.
    """
    if retry_after is not None:
        return timedelta(seconds=retry_after)
    if status != _BUSY:
        return None
    doubled: int = 2 ** min(strikes, _MAX_DOUBLINGS)
    return min(BUSY_PAUSE * doubled, LONGEST_BUSY)


def strikes_after(strikes: int, paused_until: datetime, now: datetime) -> int:
    """How many pauses count when a host is busy again: none that ended long ago."""
    return strikes if now - paused_until < LONGEST_BUSY else 0


def is_gone(since: datetime | None, now: datetime) -> bool:
    """Whether a feed that says 410 again, and first did ``since``, is polled no more."""
    return since is not None and now - since >= GONE_AFTER


def may_be_conditional(body_at: datetime | None, now: datetime) -> bool:
    """Whether "not modified" is believed: once a day a server has to show the document."""
    return body_at is not None and now - body_at < UNCONDITIONAL


def clamp(
    planned: datetime, spec: FeedSpec, *, polled_at: datetime | None, now: datetime
) -> datetime:
    """Pulls a time back that was planned before the clock was set back.

    What was planned at a time that has yet to come keeps its distance from it; nothing lies
    further ahead than any poll could.
    """
    longest = max(LONGEST, spec.every or LONGEST) * (1 + _FAILURE_SPREAD)
    if polled_at is not None and polled_at > now:
        planned = now + (planned - polled_at)
    return min(planned, now + longest)


def phase(url: str, interval: timedelta) -> timedelta:
    """The first wait of a feed: a share of its interval that its URL decides."""
    if interval < SPREAD_FROM:
        return interval
    digest = hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=4).digest()
    share = int.from_bytes(digest) / 2**32
    return max(interval * share, SPREAD_FROM)


def _base(moment: Moment) -> datetime:
    """What a fixed interval counts from: being late by a tick must not add up."""
    late = moment.began - moment.due
    return moment.due if timedelta() <= late <= PUNCTUAL else moment.began


def _hint(wishes: Wishes, honour: Hints) -> timedelta:
    longest = max(wishes.fresh_for or timedelta(), wishes.ttl or timedelta())
    return min(longest, LONGEST_HINT[honour])


def _outside(skips: Skips, planned: datetime) -> datetime:
    """The end of the hours a feed skips, but not more than an hour later."""
    if not _is_skipped(skips, planned):
        return planned
    later = planned
    while later < planned + LONGEST_SKIP and _is_skipped(skips, later):
        later = later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return min(later, planned + LONGEST_SKIP)


def _is_skipped(skips: Skips, when: datetime) -> bool:
    gmt = when.astimezone(UTC)
    return gmt.hour in skips.hours or gmt.weekday() in skips.days


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
    if isinstance(error, FetchError) and error.status == _FORBIDDEN:
        return FORBIDDEN_RETRY
    doubled: int = 2 ** min(max(failures - 1, 0), _MAX_DOUBLINGS)
    first = FIRST_RETRY if spec.every is None else max(min(FIRST_RETRY, spec.every), LEAST_RETRY)
    return min(first * doubled, LONGEST)


def _spread(interval: timedelta, jitter: float, share: float) -> timedelta:
    return interval * (1 + share * jitter)
