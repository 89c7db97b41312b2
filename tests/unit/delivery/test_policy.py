from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.policy import Verdict, after, health_after, next_try
from monitor.errors import (
    AccessDenied,
    ChannelDown,
    Defect,
    DeliveryError,
    PermanentDeliveryError,
)
from monitor.model.channel import DeliveryPolicy
from monitor.model.delivery import ChannelChange, ChannelHealth, ChannelState, Claim, Outcome

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
POLICY = DeliveryPolicy()
UP = ChannelHealth(channel="mail")


def claim(attempt: int = 1, age: timedelta = timedelta(0)) -> Claim:
    return Claim(
        id=1,
        alert=7,
        channel="mail",
        target="a@x.org",
        key="k",
        attempt=attempt,
        created=NOW - age,
    )


def pause(attempt: int, jitter: float = 0.5, retry_after: float | None = None) -> timedelta:
    when = next_try(attempt, now=NOW, policy=POLICY, retry_after=retry_after, jitter=jitter)
    return when - NOW


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (9, 3600), (100_000, 3600)],
)
def test_the_pause_doubles_up_to_an_hour(attempt: int, seconds: int) -> None:
    assert pause(attempt) == timedelta(seconds=seconds)


def test_jitter_spreads_the_pause_around_its_length() -> None:
    assert pause(1, jitter=0.0) == timedelta(seconds=15)
    assert pause(1, jitter=0.999) == timedelta(seconds=44.97)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(300.0, timedelta(minutes=5), id="obeyed"),
        pytest.param(3.0, timedelta(seconds=30), id="never sooner than our own pause"),
        pytest.param(1e9, timedelta(hours=24), id="at most a day"),
        pytest.param(float("inf"), timedelta(hours=24), id="for ever is a day"),
    ],
)
def test_retry_after_is_obeyed(asked: float, expected: timedelta) -> None:
    assert pause(1, retry_after=asked) == expected


@given(
    attempt=st.integers(1, 10_000),
    jitter=st.floats(0, 1, exclude_max=True),
    asked=st.none() | st.floats(0, 1e12),
)
def test_a_next_try_is_always_ahead_and_within_its_maximum(
    attempt: int, jitter: float, asked: float | None
) -> None:
    assert timedelta(0) < pause(attempt, jitter, asked) <= timedelta(hours=24)


@pytest.mark.parametrize(
    ("error", "outcome", "wait"),
    [
        pytest.param(None, Outcome.SENT, None, id="accepted"),
        pytest.param(PermanentDeliveryError("550"), Outcome.PERMANENT, None, id="permanent"),
        pytest.param(DeliveryError("451"), Outcome.RETRY, 30, id="temporary"),
        pytest.param(
            DeliveryError("429", retry_after=90), Outcome.CHANNEL_DOWN, 90, id="asked to wait"
        ),
        pytest.param(ChannelDown("421"), Outcome.CHANNEL_DOWN, 30, id="channel"),
        pytest.param(AccessDenied("535"), Outcome.CHANNEL_DOWN, 30, id="credentials"),
    ],
)
def test_an_error_decides_what_follows(
    error: DeliveryError | None, outcome: Outcome, wait: int | None
) -> None:
    verdict = judged(error)
    assert verdict.outcome is outcome
    assert verdict.next_try == (None if wait is None else NOW + timedelta(seconds=wait))
    assert verdict.reason == (str(error) if error else "")


def judged(
    error: DeliveryError | None,
    health: ChannelHealth = UP,
    claim: Claim = claim(),  # noqa: B008  # frozen
    now: datetime = NOW,
    jitter: float = 0.5,
) -> Verdict:
    return after(error, claim, health, now=now, policy=POLICY, jitter=jitter)


DAY = timedelta(hours=24)
OTHERS_PASS = ChannelHealth(channel="mail", last_ok=NOW)


@pytest.mark.parametrize(
    ("age", "health", "outcome"),
    [
        pytest.param(DAY, OTHERS_PASS, Outcome.PERMANENT, id="others went through"),
        pytest.param(DAY, UP, Outcome.RETRY, id="the channel never delivered"),
        pytest.param(
            DAY, replace(UP, last_ok=NOW - 2 * DAY), Outcome.RETRY, id="nor since it exists"
        ),
        pytest.param(DAY / 2, OTHERS_PASS, Outcome.RETRY, id="still young"),
        pytest.param(
            9 * DAY,
            replace(OTHERS_PASS, since=NOW - DAY / 2),
            Outcome.RETRY,
            id="the channel was down meanwhile",
        ),
        pytest.param(
            9 * DAY, replace(OTHERS_PASS, since=NOW - DAY), Outcome.PERMANENT, id="a day ago"
        ),
    ],
)
@pytest.mark.parametrize("error", [DeliveryError("451 later"), ChannelDown("403 bad words")])
def test_a_message_is_given_up_only_beside_others_that_went_through(
    age: timedelta, health: ChannelHealth, outcome: Outcome, error: DeliveryError
) -> None:
    verdict = judged(error, health, claim(9, age))
    if outcome is Outcome.PERMANENT:
        assert verdict.outcome is outcome
        assert verdict.reason == f"given up after 9 attempts: {error}"
    else:
        assert verdict.outcome is not Outcome.PERMANENT


@pytest.mark.parametrize(
    "error", [DeliveryError("timed out"), ChannelDown("refused"), AccessDenied("535")]
)
def test_a_channel_that_is_down_never_costs_a_message(error: DeliveryError) -> None:
    down = replace(OTHERS_PASS, state=ChannelState.DOWN, since=NOW - 20 * DAY, failures=1)
    assert judged(error, down, claim(9, 30 * DAY)).outcome is Outcome.CHANNEL_DOWN


def test_a_message_that_alone_is_refused_does_not_hold_the_channel_down() -> None:
    verdicts = [judged(ChannelDown("403"), OTHERS_PASS, claim(n, DAY / 2)) for n in (1, 2, 3)]
    assert [verdict.outcome for verdict in verdicts] == [
        *(Outcome.CHANNEL_DOWN, Outcome.CHANNEL_DOWN),
        Outcome.RETRY,
    ]
    paused = replace(OTHERS_PASS, failures=2, next_probe=NOW)
    health, change = health_after(paused, verdicts[-1], NOW)
    assert (health.failures, health.next_probe, change) == (2, None, None)


def test_refused_credentials_are_never_about_one_message() -> None:
    verdict = judged(AccessDenied("535"), OTHERS_PASS, claim(9, DAY))
    assert verdict.outcome is Outcome.CHANNEL_DOWN


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 30), (1, 60), (4, 480), (5, 900), (99, 900)]
)
def test_probes_of_a_channel_grow_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    health = ChannelHealth(channel="mail", state=ChannelState.DOWN, failures=failures)
    verdict = judged(ChannelDown("down"), health)
    assert verdict.next_try == NOW + timedelta(seconds=seconds)


class Failing:
    """A channel on which attempt after attempt fails, each as soon as it may be made."""

    def __init__(self, jitter: float = 0.5) -> None:
        self.health, self.now, self.jitter = UP, NOW, jitter
        self.changes: list[ChannelChange] = []

    def attempt(self, error: DeliveryError | None) -> None:
        self.now = max(self.now, self.health.next_probe or self.now)
        verdict = judged(error, self.health, now=self.now, jitter=self.jitter)
        self.health, change = health_after(self.health, verdict, self.now)
        self.changes += [change] if change else []


def test_a_channel_is_down_after_five_failures_in_a_row_and_says_so_once() -> None:
    failing = Failing()
    for _ in range(4):
        failing.attempt(ChannelDown("connection refused"))
    assert (failing.health.state, failing.health.failures) == (ChannelState.UP, 4)
    for _ in range(20):
        failing.attempt(ChannelDown("connection refused"))
    (change,) = failing.changes
    assert change == ChannelChange(
        channel="mail",
        state=ChannelState.DOWN,
        at=NOW + timedelta(seconds=30 + 60 + 120 + 240),
        last_ok=None,
        failures=5,
        reason="connection refused",
    )
    assert (failing.health.since, failing.health.failures) == (change.at, 24)


def test_messages_that_fail_one_after_the_other_stop_the_channel() -> None:
    failing = Failing()
    for _ in range(5):
        failing.attempt(DeliveryError("timed out"))
    assert failing.health.next_probe == NOW + timedelta(minutes=8)
    assert failing.changes == []  # all in one moment: that may pass
    failing.attempt(DeliveryError("timed out"))
    assert failing.health.state is ChannelState.DOWN


@given(
    errors=st.lists(
        st.sampled_from(
            [
                DeliveryError("451"),
                DeliveryError("429", retry_after=1),
                ChannelDown("421"),
                PermanentDeliveryError("550"),
                None,
            ]
        ),
        max_size=30,
    ),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_no_channel_is_down_before_five_failures_in_a_row_over_two_minutes(
    errors: list[DeliveryError | None], jitter: float
) -> None:
    failing = Failing(jitter)
    row: list[datetime] = []
    for error in errors:
        was = failing.health.state
        failing.attempt(error)
        fails = type(error) in {DeliveryError, ChannelDown}
        row = [*row, failing.now] if fails else []
        if failing.health.state is ChannelState.DOWN and was is ChannelState.UP:
            assert len(row) >= 5
            assert row[-1] - row[0] >= timedelta(minutes=2)
        assert (failing.health.state is ChannelState.DOWN) <= fails
    states = [change.state for change in failing.changes]
    assert states == [ChannelState.DOWN, ChannelState.UP] * (len(states) // 2) + [
        ChannelState.DOWN
    ] * (len(states) % 2)


def test_refused_credentials_stop_the_channel_at_once() -> None:
    failing = Failing()
    failing.attempt(AccessDenied("535 check user and password"))
    (change,) = failing.changes
    assert (change.state, change.at, change.failures) == (ChannelState.DOWN, NOW, 1)
    assert failing.health.next_probe == NOW + timedelta(seconds=30)
    failing.attempt(DeliveryError("timed out"))  # whatever the probe ends with
    assert failing.health.next_probe == NOW + timedelta(seconds=30 + 60)
    assert len(failing.changes) == 1


def test_an_error_of_this_program_says_nothing_about_the_channel() -> None:
    error = Defect("unexpected ZeroDivisionError while rendering")
    for old in (UP, replace(UP, state=ChannelState.DOWN, since=NOW, failures=5)):
        verdict = judged(error, old, claim(9, 9 * DAY))
        health, change = health_after(old, verdict, NOW)
        assert (verdict.outcome, change) == (Outcome.RETRY, None)
        assert (health.state, health.failures) == (old.state, old.failures)
        is_probe = old.state is ChannelState.DOWN
        assert health.next_probe == (verdict.next_try if is_probe else None)


def test_a_channel_returns_with_the_first_message_it_takes() -> None:
    failing = Failing()
    failing.attempt(None)
    failing.attempt(AccessDenied("535"))
    failing.attempt(None)
    assert failing.health == ChannelHealth(channel="mail", since=failing.now, last_ok=failing.now)
    assert failing.changes[1] == ChannelChange(
        channel="mail",
        state=ChannelState.UP,
        at=failing.now,
        down_since=NOW,
        last_ok=NOW,
        failures=1,
        reason="535",
    )


def test_a_refused_message_shows_that_the_channel_works() -> None:
    failing = Failing()
    failing.attempt(AccessDenied("535"))
    failing.attempt(PermanentDeliveryError("550"))
    health = failing.health
    assert (health.state, health.failures, health.last_ok) == (ChannelState.UP, 0, None)
    assert health.last_error == "550"
    assert [change.state for change in failing.changes] == [ChannelState.DOWN, ChannelState.UP]
