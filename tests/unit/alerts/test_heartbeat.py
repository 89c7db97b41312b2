"""What the program says of itself."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.heartbeat import heartbeat_text, next_heartbeat, refused_text
from monitor.errors import Place, Problem

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (datetime(2026, 11, 1, 5, 59, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
        (datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 11, 2, 6, tzinfo=UTC)),
        (datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 1, 5, tzinfo=UTC)),
    ],
    ids=["today", "strictly after", "summer time"],
)
def test_a_sign_of_life_comes_at_its_hour_of_the_clock(after: datetime, due: datetime) -> None:
    assert next_heartbeat(time(7), BERLIN, after) == due


def test_it_counts_what_a_day_brought() -> None:
    assert heartbeat_text(1204, 3) == "still alive: 1,204 articles and 3 hits in 24 hours"
    assert heartbeat_text(1, 0) == "still alive: 1 article and 0 hits in 24 hours"


def test_a_refusal_names_the_first_reason_in_one_line() -> None:
    first = Problem(Place("rules/a.toml", 3, 16), '"AND" needs an operand\n    flood AND\n  ^')
    other = Problem(Place("rules/b.toml"), "unknown key")

    assert refused_text([first]) == (
        "changed files were refused, what ran before goes on: "
        'rules/a.toml:3:16: "AND" needs an operand'
    )
    assert refused_text([first, other]).endswith("operand (and 1 more)")
