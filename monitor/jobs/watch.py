"""Watches the sources: who does badly for long, and who is well again."""

from collections.abc import Sequence
from datetime import datetime

from monitor.alerts.health import Change, watch
from monitor.model.source import EventKind, FeedEvent, SourceFacts
from monitor.store import feed_events, feed_health
from monitor.store.engine import Store


class Watching:
    """The job."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, now: datetime) -> int:
        """Looks at every feed that may not be well; returns of how many people will be told.

        Raises:
            StoreError: it could not be stored.
        """
        with self._store.read() as connection:
            if not _changes(feed_health.to_watch(connection, now), now):
                return 0
        with self._store.write() as connection:
            changes = _changes(feed_health.to_watch(connection, now), now)
            feed_health.save(connection, changes)
            events = [_event(change, now) for change in changes if change.told]
            feed_events.add(connection, events)
        return len(events)


def _changes(feeds: Sequence[SourceFacts], now: datetime) -> list[Change]:
    found = (watch(facts, now) for facts in feeds)
    return [change for change in found if change is not None]


def _event(change: Change, now: datetime) -> FeedEvent:
    text = change.told or ""
    return FeedEvent(feed=change.feed, kind=EventKind.HEALTH, at=now, text=text, told=True)
