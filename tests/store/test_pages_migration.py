"""The upgrade of a database that holds articles and feeds."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from monitor.model.article import Stage
from monitor.store import articles, migrations, schema
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from monitor.store.tables import ARTICLE, FEED

_ROWS = """
INSERT INTO feed (id, url, name, tags, next_poll_at)
    VALUES (1, 'https://news.example/feed', 'News', '[]', '2026-11-24 12:00:00');
INSERT INTO article (id, url_key, url, arrival, stage, reason, seen) VALUES
    (1, 'a', 'https://news.example/1', 'live', 'matched', 'rule x: boom', '2026-11-24 12:00:00'),
    (2, 'b', 'https://news.example/2', 'live', 'new', NULL, '2026-11-24 12:00:00');
INSERT INTO article_feed (feed, article, first_seen, last_seen) VALUES
    (1, 1, '2026-11-24 12:00:00', '2026-11-24 12:00:00'),
    (1, 2, '2026-11-24 12:00:00', '2026-11-24 12:00:00');
INSERT INTO article_revision (article, n, title, lead, text, author, tags, sha256, seen) VALUES
    (1, 1, 'One', '', '', '', '[]', 'x', '2026-11-24 12:00:00'),
    (2, 1, 'Two', '', '', '', '[]', 'y', '2026-11-24 12:00:00');
"""


def at_version(store: Store, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)


def test_articles_and_feeds_from_before_pages_are_kept(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    at_version(store, "0001")
    with closing(sqlite3.connect(store.path)) as connection:
        connection.executescript(_ROWS)
    assert schema.upgrade(store) is not None
    with store.write() as connection:
        lines = {line.id: line for line in articles.recent(connection)}
        (claim,) = articles.claim_new(connection, 9)
        tries = connection.scalars(sa.select(ARTICLE.c.page_tries)).all()
        spent = connection.scalars(sa.select(FEED.c.pages)).all()
    assert (lines[1].stage, lines[1].reason) == (Stage.MATCHED, "rule x: boom")
    assert (claim.id, claim.page_sought, claim.live) == (2, False, True)
    assert (tries, spent) == ([0, 0], [0])
    assert integrity(store) == []
    store.close()
