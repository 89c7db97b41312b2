"""What header values mean."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.headers import authorization, fresh_for, retry_after

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
IN_TEN_MINUTES = "Tue, 24 Nov 2026 12:10:00 GMT"


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"Cache-Control": "public, max-age=600"}, 10),
        ({"Expires": IN_TEN_MINUTES}, 10),
        ({"Cache-Control": "max-age=60", "Expires": IN_TEN_MINUTES}, 10),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Expires": "0"}, None),
        ({"Expires": "Tue, 24 Nov 2020 12:00:00 GMT"}, None),
        ({}, None),
    ],
    ids=["max-age", "expires", "longer", "no-cache", "word", "zero", "zero date", "past", "none"],
)
def test_an_answer_is_fresh_for_as_long_as_its_headers_say(
    headers: dict[str, str], minutes: int | None
) -> None:
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert fresh_for(headers, NOW) == expected


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (IN_TEN_MINUTES, 600),
        ("0", 60),
        ("99999999999999", 86_400),
        ("Tue, 24 Nov 2020 12:00:00 GMT", 60),
        ("Tue, 24 Nov 99999 12:00:00 GMT", None),
        ("soon", None),
        ("", None),
    ],
    ids=["seconds", "date", "least", "most", "past date", "absurd date", "word", "absent"],
)
def test_retry_after_is_between_a_minute_and_a_day(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}, NOW) == seconds


@pytest.mark.parametrize(
    ("auth", "header"),
    [("jo:pass word", "Basic am86cGFzcyB3b3Jk"), ("bearer abc", "Bearer abc")],
    ids=["basic", "bearer"],
)
def test_auth_becomes_a_header(auth: str, header: str) -> None:
    assert authorization(auth) == header
