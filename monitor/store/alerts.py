"""Alerts: open ones collect hits until they are due; a sealed one never changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.model.alert import Alert, Notice, NoticeLine, RuleFacts, TellingHit
from monitor.model.delivery import DeliveryState
from monitor.model.hit import Span
from monitor.store.codec import from_json, to_json
from monitor.store.tables import ALERT, ALERT_EVENT, ALERT_HIT, DELIVERY, FEED, FEED_EVENT, HIT

OPEN = "open"
SEALED = "sealed"
FIRST = "first"
SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftHit:
    """A hit of an alert; its spans point into ``revision`` of the article."""

    article: int
    revision: int
    hit: TellingHit


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an alert is made from when it is sealed: hits, or events of feeds, as they came."""

    id: int
    channel: str
    created: datetime
    hits: tuple[DraftHit, ...] = ()
    events: tuple[NoticeLine, ...] = ()


def join(
    connection: sa.Connection, channel: str, article: int, due_at: datetime, now: datetime
) -> int:
    """The open alert of a channel on an article; a new one if there is none.

    Args:
        connection: of a write.
        channel: its name.
        article: its id.
        due_at: when a new one is to be sealed.
        now: the time.
    """
    return _join(connection, channel, (FIRST, f"article:{article}"), due_at, now)


def join_system(
    connection: sa.Connection,
    channel: str,
    events: Collection[int],
    due_at: datetime,
    now: datetime,
) -> None:
    """Adds events of feeds to the open system alert of a channel; a new one if there is none."""
    alert = _join(connection, channel, (SYSTEM, "feeds"), due_at, now)
    rows = [{"alert": alert, "event": event} for event in events]
    connection.execute(sa.insert(ALERT_EVENT), rows)


def _join(
    connection: sa.Connection,
    channel: str,
    about: tuple[str, str],
    due_at: datetime,
    now: datetime,
) -> int:
    """The open alert of a channel of a kind about a subject.

    Writing to the row, not reading it, is what keeps another process from sealing it before the
    hit is in.
    """
    kind, subject = about
    same = (ALERT.c.channel == channel, ALERT.c.kind == kind, ALERT.c.subject == subject)
    joined: int | None = connection.scalar(
        sa.update(ALERT)
        .where(*same, ALERT.c.state == OPEN)
        .values(state=OPEN)
        .returning(ALERT.c.id)
    )
    if joined is not None:
        return joined
    last = sa.select(sa.func.coalesce(sa.func.max(ALERT.c.seq), 0)).where(*same)
    opened: int = connection.scalars(
        sa.insert(ALERT)
        .values(
            channel=channel,
            kind=kind,
            subject=subject,
            seq=last.scalar_subquery() + 1,
            state=OPEN,
            due_at=due_at,
            created=now,
        )
        .returning(ALERT.c.id)
    ).one()
    return opened


def due(
    connection: sa.Connection,
    now: datetime,
    limit: int,
    *,
    skip_wait: bool = False,
    but: Collection[str] = (),
) -> Sequence[int]:
    """Open alerts that are to be sealed, those due longest first.

    Args:
        connection: of a read.
        now: the time.
        limit: how many at most.
        skip_wait: the time for more hits to come counts as elapsed.
        but: channels whose alerts stay open.
    """
    query = sa.select(ALERT.c.id).where(ALERT.c.state == OPEN, ALERT.c.channel.not_in(but))
    if not skip_wait:
        query = query.where(ALERT.c.due_at <= now)
    return connection.scalars(query.order_by(ALERT.c.due_at, ALERT.c.id).limit(limit)).all()


def seal(connection: sa.Connection, alert: int, now: datetime) -> Draft | None:
    """Ends the collecting of hits; None if the alert is sealed already."""
    row = connection.execute(
        sa.update(ALERT)
        .where(ALERT.c.id == alert, ALERT.c.state == OPEN)
        .values(state=SEALED, sealed_at=now)
        .returning(ALERT.c.channel, ALERT.c.kind, ALERT.c.created)
    ).one_or_none()
    if row is None:
        return None
    about = {"id": alert, "channel": row.channel, "created": row.created}
    if row.kind == SYSTEM:
        return Draft(**about, events=_draft_events(connection, alert))
    return Draft(**about, hits=_draft_hits(connection, alert))


def _draft_events(connection: sa.Connection, alert: int) -> tuple[NoticeLine, ...]:
    rows = connection.execute(
        sa.select(FEED.c.name, FEED.c.url, FEED_EVENT.c.text, FEED_EVENT.c.at)
        .join(ALERT_EVENT, ALERT_EVENT.c.event == FEED_EVENT.c.id)
        .join(FEED, FEED.c.id == FEED_EVENT.c.feed)
        .where(ALERT_EVENT.c.alert == alert)
        .order_by(FEED_EVENT.c.id)
    )
    return tuple(NoticeLine(name=row.name, url=row.url, text=row.text, at=row.at) for row in rows)


def _draft_hits(connection: sa.Connection, alert: int) -> tuple[DraftHit, ...]:
    rows = connection.execute(
        sa.select(*HIT.c)
        .join(ALERT_HIT, ALERT_HIT.c.hit == HIT.c.id)
        .where(ALERT_HIT.c.alert == alert)
        .order_by(HIT.c.id)
    )
    return tuple(
        DraftHit(
            article=row.article,
            revision=row.revision,
            hit=TellingHit(
                rule=from_json(RuleFacts, row.facts),
                spans=from_json(tuple[Span, ...], row.spans),
                why=row.why,
            ),
        )
        for row in rows
    )


def freeze(
    connection: sa.Connection,
    alert: Alert | Notice,
    keys: Mapping[str, str],
    now: datetime,
    *,
    dead: str | None = None,
) -> None:
    """Stores what a sealed alert says, with a delivery for every target.

    Args:
        connection: of the write that sealed it.
        alert: what it says.
        keys: for every target (at least one) the identity of its message, unique for ever.
        now: the time.
        dead: why the deliveries are never to be sent, if they are not.
    """
    payload = to_json(alert)
    connection.execute(sa.update(ALERT).where(ALERT.c.id == alert.id).values(payload=payload))
    rows = [
        {
            "alert": alert.id,
            "channel": alert.channel,
            "target": target,
            "key": key,
            "state": DeliveryState.PENDING if dead is None else DeliveryState.DEAD,
            "last_error": dead,
            "next_try": now,
            "created": now,
        }
        for target, key in keys.items()
    ]
    connection.execute(sa.insert(DELIVERY), rows)


def get(connection: sa.Connection, alert: int) -> Alert | Notice | None:
    """What a sealed alert says; None if it is open or there is none."""
    query = sa.select(ALERT.c.kind, ALERT.c.payload).where(ALERT.c.id == alert)
    row = connection.execute(query).one_or_none()
    if row is None or row.payload is None:
        return None
    if row.kind == SYSTEM:
        return from_json(Notice, row.payload)
    return from_json(Alert, row.payload)
