"""What is special about PostgreSQL: many writers, locks by name, and the errors it has.

Isolation: reads are REPEATABLE READ, so that they see one moment. Writes are READ COMMITTED and
take an advisory lock first: alone, or shared by those that were made to work beside each other
(they claim rows FOR UPDATE SKIP LOCKED, and begin anew, alone, if a unique key was taken). So a
statement that reads and then writes is right on every database.
"""

import os
import socket
import weakref
import zlib
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from typing_extensions import override

from monitor.errors import StoreBusy, StoreConflict, StoreError
from monitor.store.backend import Backend
from monitor.store.types import storable

_NAMESPACE = 0x4D4F4E49  # of our advisory locks among those of other programs
_LOCK = "monitor_lock"
_ALONE, _SHARED = "pg_advisory_xact_lock", "pg_advisory_xact_lock_shared"
_STATEMENT, _IDLE = 300, 120  # seconds; a process that hangs must not hold the others for ever
_KEEPALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "fallback_application_name": "media-monitor",
    "client_encoding": "utf8",
}
_LOST_TO_ANOTHER = ("23505", "40001", "40P01")  # unique key, serialization, deadlock
# What PostgreSQL calls it -> what a person can do about it; the first prefix that fits counts.
_ADVICE = {
    "53100": "can't grow: {cause}; free some space on its disk",
    "53300": "takes no more connections: {cause}; raise max_connections",
    "25006": "is read-only: {cause}; [store] must name the primary server",
    "42501": "may not be used: {cause}; its user must own the tables",
    "57P": "is not there: {cause}; it is being started or stopped",
}
# libpq tells no code before it is connected.
_UNREACHABLE = (
    "can't be reached: {cause}; check that the server runs and has the database, and that its "
    "user may enter ([store], PGPASSWORD, ~/.pgpass)"
)


class Postgres(Backend):
    """A database of PostgreSQL."""

    def __init__(self, engine: sa.Engine) -> None:
        self.path: Path | None = None
        self.name = engine.url.render_as_string(hide_password=True)
        self.engine: sa.Engine = engine.execution_options(**{_LOCK: _ALONE})
        self.sharing: sa.Engine = engine.execution_options(**{_LOCK: _SHARED})
        self.reading: sa.Engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        weakref.finalize(self, engine.dispose)  # commands end without closing
        self.counting_at_once: sa.Engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    @classmethod
    def open(cls, url: sa.URL, busy_timeout: float) -> Self:
        """Opens a database; the server is asked at the first use.

        Raises:
            StoreError: psycopg is not installed.
        """
        try:
            engine = sa.create_engine(
                url,
                paramstyle="format",  # as SQLite counts its parameters
                pool_size=5,
                max_overflow=45,
                connect_args=_KEEPALIVE,
            )
        except ModuleNotFoundError as error:
            message = "PostgreSQL needs psycopg; install media-monitor[postgres]"
            raise StoreError(message) from error
        _set_up(engine, busy_timeout)
        return cls(engine)

    @override
    def is_new(self) -> bool:
        with self.reading.begin() as connection:
            return not sa.inspect(connection).get_table_names()

    @override
    def plain(self, error: DBAPIError, *, sharing: bool) -> StoreError | None:
        cause = " ".join(str(error.orig).split())
        state = getattr(error.orig, "sqlstate", None) or ""
        if sharing and state in _LOST_TO_ANOTHER:
            return StoreConflict(f"{self.name}: another process was faster ({cause})")
        if state in {"55P03", "57014", "40P01", "40001"}:
            return StoreBusy(f"{self.name} is busy ({cause}); try again later")
        for prefix, advice in _ADVICE.items():
            if state.startswith(prefix):
                return StoreError(f"{self.name} {advice.format(cause=cause)}")
        if isinstance(error, (IntegrityError, ProgrammingError)):
            return None
        advice = "can't be used: {cause}" if state else _UNREACHABLE
        return StoreError(f"{self.name} {advice.format(cause=cause)}")

    @override
    def alone(self, role: str) -> "_SessionLock":
        return _SessionLock(self, role)

    @override
    def holder(self, role: str) -> int | None:
        with self.counting_at_once.connect() as connection:
            found = connection.scalar(_HOLDER, {"space": _NAMESPACE, "key": _key(role)})
        last = str(found or "").rpartition(" ")[2]
        return int(last) if last.isdigit() else None

    @override
    def damage(self, connection: sa.Connection) -> list[str]:
        return []  # the server checks its files itself, and foreign keys always hold

    @override
    def take_time(self, connection: sa.Connection) -> None:
        for setting in (
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
        ):
            connection.exec_driver_sql(f"SET LOCAL {setting} = 0")

    @override
    def overwrite(self, connection: sa.Connection) -> None:
        """The files are the server's."""

    @override
    def purge(self) -> None:
        with self.counting_at_once.connect() as connection:
            connection.exec_driver_sql("VACUUM")

    @override
    def last_ids(self, connection: sa.Connection) -> dict[str, int]:
        rows = connection.execute(_SEQUENCES)
        return {row.table: row.last_value for row in rows}

    @override
    def count_from(self, connection: sa.Connection, table: sa.Table, last: int) -> None:
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        connection.execute(sa.select(sa.func.setval(sequence, last)))


class _SessionLock:
    """An advisory lock of a connection of its own, which ends with the process."""

    def __init__(self, backend: Postgres, role: str) -> None:
        self._backend = backend
        self._role = role
        self._connection: sa.Connection | None = None

    def __enter__(self) -> Self:
        """Takes the lock.

        Raises:
            StoreBusy: another process has it.
            StoreError: the database can't be used.
        """
        try:
            connection = self._backend.counting_at_once.connect()
            taken = connection.scalar(_TAKE, {"space": _NAMESPACE, "key": _key(self._role)})
        except DBAPIError as error:
            raise self._backend.plain(error, sharing=False) or error from error
        if not taken:
            connection.close()
            raise StoreBusy(
                f"{self._backend.name} is in use by a running {self._role} "
                f"(process {self._backend.holder(self._role) or 'unknown'}); "
                "stop it first, or work beside it with the other commands"
            )
        connection.detach()  # locks last: the pool must not run out of connections
        connection.execute(
            sa.select(sa.func.set_config("application_name", _who(self._role), sa.false()))
        )
        self._connection = connection
        return self

    def is_held(self) -> bool:
        """Whether it was taken, and its session goes on."""
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:  # at the first look of the driver, then of SQLAlchemy
            return False
        return True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                # The end of the session frees it as well, but some time later.
                self._connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            with suppress(SQLAlchemyError):
                self._connection.close()  # it is of no pool: its session ends
            self._connection = None


_TAKE = sa.text("SELECT pg_try_advisory_lock(:space, :key)")
_HOLDER = sa.text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND granted AND datname = current_database() "
    "AND classid::bigint = :space AND objid::bigint = :key AND objsubid = 2"
)


_SEQUENCES = sa.text(
    "SELECT t.relname AS table, s.last_value FROM pg_sequences s "
    "JOIN pg_class c ON c.oid = format('%I.%I', s.schemaname, s.sequencename)::regclass "
    "JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') "
    "JOIN pg_class t ON t.oid = d.refobjid "
    "WHERE s.schemaname = current_schema() AND s.last_value IS NOT NULL"
)


def _who(role: str) -> str:
    return f"media-monitor {role} {socket.gethostname()[:30]} {os.getpid()}"


def _key(role: str) -> int:
    return zlib.crc32(role.encode()) & 0x7FFFFFFF


def _set_up(engine: sa.Engine, busy_timeout: float) -> None:
    from psycopg.types.string import StrDumperUnknown

    class Storable(StrDumperUnknown):
        """Texts without what PostgreSQL keeps in no text."""

        @override
        def dump(self, obj: str) -> Any:
            return super().dump(storable(obj))

    settings = (
        f"SET TIME ZONE 'UTC'; SET lock_timeout = {int(busy_timeout * 1000)}; "
        f"SET statement_timeout = '{_STATEMENT}s'; "
        f"SET idle_in_transaction_session_timeout = '{_IDLE}s'; "
        # The server notices as soon as we do that the other side is gone, and frees its locks.
        "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; "
        "SET tcp_keepalives_count = 3"
    )
    writers = _key("writers")

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401  # of the driver
        connection.adapters.register_dumper(str, Storable)
        connection.execute(settings)
        connection.commit()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        lock = connection.get_execution_options().get(_LOCK)
        if lock:
            connection.exec_driver_sql(f"SELECT {lock}({_NAMESPACE}, {writers})")
