"""The feeds of the configuration, and when each is polled next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.model.feed import FeedSpec, host_of
from monitor.store.tables import FEED
from monitor.store.types import AnyRow, insert_new


def sync(connection: sa.Connection, specs: Iterable[FeedSpec], now: datetime) -> None:
    """Makes the feeds of the database those of the configuration.

    New ones are due at once; those no longer wished are retired, and return if they are again.
    """
    wished = {spec.url: spec for spec in specs if spec.enabled}
    columns = ("id", "url", "name", "tags", "host", "fetch_url", "retired")
    rows = connection.execute(sa.select(*(FEED.c[name] for name in columns))).all()
    for row in rows:
        if row.url in wished:
            _refresh(connection, row, wished[row.url])
        elif not row.retired:
            update_feed(connection, row.id, retired=True, lease_until=None)
    known = {row.url for row in rows}
    fresh = [
        {
            "url": spec.url,
            "host": host_of(spec.location),
            "name": spec.name,
            "tags": list(spec.tags),
            "next_poll_at": now,
        }
        for spec in wished.values()
        if spec.url not in known
    ]
    if fresh:
        connection.execute(insert_new(FEED), fresh)


def _refresh(connection: sa.Connection, row: AnyRow, spec: FeedSpec) -> None:
    host = host_of(row.fetch_url or spec.location)
    old = (row.name, row.tags, row.host, row.retired)
    if old != (spec.name, list(spec.tags), host, False):
        back = {"gone": False, "gone_since": None} if row.retired else {}
        values = {"name": spec.name, "tags": list(spec.tags), "host": host, "retired": False}
        update_feed(connection, row.id, **values, **back)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """When a feed is polled next, and when that was planned.

    Attributes:
        not_before: what its server asked for.
        gone: it is not polled at all.
    """

    next_poll: datetime
    not_before: datetime | None
    polled_at: datetime | None
    gone: bool


def next_polls(connection: sa.Connection) -> dict[str, Planned]:
    """When each feed of the configuration is due, by URL."""
    columns = (
        FEED.c.url, FEED.c.next_poll_at, FEED.c.not_before, FEED.c.polled_at, FEED.c.gone
    )  # fmt: skip
    rows = connection.execute(sa.select(*columns).where(FEED.c.retired.is_(sa.false())))
    return {
        row.url: Planned(
            next_poll=row.next_poll_at,
            not_before=row.not_before,
            polled_at=row.polled_at,
            gone=row.gone,
        )
        for row in rows
    }


def reschedule(connection: sa.Connection, url: str, next_poll: datetime) -> None:
    """Moves the next poll of a feed, also of one that is gone.

    A time that its server asked for is heeded all the same.
    """
    feed = FEED.c.url == url
    connection.execute(sa.update(FEED).where(feed).values(next_poll_at=next_poll, gone=False))


def replan(
    connection: sa.Connection, url: str, next_poll: datetime, not_before: datetime | None
) -> None:
    """Moves the next poll of a feed and what its server asked for: the clock was set back."""
    feed = FEED.c.url == url
    values = {"next_poll_at": next_poll, "not_before": not_before}
    connection.execute(sa.update(FEED).where(feed).values(**values))


_ONE_FEED = sa.update(FEED).where(FEED.c.id == sa.bindparam("feed"))
"""Made once; what is set are the other parameters, for making statements takes long."""


def update_feed(connection: sa.Connection, feed: int, **values: object) -> None:
    """Sets columns of the row of a feed."""
    update_feeds(connection, [{"feed": feed, **values}])


def update_feeds(connection: sa.Connection, rows: Sequence[dict[str, object]]) -> None:
    """Sets the same columns of several feeds; ``feed`` is the id of each."""
    connection.execute(_ONE_FEED, rows)
