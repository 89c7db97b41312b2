"""The outbox: one row per alert and target; claimed, sent, and closed with its outcome."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model.alert import AlertKind, Message, Reason
from monitor.model.delivery import Claim, DeliveryState, Outcome
from monitor.store import channels
from monitor.store.codec import from_json, to_json
from monitor.store.tables import ALERT, DELIVERY, DELIVERY_ATTEMPT
from monitor.store.types import AnyRow

_NEXT_STATE = {
    Outcome.SENT: DeliveryState.SENT,
    Outcome.RETRY: DeliveryState.PENDING,
    Outcome.PERMANENT: DeliveryState.DEAD,
    Outcome.CHANNEL_DOWN: DeliveryState.PENDING,
}
# Written out, not bound: only so is the partial index used, whatever was sent before.
_WAITING = DELIVERY.c.state.in_(
    sa.bindparam(
        "waiting",
        [DeliveryState.PENDING.value, DeliveryState.SENDING.value],
        expanding=True,
        literal_execute=True,
    )
)

_THIS, _BEFORE = ALERT.alias("this"), ALERT.alias("before")
_FIRST_RECEIPT = (
    sa.select(DELIVERY.c.receipt)
    .join(_BEFORE, _BEFORE.c.id == DELIVERY.c.alert)
    .join(
        _THIS,
        sa.and_(_THIS.c.channel == _BEFORE.c.channel, _THIS.c.subject == _BEFORE.c.subject),
    )
    .where(
        _THIS.c.id == sa.bindparam("alert"),
        _THIS.c.kind == AlertKind.FOLLOW_UP,
        _BEFORE.c.kind.in_((AlertKind.FIRST, AlertKind.FOLLOW_UP)),
        _BEFORE.c.id < _THIS.c.id,
        DELIVERY.c.target == sa.bindparam("target"),
        DELIVERY.c.receipt.is_not(None),
    )
    .order_by(DELIVERY.c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDelivery:
    """A delivery that waits for somebody's word."""

    id: int
    alert: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is stored of an attempt that ended.

    Attributes:
        next_try: when the delivery may be claimed again, if it is to be sent again.
        error: for people, without secrets; empty if it was sent.
        receipt: what the receiver answered, if it was sent.
        uncertain: the receiver may have accepted it although we saw no answer.
    """

    outcome: Outcome
    next_try: datetime | None = None
    error: str = ""
    receipt: str = ""
    uncertain: bool = False


def claim_one(
    connection: sa.Connection, channel: str, now: datetime, lease_until: datetime
) -> Claim | None:
    """Takes the oldest delivery of a channel that is due and counts the attempt.

    One at a time: only a send that really began can look like a repeat after a crash. Nothing is
    claimed before the next probe of a channel that failed; the probe is the row tried least.
    """
    row = _first_waiting(connection, channel, now, claim=True)
    if row is None:
        return None
    attempt = row.attempt + 1
    if row.state == DeliveryState.SENDING:  # its lease ran out: nobody knows how it ended
        _mark_uncertain(connection, DELIVERY_ATTEMPT.c.delivery == row.id)
    connection.execute(
        sa.update(DELIVERY)
        .where(DELIVERY.c.id == row.id)
        .values(state=DeliveryState.SENDING, attempt=attempt, lease_until=lease_until)
    )
    connection.execute(sa.insert(DELIVERY_ATTEMPT).values(delivery=row.id, n=attempt, started=now))
    return Claim(
        id=row.id,
        alert=row.alert,
        channel=channel,
        target=row.target,
        key=row.key,
        attempt=attempt,
        created=row.created,
        thread_receipt=_thread_receipt(connection, row),
    )


def _thread_receipt(connection: sa.Connection, row: AnyRow) -> str:
    """What the same target called the first message on the story that a follow-up is about."""
    about = {"alert": row.alert, "target": row.target}
    receipt: str | None = connection.scalar(_FIRST_RECEIPT, about)
    return receipt or ""


def is_due(connection: sa.Connection, channel: str, now: datetime) -> bool:
    """Whether ``claim_one`` would claim something, asked without the writer's lock."""
    return _first_waiting(connection, channel, now) is not None


def _first_waiting(
    connection: sa.Connection, channel: str, now: datetime, *, claim: bool = False
) -> AnyRow | None:
    probe = channels.get(connection, channel).next_probe
    if probe is not None and probe > now:
        return None
    query = _NEXT if probe is None else _PROBE
    if claim:
        query = query.with_for_update(skip_locked=True)
    return connection.execute(query, {"for_channel": channel, "now": now}).one_or_none()


def _waiting(*, probing: bool) -> sa.Select[Any]:
    """What a channel sends next; made once, for it is asked every second."""
    pending = DELIVERY.c.state == DeliveryState.PENDING
    due = DELIVERY.c.next_try <= sa.bindparam("now")
    lost = DELIVERY.c.lease_until <= sa.bindparam("now")
    return (
        sa.select(DELIVERY)
        .where(
            DELIVERY.c.channel == sa.bindparam("for_channel"),
            _WAITING,
            sa.or_(
                sa.and_(pending, sa.true() if probing else due),
                sa.and_(DELIVERY.c.state == DeliveryState.SENDING, lost),
            ),
        )
        # The probe is the row tried least: one that the receiver refuses for its content must
        # not keep the channel down for the others.
        .order_by(*((DELIVERY.c.attempt,) if probing else ()), DELIVERY.c.id)
        .limit(1)
    )


_NEXT, _PROBE = _waiting(probing=False), _waiting(probing=True)


def message(connection: sa.Connection, delivery: int) -> Message | None:
    """What the delivery says; None before the first try."""
    rendered = connection.scalar(sa.select(DELIVERY.c.rendered).where(DELIVERY.c.id == delivery))
    return None if rendered is None else from_json(Message, rendered)


def freeze(connection: sa.Connection, delivery: int, rendered: Message) -> None:
    """Fixes what the delivery says, so that a repeat says the same."""
    values = {"rendered": to_json(rendered)}
    connection.execute(sa.update(DELIVERY).where(DELIVERY.c.id == delivery).values(values))


def held_unrendered(connection: sa.Connection, after: int, limit: int) -> list[HeldDelivery]:
    """Held deliveries whose message was never made, oldest first, with ids above ``after``."""
    rows = connection.execute(
        sa.select(DELIVERY.c.id, DELIVERY.c.alert, DELIVERY.c.channel)
        .where(DELIVERY.c.state == DeliveryState.HELD, DELIVERY.c.id > after)
        .where(DELIVERY.c.rendered.is_(None))
        .order_by(DELIVERY.c.id)
        .limit(limit)
    )
    return [HeldDelivery(id=row.id, alert=row.alert, channel=row.channel) for row in rows]


def record(connection: sa.Connection, claim: Claim, result: Result, now: datetime) -> None:
    """Ends an attempt and says what becomes of its delivery."""
    connection.execute(
        sa.update(DELIVERY_ATTEMPT)
        .where(DELIVERY_ATTEMPT.c.delivery == claim.id, DELIVERY_ATTEMPT.c.n == claim.attempt)
        .values(ended=now, outcome=result.outcome, uncertain=result.uncertain)
    )
    connection.execute(
        sa.update(DELIVERY)
        .where(DELIVERY.c.id == claim.id, DELIVERY.c.attempt == claim.attempt)
        .values(
            state=_NEXT_STATE[result.outcome],
            next_try=result.next_try or now,
            lease_until=None,
            last_error=result.error or None,
            receipt=result.receipt or None,
        )
    )


def release_leases(connection: sa.Connection, channel: str | None = None) -> int:
    """Returns the deliveries of a dead process to the outbox, each a possible repeat.

    Args:
        connection: of a write.
        channel: on which nobody else sends; None for all of them.
    """
    mine = sa.true() if channel is None else DELIVERY.c.channel == channel
    sending = sa.and_(_WAITING, DELIVERY.c.state == DeliveryState.SENDING, mine)
    ids = sa.select(DELIVERY.c.id).where(sending)
    _mark_uncertain(connection, DELIVERY_ATTEMPT.c.delivery.in_(ids))
    released = connection.execute(
        sa.update(DELIVERY).where(sending).values(state=DeliveryState.PENDING, lease_until=None)
    )
    return released.rowcount


def _mark_uncertain(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    connection.execute(
        sa.update(DELIVERY_ATTEMPT)
        .where(which, DELIVERY_ATTEMPT.c.ended.is_(None))
        .values(uncertain=True)
    )


def retire(connection: sa.Connection, configured: Collection[str]) -> int:
    """Ends what waits for channels that left the configuration; returns how many rows."""
    ended = connection.execute(
        sa.update(DELIVERY)
        .where(
            DELIVERY.c.state.in_((DeliveryState.PENDING, DeliveryState.SENDING)),
            DELIVERY.c.channel.not_in(configured),
        )
        .values(state=DeliveryState.DEAD, lease_until=None, last_error=Reason.CHANNEL_REMOVED)
    )
    return ended.rowcount
