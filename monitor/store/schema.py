"""Brings the tables of a database to the version this program knows."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from monitor.errors import StoreError
from monitor.store.backup import copy_database
from monitor.store.engine import Store

# Known without Alembic, whose import costs a third of a second at every start.
HEAD = "0011_machines"
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.Text))


def head() -> str:
    """The version this program works with."""
    return HEAD


def current(store: Store) -> str | None:
    """The version of a database; None if it has no tables of ours.

    Raises:
        StoreError: the database can't be read.
    """
    with store.read() as connection:
        return _current(connection)


def needs_upgrade(store: Store) -> bool:
    """Whether ``upgrade`` would do anything.

    Raises:
        StoreError: the database is of a newer version of this program, or can't be read.
    """
    return _is_behind(store, current(store))


def upgrade(store: Store) -> Path | None:
    """Brings the tables to ``head()``, after a copy beside a file if anything was in it.

    Returns:
        The copy, ``NAME.before-VERSION``, if one was made.

    Raises:
        StoreError: the database is of a newer version of this program, or can't be written.
    """
    if not needs_upgrade(store):
        return None
    with store.write() as connection:
        if not _is_behind(store, _current(connection)):
            return None  # another process was faster
        copy = None if store.backend.path is None else _copy_beside(store, connection)
        store.backend.take_time(connection)
        _run(connection)
        return copy


def _current(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    return connection.scalar(sa.select(_VERSION.c.version_num))


def _is_behind(store: Store, version: str | None) -> bool:
    if version is not None and version > HEAD:
        raise StoreError(
            f"{store.name} was written by a newer version of this program (tables {version}, "
            f"known here: {HEAD}); install that version again or restore a backup"
        )
    return version != HEAD


def _copy_beside(store: Store, connection: sa.Connection) -> Path | None:
    if not sa.inspect(connection).get_table_names():
        return None
    target = store.path.with_name(f"{store.path.name}.before-{HEAD}")
    # A connection of its own: SQLite can't copy from one that is inside a write.
    source = sqlite3.connect(store.path)
    try:
        copy_database(source, target)
    finally:
        source.close()
    return target


def _run(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
