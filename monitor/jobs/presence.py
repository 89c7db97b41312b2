"""Who works together: each process says that it lives, and the leases of the dead are voided."""

from datetime import datetime, timedelta
from threading import Lock as ThreadLock
from types import TracebackType
from typing import Final, Self

from monitor.errors import StoreBusy
from monitor.store import feed_claims, processes
from monitor.store.backend import Lock
from monitor.store.engine import Connection, Store
from monitor.store.processes import Process

# After a restart of the database everybody takes his lock again within a second or two.
GRACE: Final = timedelta(seconds=2)


class Role:
    """Something that one process does at a time; whoever asks first has it until it ends.

    Args:
        store: that all of them share.
        name: of the role.
    """

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self._lock: Lock | None = None
        self._one = ThreadLock()

    def take(self) -> None:
        """Takes the role, unless this process has it.

        Raises:
            StoreBusy: another process has it.
            StoreError: the database can't be used; so this process has it no longer.
        """
        with self._one:
            if self._is_held():
                return
            self._free()
            lock = self._store.alone(self._name)
            lock.__enter__()
            self._lock = lock

    def is_mine(self) -> bool:
        """Whether this process has the role: it is taken if nobody has it.

        Raises:
            StoreError: it can't be known; so this process has it no longer.
        """
        try:
            self.take()
        except StoreBusy:
            return False
        return True

    def is_held(self) -> bool:
        """Whether this process had the role and still has it."""
        with self._one:
            return self._is_held()

    def give_up(self) -> None:
        """Lets others have it."""
        with self._one:
            self._free()

    def _is_held(self) -> bool:
        return self._lock is not None and self._lock.is_held()

    def _free(self) -> None:
        if self._lock is not None:
            self._lock.__exit__(None, None, None)
            self._lock = None


class Life:
    """That a process takes part; a context, at whose end its leases are void at once.

    Args:
        store: that all of them share.
        process: this one.
    """

    def __init__(self, store: Store, process: Process) -> None:
        self._store = store
        self._process = process
        self._lock = Role(store, process.lock)

    def __enter__(self) -> Self:
        self.go_on()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with self._store.write() as connection:
                bury(connection, self._process.token)
        finally:
            self._lock.give_up()

    def go_on(self) -> bool:
        """To be called every second; whether it was taken for dead, or might have been.

        Raises:
            StoreError: the database can't be used.
        """
        if self._lock.is_held():
            return False
        if self._lock.is_mine():
            with self._store.write() as connection:
                processes.enter(connection, self._process)
        return True


def bury(connection: Connection, token: int) -> None:
    """What a process that ended had claimed is free again."""
    feed_claims.release_leases(connection, token)
    processes.leave(connection, token)


class Sweeping:
    """The job; any number of processes may run it.

    Args:
        store: that all of them share.
        mine: the token of this process.
    """

    def __init__(self, store: Store, mine: int) -> None:
        self._store = store
        self._mine = mine
        self._missed: dict[int, datetime] = {}

    def run(self, now: datetime) -> list[Process]:
        """Voids the leases of processes that have been dead for a while; returns these.

        Raises:
            StoreError: it could not be stored.
        """
        with self._store.read() as connection:
            others = processes.entered(connection)
        missing = [
            each
            for each in others
            if each.token != self._mine and self._store.holder(each.lock) is None
        ]
        self._missed = {each.token: self._missed.get(each.token, now) for each in missing}
        dead = [each for each in missing if abs(now - self._missed[each.token]) >= GRACE]
        for each in dead:
            with self._store.write() as connection:
                bury(connection, each.token)
        return dead
