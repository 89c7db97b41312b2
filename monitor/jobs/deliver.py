"""Sends the outbox of one channel: claim, send, record, one delivery after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Protocol

from monitor import observe
from monitor.delivery.policy import Verdict, after, health_after
from monitor.errors import Defect, DeliveryError, StoreError
from monitor.jobs.clock import ClockWatch
from monitor.model.alert import Message
from monitor.model.channel import DeliveryPolicy
from monitor.model.delivery import ChannelChange, ChannelHealth, Claim, Outcome
from monitor.model.payload import Payload
from monitor.store import alerts, channels, clamp, deliveries
from monitor.store.deliveries import Result
from monitor.store.engine import Connection, DatabaseError, Store

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds between tries to store an outcome


class Sender(Protocol):
    """Hands messages over."""

    def send(self, claim: Claim, message: Message) -> str:
        """The receipt; raises the family of DeliveryError."""

    def rest(self, channel: str) -> None:
        """There is nothing more to send to a channel for now."""


class Stop(Protocol):
    """The wish to end, such as a ``threading.Event``."""

    def is_set(self) -> bool:
        """Whether to end."""

    def wait(self, timeout: float) -> bool:
        """Waits some seconds, or until the wish is there; returns whether it is."""


class Aftermath(Protocol):
    """What else follows from an outcome, in the transaction that stores it.

    It must not raise but for the store's errors, else the outcome is not stored and the message
    sent again.
    """

    def on_health(self, connection: Connection, change: ChannelChange) -> None:
        """A channel went down, or is up again; once an outage.

        If it is up, what waited is still pending, and nothing of it was claimed yet.
        """

    def on_dead(self, connection: Connection, claim: Claim, reason: str, now: datetime) -> None:
        """A delivery ended without being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """How an attempt went.

    Attributes:
        health: of the channel after it.
        change: the channel went down with it, or is up again.
    """

    claim: Claim
    verdict: Verdict
    health: ChannelHealth
    change: ChannelChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A claim with what it says, or why that can't be told."""

    claim: Claim
    message: Message | Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """How a send ended; ``defect`` is what no sender should raise."""

    receipt: str = ""
    error: DeliveryError | None = None
    defect: Exception | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """An attempt whose outcome is stored, and what was claimed with that."""

    report: DeliveryReport
    following: _Taken | None


class ChannelWorker:
    """The job of one channel; used by one thread at a time.

    Args:
        channel: its name.
        store: where the outbox is.
        sender: hands messages over.
        render: makes the message of an alert.
        policy: how the outbox waits.
        random: spreads the retries.
        on_done: told of every attempt whose outcome is stored.
        aftermath: acts on outcomes when they are stored; None for nothing.
    """

    def __init__(  # noqa: PLR0913  # one argument per collaborator
        self,
        channel: str,
        store: Store,
        *,
        sender: Sender,
        render: Callable[[Payload], Message],
        policy: DeliveryPolicy,
        random: Random,
        on_done: Callable[[DeliveryReport], None],
        aftermath: Aftermath | None = None,
    ) -> None:
        self._channel = channel
        self._store = store
        self._sender = sender
        self._render = render
        self._policy = policy
        self._random = random
        self._on_done = on_done
        self._aftermath = aftermath
        self._clock = ClockWatch()

    def run_until_idle(self, now: Callable[[], datetime], stop: Stop) -> int:
        """Sends what is due now; returns the number of attempts.

        An outcome that can't be stored is tried again until it is, and nothing more is claimed
        meanwhile: else a message that was sent would be sent again and again.

        Args:
            now: the clock.
            stop: ends the run after the send at hand.

        Raises:
            StoreError: nothing can be claimed.
            Exception: a defect of sender or renderer, after its delivery was put off.
        """
        try:
            return self._run(now, stop)
        finally:
            self._sender.rest(self._channel)

    def _run(self, now: Callable[[], datetime], stop: Stop) -> int:
        attempts = 0
        taken: _Taken | None = None
        while taken or (not stop.is_set() and (taken := self._claim(now()))):
            sent = self._send(taken)
            ended = self._record(taken.claim, sent, now, stop)
            if ended is None:
                break
            attempts += 1
            self._on_done(ended.report)
            if sent.defect is not None:
                raise sent.defect
            taken = ended.following
        return attempts

    def _claim(self, now: datetime) -> _Taken | None:
        if self._clock.went_back(now):
            with self._store.write() as connection:
                clamp.deliveries(connection, self._channel, self._policy.lease, now)
        with self._store.read() as connection:
            if not deliveries.is_due(connection, self._channel, now):
                return None
        with self._store.write() as connection:
            return self._take(connection, now)

    def _take(self, connection: Connection, now: datetime) -> _Taken | None:
        """Claims a delivery and fixes what it says, so that a repeat says the same."""
        lease_until = now + self._policy.lease
        claim = deliveries.claim_one(connection, self._channel, now, lease_until)
        if claim is None:
            return None
        try:
            message = self._message(connection, claim)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  # the attempt counts, so it must be stored
            return _Taken(claim=claim, message=error)
        return _Taken(claim=claim, message=message)

    def _message(self, connection: Connection, claim: Claim) -> Message:
        frozen = deliveries.message(connection, claim.id)
        if frozen is not None:
            return frozen
        alert = alerts.get(connection, claim.alert)
        if alert is None:
            raise LookupError(f"alert {claim.alert} has no payload")
        message = self._render(alert)
        deliveries.freeze(connection, claim.id, message)
        return message

    def _send(self, taken: _Taken) -> _Sent:
        if isinstance(taken.message, Exception):
            return _defect("rendering", taken.message, uncertain=False)
        claim = taken.claim
        try:
            with observe.context(channel=claim.channel, delivery=claim.id, attempt=claim.attempt):
                return _Sent(receipt=self._sender.send(claim, taken.message))
        except DeliveryError as error:
            return _Sent(error=error)
        except Exception as error:  # noqa: BLE001  # the outcome must be stored first
            return _defect("sending", error, uncertain=True)

    def _record(
        self, claim: Claim, sent: _Sent, now: Callable[[], datetime], stop: Stop
    ) -> _Ended | None:
        pause = _FIRST_PAUSE
        while True:
            goes_on = sent.defect is None and not stop.is_set()
            try:
                return self._try_to_record(claim, sent, now(), goes_on=goes_on)
            except StoreError:
                if stop.wait(pause):
                    return None  # the lease makes it a possible repeat
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _try_to_record(self, claim: Claim, sent: _Sent, now: datetime, *, goes_on: bool) -> _Ended:
        """Stores the outcome, and in the same commit the next claim: commits are what costs."""
        with self._store.write() as connection:
            health = channels.get(connection, self._channel)
            verdict = after(
                sent.error,
                claim,
                health,
                now=now,
                policy=self._policy,
                jitter=self._random.random(),
            )
            health, change = health_after(health, verdict, now)
            channels.save(connection, health)
            deliveries.record(connection, claim, _result(verdict, sent), now)
            report = DeliveryReport(claim=claim, verdict=verdict, health=health, change=change)
            if self._aftermath is not None:
                _follow(self._aftermath, connection, report, now)
            following = self._take(connection, now) if goes_on else None
        return _Ended(report=report, following=following)


def _follow(
    aftermath: Aftermath, connection: Connection, report: DeliveryReport, now: datetime
) -> None:
    if report.verdict.outcome is Outcome.PERMANENT:
        aftermath.on_dead(connection, report.claim, report.verdict.reason, now)
    if report.change is not None:
        aftermath.on_health(connection, report.change)


def _defect(doing: str, error: Exception, *, uncertain: bool) -> _Sent:
    # Only the type: the text of an unknown error may hold a secret of the channel.
    told = Defect(f"unexpected {type(error).__name__} while {doing}", uncertain=uncertain)
    return _Sent(error=told, defect=error)


def _result(verdict: Verdict, sent: _Sent) -> Result:
    return Result(
        outcome=verdict.outcome,
        next_try=verdict.next_try,
        error=verdict.reason,
        receipt=sent.receipt,
        uncertain=sent.error is not None and sent.error.uncertain,
    )
