"""How the feeds do, as commands show it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from monitor.store.tables import ARTICLE_FEED, FEED
from monitor.store.types import AnyRow


class Health(StrEnum):
    """How a feed does."""

    NEW = "new"  # never polled to the end
    OK = "ok"
    FAILING = "failing"
    RETIRED = "retired"  # no configuration names it


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """A feed as commands show it; ``articles`` counts those it ever carried."""

    id: int
    url: str
    name: str
    tags: tuple[str, ...]
    title: str | None
    health: Health
    failures: int
    last_error: str | None
    last_ok: datetime | None
    next_poll_at: datetime
    articles: int


def health_of(row: AnyRow) -> Health:
    """The health of a row of ``feed``."""
    if row.retired:
        return Health.RETIRED
    if row.failures:
        return Health.FAILING
    return Health.OK if row.last_ok else Health.NEW


def health(connection: sa.Connection) -> list[FeedHealth]:
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
    return [
        FeedHealth(
            id=row.id,
            url=row.url,
            name=row.name,
            tags=tuple(row.tags),
            title=row.title,
            health=health_of(row),
            failures=row.failures,
            last_error=row.last_error,
            last_ok=row.last_ok,
            next_poll_at=row.next_poll_at,
            articles=row.articles,
        )
        for row in rows
    ]
