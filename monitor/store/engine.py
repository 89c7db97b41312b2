"""The database: connections, transactions, and errors in plain words."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError

from monitor.errors import StoreBusy, StoreError

Connection: TypeAlias = (
    sa.Connection
)  # what the jobs hand from one function of the store to another
DatabaseError: TypeAlias = DBAPIError  # what a transaction raises inside; outside, StoreError

BUSY_TIMEOUT = 30.0
_DEFERRED = "monitor_deferred"
# What SQLite calls it -> what a person can do about it; the first prefix that fits counts.
_ADVICE = {
    "SQLITE_READONLY": "is read-only: {cause}; check the owner and permissions of the file and "
    "its folder",
    "SQLITE_CANTOPEN": "can't be opened: {cause}; check that its folder exists and may be written",
    "SQLITE_FULL": "can't grow: {cause}; free some space on its disk",
    "SQLITE_NOTADB": "is not a database of this program: {cause}; choose another file in [store]",
    "SQLITE_CORRUPT": "is damaged: {cause}; restore a backup",
    "SQLITE_IOERR": "can't be read or written: {cause}; check its disk and the free space there",
}


class Store:
    """An open database.

    Writers wait for each other: one per process by a lock, one per file by BEGIN IMMEDIATE.
    SQLite's own default, a read that becomes a write half-way, loses updates or fails at once.
    """

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self.path = path
        self._engine = engine
        self._reader = engine.execution_options(**{_DEFERRED: True})
        self._writing = threading.Lock()

    @classmethod
    def open(cls, url: str, *, busy_timeout: float = BUSY_TIMEOUT) -> Self:
        """Opens the database of an SQLAlchemy URL such as ``sqlite:////var/lib/monitor.db``.

        Args:
            url: where it is; the file is made at the first use if there is none.
            busy_timeout: seconds to wait for another program that is writing.

        Raises:
            StoreError: the URL is not one of an SQLite file.
        """
        engine = sa.create_engine(_checked(url))
        _set_up(engine, busy_timeout)
        return cls(engine, Path(str(engine.url.database)))

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that is committed at the end, and undone by any exception.

        Raises:
            StoreBusy: another program holds the database.
            StoreError: the database can't be used.
        """
        with self._writing, self._plain_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A consistent view of the database that waits for nobody.

        Raises:
            StoreBusy: another program holds the database.
            StoreError: the database can't be used.
        """
        with self._plain_errors(), self._reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Closes every connection; transactions that are still open are undone."""
        self._engine.dispose()

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, ProgrammingError):
            raise  # a defect of this program, not of the database: its traceback is wanted
        except DBAPIError as error:
            raise _plain(self.path, error) from error


def _checked(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except ArgumentError as error:
        raise StoreError(f"[store] url is not a database URL; {_EXAMPLE}") from error
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        shown = parsed.render_as_string(hide_password=True)
        raise StoreError(f"[store] url {shown} is not a file of SQLite; {_EXAMPLE}")
    return parsed


_EXAMPLE = 'write for example "sqlite:///monitor.db"'


def _set_up(engine: sa.Engine, busy_timeout: float) -> None:
    pragmas = (
        f"busy_timeout={int(busy_timeout * 1000)}",  # first: the others wait by it
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    )

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401  # of the driver
        connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        deferred = connection.get_execution_options().get(_DEFERRED, False)
        connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")


def _plain(path: Path, error: DBAPIError) -> StoreError:
    cause = str(error.orig)
    name = getattr(error.orig, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        message = f"{path} is locked by another program ({cause}); end it or try again later"
        return StoreBusy(message)
    for prefix, advice in _ADVICE.items():
        if name.startswith(prefix):
            return StoreError(f"{path} {advice.format(cause=cause)}")
    return StoreError(f"{path} can't be used: {cause}")
