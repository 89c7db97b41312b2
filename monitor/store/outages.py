"""What becomes of messages that nobody got: what they were to tell is told another way."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from monitor.model.alert import AlertKind
from monitor.model.delivery import DeliveryState
from monitor.store.tables import ALERT, ALERT_HIT, DELIVERY, DELIVERY_ATTEMPT

MOST_RETURNS = 3
"""Messages that a hit was to be told in and that died, after which it is given up."""

MAY_ARRIVE = (
    DeliveryState.PENDING,
    DeliveryState.SENDING,
    DeliveryState.SENT,
    DeliveryState.HELD,
)
"""Somebody got it, or may still get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An alert that waits as a whole: nobody got it, or may have got it."""

    id: int
    kind: AlertKind


def is_notice(connection: sa.Connection, alert: int) -> bool:
    """Whether an alert is about sources and channels."""
    return (
        connection.scalar(sa.select(ALERT.c.kind).where(ALERT.c.id == alert)) == AlertKind.SYSTEM
    )


def reached_nobody(connection: sa.Connection, alert: int) -> bool:
    """Whether no target of an alert got it, or may still get it."""
    may_arrive = sa.exists().where(DELIVERY.c.alert == alert, DELIVERY.c.state.in_(MAY_ARRIVE))
    return not connection.scalar(sa.select(may_arrive))


def may_have_arrived(connection: sa.Connection, alert: int) -> bool:
    """Whether an attempt for an alert may have reached its receiver without our knowing."""
    attempt = (
        sa.exists()
        .where(DELIVERY.c.alert == alert, DELIVERY_ATTEMPT.c.delivery == DELIVERY.c.id)
        .where(DELIVERY_ATTEMPT.c.uncertain)
    )
    return bool(connection.scalar(sa.select(attempt)))


def hits_to_return(connection: sa.Connection, alert: int) -> int:
    """How many hits of a dead alert are to be told another way."""
    count = sa.select(sa.func.count()).where(*_returnable(alert))
    return connection.scalars(count).one()


def return_hits(connection: sa.Connection, alert: int, into: int) -> None:
    """Lets an open alert tell the hits of a dead one."""
    connection.execute(
        sa.update(ALERT_HIT)
        .where(*_returnable(alert))
        .values(alert=into, returned=ALERT_HIT.c.returned + 1)
    )
    connection.execute(sa.update(ALERT).where(ALERT.c.id == alert).values(folded_into=into))


def _returnable(alert: int) -> tuple[sa.ColumnElement[bool], ...]:
    return ALERT_HIT.c.alert == alert, ALERT_HIT.c.returned < MOST_RETURNS


def missed(connection: sa.Connection, channel: str) -> Sequence[Missed]:
    """The sealed alerts of a channel of which every delivery waits, oldest first.

    One of which an attempt may have arrived is left to be tried again with the same identity.
    """
    other = DELIVERY.alias("other")
    attempted = sa.exists().where(
        DELIVERY_ATTEMPT.c.delivery == other.c.id, DELIVERY_ATTEMPT.c.uncertain
    )
    settled = sa.exists().where(
        other.c.alert == ALERT.c.id,
        sa.or_(other.c.state != DeliveryState.PENDING, attempted),
    )
    waiting = sa.select(DELIVERY.c.alert).where(
        DELIVERY.c.channel == channel, DELIVERY.c.state == DeliveryState.PENDING
    )
    rows = connection.execute(
        sa.select(ALERT.c.id, ALERT.c.kind)
        .where(ALERT.c.id.in_(waiting), ~settled)
        .order_by(ALERT.c.id)
    )
    return [Missed(id=row.id, kind=AlertKind(row.kind)) for row in rows]


def fold_deliveries(connection: sa.Connection, alert: int) -> None:
    """Ends the deliveries of an alert that another one tells."""
    connection.execute(
        sa.update(DELIVERY)
        .where(DELIVERY.c.alert == alert, DELIVERY.c.state == DeliveryState.PENDING)
        .values(state=DeliveryState.FOLDED)
    )
