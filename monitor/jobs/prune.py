"""Forgets what is old."""

from datetime import datetime, timedelta

from monitor.model.settings import Retention
from monitor.store import prune
from monitor.store.engine import Connection, Store
from monitor.stories.index import WINDOW

STEP = 500
ATTEMPTS = timedelta(days=90)  # of finished deliveries; the deliveries themselves stay
EVENTS = timedelta(days=90)  # of feeds, and the system alerts about them

MUTES = timedelta(days=90)  # that are over: they explain what was not told


class Pruning:
    """The job: each transaction deletes little, so that the others need not wait for it."""

    def __init__(self, store: Store, retention: Retention) -> None:
        self._store = store
        self._retention = retention

    def run(self, now: datetime) -> int:
        """Deletes one step of everything; returns how many rows, 0 when nothing is left.

        Raises:
            StoreError: it could not be stored; what was deleted before stays so.
        """
        steps = (_hits, _articles, _sketches, _attempts, _messages, _events, _mutes)
        deleted = 0
        for step in steps:
            with self._store.write() as connection:
                deleted += step(connection, self._retention, now)
        return deleted


def _hits(connection: Connection, retention: Retention, now: datetime) -> int:
    if retention.hits is None:
        return 0
    return prune.hits(connection, now - retention.hits, now, STEP)


def _articles(connection: Connection, retention: Retention, now: datetime) -> int:
    if retention.articles is None:
        return 0
    return prune.articles(connection, now - retention.articles, now, STEP)


def _messages(connection: Connection, _retention: Retention, now: datetime) -> int:
    return prune.messages(connection, now - EVENTS, STEP)


def _sketches(connection: Connection, _retention: Retention, now: datetime) -> int:
    return prune.sketches(connection, now - WINDOW, STEP)


def _events(connection: Connection, _retention: Retention, now: datetime) -> int:
    return prune.events(connection, now - EVENTS, STEP)


def _mutes(connection: Connection, _retention: Retention, now: datetime) -> int:
    return prune.mutes(connection, now - MUTES, STEP)


def _attempts(connection: Connection, _retention: Retention, now: datetime) -> int:
    return prune.attempts(connection, now - ATTEMPTS, STEP)
