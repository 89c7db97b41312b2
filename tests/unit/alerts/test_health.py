"""How a source does, and when people are told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.health import Change, describe, judge, rhythm, smoothed, watch
from monitor.model.source import Health, SourceFacts

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WELL = SourceFacts(
    feed=1, last_ok=NOW - HOUR, seconds=0.3, silent_at=NOW + DAY, first_polled_at=NOW - 99 * DAY
)
FAILING = replace(WELL, failures=9, failing_since=NOW - 25 * HOUR, error="HTTP 503")
PAGE = replace(
    FAILING, unreadable=True, error="this is an HTML page", failing_since=NOW - 7 * HOUR
)
SILENT = replace(WELL, silent_at=NOW - MINUTE)
SLOW = replace(WELL, seconds=12.0)
GONE = replace(FAILING, gone=True)


@pytest.mark.parametrize(
    ("facts", "health"),
    [
        (WELL, Health.OK),
        (replace(WELL, silent_at=None, seconds=None), Health.OK),
        (SourceFacts(feed=1), Health.NEW),
        (replace(SourceFacts(feed=1), failures=1), Health.FAILING),
        (FAILING, Health.FAILING),
        (PAGE, Health.NOT_A_FEED),
        (replace(PAGE, failures=2), Health.FAILING),
        (SILENT, Health.SILENT),
        (replace(SILENT, failures=1), Health.FAILING),
        (SLOW, Health.SLOW),
        (GONE, Health.GONE),
        (replace(GONE, retired=True), Health.RETIRED),
    ],
)
def test_a_feed_does_well_or_badly(facts: SourceFacts, health: Health) -> None:
    assert judge(facts, NOW) is health


@pytest.mark.parametrize(
    ("facts", "alarm", "told"),
    [
        pytest.param(FAILING, Health.FAILING, "could not be read for 25 h: HTTP 503", id="a day"),
        pytest.param(
            replace(FAILING, failing_since=NOW - 4 * DAY),
            Health.FAILING,
            "could not be read for 4 days: HTTP 503",
            id="days",
        ),
        pytest.param(
            PAGE, Health.NOT_A_FEED, "is not a feed any more: this is an HTML page", id="a page"
        ),
        pytest.param(
            SILENT,
            Health.SILENT,
            "has brought nothing new for longer than it ever paused",
            id="silence",
        ),
        pytest.param(SLOW, Health.SLOW, "takes 12 s to answer", id="slow"),
        pytest.param(
            GONE,
            Health.GONE,
            "is gone for good, says its server (410): it is not polled any more",
            id="gone",
        ),
        pytest.param(
            replace(FAILING, alarm=Health.SILENT),
            Health.FAILING,
            "could not be read for 25 h: HTTP 503",
            id="worse than told",
        ),
    ],
)
def test_people_are_told(facts: SourceFacts, alarm: Health, told: str) -> None:
    assert watch(facts, NOW) == Change(feed=1, alarm=alarm, told=told)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(WELL, id="well"),
        pytest.param(replace(FAILING, failing_since=NOW - 23 * HOUR), id="not long"),
        pytest.param(replace(FAILING, failures=2), id="asked twice only"),
        pytest.param(replace(FAILING, failing_since=None), id="nobody knows how long"),
        pytest.param(replace(PAGE, failing_since=NOW - HOUR), id="a page for an hour"),
        pytest.param(replace(FAILING, alarm=Health.FAILING), id="told before"),
        pytest.param(replace(SLOW, seconds=6.0, alarm=Health.SLOW), id="a little less slow"),
        pytest.param(replace(FAILING, retired=True), id="retired"),
        pytest.param(
            replace(SILENT, first_polled_at=NOW, silent_at=NOW - 300 * DAY), id="dead when added"
        ),
    ],
)
def test_people_are_not_told(facts: SourceFacts) -> None:
    assert watch(facts, NOW) is None


def test_an_alarm_ends_after_an_hour_without_trouble() -> None:
    facts = replace(WELL, alarm=Health.FAILING)
    began = watch(facts, NOW)
    assert began == Change(feed=1, alarm=Health.FAILING, well_since=NOW)
    facts = replace(facts, well_since=NOW)
    assert watch(facts, NOW + 59 * MINUTE) is None
    ended = watch(facts, NOW + HOUR)
    assert ended == Change(feed=1, alarm=None, told="works again")


def test_a_feed_that_fails_now_and_then_stays_in_alarm() -> None:
    again = replace(
        WELL, alarm=Health.FAILING, well_since=NOW - MINUTE, failures=1, failing_since=NOW
    )
    assert watch(again, NOW) == Change(feed=1, alarm=Health.FAILING)
    assert watch(replace(again, well_since=None), NOW) is None


def test_a_clock_that_was_set_back_delays_no_end() -> None:
    facts = replace(WELL, alarm=Health.FAILING, well_since=NOW + 99 * DAY)
    assert watch(facts, NOW) == Change(feed=1, alarm=Health.FAILING, well_since=NOW)


def test_the_alarm_of_a_feed_that_was_taken_out_ends_quietly() -> None:
    facts = replace(FAILING, retired=True, alarm=Health.FAILING)
    assert watch(facts, NOW) == Change(feed=1, alarm=None)


def test_nothing_is_said_of_a_feed_that_does_well() -> None:
    assert describe(WELL, Health.OK, NOW) == ""


@given(st.lists(st.sampled_from([WELL, FAILING, PAGE, SILENT, SLOW, GONE]), max_size=40))
def test_no_alarm_is_told_twice_and_none_ends_untold(course: list[SourceFacts]) -> None:
    alarm, well_since, told = None, None, list[Health | None]()
    for hour, facts in enumerate(course):
        now = NOW + hour * HOUR
        moved = replace(
            facts,
            alarm=alarm,
            well_since=well_since,
            silent_at=None if facts.silent_at is None else facts.silent_at + hour * HOUR,
        )
        change = watch(moved, now)
        if change is not None:
            alarm, well_since = change.alarm, change.well_since
            told += [alarm] if change.told else []
    assert all(one is not other for one, other in pairwise(told))
    assert (told or [None])[-1] is alarm


def dates(*ago: timedelta) -> list[datetime]:
    return [NOW - time for time in ago]


HOURLY = dates(*(n * HOUR for n in range(20)))


def silence(
    published: list[datetime], longest: timedelta = timedelta(), *, known_for: timedelta = 30 * DAY
) -> timedelta | None:
    found = rhythm(published, longest, faded_for=timedelta(), known_since=NOW - known_for, now=NOW)
    return None if found.silent_at is None else found.silent_at - NOW


@pytest.mark.parametrize(
    ("published", "longest", "known_for", "after"),
    [
        pytest.param(HOURLY, timedelta(), 30 * DAY, DAY, id="hourly"),
        pytest.param(HOURLY, timedelta(), 2 * DAY, 3 * DAY, id="hourly, known for two days"),
        pytest.param(HOURLY, 63 * HOUR, 30 * DAY, 126 * HOUR, id="with weekends"),
        pytest.param(
            dates(*(n * 7 * DAY for n in range(6))), timedelta(), DAY, 14 * DAY, id="weekly"
        ),
        pytest.param(HOURLY[:4], timedelta(), 30 * DAY, None, id="too few to tell"),
        pytest.param([], 63 * HOUR, 30 * DAY, None, id="undated"),
        pytest.param([*HOURLY, NOW + DAY], timedelta(), 30 * DAY, DAY, id="an entry of tomorrow"),
    ],
)
def test_silence_is_twice_the_longest_pause(
    published: list[datetime], longest: timedelta, known_for: timedelta, after: timedelta | None
) -> None:
    assert silence(published, longest, known_for=known_for) == after


def test_what_a_first_poll_finds_came_when_it_says() -> None:
    old = [date - 100 * DAY for date in HOURLY]
    assert silence(old, known_for=timedelta()) == -99 * DAY
    assert silence(old) == DAY  # it was new to us a moment ago


def test_long_pauses_are_forgotten_in_time() -> None:
    found = rhythm(HOURLY, 80 * HOUR, faded_for=60 * DAY, known_since=NOW - 99 * DAY, now=NOW)
    assert found.longest == 40 * HOUR


def test_one_slow_answer_is_no_slow_feed() -> None:
    assert smoothed(None, 3.0) == 3.0
    seconds = smoothed(0.5, 30.0)
    assert seconds < 10
    for _ in range(9):
        seconds = smoothed(seconds, 30.0)
    assert seconds > 10
