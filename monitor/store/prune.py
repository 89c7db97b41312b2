"""Forgets what is old, in small steps; each function does one step and says how much it did."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model.article import Stage
from monitor.model.delivery import DeliveryState
from monitor.store.alerts import OPEN
from monitor.store.tables import (
    ALERT,
    ALERT_HIT,
    ARTICLE,
    ARTICLE_FEED,
    DELIVERY,
    DELIVERY_ATTEMPT,
    HIT,
)

# A feed that still lists an article would bring it back as new: hit again, told again.
STILL_LISTED = timedelta(days=30)
_UNFINISHED = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD)


def articles(connection: sa.Connection, before: datetime, now: datetime, limit: int) -> int:
    """Deletes articles seen before a date that hit nothing and that no feed lists."""
    hit = sa.exists().where(HIT.c.article == ARTICLE.c.id)
    old = (
        sa.select(ARTICLE.c.id)
        .where(ARTICLE.c.stage == Stage.MATCHED, ARTICLE.c.seen < before, ~hit)
        .where(~_listed(ARTICLE.c.id, now))
        .limit(limit)
    )
    return _delete(connection, ARTICLE, old)


def _listed(article: sa.ColumnElement[int], now: datetime) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        ARTICLE_FEED.c.article == article, ARTICLE_FEED.c.last_seen > now - STILL_LISTED
    )


def hits(connection: sa.Connection, before: datetime, now: datetime, limit: int) -> int:
    """Deletes hits found before a date of articles that no feed lists.

    Those of which something is still to be told stay, whatever their age.
    """
    unfinished = sa.exists().where(
        ALERT_HIT.c.hit == HIT.c.id,
        ALERT.c.id == ALERT_HIT.c.alert,
        sa.or_(
            ALERT.c.state == OPEN,
            sa.exists().where(DELIVERY.c.alert == ALERT.c.id, DELIVERY.c.state.in_(_UNFINISHED)),
        ),
    )
    old = (
        sa.select(HIT.c.id)
        .where(HIT.c.seen < before, HIT.c.decided_at.is_not(None), ~unfinished)
        .where(~_listed(HIT.c.article, now))
        .limit(limit)
    )
    return _delete(connection, HIT, old)


def alerts(connection: sa.Connection, limit: int) -> int:
    """Deletes sealed alerts of which every hit is gone, with their deliveries."""
    told = sa.exists().where(ALERT_HIT.c.alert == ALERT.c.id)
    waiting = sa.exists().where(DELIVERY.c.alert == ALERT.c.id, DELIVERY.c.state.in_(_UNFINISHED))
    old = sa.select(ALERT.c.id).where(ALERT.c.state != OPEN, ~told, ~waiting).limit(limit)
    return _delete(connection, ALERT, old)


def attempts(connection: sa.Connection, before: datetime, limit: int) -> int:
    """Deletes attempts made before a date of deliveries that are finished."""
    finished = sa.select(DELIVERY.c.id).where(DELIVERY.c.state.not_in(_UNFINISHED))
    old = (
        sa.select(DELIVERY_ATTEMPT.c.delivery)
        .where(DELIVERY_ATTEMPT.c.started < before, DELIVERY_ATTEMPT.c.delivery.in_(finished))
        .limit(limit)
    )
    mine = DELIVERY_ATTEMPT.c.delivery.in_(old.scalar_subquery())
    deleted = sa.delete(DELIVERY_ATTEMPT).where(mine, DELIVERY_ATTEMPT.c.started < before)
    return connection.execute(deleted).rowcount


def _delete(connection: sa.Connection, table: sa.Table, ids: sa.Select[tuple[int]]) -> int:
    gone = sa.delete(table).where(table.c.id.in_(ids.scalar_subquery()))
    return connection.execute(gone).rowcount
