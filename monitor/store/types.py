"""Column types of our own, and the statements that dialects write differently."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import chain
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert  # which SQLite's compiler knows, too
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from typing_extensions import override

_ROWS = (64, 32, 16, 8, 4, 2, 1)  # of a statement
AnyRow: TypeAlias = sa.Row[*tuple[Any, ...]]
# Of rows without end: SQLite's INTEGER has 64 bits, and only it can be its rowid.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime, read as UTC.

    SQLite has no such type: it keeps UTC, so that the order of the stored text is that of time;
    the text is that of SQLAlchemy, made and read several times faster.
    """

    impl = sa.DateTime(timezone=True)  # type: ignore[mutable-override]  # SQLAlchemy's own way
    cache_ok = True  # type: ignore[mutable-override]

    @override
    def bind_processor(self, dialect: sa.Dialect) -> Callable[[datetime | None], object]:
        return _written if dialect.name == "sqlite" else _aware

    @override
    def result_processor(
        self, dialect: sa.Dialect, coltype: object
    ) -> Callable[[Any], datetime | None]:
        return _read if dialect.name == "sqlite" else _in_utc


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return value


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


@lru_cache(1024)  # one poll writes the same time many times
def _written(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def insert_new(table: sa.Table) -> Insert:
    """INSERT that leaves out rows whose unique key is there; with RETURNING: what is new."""
    return insert(table).on_conflict_do_nothing()


class _Elements(FunctionElement[Any]):
    """The elements of a JSON array, one a row, in the column ``value``."""

    inherit_cache = True  # type: ignore[mutable-override]  # SQLAlchemy's own way


@compiles(_Elements)
def _of_sqlite(element: _Elements, compiler: SQLCompiler, **kwargs: Any) -> str:  # noqa: ANN401
    return f"json_each({compiler.process(element.clauses, **kwargs)})"


@compiles(_Elements, "postgresql")
def _of_postgres(element: _Elements, compiler: SQLCompiler, **kwargs: Any) -> str:  # noqa: ANN401
    return f"json_array_elements_text(({compiler.process(element.clauses, **kwargs)})::json)"


def among(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether a column is one of the list that is the parameter ``name``, made by ``list_of``.

    A list of parameters would make another statement of every length.
    """
    each = _Elements(sa.bindparam(name, type_=sa.Text)).table_valued("value")
    return column.in_(sa.select(sa.cast(each.c.value, column.type)))


def list_of(values: Iterable[str | int]) -> str:
    """Values as the parameter of ``among``."""
    return json.dumps(list(values))


class RowInsert:
    """INSERT of many rows, written once and handed to the driver as it is.

    SQLAlchemy takes longer over a row than SQLite does. And several rows a statement: between
    two statements the driver lets other threads go on, and then waits for its turn.

    Args:
        table: where to.
        columns: that the rows give, in the order of the table.
        returning: columns that are wanted of every new row.
    """

    def __init__(self, table: sa.Table, *columns: str, returning: Sequence[str] = ()) -> None:
        self._table = table
        self._columns = columns
        self._returning = returning

    def run(self, connection: sa.Connection, rows: Iterable[Sequence[object]]) -> list[AnyRow]:
        """Inserts rows; their values are those of the columns.

        Returns:
            What was wanted of them, in any order and as the driver has it.
        """
        found: list[AnyRow] = []
        writers = self._writers(connection.dialect)
        left = deque(_written_row(row, writers) for row in rows)
        for size in _ROWS:
            while len(left) >= size:
                values = chain.from_iterable(left.popleft() for _ in range(size))
                sql = self._statement(connection.dialect, size)
                result = connection.exec_driver_sql(sql, tuple(values))
                found += result.all() if self._returning else ()
        return found

    @cache  # noqa: B019 - there is one for each table, for ever
    def _statement(self, dialect: sa.Dialect, size: int) -> str:
        rows = [dict.fromkeys(self._columns)] * size
        returned = (self._table.c[name] for name in self._returning)
        insertion = sa.insert(self._table).values(rows)
        if self._returning:
            insertion = insertion.returning(*returned)
        return str(insertion.compile(dialect=dialect))

    @cache  # noqa: B019 - likewise
    def _writers(self, dialect: sa.Dialect) -> Sequence[tuple[int, Callable[[Any], Any]]]:
        """The places of values that the driver does not take as they are, and what it takes."""
        kinds = (self._table.c[name].type.dialect_impl(dialect) for name in self._columns)
        writers = (kind.bind_processor(dialect) for kind in kinds)
        return [(place, write) for place, write in enumerate(writers) if write is not None]


def _written_row(
    row: Sequence[object], writers: Iterable[tuple[int, Callable[[Any], Any]]]
) -> Sequence[object]:
    written = [*row]
    for place, write in writers:
        written[place] = write(written[place])
    return written


def storable(text: str) -> str:
    """A text without what no database keeps: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def insert_or_replace(table: sa.Table, values: dict[str, Any]) -> Insert:
    """INSERT of a row that takes the place of the one with the same primary key."""
    statement = insert(table).values(values)
    rest = {name: value for name, value in values.items() if name not in table.primary_key.columns}
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_=rest
    )
