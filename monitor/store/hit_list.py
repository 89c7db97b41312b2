"""Stored hits as commands list them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from monitor.model.alert import RuleFacts
from monitor.model.article import Article
from monitor.model.delivery import DeliveryState
from monitor.model.hit import Span
from monitor.store import articles
from monitor.store.alerts import OPEN
from monitor.store.codec import from_json
from monitor.store.hits import TOLD
from monitor.store.tables import ALERT, ALERT_HIT, DELIVERY, HIT, STORY_ARTICLE
from monitor.store.types import AnyRow

_WAITING = {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a hit on a channel; ``alert`` if one tells it, or was to."""

    decision: Literal["told", "waiting", "not-told"]
    reason: str
    alert: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HitLine:
    """A hit with its article, as it was when it matched, and its fate by channel.

    Attributes:
        story: the id of the article's; None for hits from before there were stories.
        rule_revision: sha256 of the rule files that matched.
        spans: passages; offsets count characters of the fields of ``article``.
    """

    id: int
    rule: RuleFacts
    score: float
    seen: datetime
    story: int | None
    rule_revision: str
    why: str
    spans: tuple[Span, ...]
    article: Article
    channels: dict[str, Fate]


def recent(
    connection: sa.Connection,
    *,
    rules: Collection[str] = (),
    since: datetime | None = None,
    limit: int | None = None,
    decided: bool = False,
) -> list[HitLine]:
    """Stored hits, newest first.

    Args:
        connection: of a read.
        rules: only those of these rules; none named means all.
        since: only those found then or later.
        limit: how many at most.
        decided: only those of which it is decided who is told.
    """
    query = (
        sa.select(*HIT.c, STORY_ARTICLE.c.story)
        .outerjoin(STORY_ARTICLE, STORY_ARTICLE.c.article == HIT.c.article)
        .order_by(HIT.c.seen.desc(), HIT.c.id.desc())
        .limit(limit)
    )
    if rules:
        query = query.where(HIT.c.rule.in_(rules))
    if since is not None:
        query = query.where(HIT.c.seen >= since)
    if decided:
        query = query.where(HIT.c.decided_at.is_not(None))
    rows = connection.execute(query).all()
    texts = _texts(connection, {(row.article, row.revision) for row in rows})
    fates = _fates(connection, [row.id for row in rows])
    return [_line(row, texts[row.article, row.revision], fates.get(row.id, {})) for row in rows]


def rules(connection: sa.Connection) -> set[str]:
    """The rules that have stored hits."""
    return set(connection.scalars(sa.select(HIT.c.rule).distinct()))


def decided_after(connection: sa.Connection, hit: int) -> tuple[set[str], int]:
    """The rules with decided hits above an id, and the greatest id of these, or that one."""
    rows = connection.execute(
        sa.select(HIT.c.rule, sa.func.max(HIT.c.id).label("last"))
        .where(HIT.c.id > hit, HIT.c.decided_at.is_not(None))
        .group_by(HIT.c.rule)
    ).all()
    return {row.rule for row in rows}, max((row.last for row in rows), default=hit)


def _texts(
    connection: sa.Connection, wanted: Collection[tuple[int, int]]
) -> dict[tuple[int, int], Article]:
    by_revision: dict[int, list[int]] = {}
    for article, revision in wanted:
        by_revision.setdefault(revision, []).append(article)
    return {
        (article, revision): text
        for revision, ids in by_revision.items()
        for article, text in articles.load(connection, ids, revision).items()
    }


def _line(row: AnyRow, article: Article, channels: dict[str, Fate]) -> HitLine:
    return HitLine(
        id=row.id,
        rule=from_json(RuleFacts, row.facts),
        score=row.score,
        seen=row.seen,
        story=row.story,
        rule_revision=row.rule_revision,
        why=row.why,
        spans=from_json(tuple[Span, ...], row.spans),
        article=article,
        channels=channels,
    )


def _fates(connection: sa.Connection, hits: Collection[int]) -> dict[int, dict[str, Fate]]:
    rows = connection.execute(
        sa.select(*ALERT_HIT.c, ALERT.c.state)
        .outerjoin(ALERT, ALERT.c.id == ALERT_HIT.c.alert)
        .where(ALERT_HIT.c.hit.in_(hits))
        .order_by(ALERT_HIT.c.channel)
    ).all()
    deliveries = _deliveries(connection, {row.alert for row in rows if row.alert is not None})
    found: dict[int, dict[str, Fate]] = {}
    for row in rows:
        found.setdefault(row.hit, {})[row.channel] = _fate(row, deliveries.get(row.alert, {}))
    return found


def _deliveries(
    connection: sa.Connection, alerts: Collection[int]
) -> dict[int, dict[DeliveryState, str]]:
    """For each alert the states its deliveries are in, with an error of one that is."""
    rows = connection.execute(
        sa.select(DELIVERY.c.alert, DELIVERY.c.state, DELIVERY.c.last_error).where(
            DELIVERY.c.alert.in_(alerts)
        )
    )
    found: dict[int, dict[DeliveryState, str]] = {}
    for row in rows:
        found.setdefault(row.alert, {})[DeliveryState(row.state)] = row.last_error or row.state
    return found


def _fate(row: AnyRow, states: dict[DeliveryState, str]) -> Fate:
    if row.decision != TOLD:
        return Fate(decision="not-told", reason=row.reason, alert=row.alert)
    if row.state == OPEN or _WAITING & states.keys():
        return Fate(decision="waiting", reason=row.reason, alert=row.alert)
    if DeliveryState.SENT in states:
        return Fate(decision="told", reason=row.reason, alert=row.alert)
    return Fate(decision="not-told", reason=next(iter(states.values())), alert=row.alert)
