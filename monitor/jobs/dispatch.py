"""Claims feeds that are due, and hands them in batches to the processes that poll them.

The queue only tells who is next. Its jobs stand for leases in the table of feeds, which are short
and renewed while a job waits: a job that was lost is a delay of some seconds, one that comes twice
finds that its leases were taken over.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from monitor.store import feed_claims
from monitor.store.engine import Connection, Store
from monitor.store.feed_claims import Reserved

BATCH: Final = 100  # feeds of a job
WAITING: Final = 20  # jobs that may wait: what is further behind keeps its place in the table
LEASE: Final = timedelta(seconds=10)  # of feeds in the queue; whoever takes them has a longer one
RENEWED: Final = timedelta(seconds=2)  # as often


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Feeds to be polled by whoever takes their leases over.

    Attributes:
        feeds: their ids.
        token: that has the leases until then.
    """

    feeds: tuple[int, ...]
    token: int


class Queue(Protocol):
    """What batches wait in."""

    def waiting(self, connection: Connection) -> Sequence[int]:
        """The token of each batch that nobody has begun."""

    def defer(self, connection: Connection, batches: Sequence[Batch]) -> None:
        """Adds batches, in the transaction of the connection."""


class Dispatch:
    """The job; any number of processes may run it.

    Args:
        store: where the feeds are.
        queue: in the same database.
        new_token: makes a number that no lease ever had.
    """

    def __init__(self, store: Store, queue: Queue, new_token: Callable[[], int]) -> None:
        self._store = store
        self._queue = queue
        self._new_token = new_token
        self._renewed: datetime | None = None

    def run(self, now: datetime) -> int:
        """Hands over what is due, as far as the queue has room; returns how many feeds.

        Raises:
            StoreError: it could not be stored; nothing was claimed.
        """
        with self._store.read() as connection:
            waiting = self._queue.waiting(connection)
            is_due = feed_claims.is_due(connection, now)
        self._renew(waiting, now)
        if not is_due or len(waiting) >= WAITING:
            return 0
        with self._store.write() as connection:
            room = WAITING - len(self._queue.waiting(connection))
            if room <= 0:
                return 0
            token = self._new_token()
            feeds = feed_claims.reserve(connection, now, now + LEASE, room * BATCH, token=token)
            batches = [Batch(feeds=ids, token=token) for ids in in_batches(feeds)]
            if batches:
                self._queue.defer(connection, batches)
        return len(feeds)

    def _renew(self, waiting: Sequence[int], now: datetime) -> None:
        if not waiting or (self._renewed and abs(now - self._renewed) < RENEWED):
            return
        with self._store.write(sharing=True) as connection:
            feed_claims.renew(connection, set(waiting), now + LEASE)
        self._renewed = now


def in_batches(feeds: Iterable[Reserved]) -> Iterator[tuple[int, ...]]:
    """Ids of feeds in batches; those of a host stay together, so that one process paces them."""
    hosts: dict[str, list[int]] = {}
    for feed in feeds:
        # What has no host, such as a file, can go anywhere.
        hosts.setdefault(feed.host or f"/{feed.id}", []).append(feed.id)
    batch: list[int] = []
    for ids in hosts.values():
        if batch and len(batch) + len(ids) > BATCH:
            yield tuple(batch)
            batch = []
        batch += ids
    if batch:
        yield tuple(batch)
