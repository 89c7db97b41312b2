"""Which processes work together on this database, and whether they are alive.

Each holds a lock named after its token, so that the others see at once when it has died.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from monitor.store.tables import PROCESS
from monitor.store.types import insert_new

Role = Literal["run", "work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process that took part.

    Attributes:
        token: that its leases bear.
        role: the command that it runs.
        host: name of its machine.
        pid: its process id there.
    """

    token: int
    role: Role
    host: str
    pid: int
    started: datetime

    @property
    def lock(self) -> str:
        """The role in which it is alone."""
        return f"process {self.token}"


def enter(connection: sa.Connection, process: Process) -> None:
    """A process takes part from now on, or again; its lock must be held already."""
    values = {
        "token": process.token,
        "role": process.role,
        "host": process.host,
        "pid": process.pid,
        "started_at": process.started,
    }
    connection.execute(insert_new(PROCESS), values)


def leave(connection: sa.Connection, token: int) -> None:
    """A process takes part no longer."""
    connection.execute(sa.delete(PROCESS).where(PROCESS.c.token == token))


def entered(connection: sa.Connection) -> list[Process]:
    """The processes that take part, or died before they could leave; oldest first."""
    rows = connection.execute(sa.select(PROCESS).order_by(PROCESS.c.started_at, PROCESS.c.token))
    return [
        Process(token=row.token, role=row.role, host=row.host, pid=row.pid, started=row.started_at)
        for row in rows
    ]
