"""Every change of the tables on a database that was in use."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from monitor.store import articles, migrations, schema
from monitor.store.engine import Store
from monitor.store.feed_claims import claim_due
from monitor.store.integrity import integrity
from tests.support.stored import NOW

USED = """
INSERT INTO feed (id, url, name, tags, next_poll_at, parsed_at, last_ok)
VALUES (1, 'https://news.example/feed', 'News', '["europe"]', '2026-11-24 11:00:00.000000',
        '2026-11-24 10:00:00.000000', '2026-11-24 10:30:00.000000');
INSERT INTO article (id, url_key, url, arrival, stage, published, seen)
VALUES (1, 'https://news.example/1', 'https://news.example/1', 'live', 'matched',
        '2026-11-24 09:00:00.000000', '2026-11-24 10:00:00.000000');
INSERT INTO article_feed (feed, article, guid, first_seen, last_seen)
VALUES (1, 1, 'guid-1', '2026-11-24 10:00:00.000000', '2026-11-24 10:00:00.000000');
INSERT INTO article_revision (article, n, title, lead, text, author, tags, sha256, seen)
VALUES (1, 1, 'Title', '', 'Text', '', '[]', 'x', '2026-11-24 10:00:00.000000');
"""


@pytest.fixture
def used(tmp_path: Path) -> Iterator[Store]:
    """A database of the first version, with rows."""
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with closing(sqlite3.connect(store.path)) as other, other:
        other.executescript(USED)
    yield store
    store.close()


def test_an_upgrade_keeps_what_was_there(used: Store) -> None:
    assert schema.upgrade(used) is not None
    assert schema.current(used) == schema.head()
    assert integrity(used) == []
    with used.write() as connection:
        (claim,) = claim_due(connection, NOW, NOW, None)
        article = articles.get(connection, 1)
    assert (claim.url, claim.guid_doubt, claim.parsed_at is not None) == (
        "https://news.example/feed",
        0,
        True,
    )
    assert article is not None
    assert (article.title, article.carriers[0].tags) == ("Title", ("europe",))
