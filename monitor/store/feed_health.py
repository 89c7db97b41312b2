"""How the feeds do, as commands show it, and what people were told of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.alerts.health import SLOW, Change, describe, judge
from monitor.model.source import Health, SourceFacts
from monitor.store.tables import ARTICLE_FEED, FEED
from monitor.store.types import AnyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """A feed as commands show it; ``articles`` counts those it ever carried.

    Attributes:
        reason: what there is to say of its health; empty if nothing.
    """

    id: int
    url: str
    name: str
    tags: tuple[str, ...]
    title: str | None
    health: Health
    reason: str
    failures: int
    last_error: str | None
    last_ok: datetime | None
    next_poll_at: datetime
    articles: int


def facts_of(row: AnyRow) -> SourceFacts:
    """What judging needs of a row of ``feed``."""
    return SourceFacts(
        feed=row.id,
        retired=row.retired,
        gone=row.gone,
        failures=row.failures,
        failing_since=row.failing_since,
        unreadable=row.unreadable,
        error=row.last_error,
        last_ok=row.last_ok,
        seconds=row.seconds,
        silent_at=row.silent_at,
        first_polled_at=row.first_polled_at,
        alarm=Health(row.alarm) if row.alarm else None,
        well_since=row.well_since,
    )


def health(connection: sa.Connection, now: datetime) -> list[FeedHealth]:
    """Every feed, those of the configuration first, by name."""
    carried = (
        sa.select(sa.func.count())
        .where(ARTICLE_FEED.c.feed == FEED.c.id)
        .scalar_subquery()
        .label("articles")
    )
    rows = connection.execute(
        sa.select(*FEED.c, carried).order_by(FEED.c.retired, FEED.c.name, FEED.c.id)
    )
    return [_shown(row, now) for row in rows]


def _shown(row: AnyRow, now: datetime) -> FeedHealth:
    facts = facts_of(row)
    found = judge(facts, now)
    return FeedHealth(
        id=row.id,
        url=row.url,
        name=row.name,
        tags=tuple(row.tags),
        title=row.title,
        health=found,
        reason=describe(facts, found, now),
        failures=row.failures,
        last_error=row.last_error,
        last_ok=row.last_ok,
        next_poll_at=row.next_poll_at,
        articles=row.articles,
    )


def counts(connection: sa.Connection, now: datetime) -> dict[Health, int]:
    """Number of feeds by health."""
    found = dict.fromkeys(Health, 0)
    for row in connection.execute(sa.select(FEED)):
        found[judge(facts_of(row), now)] += 1
    return found


def to_watch(connection: sa.Connection, now: datetime) -> Sequence[SourceFacts]:
    """The feeds that may not do well, or of which people were told that they do not."""
    rows = connection.execute(
        sa.select(FEED).where(
            sa.or_(
                FEED.c.alarm.is_not(None),
                sa.and_(
                    FEED.c.retired.is_(sa.false()),
                    sa.or_(
                        FEED.c.failures > 0,
                        FEED.c.gone.is_(sa.true()),
                        FEED.c.silent_at < now,
                        FEED.c.seconds > SLOW,
                    ),
                ),
            )
        )
    )
    return [facts_of(row) for row in rows]


def save(connection: sa.Connection, changes: Collection[Change]) -> None:
    """Keeps what people were told."""
    for change in changes:
        connection.execute(
            sa.update(FEED)
            .where(FEED.c.id == change.feed)
            .values(alarm=change.alarm, well_since=change.well_since)
        )
