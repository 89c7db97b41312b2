"""When a feed is polled again."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import FetchError, MonitorError, ParseError
from monitor.feeds.schedule import (
    Moment,
    Wishes,
    after_failure,
    after_success,
    clamp,
    host_pause,
    is_gone,
    may_be_conditional,
    phase,
    strikes_after,
)
from monitor.model.feed import NO_SKIPS, FeedSpec, Hints, Skips

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


SECOND = timedelta(seconds=1)


def _spec(
    every: timedelta | None = None, hints: Hints = Hints.CAPPED, url: str = "http://x/"
) -> FeedSpec:
    return FeedSpec(url=url, location=url, name="x", every=every, hints=hints)


def _moment(*, jitter: float = 0, first: bool = False, late: timedelta = timedelta()) -> Moment:
    return Moment(due=NOW - late, began=NOW, now=NOW, first=first, jitter=jitter)


def _every(gap: timedelta, count: int = 20, age: timedelta = MINUTE) -> list[datetime]:
    return [NOW - age - gap * n for n in range(count)]


def _wait(
    published: list[datetime],
    *,
    spec: FeedSpec | None = None,
    wishes: Wishes = Wishes(),  # noqa: B008 - frozen
    moment: Moment | None = None,
) -> timedelta:
    moment = moment or _moment()
    return after_success(spec or _spec(), moment, published=published, wishes=wishes) - NOW


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
    assert _wait(_every(HOUR), wishes=Wishes(fresh_for=fresh_for, ttl=ttl)) == wait


@pytest.mark.parametrize(
    ("hints", "wait"),
    [(Hints.FULL, 7 * HOUR), (Hints.CAPPED, HOUR), (Hints.OFF, 30 * MINUTE)],
)
def test_people_decide_how_far_hints_count(hints: Hints, wait: timedelta) -> None:
    assert _wait(_every(HOUR), spec=_spec(hints=hints), wishes=Wishes(ttl=7 * HOUR)) == wait


def test_a_feed_that_lists_too_little_is_polled_more_often() -> None:
    waits = [
        after_success(_spec(), _moment(), published=_every(HOUR), wishes=Wishes(), hurry=hurry)
        - NOW
        for hurry in range(5)
    ]
    assert waits == [30 * MINUTE, 15 * MINUTE, 7.5 * MINUTE, 5 * MINUTE, 5 * MINUTE]


def test_a_hint_is_never_undercut_by_jitter() -> None:
    for jitter in (-1, 0, 1):
        waited = _wait(_every(HOUR), wishes=Wishes(ttl=40 * MINUTE), moment=_moment(jitter=jitter))
        assert 40 * MINUTE <= waited <= 44 * MINUTE


@pytest.mark.parametrize(
    ("hours", "days", "wait"),
    [
        pytest.param({13}, (), 30 * MINUTE, id="another hour"),
        pytest.param({12}, (), HOUR, id="until the next hour"),
        pytest.param({12, 13, 14}, (), 90 * MINUTE, id="an hour at most"),
        pytest.param((), {1}, 90 * MINUTE, id="a Tuesday"),
        pytest.param((), {2}, 30 * MINUTE, id="not a Wednesday"),
    ],
)
def test_hours_and_days_that_a_feed_skips_delay_by_an_hour_at_most(
    hours: set[int], days: set[int], wait: timedelta
) -> None:
    skips = Skips(frozenset(hours), frozenset(days))
    assert _wait(_every(HOUR), wishes=Wishes(skips=skips)) == wait
    off = _spec(hints=Hints.OFF)
    assert _wait(_every(HOUR), spec=off, wishes=Wishes(skips=skips)) == 30 * MINUTE
    assert _wait(_every(HOUR), wishes=Wishes(skips=NO_SKIPS)) == 30 * MINUTE


def test_jitter_spreads_the_rhythm_by_a_tenth_but_never_a_fixed_interval() -> None:
    assert _wait(_every(HOUR), moment=_moment(jitter=1)) == 33 * MINUTE
    assert _wait(_every(HOUR), moment=_moment(jitter=-1)) == 27 * MINUTE
    fixed, hint = _spec(SECOND), Wishes(ttl=DAY)
    assert _wait(_every(HOUR), spec=fixed, wishes=hint, moment=_moment(jitter=1)) == SECOND


@pytest.mark.parametrize(
    ("late", "wait"),
    [(0.3 * SECOND, 0.7 * SECOND), (2 * SECOND, -SECOND), (DAY, SECOND), (-HOUR, SECOND)],
    ids=["a tick", "two ticks", "the program was off", "asked for by hand"],
)
def test_a_fixed_interval_does_not_grow_by_the_lateness_of_a_tick(
    late: timedelta, wait: timedelta
) -> None:
    assert _wait([], spec=_spec(SECOND), moment=_moment(late=late)) == wait


def test_feeds_added_together_do_not_stay_together() -> None:
    specs = [_spec(15 * MINUTE, url=f"http://x/{n}") for n in range(300)]
    waits = [_wait([], spec=spec, moment=_moment(first=True)) for spec in specs]
    assert all(MINUTE <= wait <= 15 * MINUTE for wait in waits)
    assert all(
        sum(n * MINUTE <= wait < (n + 3) * MINUTE for wait in waits) > 30 for n in (1, 6, 12)
    )
    assert _wait([], spec=specs[0], moment=_moment(first=True)) == waits[0]  # also after a restart


def test_the_first_wait_of_a_feed_is_no_longer_than_its_rhythm() -> None:
    assert _wait(_every(HOUR), moment=_moment(first=True)) == phase("http://x/", 30 * MINUTE)
    assert MINUTE <= phase("http://x/", 30 * MINUTE) <= 30 * MINUTE
    assert phase("http://x/", SECOND) == SECOND


def _retry(
    error: MonitorError, failures: int = 1, *, every: timedelta | None = None, jitter: float = 0
) -> timedelta:
    moment = _moment(jitter=jitter)
    return after_failure(error, _spec(every), moment, failures=failures) - NOW


ERROR = FetchError("HTTP 500", status=500)


@pytest.mark.parametrize(
    ("error", "failures", "wait"),
    [
        pytest.param(ERROR, 1, 5 * MINUTE, id="first"),
        pytest.param(ERROR, 4, 40 * MINUTE, id="doubled"),
        pytest.param(ERROR, 500, DAY, id="at most a day"),
        pytest.param(ParseError("not a feed"), 2, 10 * MINUTE, id="not a feed"),
        pytest.param(FetchError("404", status=404), 3, 20 * MINUTE, id="404"),
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


def test_a_feed_that_is_gone_is_asked_again_after_a_day_at_least() -> None:
    gone = FetchError("410", status=410, gone=True)
    assert _retry(gone, jitter=-1) == 30 * HOUR
    assert not is_gone(None, NOW)
    assert not is_gone(NOW - 23 * HOUR, NOW)
    assert is_gone(NOW - DAY, NOW)


@pytest.mark.parametrize(
    ("status", "retry_after", "strikes", "wait"),
    [
        (429, 120, 5, 2 * MINUTE),
        (503, 120, 0, 2 * MINUTE),
        (429, None, 0, 15 * MINUTE),
        (429, None, 2, HOUR),
        (429, None, 99, 4 * HOUR),
        (503, None, 0, None),
        (403, None, 0, None),
    ],
)
def test_a_whole_host_is_left_alone_when_it_says_so(
    status: int, retry_after: float | None, strikes: int, wait: timedelta | None
) -> None:
    assert host_pause(status, retry_after, strikes) == wait


def test_pauses_of_long_ago_do_not_make_the_next_one_longer() -> None:
    assert strikes_after(3, NOW - HOUR, NOW) == 3
    assert strikes_after(3, NOW - 4 * HOUR, NOW) == 0


def test_not_modified_is_believed_for_a_day() -> None:
    assert not may_be_conditional(None, NOW)
    assert may_be_conditional(NOW - 23 * HOUR, NOW)
    assert not may_be_conditional(NOW - DAY, NOW)


@pytest.mark.parametrize(
    ("planned", "polled", "wait"),
    [
        pytest.param(365 * DAY, 365 * DAY - HOUR, HOUR, id="planned by a fast clock"),
        pytest.param(3 * HOUR, 2 * HOUR, HOUR, id="a little fast"),
        pytest.param(365 * DAY, None, 30 * HOUR, id="no poll can lie so far ahead"),
        pytest.param(2 * HOUR, -HOUR, 2 * HOUR, id="as it should be"),
    ],
)
def test_a_clock_set_back_delays_no_feed(
    planned: timedelta, polled: timedelta | None, wait: timedelta
) -> None:
    polled_at = None if polled is None else NOW + polled
    assert clamp(NOW + planned, _spec(), polled_at=polled_at, now=NOW) == NOW + wait


def test_a_long_interval_of_the_file_is_no_mistake_of_the_clock() -> None:
    assert clamp(NOW + 365 * DAY, _spec(4 * DAY), polled_at=None, now=NOW) == NOW + 5 * DAY
