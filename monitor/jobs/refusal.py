"""Tells people that changed files are refused, if nobody has put them right after a while."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.heartbeat import refused_text
from monitor.errors import Problem
from monitor.jobs.heartbeat import told
from monitor.store import feed_events
from monitor.store.engine import Store

PATIENCE: Final = timedelta(minutes=5)
"""Who edits a file saves it half done; that is no news."""


class Refusal:
    """The job."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._problems: tuple[Problem, ...] = ()
        self._since: datetime | None = None

    def note(self, problems: Sequence[Problem], now: datetime) -> None:
        """Files were read: what is wrong with them, or nothing."""
        if not problems:
            self._since = None
        elif not self._problems:
            self._since = now
        self._problems = tuple(problems)

    def run(self, now: datetime) -> bool:
        """Tells once what has been wrong for five minutes; returns whether it did.

        Raises:
            StoreError: it could not be stored; it will be tried again.
        """
        if self._since is None or now < self._since + PATIENCE:
            return False
        with self._store.write() as connection:
            feed_events.add(connection, [told(refused_text(self._problems), now)])
        self._since = None
        return True
