"""Forgets what is old, in small steps; each function does one step and says how much it did."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model.article import Stage
from monitor.model.delivery import DeliveryState
from monitor.store.alerts import OPEN
from monitor.store.tables import (
    ALERT,
    ALERT_EVENT,
    ALERT_HIT,
    ARTICLE,
    ARTICLE_FEED,
    DELIVERY,
    DELIVERY_ATTEMPT,
    FEED,
    FEED_EVENT,
    HIT,
    MUTE,
    STORY,
    STORY_ARTICLE,
    STORY_SKETCH,
)

# A feed that still lists an article would bring it back as new: hit again, told again.
STILL_LISTED = timedelta(days=30)
_UNFINISHED = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD)


def articles(connection: sa.Connection, before: datetime, now: datetime, limit: int) -> int:
    """Deletes articles seen before a date that hit nothing and that no feed lists.

    A story goes with its last article.
    """
    hit = sa.exists().where(HIT.c.article == ARTICLE.c.id)
    old = connection.scalars(
        sa.select(ARTICLE.c.id)
        .where(ARTICLE.c.stage == Stage.MATCHED, ARTICLE.c.seen < before, ~hit)
        .where(~_listed(ARTICLE.c.id, now))
        .limit(limit)
    ).all()
    mine = STORY_ARTICLE.c.article.in_(old)
    stories = connection.scalars(sa.select(STORY_ARTICLE.c.story).where(mine).distinct()).all()
    connection.execute(sa.delete(ARTICLE).where(ARTICLE.c.id.in_(old)))
    still_told = sa.exists().where(STORY_ARTICLE.c.story == STORY.c.id)
    connection.execute(sa.delete(STORY).where(STORY.c.id.in_(stories), ~still_told))
    return len(old)


def _listed(article: sa.ColumnElement[int], now: datetime) -> sa.ColumnElement[bool]:
    """Whether the last document of a feed, however old it is, or a recent one has an article."""
    return sa.exists().where(
        ARTICLE_FEED.c.article == article,
        FEED.c.id == ARTICLE_FEED.c.feed,
        sa.or_(
            ARTICLE_FEED.c.last_seen > now - STILL_LISTED,
            ARTICLE_FEED.c.last_seen >= FEED.c.parsed_at,
        ),
    )


def sketches(connection: sa.Connection, before: datetime, limit: int) -> int:
    """Deletes sketches of articles that were last seen, or repeated, before a date."""
    old = sa.select(STORY_SKETCH.c.article).where(STORY_SKETCH.c.seen < before).limit(limit)
    gone = sa.delete(STORY_SKETCH).where(STORY_SKETCH.c.article.in_(old.scalar_subquery()))
    return connection.execute(gone).rowcount


def hits(connection: sa.Connection, before: datetime, now: datetime, limit: int) -> int:
    """Deletes hits found before a date of articles that no feed lists, and what told them.

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
    old = connection.scalars(
        sa.select(HIT.c.id)
        .where(HIT.c.seen < before, HIT.c.decided_at.is_not(None), ~unfinished)
        .where(~_listed(HIT.c.article, now))
        .limit(limit)
    ).all()
    mine = ALERT_HIT.c.hit.in_(old)
    alerts = connection.scalars(sa.select(ALERT_HIT.c.alert).where(mine).distinct()).all()
    connection.execute(sa.delete(HIT).where(HIT.c.id.in_(old)))
    still_telling = sa.exists().where(ALERT_HIT.c.alert == ALERT.c.id)
    connection.execute(sa.delete(ALERT).where(ALERT.c.id.in_(alerts), ~still_telling))
    return len(old)


def messages(connection: sa.Connection, before: datetime, limit: int) -> int:
    """Deletes alerts sealed before a date that tell no hit: notices, empty and folded ones."""
    unfinished = sa.exists().where(
        DELIVERY.c.alert == ALERT.c.id, DELIVERY.c.state.in_(_UNFINISHED)
    )
    telling = sa.exists().where(ALERT_HIT.c.alert == ALERT.c.id)
    old = (
        sa.select(ALERT.c.id)
        .where(ALERT.c.state != OPEN, ALERT.c.sealed_at < before, ~unfinished, ~telling)
        .limit(limit)
    )
    gone = sa.delete(ALERT).where(ALERT.c.id.in_(old.scalar_subquery()))
    return connection.execute(gone).rowcount


def events(connection: sa.Connection, before: datetime, limit: int) -> int:
    """Deletes events of feeds before a date that no alert tells."""
    telling = sa.exists().where(ALERT_EVENT.c.event == FEED_EVENT.c.id)
    old = (
        sa.select(FEED_EVENT.c.id)
        .where(FEED_EVENT.c.at < before, FEED_EVENT.c.decided_at.is_not(None), ~telling)
        .limit(limit)
    )
    gone = sa.delete(FEED_EVENT).where(FEED_EVENT.c.id.in_(old.scalar_subquery()))
    return connection.execute(gone).rowcount


def mutes(connection: sa.Connection, before: datetime, limit: int) -> int:
    """Deletes mutes that ended before a date."""
    old = sa.select(MUTE.c.id).where(MUTE.c.until < before).limit(limit)
    return connection.execute(sa.delete(MUTE).where(MUTE.c.id.in_(old.scalar_subquery()))).rowcount


def attempts(connection: sa.Connection, before: datetime, limit: int) -> int:
    """Deletes attempts made before a date of deliveries that are finished."""
    finished = sa.exists().where(
        DELIVERY.c.id == DELIVERY_ATTEMPT.c.delivery, DELIVERY.c.state.not_in(_UNFINISHED)
    )
    key = (DELIVERY_ATTEMPT.c.delivery, DELIVERY_ATTEMPT.c.n)
    old = sa.select(*key).where(DELIVERY_ATTEMPT.c.started < before, finished).limit(limit)
    return connection.execute(sa.delete(DELIVERY_ATTEMPT).where(sa.tuple_(*key).in_(old))).rowcount
