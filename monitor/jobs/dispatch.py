"""Claims feeds that are due, and hands them in batches to the processes that poll them.

The queue only tells who is next. Its jobs stand for leases in the table of feeds: a job that was
lost is a delay until its leases run out, one that comes twice finds that they were taken over.
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
LEASE: Final = timedelta(minutes=10)  # of feeds in the queue; whoever takes them has a longer one


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

    def waiting(self, connection: Connection) -> int:
        """How many batches nobody has begun."""

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

    def run(self, now: datetime) -> int:
        """Hands over what is due, as far as the queue has room; returns how many feeds.

        Raises:
            StoreError: it could not be stored; nothing was claimed.
        """
        with self._store.read() as connection:
            if not feed_claims.is_due(connection, now) or self._room(connection) <= 0:
                return 0
        with self._store.write() as connection:
            token, room = self._new_token(), self._room(connection)
            feeds = feed_claims.reserve(connection, now, now + LEASE, room * BATCH, token=token)
            batches = [Batch(feeds=ids, token=token) for ids in in_batches(feeds)]
            if batches:
                self._queue.defer(connection, batches)
        return len(feeds)

    def _room(self, connection: Connection) -> int:
        return WAITING - self._queue.waiting(connection)


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
