"""The outbox as people see it: what is in it, and what they take out of it or put back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.errors import StoreError
from monitor.model.delivery import DeliveryState
from monitor.store.tables import ALERT, CHANNEL_HEALTH, DELIVERY, DELIVERY_ATTEMPT
from monitor.store.types import AnyRow

_RETRIED = (DeliveryState.PENDING, DeliveryState.DEAD, DeliveryState.HELD, DeliveryState.DROPPED)
_DROPPED = (DeliveryState.PENDING, DeliveryState.DEAD, DeliveryState.HELD)
# Of an alert, a notice and a digest.
_HEADLINES = (("story", "lead", "article", "title"), ("title",), ("subject",))


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
