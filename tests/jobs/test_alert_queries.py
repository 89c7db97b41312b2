"""No step of telling reads a whole table: a hit costs the same after a hundred thousand others."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time
from re import compile as pattern

import sqlalchemy as sa

from monitor.model.channel import ChannelPolicy, DigestTimes, Mode, QuietHours
from monitor.model.mute import MuteKind
from monitor.store import mutes
from monitor.store.engine import Connection, Store
from tests.jobs.test_aftermath import REFUSED, TOO_LATE, Desk
from tests.support.stored import DAY, HOUR, MINUTE, ON_SQLITE

_GROWING = "alert|alert_hit|article|article_feed|article_revision|hit|story_article"
_SCAN = pattern(
    rf"SCAN ({_GROWING})( USING (COVERING )?INDEX (?!ix_alert_open|ix_hit_undecided)|$)"
)
DESK = ChannelPolicy(name="desk", url="json://localhost", group_wait=MINUTE, max_per_hour=2)


@contextmanager
def scans(found: set[str]) -> Iterator[None]:
    """Collects the statements that read every row of a table that grows."""

    def before(
        _connection: Connection,
        cursor: sqlite3.Cursor,
        statement: str,
        values: tuple[str, ...],
        *_: object,
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            if any(_SCAN.search(line[3]) for line in plan):
                found.add(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", before)


@ON_SQLITE
def test_no_step_reads_a_whole_table(store: Store) -> None:
    night = QuietHours(start=time(22), end=time(6, 30))
    both = replace(DESK, mode=Mode.BOTH, digest=DigestTimes(at=(time(17),)), quiet=night)
    desk = Desk(store, both, replace(DESK, name="ops"))
    found: set[str] = set()
    with scans(found):
        desk.publish(*range(1, 8))
        desk.live(HOUR)
        desk.publish(1, copy=True)
        desk.publish(1, clause="@ministry")
        desk.publish(2, rule="wages")
        desk.live(MINUTE / 2)
        with store.write() as connection:
            mutes.add(connection, MuteKind.RULE, "wages", desk.now + HOUR, "known", desk.now)
        desk.live(HOUR)
        desk.broken = TOO_LATE
        desk.publish(9)
        desk.live(HOUR)
        desk.broken = REFUSED
        desk.publish(10, 11, 12)
        desk.live(3 * HOUR)
        desk.broken = None
        desk.live(DAY)
    assert found == set()
