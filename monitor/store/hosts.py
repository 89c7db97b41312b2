"""Hosts that want to be left alone, so that a restart does not forget it."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model.feed import Pause
from monitor.store.tables import HOST_PAUSE
from monitor.store.types import insert_or_replace

_REMEMBERED = timedelta(days=1)  # after their end: the next one may be longer for it


def pauses(connection: sa.Connection) -> list[Pause]:
    """The pauses that are known, also those that are over."""
    return [
        Pause(host=row.host, began=row.began, until=row.until, strikes=row.strikes)
        for row in connection.execute(sa.select(HOST_PAUSE))
    ]


def pause(connection: sa.Connection, wished: Pause) -> None:
    """Leaves a host alone from now on, and forgets pauses that ended long ago."""
    values = {
        "host": wished.host,
        "began": wished.began,
        "until": wished.until,
        "strikes": wished.strikes,
    }
    connection.execute(insert_or_replace(HOST_PAUSE, values))
    old = HOST_PAUSE.c.until < wished.began - _REMEMBERED
    connection.execute(sa.delete(HOST_PAUSE).where(old))


def clamp(connection: sa.Connection, now: datetime) -> list[Pause]:
    """Moves pauses that began in the future, before the clock was set back; returns all."""
    for known in pauses(connection):
        if known.began > now:
            until = now + (known.until - known.began)
            moved = Pause(host=known.host, began=now, until=until, strikes=known.strikes)
            pause(connection, moved)
    return pauses(connection)
