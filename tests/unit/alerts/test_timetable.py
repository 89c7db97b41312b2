"""Digest hours and quiet hours over clock changes, against a clock that is read every minute."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.alerts.timetable import burst_due, next_digest, quiet_until
from monitor.model.channel import DigestTimes, QuietHours

MINUTE = timedelta(minutes=1)
BRUSSELS = ZoneInfo("Europe/Brussels")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # half an hour
APIA = ZoneInfo("Pacific/Apia")  # no 30 December 2011
HAVANA = ZoneInfo("America/Havana")  # from 0:00 to 1:00, and back from 1:00 to 0:00
AZORES = ZoneInfo("Atlantic/Azores")  # back from 1:00 to 0:00
GODTHAB = ZoneInfo("America/Nuuk")  # back from 0:00 to 23:00 of the day before

ST_JOHNS = ZoneInfo("America/St_Johns")  # until 2011 back from 0:01 to 23:01 of the day before

# Around these days (UTC) the clocks change.
CHANGES = [
    (BRUSSELS, datetime(2026, 3, 29, tzinfo=UTC)),
    (BRUSSELS, datetime(2026, 10, 25, tzinfo=UTC)),
    (NEW_YORK, datetime(2026, 3, 8, tzinfo=UTC)),
    (NEW_YORK, datetime(2026, 11, 1, tzinfo=UTC)),
    (LORD_HOWE, datetime(2026, 4, 4, tzinfo=UTC)),
    (LORD_HOWE, datetime(2026, 10, 3, tzinfo=UTC)),
    (HAVANA, datetime(2026, 3, 8, tzinfo=UTC)),
    (HAVANA, datetime(2026, 11, 1, tzinfo=UTC)),
    (AZORES, datetime(2026, 10, 25, tzinfo=UTC)),
    (GODTHAB, datetime(2026, 10, 25, tzinfo=UTC)),
    (ST_JOHNS, datetime(2010, 11, 7, tzinfo=UTC)),
    (APIA, datetime(2011, 12, 30, tzinfo=UTC)),
    (timezone(timedelta(hours=5, minutes=45)), datetime(2026, 6, 1, tzinfo=UTC)),
]

# Whole minutes, most of them near those at which clocks change.
HOURS = st.one_of(
    st.builds(time, st.integers(0, 3), st.sampled_from([0, 1, 15, 29, 30, 31, 59])),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)


AROUND = st.integers(-36 * 60, 36 * 60)  # minutes before and after a change


@cache
def clock(zone: tzinfo, change: datetime) -> tuple[list[datetime], list[datetime]]:
    """The minutes around a change, and the latest time that the clock showed until each."""
    moments = [change + MINUTE * minute for minute in range(-5 * 24 * 60, 11 * 24 * 60)]
    shown = [moment.astimezone(zone).replace(tzinfo=None) for moment in moments]
    return moments, list(accumulate(shown, max))


def occurrences(change: tuple[tzinfo, datetime], hour: time) -> list[tuple[datetime, date]]:
    """When an hour came on which day, by reading the clock minute by minute."""
    moments, latest = clock(*change)
    days = [latest[0].date() + timedelta(days=n) for n in range(1, 15)]
    return [(moments[bisect_left(latest, datetime.combine(day, hour))], day) for day in days]


@given(
    st.sampled_from(CHANGES),
    AROUND,
    st.lists(HOURS, min_size=1, max_size=3, unique=True),
    st.frozensets(st.integers(0, 6), min_size=1),
)
def test_a_digest_comes_when_the_clock_first_shows_its_hour_or_a_later_one(
    change: tuple[tzinfo, datetime], minutes: int, hours: list[time], days: frozenset[int]
) -> None:
    after = change[1] + MINUTE * minutes
    came = [each for hour in hours for each in occurrences(change, hour)]
    expected = min(moment for moment, day in came if moment > after and day.weekday() in days)
    times = DigestTimes(at=tuple(sorted(hours)), days=days)
    assert next_digest(times, change[0], after) == expected


@given(st.sampled_from(CHANGES), AROUND, HOURS, HOURS)
def test_quiet_hours_begin_and_end_when_the_clock_first_shows_them(
    change: tuple[tzinfo, datetime], minutes: int, start: time, end: time
) -> None:
    assume(start != end)
    at = change[1] + MINUTE * minutes
    starts, ends = occurrences(change, start), occurrences(change, end)

    def is_quiet(moment: datetime) -> bool:
        begun = max(datetime.combine(day, start) for now, day in starts if now <= moment)
        ended = max(datetime.combine(day, end) for now, day in ends if now <= moment)
        return begun > ended

    over = next(moment for moment, _ in ends if moment > at and not is_quiet(moment))
    quiet = QuietHours(start=start, end=end)
    assert quiet_until(quiet, change[0], at) == (over if is_quiet(at) else None)


@pytest.mark.parametrize(
    ("zone", "hour", "after", "expected"),
    [
        pytest.param(BRUSSELS, "07:00", "2026-03-28T12:00", "2026-03-29T05:00", id="spring"),
        pytest.param(BRUSSELS, "07:00", "2026-10-24T12:00", "2026-10-25T06:00", id="autumn"),
        pytest.param(BRUSSELS, "02:30", "2026-03-28T12:00", "2026-03-29T01:00", id="skipped"),
        pytest.param(BRUSSELS, "02:30", "2026-10-24T12:00", "2026-10-25T00:30", id="twice"),
        pytest.param(BRUSSELS, "02:30", "2026-10-25T00:30", "2026-10-26T01:30", id="only once"),
        pytest.param(NEW_YORK, "02:30", "2026-03-07T12:00", "2026-03-08T07:00", id="N.Y. skipped"),
        pytest.param(NEW_YORK, "01:30", "2026-11-01T05:30", "2026-11-02T06:30", id="N.Y. once"),
        pytest.param(
            LORD_HOWE, "02:15", "2026-10-03T00:00", "2026-10-03T15:30", id="half an hour"
        ),
    ],
)
def test_a_digest_hour_is_that_of_the_wall_clock(
    zone: tzinfo, hour: str, after: str, expected: str
) -> None:
    times = DigestTimes(at=(time.fromisoformat(hour),))
    due = next_digest(times, zone, datetime.fromisoformat(after).replace(tzinfo=UTC))
    assert due == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_digest_at_this_very_moment_is_not_the_next_one() -> None:
    friday = datetime(2026, 11, 27, 17, tzinfo=UTC)
    times = DigestTimes(at=(time(7), time(17)), days=frozenset(range(5)))
    assert next_digest(times, UTC, friday - MINUTE) == friday
    assert next_digest(times, UTC, friday) == datetime(2026, 11, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param("2026-03-28T20:59:59", None, id="not yet"),
        pytest.param("2026-03-28T21:00", "2026-03-29T04:30", id="the night that lacks an hour"),
        pytest.param("2026-03-29T04:29:59", "2026-03-29T04:30", id="its last second"),
        pytest.param("2026-03-29T04:30", None, id="over"),
        pytest.param("2026-10-24T20:00", "2026-10-25T05:30", id="the night of 25 hours"),
        pytest.param("2026-10-25T01:15", "2026-10-25T05:30", id="the second 2:15"),
    ],
)
def test_quiet_hours_may_span_midnight(at: str, expected: str | None) -> None:
    quiet = QuietHours(start=time(22), end=time(6, 30))
    end = quiet_until(quiet, BRUSSELS, datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert end == (expected and datetime.fromisoformat(expected).replace(tzinfo=UTC))


def test_a_night_that_ended_in_the_repeated_hour_does_not_begin_again() -> None:
    quiet = QuietHours(start=time(22), end=time(2, 30))
    second_two_fifteen = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    assert quiet_until(quiet, BRUSSELS, second_two_fifteen) is None


def test_a_night_that_began_before_the_clock_went_back_over_midnight_goes_on() -> None:
    quiet = QuietHours(start=time(0), end=time(6))
    second_half_past_eleven = datetime(2010, 11, 7, 3, tzinfo=UTC)
    end = quiet_until(quiet, ST_JOHNS, second_half_past_eleven)
    assert end == datetime(2010, 11, 7, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes_ago", "wait"),
    [
        pytest.param([], 10, id="the first"),
        pytest.param([120, 300], 10, id="the last storm is over"),
        pytest.param([119], 20, id="the second"),
        pytest.param([0, 25], 40, id="the third"),
        pytest.param([5, 30, 60], 60, id="an hour at most"),
        pytest.param(range(1, 100), 60, id="still an hour"),
    ],
)
def test_a_storm_that_goes_on_is_told_ever_more_rarely(minutes_ago: list[int], wait: int) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    recent = [now - MINUTE * ago for ago in minutes_ago]
    assert burst_due(now, recent) == now + MINUTE * wait
