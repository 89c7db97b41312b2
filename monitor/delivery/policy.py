"""When the outbox tries again, when it gives up, and when a channel counts as down; pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.errors import (
    AccessDenied,
    ChannelDown,
    Defect,
    DeliveryError,
    PermanentDeliveryError,
)
from monitor.model.channel import DeliveryPolicy
from monitor.model.delivery import ChannelChange, ChannelHealth, ChannelState, Claim, Outcome

FAILURES = 5  # in a row, until a channel counts as down

_LONGEST_RETRY = timedelta(hours=1)
_FIRST_PROBE = timedelta(seconds=30)
_LONGEST_PROBE = timedelta(minutes=15)
_TRIES_OF_A_CHANNEL = 2
_LONGEST_ASKED = timedelta(hours=24)  # a Retry-After beyond it is a mistake of the server
_DOUBLINGS = 20  # beyond every cap above, and far from an overflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a delivery after an attempt.

    Attributes:
        next_try: of the delivery, or of the whole channel if that takes nothing; None if the
            delivery ends here.
        reason: for people; empty if it was sent.
        about_channel: the attempt says something about the channel, not of this message alone.
        denied: the channel's credentials were refused.
    """

    outcome: Outcome
    next_try: datetime | None = None
    reason: str = ""
    about_channel: bool = True
    denied: bool = False


def next_try(
    attempt: int,
    *,
    now: datetime,
    policy: DeliveryPolicy,
    retry_after: float | None,
    jitter: float,
) -> datetime:
    """Returns when attempt number ``attempt`` (from 1), which just failed, is followed up.

    Args:
        attempt: number of the attempt that failed.
        now: when it failed.
        policy: holds the first pause; it doubles with every attempt, up to an hour.
        retry_after: seconds the receiver asked for; obeyed up to a day.
        jitter: from 0 up to 1; spreads the pause over 50 to 150 %.
    """
    return now + _pause(policy.first_retry, _LONGEST_RETRY, attempt - 1, retry_after, jitter)


def after(
    error: DeliveryError | None,
    claim: Claim,
    health: ChannelHealth,
    *,
    now: datetime,
    policy: DeliveryPolicy,
    jitter: float,
) -> Verdict:
    """Returns what follows from an attempt that ended with ``error`` (None: it was accepted).

    A message that keeps failing is given up only if its channel delivered others meanwhile; the
    time the channel was down does not count.
    """
    if error is None:
        return Verdict(outcome=Outcome.SENT)
    if isinstance(error, PermanentDeliveryError):
        return Verdict(outcome=Outcome.PERMANENT, reason=str(error))
    when = next_try(
        claim.attempt, now=now, policy=policy, retry_after=error.retry_after, jitter=jitter
    )
    if _is_about_this_message(error, claim, health):
        if _is_too_old(claim, health, now - policy.give_up):
            reason = f"given up after {claim.attempt} attempts: {error}"
            return Verdict(outcome=Outcome.PERMANENT, reason=reason, about_channel=False)
        return Verdict(
            outcome=Outcome.RETRY, next_try=when, reason=str(error), about_channel=False
        )
    if _takes_nothing(error, health):
        pause = _pause(_FIRST_PROBE, _LONGEST_PROBE, health.failures, error.retry_after, jitter)
        return Verdict(
            outcome=Outcome.CHANNEL_DOWN,
            next_try=now + pause,
            reason=str(error),
            denied=isinstance(error, AccessDenied),
        )
    return Verdict(outcome=Outcome.RETRY, next_try=when, reason=str(error))


def _is_about_this_message(error: DeliveryError, claim: Claim, health: ChannelHealth) -> bool:
    if isinstance(error, Defect):
        return True
    if isinstance(error, AccessDenied) or health.state is ChannelState.DOWN:
        return False
    return claim.attempt > _TRIES_OF_A_CHANNEL and _took_others(claim, health)


def _took_others(claim: Claim, health: ChannelHealth) -> bool:
    """Whether the channel took others meanwhile."""
    return health.last_ok is not None and health.last_ok > claim.created


def _is_too_old(claim: Claim, health: ChannelHealth, oldest: datetime) -> bool:
    if health.state is ChannelState.DOWN:
        return False
    since = max(claim.created, health.since or claim.created)
    return since <= oldest and _took_others(claim, health)


def _takes_nothing(error: DeliveryError, health: ChannelHealth) -> bool:
    """Whether trying other messages of the channel makes no sense for now."""
    return (
        isinstance(error, ChannelDown)
        or error.retry_after is not None
        or health.state is ChannelState.DOWN
        or health.failures + 1 >= FAILURES
    )


def health_after(
    health: ChannelHealth, verdict: Verdict, now: datetime
) -> tuple[ChannelHealth, ChannelChange | None]:
    """Returns what an attempt says about its channel, and the change of its state, if any.

    A channel is down after five failures in a row, the last of them behind a pause (so they span
    two minutes at least), or at once if its credentials are refused.
    """
    if not verdict.about_channel:
        # A channel that is down stays so; one that only failed is tried with its other messages.
        probe = verdict.next_try if health.state is ChannelState.DOWN else None
        return replace(health, next_probe=probe, last_error=verdict.reason), None
    if verdict.outcome in {Outcome.SENT, Outcome.PERMANENT}:
        return _works(health, verdict, now)
    failed = replace(
        health,
        failures=health.failures + 1,
        next_probe=verdict.next_try if verdict.outcome is Outcome.CHANNEL_DOWN else None,
        last_error=verdict.reason,
    )
    # The pause before the fifth failure is two minutes long or more.
    over = failed.failures >= FAILURES and health.next_probe is not None
    if health.state is ChannelState.DOWN or not (over or verdict.denied):
        return failed, None
    down = replace(failed, state=ChannelState.DOWN, since=now)
    return down, _change(down, now)


def _works(
    health: ChannelHealth, verdict: Verdict, now: datetime
) -> tuple[ChannelHealth, ChannelChange | None]:
    """A message that is refused for good shows that the channel works, too."""
    up = replace(
        health,
        state=ChannelState.UP,
        failures=0,
        next_probe=None,
        last_ok=now if verdict.outcome is Outcome.SENT else health.last_ok,
        last_error=verdict.reason or None,
    )
    if health.state is ChannelState.UP:
        return up, None
    change = replace(_change(health, now), state=ChannelState.UP, down_since=health.since)
    return replace(up, since=now), change


def _change(health: ChannelHealth, now: datetime) -> ChannelChange:
    return ChannelChange(
        channel=health.channel,
        state=health.state,
        at=now,
        last_ok=health.last_ok,
        failures=health.failures,
        reason=health.last_error or "",
    )


def _pause(
    first: timedelta, longest: timedelta, doublings: int, asked: float | None, jitter: float
) -> timedelta:
    pause = min(longest, first * (1 << min(doublings, _DOUBLINGS))) * (0.5 + jitter)
    obeyed = min(_LONGEST_ASKED, timedelta(seconds=min(asked or 0, 1e6)))
    return max(pause, obeyed)
