from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.policy import after, health_after, next_try
from monitor.errors import ChannelDown, DeliveryError, PermanentDeliveryError
from monitor.model.channel import DeliveryPolicy
from monitor.model.delivery import ChannelHealth, ChannelState, Claim, Outcome

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
        pytest.param(DeliveryError("429", retry_after=90), Outcome.RETRY, 90, id="asked to wait"),
        pytest.param(ChannelDown("421"), Outcome.CHANNEL_DOWN, 30, id="channel"),
    ],
)
def test_an_error_decides_what_follows(
    error: DeliveryError | None, outcome: Outcome, wait: int | None
) -> None:
    verdict = after(error, claim(), UP, now=NOW, policy=POLICY, jitter=0.5)
    assert verdict.outcome is outcome
    assert verdict.next_try == (None if wait is None else NOW + timedelta(seconds=wait))
    assert verdict.reason == (str(error) if error else "")


DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("age", "last_ok", "outcome"),
    [
        pytest.param(DAY, NOW - timedelta(hours=1), Outcome.PERMANENT, id="others went through"),
        pytest.param(DAY, None, Outcome.RETRY, id="the channel never delivered"),
        pytest.param(DAY, NOW - 2 * DAY, Outcome.RETRY, id="nor since the message exists"),
        pytest.param(DAY / 2, NOW, Outcome.RETRY, id="still young"),
    ],
)
def test_a_message_is_given_up_only_beside_others_that_went_through(
    age: timedelta, last_ok: datetime | None, outcome: Outcome
) -> None:
    health = ChannelHealth(channel="mail", last_ok=last_ok)
    verdict = after(
        DeliveryError("451 later"), claim(9, age), health, now=NOW, policy=POLICY, jitter=0.5
    )
    assert verdict.outcome is outcome
    if outcome is Outcome.PERMANENT:
        assert verdict.reason == "given up after 9 attempts: 451 later"


def test_a_channel_that_is_down_never_costs_a_message() -> None:
    health = ChannelHealth(channel="mail", last_ok=NOW)
    verdict = after(
        ChannelDown("535"), claim(9, 30 * DAY), health, now=NOW, policy=POLICY, jitter=0.5
    )
    assert verdict.outcome is Outcome.RETRY
    verdict = after(ChannelDown("535"), claim(9, 30 * DAY), UP, now=NOW, policy=POLICY, jitter=0.5)
    assert verdict.outcome is Outcome.CHANNEL_DOWN


def test_a_message_that_alone_is_refused_does_not_hold_the_channel_down() -> None:
    took_others = ChannelHealth(channel="mail", last_ok=NOW)
    verdicts = [
        after(ChannelDown("403"), claim(n, DAY), took_others, now=NOW, policy=POLICY, jitter=0.5)
        for n in (1, 2, 3)
    ]
    assert [verdict.outcome for verdict in verdicts] == [
        *(Outcome.CHANNEL_DOWN, Outcome.CHANNEL_DOWN),
        Outcome.RETRY,
    ]


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 30), (1, 60), (4, 480), (5, 900), (99, 900)]
)
def test_probes_of_a_channel_grow_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    health = ChannelHealth(channel="mail", state=ChannelState.DOWN, failures=failures)
    verdict = after(ChannelDown("down"), claim(), health, now=NOW, policy=POLICY, jitter=0.5)
    assert verdict.next_try == NOW + timedelta(seconds=seconds)


def test_a_channel_goes_down_once_and_returns_with_the_first_answer() -> None:
    verdict = after(ChannelDown("535"), claim(), UP, now=NOW, policy=POLICY, jitter=0.5)
    down = health_after(UP, verdict, NOW)
    assert (down.state, down.since, down.failures) == (ChannelState.DOWN, NOW, 1)
    assert (down.next_probe, down.last_error) == (verdict.next_try, "535")

    later = NOW + timedelta(minutes=1)
    still = health_after(down, verdict, later)
    assert (still.since, still.failures) == (NOW, 2)

    sent = after(None, claim(), still, now=later, policy=POLICY, jitter=0.5)
    back = health_after(still, sent, later)
    assert back == ChannelHealth(channel="mail", since=later, last_ok=later)


def test_a_refused_message_shows_that_the_channel_works() -> None:
    down = ChannelHealth(channel="mail", state=ChannelState.DOWN, failures=3)
    refused = after(
        PermanentDeliveryError("550"), claim(), down, now=NOW, policy=POLICY, jitter=0.5
    )
    back = health_after(down, refused, NOW)
    assert (back.state, back.failures, back.last_ok) == (ChannelState.UP, 0, None)
    assert back.last_error == "550"
