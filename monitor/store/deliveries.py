"""The outbox: one row per alert and target; claimed, sent, and closed with its outcome."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import StoreError
from monitor.model.alert import AlertKind, Message, Reason
from monitor.model.delivery import Claim, DeliveryState, Outcome
from monitor.store import channels
from monitor.store.codec import from_json, to_json
from monitor.store.tables import ALERT, CHANNEL_HEALTH, DELIVERY, DELIVERY_ATTEMPT
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
_RETRIED = (DeliveryState.PENDING, DeliveryState.DEAD, DeliveryState.HELD, DeliveryState.DROPPED)
_DROPPED = (DeliveryState.PENDING, DeliveryState.DEAD, DeliveryState.HELD)
# Of an alert, a notice and a digest.
_HEADLINES = (("story", "lead", "article", "title"), ("title",), ("subject",))

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
class DeliveryLine:
    """A delivery as a list shows it.

    Attributes:
        headline: of the article it tells first, of the system alert, or the digest's subject.
        uncertain: a receiver may have got it twice.
        waits_for_channel: its channel takes nothing for now; ``next_try`` counts once it does.
    """

    id: int
    alert: int
    headline: str
    channel: str
    target: str
    state: DeliveryState
    attempt: int
    created: datetime
    next_try: datetime
    last_error: str | None
    receipt: str | None
    uncertain: bool
    waits_for_channel: bool


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


def retry(
    connection: sa.Connection, delivery: int, now: datetime, enabled: Collection[str]
) -> None:
    """Puts a delivery back into the outbox, due at once.

    Args:
        connection: of a write.
        delivery: its id.
        now: the time.
        enabled: the channels that are in use; on others it would wait for ever.

    Raises:
        StoreError: there is none with this id, it is sent or being sent, or its channel is gone.
    """
    row = connection.execute(
        sa.select(DELIVERY.c.channel, ALERT.c.folded_into)
        .join(ALERT, ALERT.c.id == DELIVERY.c.alert)
        .where(DELIVERY.c.id == delivery)
    ).one_or_none()
    if row is not None and row.channel not in enabled:
        raise StoreError(
            f'channel "{row.channel}" is not in the configuration, or disabled; put it back first'
        )
    if row is not None and row.folded_into is not None:
        raise StoreError(f"what delivery {delivery} was to tell, alert {row.folded_into} tells")
    _move(connection, delivery, _RETRIED, "retried", state=DeliveryState.PENDING, next_try=now)


def retry_all(
    connection: sa.Connection,
    state: DeliveryState,
    now: datetime,
    enabled: Collection[str],
    channel: str | None = None,
) -> int:
    """Puts what is in a state back into the outbox, due at once; returns how many rows.

    Args:
        connection: of a write.
        state: one that ``retry`` takes.
        now: the time.
        enabled: the channels that are in use; what is for others stays as it is, and so does
            what another alert tells.
        channel: only what is for this one.
    """
    told_elsewhere = sa.select(ALERT.c.id).where(ALERT.c.folded_into.is_not(None))
    chosen = [
        DELIVERY.c.state == state,
        DELIVERY.c.state.in_(_RETRIED),
        DELIVERY.c.channel.in_(enabled),
        DELIVERY.c.alert.not_in(told_elsewhere),
    ]
    if channel is not None:
        chosen.append(DELIVERY.c.channel == channel)
    retried = connection.execute(
        sa.update(DELIVERY)
        .where(*chosen)
        .values(state=DeliveryState.PENDING, next_try=now, lease_until=None)
    )
    return retried.rowcount


def drop(connection: sa.Connection, delivery: int) -> None:
    """Takes a delivery out of the outbox for good.

    Raises:
        StoreError: there is none with this id, or it is sent, being sent or dropped.
    """
    _move(connection, delivery, _DROPPED, "dropped", state=DeliveryState.DROPPED)


def drop_all(connection: sa.Connection, state: DeliveryState, channel: str | None = None) -> int:
    """Takes what is in a state out of the outbox for good; returns how many rows.

    Args:
        connection: of a write.
        state: one that ``drop`` takes.
        channel: only what is for this one.
    """
    chosen = [DELIVERY.c.state == state, DELIVERY.c.state.in_(_DROPPED)]
    if channel is not None:
        chosen.append(DELIVERY.c.channel == channel)
    dropped = connection.execute(
        sa.update(DELIVERY).where(*chosen).values(state=DeliveryState.DROPPED)
    )
    return dropped.rowcount


def _move(
    connection: sa.Connection,
    delivery: int,
    allowed: tuple[DeliveryState, ...],
    verb: str,
    **values: object,
) -> None:
    moved = connection.execute(
        sa.update(DELIVERY)
        .where(DELIVERY.c.id == delivery, DELIVERY.c.state.in_(allowed))
        .values(**values)
    )
    if moved.rowcount:
        return
    state = connection.scalar(sa.select(DELIVERY.c.state).where(DELIVERY.c.id == delivery))
    if state is None:
        raise StoreError(f"there is no delivery {delivery}; `monitor outbox` lists them")
    possible = ", ".join(allowed)
    raise StoreError(f"delivery {delivery} is {state}; only {possible} ones can be {verb}")


def lines(
    connection: sa.Connection,
    state: DeliveryState | None = None,
    limit: int | None = None,
    channel: str | None = None,
) -> list[DeliveryLine]:
    """Deliveries, newest first; only those in a state, or for a channel, if one is named."""
    uncertain = (
        sa.exists()
        .where(DELIVERY_ATTEMPT.c.delivery == DELIVERY.c.id, DELIVERY_ATTEMPT.c.uncertain)
        .label("uncertain")
    )
    headline = sa.func.coalesce(*(ALERT.c.payload[path].as_string() for path in _HEADLINES))
    query = (
        sa.select(DELIVERY, uncertain, headline.label("headline"), CHANNEL_HEALTH.c.next_probe)
        .join(ALERT, ALERT.c.id == DELIVERY.c.alert)
        .outerjoin(CHANNEL_HEALTH, CHANNEL_HEALTH.c.channel == DELIVERY.c.channel)
        .order_by(DELIVERY.c.id.desc())
        .limit(limit)
    )
    if state is not None:
        query = query.where(DELIVERY.c.state == state)
    if channel is not None:
        query = query.where(DELIVERY.c.channel == channel)
    return [_line(row) for row in connection.execute(query)]


def _line(row: AnyRow) -> DeliveryLine:
    return DeliveryLine(
        id=row.id,
        alert=row.alert,
        headline=row.headline or "",
        channel=row.channel,
        target=row.target,
        state=DeliveryState(row.state),
        attempt=row.attempt,
        created=row.created,
        next_try=row.next_try,
        last_error=row.last_error,
        receipt=row.receipt,
        uncertain=row.uncertain,
        waits_for_channel=row.state == DeliveryState.PENDING and row.next_probe is not None,
    )
