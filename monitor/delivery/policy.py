"""When the outbox tries again, and when it gives up; pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.errors import ChannelDown, DeliveryError, PermanentDeliveryError
from monitor.model.channel import DeliveryPolicy
from monitor.model.delivery import ChannelHealth, ChannelState, Claim, Outcome

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
        next_try: of the delivery, or of the whole channel if that is down; None if it ends here.
        reason: for people; empty if it was sent.
    """

    outcome: Outcome
    next_try: datetime | None = None
    reason: str = ""


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

    A message that keeps failing is given up only if its channel delivered others meanwhile.
    """
    if error is None:
        return Verdict(outcome=Outcome.SENT)
    if isinstance(error, PermanentDeliveryError):
        return Verdict(outcome=Outcome.PERMANENT, reason=str(error))
    when = next_try(
        claim.attempt, now=now, policy=policy, retry_after=error.retry_after, jitter=jitter
    )
    if isinstance(error, ChannelDown) and _is_this_message_alone(claim, health):
        return Verdict(outcome=Outcome.RETRY, next_try=when, reason=str(error))
    if isinstance(error, ChannelDown):
        pause = _pause(_FIRST_PROBE, _LONGEST_PROBE, health.failures, error.retry_after, jitter)
        return Verdict(outcome=Outcome.CHANNEL_DOWN, next_try=now + pause, reason=str(error))
    if _is_hopeless(claim, health, now, policy):
        reason = f"given up after {claim.attempt} attempts: {error}"
        return Verdict(outcome=Outcome.PERMANENT, reason=reason)
    return Verdict(outcome=Outcome.RETRY, next_try=when, reason=str(error))


def _is_this_message_alone(claim: Claim, health: ChannelHealth) -> bool:
    """Whether the channel took others meanwhile: then its refusal is about this message.

    It waits by itself then, and is never given up for it.
    """
    tried = claim.attempt > _TRIES_OF_A_CHANNEL
    return tried and health.last_ok is not None and health.last_ok > claim.created


def health_after(health: ChannelHealth, verdict: Verdict, now: datetime) -> ChannelHealth:
    """Returns what an attempt says about its channel: only CHANNEL_DOWN speaks against it."""
    if verdict.outcome is Outcome.CHANNEL_DOWN:
        return replace(
            health,
            state=ChannelState.DOWN,
            since=health.since if health.state is ChannelState.DOWN else now,
            failures=health.failures + 1,
            next_probe=verdict.next_try,
            last_error=verdict.reason,
        )
    return replace(
        health,
        state=ChannelState.UP,
        since=health.since if health.state is ChannelState.UP else now,
        failures=0,
        next_probe=None,
        last_ok=now if verdict.outcome is Outcome.SENT else health.last_ok,
        last_error=verdict.reason or None,
    )


def _pause(
    first: timedelta, longest: timedelta, doublings: int, asked: float | None, jitter: float
) -> timedelta:
    pause = min(longest, first * (1 << min(doublings, _DOUBLINGS))) * (0.5 + jitter)
    obeyed = min(_LONGEST_ASKED, timedelta(seconds=min(asked or 0, 1e6)))
    return max(pause, obeyed)


def _is_hopeless(
    claim: Claim, health: ChannelHealth, now: datetime, policy: DeliveryPolicy
) -> bool:
    old = now - claim.created >= policy.give_up
    return old and health.last_ok is not None and health.last_ok > claim.created
