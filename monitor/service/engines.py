"""How the jobs of a daemon are run; here: all in one process.

The jobs are the same everywhere. What differs is who polls, who matches and decides, who sends.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from typing_extensions import override

from monitor.jobs.outbox import Turn
from monitor.jobs.poll import Poller
from monitor.jobs.presence import Role
from monitor.store import deliveries, feed_claims, schema
from monitor.store.engine import DAEMON, Connection, Store


class Engine(Protocol):
    """How a daemon shares its work; a context within which it runs."""

    def __enter__(self) -> Self:
        """Begins; the tables are there afterwards."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends; others may take over."""

    def tend(self, now: datetime) -> None:
        """What is to be done every second; raises StoreError."""

    def leads(self) -> bool:
        """Whether this process is the one that matches and decides; raises StoreError."""

    def begin(self, connection: Connection) -> None:
        """This process leads from now on: voids what the one before it had claimed."""

    def poll(self, poller: Poller, now: datetime) -> None:
        """Sees to it that feeds that are due are polled; raises StoreError."""

    def turn(self, channel: str) -> AbstractContextManager[Turn | None]:
        """The right to send on a channel; None if another process has it."""


class Embedded(Engine):
    """Everything in this process, and no other beside it.

    Args:
        store: its own from entering the context on.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lead = Role(store, DAEMON)

    @override
    def __enter__(self) -> Self:
        """Takes the database; StoreBusy if another daemon has it."""
        self._lead.take()
        schema.upgrade(self._store)
        return self

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lead.give_up()

    @override
    def tend(self, now: datetime) -> None:
        """There is nobody to look after."""

    @override
    def leads(self) -> bool:
        """Unless the connection with its lock was lost and another daemon was faster."""
        return self._lead.is_mine()

    @override
    def begin(self, connection: Connection) -> None:
        """Whoever had leases is dead: the lock proves it."""
        feed_claims.release_leases(connection)
        deliveries.release_leases(connection)

    @override
    def poll(self, poller: Poller, now: datetime) -> None:
        """Polls here."""
        if self._lead.is_held():
            poller.start_due(now)

    @override
    @contextmanager
    def turn(self, channel: str) -> Iterator[Turn | None]:
        """Unless another daemon has all."""
        yield self._lead.is_held
