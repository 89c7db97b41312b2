"""Figures of the stored hits of rules."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.store.alerts import SEALED
from monitor.store.hits import TOLD
from monitor.store.marks import Precision, precision
from monitor.store.tables import ALERT, ALERT_HIT, ARTICLE, ARTICLE_FEED, FEED, HIT, STORY_ARTICLE
from monitor.stories.outlets import site

_NO_DELAY = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFigures:
    """The hits of a rule.

    Attributes:
        stories: that they are about.
        outlets: sites that their articles are on.
        delays: seconds from the publication of an article to the first message that told it, in
            ascending order; articles without a date, and those not told, have none.
        days: hits by day (UTC, ``date.toordinal``).
        sources: hits by the feed that brought the article first.
    """

    rule: str
    hits: int = 0
    stories: int = 0
    outlets: int = 0
    delays: tuple[float, ...] = ()
    days: Counter[int] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    precision: Precision = field(default_factory=Precision)

    def delay(self, share: float) -> float | None:
        """Seconds within which this share of the told articles was told; None without any."""
        if not self.delays:
            return None
        return self.delays[min(len(self.delays) - 1, int(share * len(self.delays)))]


def figures(
    connection: sa.Connection, rules: Collection[str], since: datetime | None
) -> list[RuleFigures]:
    """Of each rule with stored hits, those with most hits first.

    Args:
        connection: of a read.
        rules: only these; none named means all.
        since: only hits found then or later.
    """
    query = sa.select(
        HIT.c.id, HIT.c.rule, HIT.c.article, HIT.c.seen, ARTICLE.c.url, ARTICLE.c.published,
        STORY_ARTICLE.c.story,
    )  # fmt: skip
    query = query.join(ARTICLE, ARTICLE.c.id == HIT.c.article).outerjoin(
        STORY_ARTICLE, STORY_ARTICLE.c.article == HIT.c.article
    )
    told = _told(connection)
    if rules:
        query = query.where(HIT.c.rule.in_(rules))
    if since is not None:
        query = query.where(HIT.c.seen >= since)
    rows = connection.execute(query.order_by(HIT.c.id)).all()
    sources = _sources(connection, {row.article for row in rows})
    marks = precision(connection)
    by_rule: dict[str, _Sum] = {}
    for row in rows:
        found = by_rule.setdefault(row.rule, _Sum())
        found.hits += 1
        found.stories.add(row.story or -row.article)
        found.outlets.add(site(row.url) or sources.get(row.article, ""))
        found.days[row.seen.toordinal()] += 1
        found.sources[sources.get(row.article, "")] += 1
        if row.published is not None and row.id in told:
            delay = max(told[row.id] - row.published, _NO_DELAY)
            found.delays.append(delay.total_seconds())
    result = [each.figures(rule, marks.get(rule, Precision())) for rule, each in by_rule.items()]
    return sorted(result, key=lambda each: (-each.hits, each.rule))


@dataclass(slots=True)
class _Sum:
    hits: int = 0
    stories: set[int] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)
    delays: list[float] = field(default_factory=list)
    days: Counter[int] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)

    def figures(self, rule: str, marks: Precision) -> RuleFigures:
        return RuleFigures(
            rule=rule,
            hits=self.hits,
            stories=len(self.stories),
            outlets=len(self.outlets),
            delays=tuple(sorted(self.delays)),
            days=self.days,
            sources=self.sources,
            precision=marks,
        )


def _told(connection: sa.Connection) -> dict[int, datetime]:
    """When each hit was first told."""
    rows = connection.execute(
        sa.select(ALERT_HIT.c.hit, ALERT.c.sealed_at)
        .join(ALERT, ALERT.c.id == ALERT_HIT.c.alert)
        .where(ALERT_HIT.c.decision == TOLD, ALERT.c.state == SEALED)
        .order_by(ALERT.c.sealed_at.desc())
    )
    return {hit: at for hit, at in rows if at is not None}


def _sources(connection: sa.Connection, articles: Collection[int]) -> dict[int, str]:
    rows = connection.execute(
        sa.select(ARTICLE_FEED.c.article, FEED.c.name)
        .join(FEED, FEED.c.id == ARTICLE_FEED.c.feed)
        .where(ARTICLE_FEED.c.article.in_(articles))
        .order_by(ARTICLE_FEED.c.first_seen.desc(), FEED.c.id.desc())
    )
    return {row.article: row.name for row in rows}
