"""A date is read as a whole, whatever form it has, or not at all."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.dates import read_date
from monitor.feeds.months import month_of

AUTUMN = datetime(2025, 9, 1, 8, 30, tzinfo=UTC)
MIDNIGHT = datetime(2025, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 01 Sep 2025 08:30:00 GMT",
        "Mon,01 Sep 2025 08:30:00 -0000",
        "Mon,  1 Sep 2025 10:30:00 +0200",
        "1 September 2025 10:30 +02:00",
        "Mon, 1 Sep, 2025 08:30:00 UTC",
        "Mon Sep  1 08:30:00 2025",
        "Mon Sep 01 10:30:00 +0200 2025",
        "Mon Sep 01 2025 10:30:00 +0200",
        "Mon Sep 01 2025 10:30:00 GMT+0200 (Central European Summer Time)",
        "Mon, 01 Sep 25 08:30:00 Etc/GMT",
        "Mon, 01 Sep 2025 04:30:00 America/New_York",
        "Mon, 01 Sep 2025 04:30:00 EDT",
        "Mon, 01 Sep 2025 10:30:00 MEST",
        "Mon, 01 Sep 2025 07:29:00 GMT-01:01",
        "Mon, 01 Sep 2025 08:30:00 XYZ",
        "Monday, September 1, 2025 08:30 AM",
        "September 1st, 2025 8:30 a.m.",
        "Mon, 2025/09/01 04:30:00 EDT",
        "2025-09-01T08:30:00Z",
        "2025-09-01T08:30:00.987654Z",
        "2025-09-01T08:30:00.1234567+00:00",
        "2025-009-01T8:30:00+00:00",
        "2025-09-01 10:30:00+02:00",
        "2025-09-01 08:10:00 -00:20",
        "2025-09-01 08:30:00",
        "2025/9/1 8:30",
        "20250901T083000Z",
        "01.09.2025 08:30",
        "09/01/2025 08:30",
        "lun., 1 sept. 2025 10:30:00 +0200",
        "mar., 1 sept. 2025 10:30:00 +0200",
        "Lunes, 1 de setiembre de 2025 08:30",
        "Пн, 1 сентября 2025 11:30:00 +0300",
        "Δευ, 01 Σεπ 2025 08:30:00 GMT",
        "2025-szeptember-1T8:30-00:00",
        "2025-09-01 오후 5:30:00",
        "2025년 09월 01일 17:30:00",
        "2025年9月1日 08:30",
    ],
)
def test_one_moment_has_many_forms(text: str) -> None:
    assert read_date(text) == AUTUMN


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-09-01", MIDNIGHT),
        ("20250901", MIDNIGHT),
        ("2025-09", MIDNIGHT),
        ("250901", MIDNIGHT),
        ("25-09-01", MIDNIGHT),
        ("-25-09", MIDNIGHT),
        ("-2509", MIDNIGHT),
        ("2025-244", MIDNIGHT),
        ("05001", datetime(2005, 1, 1, tzinfo=UTC)),
        ("2025", datetime(2025, 1, 1, tzinfo=UTC)),
        ("Mon, 01 Sep 2025", MIDNIGHT),
        ("2025-08-31T24:00:00Z", MIDNIGHT),
        ("13/08/2025", datetime(2025, 8, 13, tzinfo=UTC)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", datetime(2017, 1, 1, tzinfo=UTC)),
        ("01 Sep 1969", datetime(1969, 9, 1, tzinfo=UTC)),
        ("01 Sep 70", datetime(1970, 9, 1, tzinfo=UTC)),
        ("12 Sep 2025 12:05 AM", datetime(2025, 9, 12, 0, 5, tzinfo=UTC)),
        ("12 Sep 2025 12:05 PM", datetime(2025, 9, 12, 12, 5, tzinfo=UTC)),
    ],
)
def test_a_date_may_leave_out_much(text: str, date: datetime) -> None:
    assert read_date(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "yesterday", "25014", "014", "2025-09-01-01", "2025-xx-27", "2025-13-45",
        "2025-09-31T08:30:00Z", "2025-09-01T25:30:00Z", "2025-09-01T08:61:00Z",
        "2025-09-01T08:30:61Z", "2025-09-01T09:xx:00Z", "2025-09-01T08:30:00+00:xx",
        "2025-09-01T08:30:00-06:00Textra", "9999-12-31T23:59:59-99:99", "2025-366",
        "9999-12-31T23:59:59-01:00", "Sun, 16 Dec 2025 1:2:3:4 GMT", "Sun, 16 zzz 2025 11:47 GMT",
        "Sun, Dec x 2025 11:47:32 GMT", "Sun, 16 Dec zz 11:47:32 GMT", "Sun, 99 Jun 2025 12:00",
        "Sun, 16 Dec 2025 11:47:32 +zz:00", "Sun, 16 Dec 2025 11:47:32 +3000",
        "Sun, 16 Dec 2025 11:47:32 Nowhere/Land", "Sun, 16 Dec 2025 11:47:32 ../../etc",
        "Dec 2025", "1 2 3 Dec 2025", "2025-09-01T08:30:00Z" + " " * 99 + "x",
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_guessed_at(text: str) -> None:
    assert read_date(text) is None


def test_a_date_without_a_zone_is_of_the_zone_given() -> None:
    baghdad = ZoneInfo("Asia/Baghdad")
    assert read_date("2025-09-01 11:30:00", baghdad) == AUTUMN
    assert read_date("2025-09-01 08:30:00Z", baghdad) == AUTUMN
    assert read_date("2025-09-01 17:30:00 오", baghdad) is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_what_a_date_says_is_read_again(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    for form in ("%a, %d %b %Y %H:%M:%S %z", "%Y-%m-%dT%H:%M:%SZ", "%B %d, %Y %I:%M:%S %p"):
        assert read_date(moment.strftime(form)) == moment


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    date = read_date(text)
    assert date is None or date.tzinfo is UTC


@pytest.mark.parametrize(
    ("word", "month"),
    [("Juillet", 7), ("juin", 6), ("März", 3), ("Ağustos", 8), ("ΙΟΥΛ", 7), ("Monday", None)],
)
def test_months_are_known_by_how_they_begin(word: str, month: int | None) -> None:
    assert month_of(word) == month
