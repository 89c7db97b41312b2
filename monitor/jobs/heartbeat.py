"""Tells people once a day that the daemon lives, so that silence means something."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from monitor.alerts.heartbeat import heartbeat_text, next_heartbeat
from monitor.model.source import OURSELVES, EventKind, FeedEvent
from monitor.store import feed_events
from monitor.store.engine import Store
from monitor.store.status import found_since

_DAY: Final = timedelta(hours=24)


class Heartbeat:
    """The job. What was due while no daemon ran is not made up for: it did not live.

    Args:
        store: where the event goes.
        hour: of the clock of ``zone``; None for never.
        zone: the machine's.
        now: the first sign comes after that.
    """

    def __init__(self, store: Store, hour: time | None, zone: tzinfo, now: datetime) -> None:
        self._store = store
        self._hour = hour
        self._zone = zone
        self._due = next_heartbeat(hour, zone, now) if hour else None

    def run(self, now: datetime) -> bool:
        """Tells if it is time; returns whether it did.

        Raises:
            StoreError: it could not be stored; it will be tried again.
        """
        if self._hour is None or self._due is None or now < self._due:
            return False
        with self._store.write() as connection:
            text = heartbeat_text(*found_since(connection, now - _DAY))
            feed_events.add(connection, [told(text, now)])
        self._due = next_heartbeat(self._hour, self._zone, now)
        return True


def told(text: str, now: datetime) -> FeedEvent:
    """An event of the program itself that people are told of."""
    return FeedEvent(channel=OURSELVES, kind=EventKind.SERVICE, at=now, text=text, told=True)
