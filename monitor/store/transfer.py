"""Copies everything from one database into another, of whatever kinds they are."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from monitor.errors import StoreError
from monitor.store import schema
from monitor.store.engine import Store
from monitor.store.tables import ARTICLE, METADATA, PROCESS, SEARCH_LANGUAGE, SEARCH_STATE

BATCH = 500  # rows
# The index of words is made anew where the articles are, and who runs there is another.
_LEFT = (SEARCH_LANGUAGE, SEARCH_STATE, PROCESS)
_COPIED = [table for table in METADATA.sorted_tables if table not in _LEFT]


def size(store: Store) -> int:
    """The number of rows that ``transfer`` copies.

    Raises:
        StoreError: the database can't be read.
    """
    with store.read() as connection:
        return sum(_count(connection, table) for table in _COPIED)


def transfer(
    source: Store, target: Store, on_rows: Callable[[int], object] = lambda _: None
) -> Mapping[str, int]:
    """Copies every row, with its id, in one transaction: afterwards all is there, or nothing.

    Args:
        source: of this version; nobody may write to it meanwhile.
        target: empty; its tables are made.
        on_rows: told the number of rows of every batch.

    Returns:
        The number of rows by table, as counted in the target.

    Raises:
        StoreError: the target holds something, or one of them can't be used.
    """
    if schema.needs_upgrade(source):
        raise StoreError(f"{source.name} must be upgraded first: monitor db upgrade")
    schema.upgrade(target)
    with source.read() as old, target.write() as new:
        _refuse_rows(target, new)
        target.backend.take_time(new)
        last = source.backend.last_ids(old)
        counts: dict[str, int] = {}
        for table in _COPIED:  # those that others point to first
            _copy(old, new, table, on_rows)
            counts[table.name] = _checked(old, new, table)
            _count_on(target, new, table, last.get(table.name, 0))
        new.execute(sa.update(ARTICLE).values(indexed=False))
        new.exec_driver_sql("ANALYZE")
    return counts


def _refuse_rows(target: Store, connection: sa.Connection) -> None:
    for table in _COPIED:
        if connection.scalar(sa.select(sa.exists(sa.select(table)))):
            raise StoreError(
                f"{target.name} is not empty: table {table.name} has rows; copy into a new one"
            )


def _copy(
    old: sa.Connection, new: sa.Connection, table: sa.Table, on_rows: Callable[[int], object]
) -> None:
    in_order = sa.select(table).order_by(*table.primary_key)
    insert = sa.insert(table)
    with old.execute(in_order, execution_options={"yield_per": BATCH}) as rows:
        for batch in rows.mappings().partitions():
            new.execute(insert, [dict[str, Any](row) for row in batch])
            on_rows(len(batch))


def _checked(old: sa.Connection, new: sa.Connection, table: sa.Table) -> int:
    expected, found = _count(old, table), _count(new, table)
    if expected != found:
        raise StoreError(f"table {table.name} has {expected} rows, and {found} of them arrived")
    return found


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.scalars(sa.select(sa.func.count()).select_from(table)).one()


def _count_on(target: Store, connection: sa.Connection, table: sa.Table, last: int) -> None:
    """Ids go on where they were: none comes twice, not even that of a deleted row."""
    if "id" not in table.c:
        return
    highest = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
    if last := max(last, highest):
        target.backend.count_from(connection, table, last)
