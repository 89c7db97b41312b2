"""Checks that the tables say what they must: the database's own checks, and our invariants."""

import sqlalchemy as sa

from monitor.model.alert import AlertKind
from monitor.model.article import Stage
from monitor.model.delivery import DeliveryState
from monitor.store.alerts import FOLDED, OPEN, SEALED
from monitor.store.engine import Store
from monitor.store.hits import NOT_TOLD, TOLD
from monitor.store.tables import (
    ALERT,
    ALERT_EVENT,
    ALERT_HIT,
    ARTICLE,
    ARTICLE_FEED,
    ARTICLE_REVISION,
    DELIVERY,
    DELIVERY_ATTEMPT,
    HIT,
    STORY,
    STORY_ARTICLE,
)


def integrity(store: Store) -> list[str]:
    """What is wrong with a database, one line each; empty if nothing is.

    Raises:
        StoreError: the database can't be read.
    """
    with store.read() as connection:
        return [*store.backend.damage(connection), *_invariants(connection)]


def _invariants(connection: sa.Connection) -> list[str]:
    return [
        f"{table.name} {id_} {problem}"
        for table, problem, wrong in _RULES
        for id_ in connection.scalars(sa.select(table.c.id).where(wrong).order_by(table.c.id))
    ]


_ATTEMPTS = (
    sa.select(sa.func.count())
    .where(DELIVERY_ATTEMPT.c.delivery == DELIVERY.c.id)
    .scalar_subquery()
)
_OPEN_ATTEMPT = sa.exists().where(
    DELIVERY_ATTEMPT.c.delivery == DELIVERY.c.id,
    DELIVERY_ATTEMPT.c.n == DELIVERY.c.attempt,
    DELIVERY_ATTEMPT.c.ended.is_(None),
)
_DECIDED = sa.exists().where(ALERT_HIT.c.hit == HIT.c.id)

# Which rows of which table are wrong, and what is wrong with them.
_RULES: tuple[tuple[sa.Table, str, sa.ColumnElement[bool]], ...] = (
    (ARTICLE, "has no text", ~sa.exists().where(ARTICLE_REVISION.c.article == ARTICLE.c.id)),
    (ARTICLE, "was in no feed", ~sa.exists().where(ARTICLE_FEED.c.article == ARTICLE.c.id)),
    (ARTICLE, "is in no known stage", ARTICLE.c.stage.not_in(tuple(Stage))),
    (
        ARTICLE,
        "waits for its page without a date or a reason",
        sa.and_(
            ARTICLE.c.stage == Stage.WANTED,
            sa.or_(
                ARTICLE.c.page_due_at.is_(None),
                ARTICLE.c.page_wanted_at.is_(None),
                ARTICLE.c.reason.is_(None),
            ),
        ),
    ),
    (STORY, "has no article", ~sa.exists().where(STORY_ARTICLE.c.story == STORY.c.id)),
    (HIT, "is open and has a decision", sa.and_(HIT.c.decided_at.is_(None), _DECIDED)),
    (
        HIT,
        "is told without an alert, or has an alert and is not told",
        sa.exists().where(
            ALERT_HIT.c.hit == HIT.c.id,
            sa.or_(
                ALERT_HIT.c.decision.not_in((TOLD, NOT_TOLD)),
                (ALERT_HIT.c.decision == TOLD) == ALERT_HIT.c.alert.is_(None),
            ),
        ),
    ),
    (
        ALERT,
        "is open and tells nothing",
        sa.and_(
            ALERT.c.state == OPEN,
            ALERT.c.kind != AlertKind.DIGEST,  # which may have nothing to say
            ~sa.exists().where(ALERT_HIT.c.alert == ALERT.c.id),
            ~sa.exists().where(ALERT_EVENT.c.alert == ALERT.c.id),
        ),
    ),
    (
        ALERT,
        "is sealed without a delivery",
        sa.and_(ALERT.c.state == SEALED, ~sa.exists().where(DELIVERY.c.alert == ALERT.c.id)),
    ),
    (
        ALERT,
        "is sealed without what it says, or open with it",
        sa.or_(
            sa.and_(ALERT.c.state == OPEN, ALERT.c.payload.is_not(None)),
            sa.and_(ALERT.c.state == SEALED, ALERT.c.payload.is_(None)),
        ),
    ),
    (
        ALERT,
        "went into another, and has hits",
        sa.and_(ALERT.c.state == FOLDED, sa.exists().where(ALERT_HIT.c.alert == ALERT.c.id)),
    ),
    (
        ALERT,
        "is open and has a delivery",
        sa.and_(ALERT.c.state == OPEN, sa.exists().where(DELIVERY.c.alert == ALERT.c.id)),
    ),
    (
        ALERT,
        "is of another channel than its hits or deliveries",
        sa.or_(
            sa.exists().where(
                ALERT_HIT.c.alert == ALERT.c.id, ALERT_HIT.c.channel != ALERT.c.channel
            ),
            sa.exists().where(
                DELIVERY.c.alert == ALERT.c.id, DELIVERY.c.channel != ALERT.c.channel
            ),
        ),
    ),
    (
        DELIVERY,
        "is being sent without an open attempt",
        sa.and_(DELIVERY.c.state == DeliveryState.SENDING, ~_OPEN_ATTEMPT),
    ),
    (
        DELIVERY,
        "is sent without an attempt",
        sa.and_(DELIVERY.c.state == DeliveryState.SENT, DELIVERY.c.attempt == 0),
    ),
    (DELIVERY, "has more attempts than it counted", DELIVERY.c.attempt < _ATTEMPTS),
    (
        DELIVERY,
        "is in no known state",
        DELIVERY.c.state.not_in(tuple(DeliveryState)),
    ),
)
