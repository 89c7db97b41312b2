"""Puts made-up articles into a database as they are, without a feed document."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from monitor.jobs.index import Indexing
from monitor.model.article import Article, Carrier, Stage
from monitor.store.engine import Connection, Store
from monitor.store.tables import ARTICLE, ARTICLE_FEED, ARTICLE_REVISION, FEED
from tests.support.stored import NOW

MINUTE = timedelta(minutes=1)
NEWS = Carrier(name="News", url="https://news.example/rss")


def keep(store: Store, articles: Sequence[Article], *, stage: Stage = Stage.NEW) -> list[int]:
    """Stores articles, the oldest first; returns their ids."""
    with store.write() as connection:
        return [_keep(connection, article, stage, n) for n, article in enumerate(articles)]


def archive(store: Store, articles: Sequence[Article], *, index: bool = True) -> list[int]:
    """Stores articles that were matched, from some feed; with their words in the index."""
    carried = [replace(each, carriers=each.carriers or (NEWS,)) for each in articles]
    ids = keep(store, carried, stage=Stage.MATCHED)
    job = Indexing(store)
    while index and job.run():
        pass
    return ids


def _keep(connection: Connection, article: Article, stage: Stage, number: int) -> int:
    seen = article.seen or NOW + number * MINUTE
    before = connection.scalar(sa.select(sa.func.count()).select_from(ARTICLE))
    key = f"{'' if article.own_url else 'feed '}{before}"
    columns = {"url_key": key, "url": article.url, "arrival": "live", "stage": stage, "seen": seen}
    id_: int = connection.execute(
        sa.insert(ARTICLE).values(published=article.published, **columns).returning(ARTICLE.c.id)
    ).scalar_one()
    text = {
        name: getattr(article, name) for name in ("title", "lead", "text", "language", "author")
    }
    connection.execute(
        sa.insert(ARTICLE_REVISION).values(
            article=id_, n=1, tags=list(article.tags), sha256=str(id_), seen=seen, **text
        )
    )
    for carrier in dict.fromkeys(article.carriers):
        times = {"first_seen": seen, "last_seen": seen}
        feed = _feed(connection, carrier)
        connection.execute(sa.insert(ARTICLE_FEED).values(article=id_, feed=feed, **times))
    return id_


def _feed(connection: Connection, carrier: Carrier) -> int:
    known = connection.scalar(sa.select(FEED.c.id).where(FEED.c.url == carrier.url))
    if known is not None:
        return int(known)
    values = {"url": carrier.url, "name": carrier.name, "tags": list(carrier.tags)}
    insert = sa.insert(FEED).values(next_poll_at=NOW, **values).returning(FEED.c.id)
    return int(connection.execute(insert).scalar_one())
