"""When a feed is polled again."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import FetchError, MonitorError, ParseError
from monitor.feeds.schedule import after_failure, after_success, clamp
from monitor.model.feed import FeedSpec

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _spec(every: timedelta | None = None) -> FeedSpec:
    return FeedSpec(url="http://x/", location="http://x/", name="x", every=every)


def _every(gap: timedelta, count: int = 20, age: timedelta = MINUTE) -> list[datetime]:
    return [NOW - age - gap * n for n in range(count)]


def _wait(
    published: list[datetime],
    *,
    every: timedelta | None = None,
    fresh_for: timedelta | None = None,
    ttl: timedelta | None = None,
    jitter: float = 0,
) -> timedelta:
    spec = _spec(every)
    return (
        after_success(
            spec, published=published, fresh_for=fresh_for, ttl=ttl, now=NOW, jitter=jitter
        )
        - NOW
    )


@pytest.mark.parametrize(
    ("published", "wait"),
    [
        pytest.param([], 15 * MINUTE, id="new feed"),
        pytest.param([NOW], 15 * MINUTE, id="one entry"),
        pytest.param(_every(HOUR), 30 * MINUTE, id="half the median gap"),
        pytest.param(_every(MINUTE), 5 * MINUTE, id="at least 5 minutes"),
        pytest.param(_every(10 * DAY, count=3), DAY, id="at most a day"),
        pytest.param(_every(HOUR, age=31 * DAY), 6 * HOUR, id="quiet for a month"),
        pytest.param(_every(HOUR, age=181 * DAY), DAY, id="quiet for half a year"),
        pytest.param([*_every(HOUR), NOW + DAY], 30 * MINUTE, id="a date in the future"),
        pytest.param(
            _every(HOUR) + _every(MINUTE, 50, age=30 * HOUR), 30 * MINUTE, id="only the last 20"
        ),
    ],
)
def test_a_feed_is_polled_in_its_own_rhythm(published: list[datetime], wait: timedelta) -> None:
    assert _wait(published) == wait


@pytest.mark.parametrize(
    ("fresh_for", "ttl", "wait"),
    [
        (None, 40 * MINUTE, 40 * MINUTE),
        (50 * MINUTE, 40 * MINUTE, 50 * MINUTE),
        (MINUTE, None, 30 * MINUTE),
        (DAY, DAY, HOUR),
    ],
    ids=["ttl", "longer of both", "shorter than the rhythm", "an hour at most"],
)
def test_hints_of_server_and_feed_lengthen_the_wait(
    fresh_for: timedelta | None, ttl: timedelta | None, wait: timedelta
) -> None:
    assert _wait(_every(HOUR), fresh_for=fresh_for, ttl=ttl) == wait


def test_jitter_spreads_the_rhythm_by_a_tenth_but_never_a_fixed_interval() -> None:
    assert _wait(_every(HOUR), jitter=1) == 33 * MINUTE
    assert _wait(_every(HOUR), jitter=-1) == 27 * MINUTE
    second = timedelta(seconds=1)
    assert _wait(_every(HOUR), every=second, ttl=DAY, jitter=1) == second


def _retry(
    error: MonitorError, failures: int = 1, *, every: timedelta | None = None, jitter: float = 0
) -> timedelta:
    spec = _spec(every)
    return after_failure(error, spec, failures=failures, now=NOW, jitter=jitter) - NOW


ERROR = FetchError("HTTP 500", status=500)


@pytest.mark.parametrize(
    ("error", "failures", "wait"),
    [
        pytest.param(ERROR, 1, 5 * MINUTE, id="first"),
        pytest.param(ERROR, 4, 40 * MINUTE, id="doubled"),
        pytest.param(ERROR, 500, DAY, id="at most a day"),
        pytest.param(ParseError("not a feed"), 2, 10 * MINUTE, id="not a feed"),
        pytest.param(FetchError("429", status=429), 1, 15 * MINUTE, id="429"),
        pytest.param(FetchError("429", status=429), 9, 4 * HOUR, id="429 again and again"),
        pytest.param(FetchError("403", status=403), 1, 4 * HOUR, id="403"),
        pytest.param(FetchError("410", status=410, gone=True), 1, DAY, id="gone"),
    ],
)
def test_failures_are_waited_out(error: MonitorError, failures: int, wait: timedelta) -> None:
    assert _retry(error, failures) == wait


def test_what_the_server_asks_for_is_obeyed_exactly() -> None:
    error = FetchError("HTTP 429", status=429, retry_after=120)
    assert _retry(error, 7, jitter=1) == 2 * MINUTE


def test_jitter_spreads_retries_by_a_quarter() -> None:
    assert _retry(ERROR, 3, jitter=1) == 25 * MINUTE
    assert _retry(ERROR, 3, jitter=-1) == 15 * MINUTE


@pytest.mark.parametrize(
    ("every", "failures", "wait"),
    [
        (timedelta(seconds=1), 1, timedelta(seconds=5)),
        (timedelta(seconds=20), 2, timedelta(seconds=40)),
        (HOUR, 1, 5 * MINUTE),
    ],
    ids=["at least 5 s", "from the interval", "at most 5 minutes"],
)
def test_a_feed_with_a_short_interval_is_retried_sooner(
    every: timedelta, failures: int, wait: timedelta
) -> None:
    assert _retry(ERROR, failures, every=every) == wait


def test_a_clock_set_back_delays_no_feed_beyond_its_longest_wait() -> None:
    assert clamp(NOW + 365 * DAY, _spec(), NOW) == NOW + 30 * HOUR
    assert clamp(NOW + 365 * DAY, _spec(every=4 * DAY), NOW) == NOW + 5 * DAY
    assert clamp(NOW + HOUR, _spec(), NOW) == NOW + HOUR
