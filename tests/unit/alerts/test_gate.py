from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from monitor.alerts.gate import Fold, Leave, Postpone, Traffic, gate
from monitor.model.alert import AlertKind
from monitor.model.channel import ChannelPolicy, QuietHours
from monitor.model.rule import Severity

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 6, 30, tzinfo=UTC)
DESK = ChannelPolicy(
    name="desk",
    url="console://",
    max_per_hour=3,
    quiet=QuietHours(start=time(22), end=time(6, 30), but=frozenset({Severity.URGENT})),
)
NORMAL, URGENT = Severity.NORMAL, Severity.URGENT
FULL = Traffic(last_hour=3)


def folded(kind: AlertKind, severity: Severity, traffic: Traffic, now: datetime) -> object:
    """Subject and due time of what it goes into, or that it does not."""
    match gate(kind, severity, DESK, traffic, now):
        case Fold(into):
            return into.subject, into.due_at
        case Postpone(due_at, _):
            return due_at
        case Leave():
            return "leaves"


@pytest.mark.parametrize("kind", AlertKind)
def test_by_day_everything_leaves_while_there_is_room(kind: AlertKind) -> None:
    assert folded(kind, NORMAL, Traffic(last_hour=2), NOON) == "leaves"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (AlertKind.FIRST, ("quiet", MORNING)),
        (AlertKind.FOLLOW_UP, ("quiet", MORNING)),
        (AlertKind.BURST, ("quiet", MORNING)),
        (AlertKind.DIGEST, "leaves"),
        (AlertKind.CATCH_UP, MORNING),
        (AlertKind.SYSTEM, MORNING),
    ],
)
def test_by_night_all_but_a_digest_waits_for_the_morning(
    kind: AlertKind, expected: object
) -> None:
    assert folded(kind, NORMAL, Traffic(), NIGHT) == expected
    assert folded(kind, URGENT, Traffic(), NIGHT) == "leaves"


@pytest.mark.parametrize("severity", [NORMAL, URGENT])
@pytest.mark.parametrize("kind", [AlertKind.FIRST, AlertKind.FOLLOW_UP])
def test_above_the_limit_stories_come_together(kind: AlertKind, severity: Severity) -> None:
    assert folded(kind, severity, FULL, NOON) == ("burst", NOON + timedelta(minutes=10))


@pytest.mark.parametrize(
    "kind", [AlertKind.BURST, AlertKind.DIGEST, AlertKind.CATCH_UP, AlertKind.SYSTEM]
)
def test_the_limit_is_for_single_stories(kind: AlertKind) -> None:
    assert folded(kind, NORMAL, FULL, NOON) == "leaves"


def test_a_storm_that_goes_on_is_told_ever_more_rarely() -> None:
    before = replace(FULL, bursts=(NOON - timedelta(minutes=5), NOON - timedelta(minutes=20)))
    assert folded(AlertKind.FIRST, NORMAL, before, NOON) == (
        "burst",
        NOON + timedelta(minutes=40),
    )


def test_a_channel_without_a_limit_gets_everything_singly() -> None:
    free = replace(DESK, max_per_hour=None)
    assert gate(AlertKind.FIRST, NORMAL, free, Traffic(last_hour=999), NOON) == Leave()
