"""The upgrade of a database that holds hits."""

import sqlite3
from contextlib import closing
from pathlib import Path

from monitor.store import hit_list, schema
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.store.test_pages_migration import at_version
from tests.support.stored import memberships

_ROWS = """
INSERT INTO feed (id, url, name, tags, next_poll_at)
    VALUES (1, 'https://news.example/feed', 'News', '[]', '2026-11-24 12:00:00');
INSERT INTO article (id, url_key, url, arrival, stage, seen) VALUES
    (1, 'a', 'https://news.example/1', 'live', 'matched', '2026-11-24 12:00:00');
INSERT INTO article_feed (feed, article, first_seen, last_seen) VALUES
    (1, 1, '2026-11-24 12:00:00', '2026-11-24 12:00:00');
INSERT INTO article_revision (article, n, title, lead, text, author, tags, sha256, seen) VALUES
    (1, 1, 'One', '', '', '', '[]', 'x', '2026-11-24 12:00:00');
INSERT INTO rule_revision (sha256, sources, loaded_at) VALUES ('r', '{}', '2026-11-24 12:00:00');
INSERT INTO hit (id, rule, article, revision, spans, why, score, rule_revision, facts, seen) VALUES
    (7, 'troops', 1, 1, '[]', 'because', 1.0, 'r', '{"id": "troops", "title": "Troops"}',
     '2026-11-24 12:00:00');
"""


def test_hits_from_before_there_were_stories_are_kept_and_have_none(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    at_version(store, "0004_pages")
    with closing(sqlite3.connect(store.path)) as connection:
        connection.executescript(_ROWS)
    assert schema.upgrade(store) is not None
    with store.read() as connection:
        (line,) = hit_list.recent(connection)
        assert memberships(connection) == {}
    assert (line.id, line.story) == (7, None)
    assert integrity(store) == []
    store.close()
