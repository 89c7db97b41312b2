"""Stored articles in another database, as if they had just come; what that database then tells."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.model.article import Stage
from monitor.store.alerts import OPEN, SEALED
from monitor.store.articles import LATEST
from monitor.store.tables import (
    ALERT,
    ALERT_HIT,
    ARTICLE,
    ARTICLE_FEED,
    ARTICLE_REVISION,
    FEED,
    HIT,
)
from monitor.store.types import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that was sent; ``rules`` are those of the hits it tells."""

    channel: str
    kind: str
    at: datetime
    rules: frozenset[str]


def copy_articles(source: sa.Connection, target: sa.Connection, ids: Collection[int]) -> None:
    """Articles with their ids, latest texts and feeds; all else is as if they had just come."""
    feeds = source.execute(
        sa.select(FEED).where(
            FEED.c.id.in_(sa.select(ARTICLE_FEED.c.feed).where(ARTICLE_FEED.c.article.in_(ids)))
        )
    ).mappings()
    for feed in feeds:
        target.execute(insert_new(FEED).values(**feed))
    rows = source.execute(sa.select(ARTICLE).where(ARTICLE.c.id.in_(ids)))
    kept = ("id", "url_key", "url", "arrival", "published", "seen")
    new = [{name: row[name] for name in kept} | {"stage": Stage.NEW} for row in rows.mappings()]
    if not new:
        return
    target.execute(sa.insert(ARTICLE), new)
    texts = source.execute(
        sa.select(ARTICLE_REVISION)
        .join(ARTICLE, ARTICLE.c.id == ARTICLE_REVISION.c.article)
        .where(ARTICLE.c.id.in_(ids), ARTICLE_REVISION.c.n == LATEST)
    ).mappings()
    target.execute(sa.insert(ARTICLE_REVISION), [dict(row) for row in texts])
    carried = source.execute(
        sa.select(ARTICLE_FEED).where(ARTICLE_FEED.c.article.in_(ids))
    ).mappings()
    if carriers := [dict(row) for row in carried]:
        target.execute(sa.insert(ARTICLE_FEED), carriers)


def arrivals(connection: sa.Connection, ids: Collection[int]) -> list[tuple[datetime, int]]:
    """When articles were first seen, with their ids, in the order of time."""
    rows = connection.execute(
        sa.select(ARTICLE.c.seen, ARTICLE.c.id)
        .where(ARTICLE.c.id.in_(ids))
        .order_by(ARTICLE.c.seen, ARTICLE.c.id)
    )
    return [(seen, id_) for seen, id_ in rows]


def next_due(connection: sa.Connection, after: datetime) -> datetime | None:
    """When the next open alert is due after a time."""
    query = sa.select(ALERT.c.due_at).where(ALERT.c.state == OPEN, ALERT.c.due_at > after)
    due: datetime | None = connection.scalar(query.order_by(ALERT.c.due_at).limit(1))
    return due


def sent(connection: sa.Connection) -> list[Sent]:
    """The messages about hits that were sealed, in the order of time."""
    rows = connection.execute(
        sa.select(ALERT.c.id, ALERT.c.channel, ALERT.c.kind, ALERT.c.sealed_at, HIT.c.rule)
        .join(ALERT_HIT, ALERT_HIT.c.alert == ALERT.c.id)
        .join(HIT, HIT.c.id == ALERT_HIT.c.hit)
        .where(ALERT.c.state == SEALED)
        .order_by(ALERT.c.sealed_at, ALERT.c.id)
    )
    found: dict[int, Sent] = {}
    for id_, channel, kind, at, rule in rows:
        known = found.get(id_)
        rules = (known.rules if known else frozenset()) | {rule}
        found[id_] = Sent(channel=channel, kind=kind, at=at, rules=rules)
    return list(found.values())
