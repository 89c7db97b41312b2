"""Column types of our own, and the one statement that dialects write differently."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import Insert, insert
from typing_extensions import override

AnyRow: TypeAlias = sa.Row[*tuple[Any, ...]]


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime; kept as UTC, so that the order of the stored text is that of time.

    SQLite has no such type: the text is that of SQLAlchemy, made and read several times faster.
    """

    impl = sa.DateTime(timezone=True)  # type: ignore[mutable-override]  # SQLAlchemy's own way
    cache_ok = True  # type: ignore[mutable-override]

    @override
    def bind_processor(self, dialect: sa.Dialect) -> Callable[[datetime | None], str | None]:
        return _written

    @override
    def result_processor(
        self, dialect: sa.Dialect, coltype: object
    ) -> Callable[[str | None], datetime | None]:
        return _read


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
