"""Hits: a rule matched an article; what was decided about it for each channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model.alert import Decision, HitFacts, Reason, RuleFacts
from monitor.model.article import Arrival, Article
from monitor.model.hit import Match
from monitor.model.story import Kinship
from monitor.store import articles
from monitor.store.codec import from_json, to_json
from monitor.store.tables import ALERT_HIT, ARTICLE, HIT, STORY_ARTICLE
from monitor.store.types import among, insert_new, list_of

TOLD = "told"
NOT_TOLD = "not-told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An article that was matched.

    Attributes:
        facts: those of every rule that matched.
        late: the rules are newer than the article.
    """

    article: Article
    matches: Sequence[Match]
    facts: Mapping[str, RuleFacts]
    late: bool = False


def add(
    connection: sa.Connection, matched: Sequence[Matched], rule_revision: str, now: datetime
) -> int:
    """Stores the hits that are new, to be decided; a rule hits an article once."""
    rows = [_row(item, match, rule_revision, now) for item in matched for match in item.matches]
    if not rows:
        return 0
    return len(connection.scalars(insert_new(HIT).returning(HIT.c.id), rows).all())


def mute(connection: sa.Connection, hit: int, channel: str) -> None:
    """Takes a hit out of the message that was to tell it, because of a mute."""
    connection.execute(
        sa.update(ALERT_HIT)
        .where(ALERT_HIT.c.hit == hit, ALERT_HIT.c.channel == channel)
        .values(decision=NOT_TOLD, reason=Reason.MUTED, alert=None)
    )


def _row(item: Matched, match: Match, rule_revision: str, now: datetime) -> dict[str, Any]:
    return {
        "rule": match.rule,
        "article": item.article.id,
        "revision": item.article.revision,
        "spans": to_json(match.spans),
        "why": match.why,
        "score": match.score,
        "rule_revision": rule_revision,
        "facts": to_json(item.facts[match.rule]),
        "seen": now,
        "late": item.late,
    }


def has_undecided(connection: sa.Connection) -> bool:
    """Whether a hit waits to be decided."""
    return connection.scalar(sa.select(sa.exists().where(HIT.c.decided_at.is_(None)))) or False


def undecided(connection: sa.Connection, limit: int) -> list[HitFacts]:
    """The oldest hits that are still to be decided; of a write: nobody else decides them."""
    waiting = _FACTS.where(HIT.c.decided_at.is_(None)).limit(limit)
    return _facts(connection, waiting.with_for_update(of=HIT, skip_locked=True))


def of_alert(connection: sa.Connection, alert: int) -> list[HitFacts]:
    """The hits that an alert tells."""
    told = sa.select(ALERT_HIT.c.hit).where(ALERT_HIT.c.alert == alert)
    return _facts(connection, _FACTS.where(HIT.c.id.in_(told)))


_DECIDED = sa.update(HIT).where(among(HIT.c.id, "ids")).values(decided_at=sa.bindparam("now"))
_FACTS = (
    sa.select(
        HIT.c.id,
        HIT.c.article,
        HIT.c.facts,
        HIT.c.spans,
        HIT.c.late,
        ARTICLE.c.arrival,
        STORY_ARTICLE.c.story,
        STORY_ARTICLE.c.reason.label("kinship"),
        STORY_ARTICLE.c.score.label("likeness"),
    )
    .join(ARTICLE, ARTICLE.c.id == HIT.c.article)
    .outerjoin(STORY_ARTICLE, STORY_ARTICLE.c.article == HIT.c.article)
    .order_by(HIT.c.id)
)


def _facts(connection: sa.Connection, query: sa.Select[Any]) -> list[HitFacts]:
    rows = connection.execute(query).all()
    carriers = articles.carriers(connection, [row.article for row in rows])
    return [
        HitFacts(
            id=row.id,
            article=row.article,
            story=row.story,
            copy=row.kinship == Kinship.COPY,
            likeness=row.likeness if row.kinship == Kinship.SAME_STORY else 1.0,
            rule=from_json(RuleFacts, row.facts),
            clauses=frozenset(span["clause"] for span in row.spans),
            arrival=Arrival(row.arrival),
            late=row.late,
            carriers=carriers[row.article],
        )
        for row in rows
    ]


def decide(
    connection: sa.Connection,
    decided: Mapping[int, Sequence[tuple[Decision, int | None]]],
    now: datetime,
) -> None:
    """Stores the fate of hits on every channel, with the alert that tells each, if one does."""
    rows = [
        {
            "hit": hit,
            "channel": decision.channel,
            "decision": TOLD if decision.told else NOT_TOLD,
            "reason": decision.reason,
            "alert": alert,
        }
        for hit, decisions in decided.items()
        for decision, alert in decisions
    ]
    if rows:
        connection.execute(sa.insert(ALERT_HIT), rows)
    connection.execute(_DECIDED, {"ids": list_of(decided), "now": now})
