import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitor.store.integrity import integrity
from tests.support.stored import open_store, sealed


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        pytest.param(
            "DELETE FROM article_feed", "article 1 was in no feed", id="article of no feed"
        ),
        pytest.param(
            "UPDATE article SET stage = 'lost'", "article 1 is in no known stage", id="stage"
        ),
        pytest.param(
            "UPDATE article SET stage = 'wanted'",
            "article 1 waits for its page without a date or a reason",
            id="wanted for ever",
        ),
        pytest.param(
            "UPDATE hit SET decided_at = NULL", "hit 1 is open and has a decision", id="open hit"
        ),
        pytest.param(
            "UPDATE alert_hit SET alert = NULL",
            "hit 1 is told without an alert, or has an alert and is not told",
            id="told by nothing",
        ),
        pytest.param(
            "DELETE FROM delivery", "alert 1 is sealed without a delivery", id="no delivery"
        ),
        pytest.param(
            "UPDATE alert SET payload = NULL",
            "alert 1 is sealed without what it says, or open with it",
            id="no payload",
        ),
        pytest.param(
            "UPDATE alert SET state = 'open', payload = NULL",
            "alert 1 is open and has a delivery",
            id="open with a delivery",
        ),
        pytest.param(
            "UPDATE alert SET state = 'folded'",
            "alert 1 went into another, and has hits",
            id="folded with hits",
        ),
        pytest.param(
            "UPDATE delivery SET channel = 'press'",
            "alert 1 is of another channel than its hits or deliveries",
            id="other channel",
        ),
        pytest.param(
            "UPDATE delivery SET state = 'sending'",
            "delivery 1 is being sent without an open attempt",
            id="no attempt",
        ),
        pytest.param(
            "UPDATE delivery SET state = 'sent'",
            "delivery 1 is sent without an attempt",
            id="sent by nobody",
        ),
        pytest.param(
            "INSERT INTO delivery_attempt (delivery, n, started) VALUES (1, 1, '2026-01-01')",
            "delivery 1 has more attempts than it counted",
            id="attempt that was not counted",
        ),
        pytest.param(
            "UPDATE delivery SET state = 'lost'", "delivery 1 is in no known state", id="state"
        ),
    ],
)
def test_damage_is_named(tmp_path: Path, backend: str, damage: str, problem: str) -> None:
    store = open_store(tmp_path, backend)
    with store.write() as connection:
        sealed(connection)
    assert integrity(store) == []
    with store.write() as connection:
        connection.exec_driver_sql(damage)
    assert problem in integrity(store)
    store.close()


def test_what_points_nowhere_is_named(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.write() as connection:
        sealed(connection)
    with closing(sqlite3.connect(store.path)) as other, other:  # checks no foreign keys
        other.execute("DELETE FROM alert")
    assert "delivery 1 points to a missing alert" in integrity(store)
    store.close()
