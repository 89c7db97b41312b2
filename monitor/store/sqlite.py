"""What is special about SQLite: one file, one writer, and the errors it has."""

import sqlite3
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from typing_extensions import override

from monitor.errors import StoreBusy, StoreError
from monitor.store.backend import Backend
from monitor.store.lock import DaemonLock, owner

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


class Sqlite(Backend):
    """A file of SQLite.

    Writers wait for each other by BEGIN IMMEDIATE. SQLite's own default, a read that becomes a
    write half-way, loses updates or fails at once. None of them shares the file with others.
    """

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self.path: Path | None = path
        self._path = path
        self.name = str(path)
        self.engine = self.sharing = engine
        self.reading: sa.Engine = engine.execution_options(**{_DEFERRED: True})

    @classmethod
    def open(cls, url: sa.URL, busy_timeout: float, *, read_only: bool) -> Self:
        """Opens a file, which is made at the first use; nothing is made if it is only read."""
        path = Path(str(url.database))
        if read_only:
            # SQLAlchemy and SQLite unquote it, one after the other.
            url = sa.make_url(f"sqlite:///file:{quote(quote(str(path)))}?mode=ro&uri=true")
        engine = sa.create_engine(url)
        _set_up(engine, busy_timeout)
        return cls(engine, path)

    @classmethod
    def in_memory(cls) -> Self:
        """A database without a file; one transaction at a time."""
        engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
        _set_up(engine, 0)
        return cls(engine, Path(":memory:"))

    @override
    def is_new(self) -> bool:
        return not self._path.exists()

    @override
    def plain(self, error: DBAPIError, *, sharing: bool) -> StoreError | None:
        if isinstance(error, (IntegrityError, ProgrammingError)):
            return None
        cause = str(error.orig)
        name = getattr(error.orig, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return StoreBusy(
                f"{self.name} is locked by another program ({cause}); end it or try again later"
            )
        for prefix, advice in _ADVICE.items():
            if name.startswith(prefix):
                return StoreError(f"{self.name} {advice.format(cause=cause)}")
        return StoreError(f"{self.name} can't be used: {cause}")

    @override
    def alone(self, role: str) -> DaemonLock:
        return DaemonLock(self._path, role)

    @override
    def holder(self, role: str) -> int | None:
        return owner(self._path, role)

    @override
    def damage(self, connection: sa.Connection) -> list[str]:
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        problems = [f"integrity check: {line}" for line in found if line != "ok"]
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return problems + [f"{row[0]} {row[1]} points to a missing {row[2]}" for row in orphans]

    @override
    def take_time(self, connection: sa.Connection) -> None:
        """Nothing ends a write here."""

    @override
    def overwrite(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA secure_delete=ON")

    @override
    def purge(self) -> None:
        # The log of writes holds old pages; it is emptied outside of a transaction only.
        with self.engine.connect() as connection:
            driver_connection(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @override
    def last_ids(self, connection: sa.Connection) -> dict[str, int]:
        # SQLite makes the table with the first row of a table that counts.
        if not connection.scalar(sa.text("SELECT 1 FROM sqlite_master WHERE name = :n"), _COUNTS):
            return {}
        rows = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        return {row.name: row.seq for row in rows}

    @override
    def count_from(self, connection: sa.Connection, table: sa.Table, last: int) -> None:
        if not table.dialect_options["sqlite"]["autoincrement"]:
            return  # an id above all that are there
        values = {"name": table.name, "seq": last}
        for statement in (
            "DELETE FROM sqlite_sequence WHERE name = :name",
            "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)",
        ):
            connection.execute(sa.text(statement), values)


_COUNTS = {"n": "sqlite_sequence"}


def driver_connection(connection: sa.Connection) -> sqlite3.Connection:
    """The connection of the driver, for what only SQLite has."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


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
