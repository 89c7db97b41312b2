"""Alerts: open ones collect hits until they are due; a sealed one never changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.alerts.decide import DIGEST
from monitor.alerts.gate import HOUR, Traffic
from monitor.model.alert import Alert, AlertKind, Digest, Notice, Wait, WaitsFor
from monitor.model.delivery import DeliveryState
from monitor.model.payload import Payload
from monitor.model.rule import RANK, Severity
from monitor.model.spike import SpikeAlert
from monitor.store.codec import from_json, to_json
from monitor.store.tables import ALERT, ALERT_EVENT, ALERT_HIT, DELIVERY, FEED_EVENT, HIT
from monitor.store.types import AnyRow

OPEN, SEALED, FOLDED = "open", "sealed", "folded"
_STORM = timedelta(hours=2)
_COUNTED = (AlertKind.FIRST, AlertKind.FOLLOW_UP, AlertKind.SPIKE)  # against the limit
_SAYS: Mapping[AlertKind, type[Payload]] = {
    AlertKind.FIRST: Alert,
    AlertKind.FOLLOW_UP: Alert,
    AlertKind.DIGEST: Digest,
    AlertKind.BURST: Digest,
    AlertKind.CATCH_UP: Digest,
    AlertKind.SYSTEM: Notice,
    AlertKind.SPIKE: SpikeAlert,
}


# Made once: making a statement takes longer than most of them.
_SAME = (
    ALERT.c.channel == sa.bindparam("its_channel"),
    ALERT.c.kind == sa.bindparam("its_kind"),
    ALERT.c.subject == sa.bindparam("its_subject"),
)
_DUE = sa.bindparam("due", type_=ALERT.c.due_at.type)
_IS_SOONER = ALERT.c.due_at > _DUE
_JOIN = (
    sa.update(ALERT)
    .where(*_SAME, ALERT.c.state == OPEN)
    .values(
        due_at=sa.case((_IS_SOONER, _DUE), else_=ALERT.c.due_at),
        waits_for=sa.case(
            (_IS_SOONER, sa.bindparam("what_for", type_=sa.Text)), else_=ALERT.c.waits_for
        ),
    )
    .returning(ALERT.c.id)
)
_LAST = sa.select(sa.func.coalesce(sa.func.max(ALERT.c.seq), 0)).where(*_SAME)
_OPEN = (
    sa.insert(ALERT)
    .values(
        channel=sa.bindparam("its_channel"),
        kind=sa.bindparam("its_kind"),
        subject=sa.bindparam("its_subject"),
        seq=_LAST.scalar_subquery() + 1,
        state=OPEN,
        due_at=_DUE,
        waits_for=sa.bindparam("what_for"),
        created=sa.bindparam("since"),
    )
    .returning(ALERT.c.id)
)
_TAKE = (
    sa.update(ALERT)
    .where(ALERT.c.id == sa.bindparam("its_id"), ALERT.c.state == OPEN)
    .values(state=OPEN)
    .returning(*ALERT.c)
)
_SEVERITIES = sa.union(  # of the rules whose hits or events an alert tells
    sa.select(HIT.c.facts["severity"].as_string())
    .join(ALERT_HIT, ALERT_HIT.c.hit == HIT.c.id)
    .where(ALERT_HIT.c.alert == sa.bindparam("its_id")),
    sa.select(FEED_EVENT.c.evidence["rule", "severity"].as_string())
    .join(ALERT_EVENT, ALERT_EVENT.c.event == FEED_EVENT.c.id)
    .where(ALERT_EVENT.c.alert == sa.bindparam("its_id"), FEED_EVENT.c.rule.is_not(None)),
)
_SEAL = (
    sa.update(ALERT)
    .where(ALERT.c.id == sa.bindparam("its_id"))
    .values(state=SEALED, sealed_at=sa.bindparam("now"), payload=sa.bindparam("says"))
)
_DELIVER = sa.insert(DELIVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An open alert that is due.

    Attributes:
        severity: the highest of its hits and spikes; normal if it has none.
    """

    id: int
    channel: str
    kind: AlertKind
    subject: str
    created: datetime
    severity: Severity


def join(connection: sa.Connection, channel: str, wait: Wait, created: datetime) -> int:
    """The open alert of a channel that a wait names, due no later than it says; maybe a new one.

    ``created`` is since when a new one counts: now, or since when what it tells was held up.

    Writing to the row, not reading it, is what keeps another process from sealing it before the
    hit is in.
    """
    values = {
        "its_channel": channel,
        "its_kind": wait.kind,
        "its_subject": wait.subject,
        "due": wait.due_at,
        "what_for": wait.waits_for,
    }
    joined: int | None = connection.scalar(_JOIN, values)
    if joined is not None:
        return joined
    opened: int = connection.scalars(_OPEN, {**values, "since": created}).one()
    return opened


def add_events(connection: sa.Connection, alert: int, events: Collection[int]) -> None:
    """Adds events to the open alert that tells such."""
    rows = [{"alert": alert, "event": event} for event in events]
    connection.execute(sa.insert(ALERT_EVENT), rows)


def due(
    connection: sa.Connection,
    now: datetime,
    limit: int,
    *,
    skip_wait: bool = False,
    but: Collection[str] = (),
) -> Sequence[int]:
    """Open alerts that are due, those due longest first.

    Args:
        connection: of a read.
        now: the time.
        limit: how many at most.
        skip_wait: the time for more hits to come counts as elapsed.
        but: channels whose alerts stay open.
    """
    has_come = ALERT.c.due_at <= now
    if skip_wait:
        has_come = sa.or_(has_come, ALERT.c.waits_for == WaitsFor.GROUP)
    query = sa.select(ALERT.c.id).where(ALERT.c.state == OPEN, ALERT.c.channel.not_in(but))
    return connection.scalars(
        query.where(has_come).order_by(ALERT.c.due_at, ALERT.c.id).limit(limit)
    ).all()


def take(connection: sa.Connection, alert: int) -> Opened | None:
    """An open alert, which nobody else seals or joins until the write ends; None if it is not."""
    row = connection.execute(_TAKE, {"its_id": alert}).one_or_none()
    if row is None:
        return None
    severities = connection.scalars(_SEVERITIES, {"its_id": alert})
    highest = max(map(Severity, severities), key=RANK.__getitem__, default=Severity.NORMAL)
    return _opened(row, highest)


def _opened(row: AnyRow, severity: Severity) -> Opened:
    return Opened(
        id=row.id,
        channel=row.channel,
        kind=AlertKind(row.kind),
        subject=row.subject,
        created=row.created,
        severity=severity,
    )


def postpone(connection: sa.Connection, alert: int, due_at: datetime, waits_for: WaitsFor) -> None:
    """Lets an open alert wait until a time."""
    connection.execute(
        sa.update(ALERT)
        .where(ALERT.c.id == alert, ALERT.c.state == OPEN)
        .values(due_at=due_at, waits_for=waits_for)
    )


def fold(connection: sa.Connection, alert: int, into: int, now: datetime) -> None:
    """Moves what an alert tells into an open one, which tells it from now on."""
    for table in (ALERT_HIT, ALERT_EVENT):
        connection.execute(sa.update(table).where(table.c.alert == alert).values(alert=into))
    unname(connection, alert)
    connection.execute(
        sa.update(ALERT)
        .where(ALERT.c.id == alert)
        .values(state=FOLDED, sealed_at=now, folded_into=into)
    )


def unname(connection: sa.Connection, alert: int) -> None:
    """What a message named that nobody got is named by the next one."""
    connection.execute(
        sa.update(ALERT_HIT).where(ALERT_HIT.c.named_by == alert).values(named_by=None)
    )


def close(connection: sa.Connection, alert: int, now: datetime) -> None:
    """Ends an alert that has nothing to tell any more."""
    connection.execute(
        sa.update(ALERT).where(ALERT.c.id == alert).values(state=FOLDED, sealed_at=now)
    )


def digests(connection: sa.Connection) -> dict[str, datetime]:
    """When the open digest of each channel that has one is due."""
    rows = connection.execute(
        sa.select(ALERT.c.channel, ALERT.c.due_at).where(
            ALERT.c.state == OPEN, ALERT.c.kind == AlertKind.DIGEST, ALERT.c.subject == DIGEST
        )
    )
    return {row.channel: row.due_at for row in rows}


def traffic(connection: sa.Connection, channel: str, now: datetime) -> Traffic:
    """What a channel was told lately; times to come are of a clock that was set back since."""
    mine = (ALERT.c.channel == channel, ALERT.c.state == SEALED, ALERT.c.sealed_at <= now)
    stories = sa.select(sa.func.count()).where(
        *mine, ALERT.c.kind.in_(_COUNTED), ALERT.c.sealed_at > now - HOUR
    )
    bursts = sa.select(ALERT.c.sealed_at).where(
        *mine, ALERT.c.kind == AlertKind.BURST, ALERT.c.sealed_at > now - _STORM
    )
    return Traffic(
        last_hour=connection.scalars(stories).one(), bursts=connection.scalars(bursts).all()
    )


def freeze(
    connection: sa.Connection,
    alert: Payload,
    keys: Mapping[str, str],
    now: datetime,
    *,
    state: DeliveryState = DeliveryState.PENDING,
    reason: str | None = None,
) -> None:
    """Seals an alert: stores what it says, with a delivery for every target.

    Args:
        connection: of the write that took it.
        alert: what it says.
        keys: for every target (at least one) the identity of its message, unique for ever.
        now: the time.
        state: of the deliveries: pending, or dead or held for a reason.
        reason: why they are not to be sent, if they are not.
    """
    connection.execute(_SEAL, {"its_id": alert.id, "now": now, "says": to_json(alert)})
    rows = [
        {
            "alert": alert.id,
            "channel": alert.channel,
            "target": target,
            "key": key,
            "state": state,
            "last_error": reason,
            "next_try": now,
            "created": now,
        }
        for target, key in keys.items()
    ]
    connection.execute(_DELIVER, rows)


def get(connection: sa.Connection, alert: int) -> Payload | None:
    """What a sealed alert says; None if it is open or there is none."""
    query = sa.select(ALERT.c.kind, ALERT.c.payload).where(ALERT.c.id == alert)
    row = connection.execute(query).one_or_none()
    if row is None or row.payload is None:
        return None
    return from_json(_SAYS[AlertKind(row.kind)], row.payload)
