"""What happened to feeds, channels and rules: kept to be shown, and to be told if need be."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.model.source import EventKind, FeedEvent
from monitor.model.spike import Evidence
from monitor.store.codec import from_json, to_json
from monitor.store.tables import FEED, FEED_EVENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """An event that is to be told; with a channel or evidence of a rule if it is about one."""

    id: int
    channel: str | None
    evidence: Evidence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """An event as a list shows it; it is about a channel or a rule if there is no feed."""

    id: int
    feed: int | None
    name: str
    url: str
    kind: EventKind
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEvent:
    """A spike or a silence of a rule; ``text`` is one line without its name."""

    at: datetime
    kind: EventKind
    text: str


def add(connection: sa.Connection, events: Collection[FeedEvent]) -> None:
    """Stores events; those to be told wait for the job that tells."""
    rows = [
        {
            "feed": event.feed,
            "channel": event.channel,
            "rule": event.evidence and event.evidence.rule.id,
            "evidence": event.evidence and to_json(event.evidence),
            "kind": event.kind,
            "at": event.at,
            "text": event.text,
            "told": event.told,
            "decided_at": None if event.told else event.at,
        }
        for event in events
    ]
    if rows:
        connection.execute(sa.insert(FEED_EVENT), rows)


def has_undecided(connection: sa.Connection) -> bool:
    """Whether an event waits to be told."""
    waits = FEED_EVENT.c.decided_at.is_(None)
    return connection.scalar(sa.select(sa.exists().where(waits))) or False


def take_undecided(connection: sa.Connection, limit: int, now: datetime) -> Sequence[Undecided]:
    """The oldest events that are still to be told; from now on they count as decided."""
    waiting = (
        sa.select(FEED_EVENT.c.id)
        .where(FEED_EVENT.c.decided_at.is_(None))
        .order_by(FEED_EVENT.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    taken = connection.execute(
        sa.update(FEED_EVENT)
        .where(FEED_EVENT.c.id.in_(sa.select(waiting.c.id)))
        .values(decided_at=now)
        .returning(FEED_EVENT.c.id, FEED_EVENT.c.channel, FEED_EVENT.c.evidence)
    )
    found = [
        Undecided(
            id=row.id,
            channel=row.channel,
            evidence=None if row.evidence is None else from_json(Evidence, row.evidence),
        )
        for row in taken
    ]
    return sorted(found, key=lambda event: event.id)


def told_last(connection: sa.Connection, feed: int, kind: EventKind) -> datetime | None:
    """When people were last told of such an event of a feed."""
    when: datetime | None = connection.scalar(
        sa.select(sa.func.max(FEED_EVENT.c.at)).where(
            FEED_EVENT.c.feed == feed, FEED_EVENT.c.kind == kind, FEED_EVENT.c.told.is_(sa.true())
        )
    )
    return when


def recent(connection: sa.Connection, since: datetime) -> Sequence[EventLine]:
    """Events since a time, the newest first."""
    event = FEED_EVENT.c
    name = sa.func.coalesce(FEED.c.name, event.channel, event.rule, "").label("name")
    rows = connection.execute(
        sa.select(event.id, event.feed, name, FEED.c.url, event.kind, event.at, event.text)
        .outerjoin(FEED, FEED.c.id == event.feed)
        .where(event.at >= since)
        .order_by(event.at.desc(), event.id.desc())
    )
    return [
        EventLine(
            id=row.id,
            feed=row.feed,
            name=row.name,
            url=row.url or "",
            kind=EventKind(row.kind),
            at=row.at,
            text=row.text,
        )
        for row in rows
    ]


def of_rules(connection: sa.Connection, since: datetime | None) -> dict[str, list[RuleEvent]]:
    """What rules did since a time, by rule, the newest first."""
    event = FEED_EVENT.c
    query = sa.select(event.rule, event.at, event.kind, event.text).where(event.rule.is_not(None))
    if since is not None:
        query = query.where(event.at >= since)
    found: dict[str, list[RuleEvent]] = {}
    for row in connection.execute(query.order_by(event.at.desc(), event.id.desc())):
        one = RuleEvent(at=row.at, kind=EventKind(row.kind), text=row.text)
        found.setdefault(row.rule, []).append(one)
    return found
