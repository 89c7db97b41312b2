"""How the jobs of a daemon are run by several machines on one PostgreSQL.

Every daemon claims feeds for the workers and sends; one of them leads: it matches and decides.
"""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from typing_extensions import override

from monitor import observe
from monitor.errors import StoreError
from monitor.jobs.dispatch import Dispatch
from monitor.jobs.outbox import Turn
from monitor.jobs.poll import Poller
from monitor.jobs.presence import Life, Role, Sweeping
from monitor.model.settings import EngineKind, Settings
from monitor.service.engines import Embedded, Engine
from monitor.store import deliveries, feed_claims, processes, schema
from monitor.store.engine import DAEMON, Connection, Store
from monitor.store.processes import Process

if TYPE_CHECKING:
    from monitor.service.taskqueue import TaskQueue

ALONE: Final = 0
"""The token of a daemon that shares its database with nobody."""

log = observe.logger("monitor")


def engine_of(settings: Settings, store: Store, now: Callable[[], datetime]) -> Engine:
    """The engine that the configuration wishes.

    Raises:
        StoreError: what it needs is not installed.
    """
    if settings.engine is EngineKind.EMBEDDED:
        return Embedded(store)
    return Together(store, task_queue(settings), now)


def task_queue(settings: Settings) -> "TaskQueue":
    """The queue of the configuration.

    Raises:
        StoreError: Procrastinate is not installed.
    """
    try:
        from monitor.service.taskqueue import TaskQueue
    except ModuleNotFoundError as error:
        what = 'engine "procrastinate" needs Procrastinate'
        raise StoreError(f"{what}; install media-monitor[procrastinate]") from error
    return TaskQueue(settings.store_url)


def new_token() -> int:
    """A number that no lease ever had."""
    return secrets.randbits(62) + 1


class Together(Engine):
    """One of several processes on one PostgreSQL; workers poll what it claims.

    Args:
        store: that all of them share.
        queue: to the workers, in the same database.
        now: the clock.
    """

    def __init__(self, store: Store, queue: "TaskQueue", now: Callable[[], datetime]) -> None:
        self._store = store
        self._queue = queue
        self._now = now
        self._stack = ExitStack()
        self._lead = Role(store, DAEMON)
        self._dispatch = Dispatch(store, queue, new_token)
        self._presence: Presence | None = None

    @override
    def __enter__(self) -> Self:
        """Takes part; StoreBusy if the tables must be upgraded while others use them."""
        if schema.needs_upgrade(self._store):
            with self._store.alone():
                schema.upgrade(self._store)
        self._queue.prepare(self._store)
        self._presence = self._stack.enter_context(Presence(self._store, "run", self._now))
        self._stack.callback(self._lead.give_up)
        return self

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @override
    def tend(self, now: datetime) -> None:
        """Says that it lives, and voids the leases of the dead."""
        if self._presence is not None:
            self._presence.tend(now)

    @override
    def leads(self) -> bool:
        """Whether it does, or does now because nobody else did."""
        return self._lead.is_mine()

    @override
    def begin(self, connection: Connection) -> None:
        """A daemon that was alone is dead; the leases of others are looked after by ``tend``."""
        feed_claims.release_leases(connection, ALONE)

    @override
    def poll(self, poller: Poller, now: datetime) -> None:
        """Hands what is due to the workers."""
        if self._lead.is_held():
            poller.watch_clock(now)
        self._dispatch.run(now)

    @override
    @contextmanager
    def turn(self, channel: str) -> Iterator[Turn | None]:
        """Unless another process sends on it."""
        role = Role(self._store, f"channel {channel}")
        if not role.is_mine():
            yield None
            return
        try:
            with self._store.write() as connection:  # whoever was sending is dead
                deliveries.release_leases(connection, channel)
            yield role.is_held
        finally:
            role.give_up()


class Presence:
    """That this process takes part: it says so, and looks after the leases of the dead.

    Args:
        store: that all of them share.
        role: the command that it runs.
        now: the clock.
    """

    def __init__(self, store: Store, role: processes.Role, now: Callable[[], datetime]) -> None:
        self.token = new_token()
        process = Process(
            token=self.token,
            role=role,
            host=socket.gethostname(),
            pid=os.getpid(),
            started=now(),
        )
        self._life = Life(store, process)
        self._sweeping = Sweeping(store, self.token)

    def __enter__(self) -> Self:
        self._life.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._life.__exit__(kind, error, trace)

    def tend(self, now: datetime) -> None:
        """To be called every second.

        Raises:
            StoreError: the database can't be used.
        """
        if self._life.go_on():
            log.warning("cut off from the database for a while; feeds may be polled twice")
        for dead in self._sweeping.run(now):
            fields = {"role": dead.role, "host": dead.host, "process": dead.pid}
            log.warning("a process died; its feeds are free", **fields)
