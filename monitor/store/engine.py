"""The database: connections, transactions, and errors in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Self, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from monitor.errors import StoreBusy, StoreError
from monitor.store.backend import Backend, Lock
from monitor.store.turns import Turns

Connection: TypeAlias = (
    sa.Connection
)  # what the jobs hand from one function of the store to another
DatabaseError: TypeAlias = DBAPIError  # what a transaction raises inside; outside, StoreError

BUSY_TIMEOUT = 30.0
DAEMON = "daemon"


class Store:
    """An open database.

    Writers wait for each other, in this process and in others, unless they say that they may
    share: what is read in a write stays true until its end.
    """

    def __init__(self, url: str, backend: Backend) -> None:
        self.url = url
        self.name = backend.name
        self.backend = backend
        self._writing = Turns()

    @classmethod
    def open(
        cls, url: str, *, busy_timeout: float = BUSY_TIMEOUT, read_only: bool = False
    ) -> Self:
        """Opens the database of a URL.

        Args:
            url: ``sqlite:////var/lib/monitor.db`` (the file is made at the first use if there is
                none) or ``postgresql://user@host/database``.
            busy_timeout: seconds to wait for another program that is writing.
            read_only: nothing is written, and no file is made.

        Raises:
            StoreError: the URL is of no database that we know.
        """
        return cls(url, _backend(_checked(url), busy_timeout, read_only=read_only))

    @property
    def path(self) -> Path:
        """The file.

        Raises:
            StoreError: the database is none.
        """
        if self.backend.path is None:
            raise StoreError(f"{self.name} is not a file")
        return self.backend.path

    @classmethod
    def in_memory(cls) -> Self:
        """An empty database that lasts until it is closed; one transaction at a time."""
        from monitor.store.sqlite import Sqlite

        return cls("sqlite://", Sqlite.in_memory())

    @contextmanager
    def write(self, *, sharing: bool = False) -> Iterator[sa.Connection]:
        """A transaction that is committed at the end, and undone by any exception.

        Args:
            sharing: others that share may write meanwhile, where the database has room for that:
                rows must be claimed FOR UPDATE SKIP LOCKED, and what was read may be outdated.

        Raises:
            StoreBusy: another program holds the database.
            StoreConflict: another one that shares was faster; do it again, not sharing.
            StoreError: the database can't be used.
        """
        engine = self.backend.sharing if sharing else self.backend.engine
        queue = nullcontext() if engine is not self.backend.engine else self._writing
        with queue, self._plain_errors(sharing=sharing), engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A consistent view of the database that waits for nobody.

        Raises:
            StoreBusy: another program holds the database.
            StoreError: the database can't be used.
        """
        with self._plain_errors(), self.backend.reading.begin() as connection:
            yield connection

    def is_new(self) -> bool:
        """Whether nothing is there yet, so that the tables may be made without asking.

        Raises:
            StoreError: the database can't be used.
        """
        with self._plain_errors():
            return self.backend.is_new()

    def alone(self, role: str = DAEMON) -> Lock:
        """A lock that one process holds at a time; it ends with the process, however that ends.

        Entering raises StoreBusy if another process has it.
        """
        return self.backend.alone(role)

    def holder(self, role: str = DAEMON) -> int | None:
        """The process id of who holds such a lock, perhaps on another machine; None if nobody.

        Raises:
            StoreError: it can't be known.
        """
        with self._plain_errors():
            return self.backend.holder(role)

    def close(self) -> None:
        """Closes every connection; transactions that are still open are undone."""
        self.backend.engine.dispose()

    @contextmanager
    def _plain_errors(self, *, sharing: bool = False) -> Iterator[None]:
        try:
            yield
        except sa.exc.TimeoutError as error:
            raise StoreBusy(f"{self.name} is busy: {error}") from error
        except DBAPIError as error:
            plain = self.backend.plain(error, sharing=sharing)
            if plain is None:
                raise  # a defect of this program, not of the database: its traceback is wanted
            raise plain from error


def _checked(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except ArgumentError as error:
        raise StoreError(f"[store] url is not a database URL; {_EXAMPLE}") from error
    kind = parsed.get_backend_name()
    is_file = kind == "sqlite" and parsed.database not in {None, "", ":memory:"}
    if not is_file and kind != "postgresql":
        shown = parsed.render_as_string(hide_password=True)
        raise StoreError(f"[store] url {shown} is not a file of SQLite; {_EXAMPLE}")
    return parsed


_EXAMPLE = 'write for example "sqlite:///monitor.db" or "postgresql://user@host/database"'


def _backend(url: sa.URL, busy_timeout: float, *, read_only: bool) -> Backend:
    if url.get_backend_name() == "sqlite":
        from monitor.store.sqlite import Sqlite

        return Sqlite.open(url, busy_timeout, read_only=read_only)
    from monitor.store.postgres import Postgres

    return Postgres.open(url, busy_timeout)
