"""A database with many articles: paragraphs of real or generated news, mixed anew for each.

The same seed gives the same database. Articles come once a minute, from 50 feeds, until ``END``.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import sqlalchemy as sa

from monitor.jobs.index import Indexing
from monitor.model.article import Article
from monitor.store import schema
from monitor.store.engine import Store
from monitor.store.tables import ARTICLE, ARTICLE_FEED, ARTICLE_REVISION, FEED

END: Final = datetime(2026, 11, 24, tzinfo=UTC)
_FEEDS: Final = 50
_BATCH: Final = 1_000


def make_store(path: Path, sources: list[Article], count: int, *, index: bool = True) -> Store:
    """A new database with articles made of the sources; their words in the index if wished."""
    store = Store.open(f"sqlite:///{path}")
    schema.upgrade(store)
    with store.write() as connection:
        connection.execute(sa.insert(FEED), [_feed(number) for number in range(1, _FEEDS + 1)])
    for first in range(1, count + 1, _BATCH):
        numbers = range(first, min(first + _BATCH, count + 1))
        mixed = [(number, _mixed(sources, number)) for number in numbers]
        times = {number: END - timedelta(minutes=count - number) for number in numbers}
        with store.write() as connection:
            connection.execute(sa.insert(ARTICLE), [_article(n, times[n]) for n in numbers])
            connection.execute(
                sa.insert(ARTICLE_REVISION), [_revision(n, times[n], *text) for n, text in mixed]
            )
            connection.execute(sa.insert(ARTICLE_FEED), [_carrier(n, times[n]) for n in numbers])
    job = Indexing(store)
    while index and job.run():
        pass
    return store


def _mixed(sources: list[Article], number: int) -> tuple[str, str]:
    """A title, and the paragraphs of two articles in some order."""
    draw = Random(number)  # noqa: S311  # repeatable, not secret
    first, second = draw.choice(sources), draw.choice(sources)
    own, other = first.text.split("\n\n"), second.text.split("\n\n")
    text = [*own[: len(own) // 2], *other[len(other) // 2 :]]
    draw.shuffle(text)
    return f"{first.title} {number}", "\n\n".join(text)


def _feed(number: int) -> dict[str, Any]:
    url = f"https://feed{number}.example/rss"
    return {
        "id": number,
        "url": url,
        "name": f"Feed {number}",
        "tags": ["europe"] if number % 2 else [],
        "next_poll_at": END,
    }


def _article(number: int, seen: datetime) -> dict[str, Any]:
    url = f"https://site{number % 200}.example/news/{number}"
    return {
        "id": number,
        "url_key": url,
        "url": url,
        "arrival": "live",
        "stage": "matched",
        "published": seen - timedelta(minutes=5),
        "seen": seen,
    }


def _revision(number: int, seen: datetime, title: str, text: str) -> dict[str, Any]:
    return {
        "article": number,
        "n": 1,
        "title": title,
        "lead": text[:150],
        "text": text,
        "language": "en",
        "author": "",
        "tags": [],
        "sha256": f"{number:064}",
        "seen": seen,
    }


def _carrier(number: int, seen: datetime) -> dict[str, Any]:
    return {
        "feed": number % _FEEDS + 1,
        "article": number,
        "guid": None,
        "first_seen": seen,
        "last_seen": seen,
    }
