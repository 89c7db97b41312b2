"""Deletes what was stored of one article, because somebody has a right to that.

What says something about people goes: texts of all revisions, author, tags, the passages and
reasons of its hits, and the stored copies of the messages that quoted it. What stays says only
that there was an article: its key (a feed that still lists it must not bring it back as new and
tell it again), when it was seen, which rules it hit, and that messages were sent.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from monitor.errors import StoreError
from monitor.model.article import Stage
from monitor.model.delivery import DeliveryState
from monitor.model.spike import Evidence
from monitor.store import search
from monitor.store.alerts import OPEN, SEALED
from monitor.store.articles import DELETED
from monitor.store.codec import from_json, to_json
from monitor.store.engine import Store
from monitor.store.hits import NOT_TOLD
from monitor.store.tables import (
    ALERT,
    ALERT_EVENT,
    ALERT_HIT,
    ARTICLE,
    ARTICLE_REVISION,
    DELIVERY,
    FEED_EVENT,
    HIT,
    STORY,
    STORY_SKETCH,
)
from monitor.store.types import AnyRow

_WAITING = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was deleted: numbers of texts, hits and stored messages."""

    texts: int
    hits: int
    messages: int


def erase(store: Store, article: int) -> Erased | None:
    """Deletes an article for good; a file of SQLite holds nothing of it afterwards; backups may.

    Returns:
        What was deleted; None if there is no such article.

    Raises:
        StoreError: a message that tells it is still to be sent.
    """
    with store.write() as connection:
        store.backend.overwrite(connection)
        erased = _erase(connection, article)
    store.backend.purge()
    return erased


def _erase(connection: sa.Connection, article: int) -> Erased | None:
    if connection.scalar(sa.select(ARTICLE.c.id).where(ARTICLE.c.id == article)) is None:
        return None
    hits = connection.scalars(sa.select(HIT.c.id).where(HIT.c.article == article)).all()
    mine = ALERT_HIT.c.hit.in_(hits)
    events = _events(connection, article)
    messages = _messages(connection, mine, events)
    _refuse_waiting(connection, messages)
    _untell(connection, mine)
    for message in messages:
        _blank(connection, message)
    for event, evidence in events.items():
        kept = FEED_EVENT.c.id == event
        connection.execute(sa.update(FEED_EVENT).where(kept).values(evidence=to_json(evidence)))
    connection.execute(
        sa.update(HIT)
        .where(HIT.c.article == article)
        .values(spans=[], why=DELETED, decided_at=sa.func.coalesce(HIT.c.decided_at, HIT.c.seen))
    )
    blank = {"title": DELETED, "lead": "", "text": "", "author": "", "tags": []}
    of_article = ARTICLE_REVISION.c.article == article
    texts = connection.execute(sa.update(ARTICLE_REVISION).where(of_article).values(**blank))
    connection.execute(
        sa.update(ARTICLE)
        .where(ARTICLE.c.id == article)
        .values(url="", stage=Stage.MATCHED, reason=DELETED, page_due_at=None)
    )
    search.erase(connection, article)
    connection.execute(sa.delete(STORY_SKETCH).where(STORY_SKETCH.c.article == article))
    connection.execute(sa.update(STORY).where(STORY.c.article == article).values(title=DELETED))
    return Erased(texts=texts.rowcount, hits=len(hits), messages=len(messages))


def _events(connection: sa.Connection, article: int) -> Mapping[int, Evidence]:
    """The events of rules that show an article, with what is left of their evidence."""
    rows = connection.execute(
        sa.select(FEED_EVENT.c.id, FEED_EVENT.c.evidence).where(FEED_EVENT.c.rule.is_not(None))
    )
    found = {row.id: from_json(Evidence, row.evidence) for row in rows}
    return {
        id_: replace(evidence, top=left)
        for id_, evidence in found.items()
        if len(left := tuple(one for one in evidence.top if one.article.article != article))
        < len(evidence.top)
    }


def _messages(
    connection: sa.Connection, mine: sa.ColumnElement[bool], events: Collection[int]
) -> Sequence[AnyRow]:
    """The sealed alerts that tell or name a hit, or show an article as evidence."""
    telling = sa.select(ALERT_HIT.c.alert).where(mine, ALERT_HIT.c.alert.is_not(None))
    naming = sa.select(ALERT_HIT.c.named_by).where(mine, ALERT_HIT.c.named_by.is_not(None))
    showing = sa.select(ALERT_EVENT.c.alert).where(ALERT_EVENT.c.event.in_(events))
    found = sa.select(ALERT.c.id, ALERT.c.payload).where(
        ALERT.c.state == SEALED, ALERT.c.id.in_(sa.union(telling, naming, showing))
    )
    return connection.execute(found).all()


def _refuse_waiting(connection: sa.Connection, messages: Sequence[AnyRow]) -> None:
    waiting = connection.scalar(
        sa.select(DELIVERY.c.id)
        .where(
            DELIVERY.c.alert.in_([message.id for message in messages]),
            DELIVERY.c.state.in_(_WAITING),
        )
        .limit(1)
    )
    if waiting is not None:
        raise StoreError(
            f"message {waiting} that tells it is still to be sent; wait, or forget it with "
            f"`monitor outbox drop {waiting}`"
        )


def _untell(connection: sa.Connection, mine: sa.ColumnElement[bool]) -> None:
    """Takes hits out of alerts that are still open; those that have nothing to tell then go."""
    opened = sa.select(ALERT.c.id).where(ALERT.c.state == OPEN)
    affected = connection.scalars(
        sa.select(ALERT_HIT.c.alert).where(mine, ALERT_HIT.c.alert.in_(opened))
    ).all()
    connection.execute(
        sa.update(ALERT_HIT)
        .where(mine, ALERT_HIT.c.alert.in_(affected))
        .values(decision=NOT_TOLD, reason=DELETED, alert=None)
    )
    connection.execute(
        sa.delete(ALERT).where(
            ALERT.c.id.in_(affected),
            ~sa.exists().where(ALERT_HIT.c.alert == ALERT.c.id),
            ~sa.exists().where(ALERT_EVENT.c.alert == ALERT.c.id),
        )
    )


def _blank(connection: sa.Connection, message: AnyRow) -> None:
    """Leaves of a sent message what later ones on its story ask for, and nothing else."""
    story = (message.payload or {}).get("story") or {}
    lead = ((story.get("lead") or {}).get("article") or {}).get("id")
    payload = {
        "subject": DELETED,
        "title": DELETED,
        "story": {
            "outlets": story.get("outlets", 1),
            "lead": {"article": {"id": lead, "title": DELETED}},
        },
    }
    connection.execute(sa.update(ALERT).where(ALERT.c.id == message.id).values(payload=payload))
    of_message = DELIVERY.c.alert == message.id
    connection.execute(sa.update(DELIVERY).where(of_message).values(rendered=sa.null()))
    dead = sa.and_(of_message, DELIVERY.c.state == DeliveryState.DEAD)
    connection.execute(
        sa.update(DELIVERY).where(dead).values(state=DeliveryState.DROPPED, last_error=DELETED)
    )
