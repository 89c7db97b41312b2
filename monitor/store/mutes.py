"""Mutes as they are stored; those that are over stay a while, for explanations."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model.mute import Mute, MuteKind
from monitor.store.tables import MUTE

_ACTIVE = sa.select(MUTE).where(MUTE.c.until > sa.bindparam("now")).order_by(MUTE.c.id)


def add(
    connection: sa.Connection,
    kind: MuteKind,
    subject: str,
    until: datetime,
    reason: str,
    now: datetime,
) -> Mute:
    """Stores a mute that begins now; an earlier one on the same ends with it."""
    same = sa.and_(MUTE.c.kind == kind, MUTE.c.subject == subject, MUTE.c.until > now)
    connection.execute(sa.update(MUTE).where(same).values(until=now))
    values = {
        "kind": kind,
        "subject": subject,
        "until": until,
        "reason": reason,
        "created": now,
    }
    id_ = connection.scalars(sa.insert(MUTE).values(values).returning(MUTE.c.id)).one()
    return Mute(id=id_, kind=kind, subject=subject, until=until, reason=reason, created=now)


def end(connection: sa.Connection, mute: int, now: datetime) -> Mute | None:
    """Ends a mute; one that is over stays as it is. None if there is no such mute."""
    ended = sa.update(MUTE).where(MUTE.c.id == mute, MUTE.c.until > now)
    connection.execute(ended.values(until=now))
    row = connection.execute(sa.select(MUTE).where(MUTE.c.id == mute)).one_or_none()
    return None if row is None else _mute(row)


def active(connection: sa.Connection, now: datetime) -> tuple[Mute, ...]:
    """Those that hold, oldest first."""
    return tuple(map(_mute, connection.execute(_ACTIVE, {"now": now})))


def recent(connection: sa.Connection) -> tuple[Mute, ...]:
    """All that are stored, newest first."""
    return tuple(map(_mute, connection.execute(sa.select(MUTE).order_by(MUTE.c.id.desc()))))


def _mute(row: sa.Row[Any]) -> Mute:
    return Mute(**(row._asdict() | {"kind": MuteKind(row.kind)}))
