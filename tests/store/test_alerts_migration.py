"""The upgrade of a database with system alerts that wait, and alerts that wait to be sent."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from monitor.model.alert import Alert
from monitor.store import alerts, drafts, schema
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.store.test_pages_migration import at_version
from tests.support.stored import NOW

_RULE = {"id": "troops", "title": "Troops", "severity": "normal"}
_ARTICLE = {
    "id": 1,
    "title": "One",
    "lead": "",
    "text": "",
    "url": "https://news.example/1",
    "source": "News",
    "language": None,
    "published": None,
    "seen": "2026-11-24T12:00:00+00:00",
}
_SAID = {
    "id": 4,
    "channel": "desk",
    "created": "2026-11-24T12:00:00+00:00",
    "article": _ARTICLE,
    "hits": [{"rule": _RULE, "spans": [], "why": "because"}],
}
_ROWS = """
INSERT INTO feed (id, url, name, tags, next_poll_at)
    VALUES (1, 'https://news.example/feed', 'News', '[]', '2026-11-24 12:00:00');
INSERT INTO feed_event (id, feed, kind, at, text, told, decided_at)
    VALUES (5, 1, 'silent', '2026-11-24 12:00:00', 'is silent', 1, '2026-11-24 12:00:00');
INSERT INTO alert (id, channel, kind, subject, seq, state, due_at, created) VALUES
    (3, 'desk', 'system', 'sources', 1, 'open', '2026-11-24 12:00:00', '2026-11-24 12:00:00'),
    (4, 'desk', 'first', 'article:1', 1, 'sealed', '2026-11-24 12:00:00', '2026-11-24 12:00:00');
INSERT INTO alert_event (alert, event) VALUES (3, 5);
INSERT INTO delivery (alert, channel, target, key, state, next_try, created, rendered) VALUES
    (4, 'desk', '', 'k', 'pending', '2026-11-24 12:00:00', '2026-11-24 12:00:00', '{}');
"""


def test_what_waits_to_be_told_or_sent_still_does(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")
    at_version(store, "0005_stories")
    with closing(sqlite3.connect(store.path)) as file, file:
        file.executescript(_ROWS)
        file.execute("UPDATE alert SET payload = ? WHERE id = 4", [json.dumps(_SAID)])
    assert schema.upgrade(store) is not None
    with store.write() as connection:
        opened = alerts.take(connection, 3)
        assert opened is not None
        (line,) = drafts.draft(connection, opened).events
        said = alerts.get(connection, 4)
        rendered = connection.exec_driver_sql("SELECT rendered FROM delivery").scalar()
        assert alerts.due(connection, NOW, 9) == [3]
    assert (line.name, line.text) == ("News", "is silent")
    assert isinstance(said, Alert)
    assert said.subject == "[Troops] One — News"
    assert rendered is None
    assert integrity(store) == []
    store.close()
