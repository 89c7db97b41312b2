"""What kinds of databases differ in; everything else is the same SQL on all of them."""

from pathlib import Path
from types import TracebackType
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from monitor.errors import StoreError


class Lock(Protocol):
    """What one process holds at a time, and what ends with it; a context."""

    def is_held(self) -> bool:
        """Whether it still is: a lock ends with the connection that has it."""

    def __enter__(self) -> object:
        """Takes it; StoreBusy if another process has it."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Frees it."""


class Backend(Protocol):
    """A kind of database.

    Attributes:
        name: what messages call the database; holds no secret.
        path: of its file, if it is one.
        engine: its transactions write, and nobody else writes meanwhile.
        sharing: its transactions write beside others of this engine, not of ``engine``.
        reading: its transactions see one moment and wait for nobody.
    """

    name: str
    path: Path | None
    engine: sa.Engine
    sharing: sa.Engine
    reading: sa.Engine

    def is_new(self) -> bool:
        """Whether nothing is there yet, so that the tables may be made without asking."""

    def plain(self, error: DBAPIError, *, sharing: bool) -> StoreError | None:
        """An error in plain words; None for a defect of this program, as it is."""

    def alone(self, role: str) -> Lock:
        """A lock that one process holds at a time, and that ends with it."""

    def holder(self, role: str) -> int | None:
        """The process id of who holds such a lock; None if nobody does."""

    def damage(self, connection: sa.Connection) -> list[str]:
        """What the database itself finds wrong with its contents, one line each."""

    def take_time(self, connection: sa.Connection) -> None:
        """Lets the rest of a write last as long as it takes."""

    def overwrite(self, connection: sa.Connection) -> None:
        """Lets what a write frees be overwritten in the file, if there is one."""

    def purge(self) -> None:
        """Leaves nothing of older versions of rows where this can be had at once."""

    def last_ids(self, connection: sa.Connection) -> dict[str, int]:
        """By table, the last id that was ever given, as far as the database remembers it."""

    def count_from(self, connection: sa.Connection, table: sa.Table, last: int) -> None:
        """Lets the next row of a table have a higher id than ``last``."""
