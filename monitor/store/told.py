"""What channels know of stories: the hits that messages told, or that wait to be told."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial

import sqlalchemy as sa

from monitor.alerts.decide import Known
from monitor.model.alert import AlertKind, HitFacts, Wait, WaitsFor
from monitor.model.rule import RANK, Severity
from monitor.store import stories
from monitor.store.alerts import OPEN
from monitor.store.hits import TOLD
from monitor.store.outages import MAY_ARRIVE
from monitor.store.tables import ALERT, ALERT_HIT, DELIVERY, HIT, STORY_ARTICLE
from monitor.store.types import AnyRow

_MAY_BE_KNOWN = sa.or_(
    ALERT.c.state == OPEN,
    sa.exists().where(DELIVERY.c.alert == ALERT.c.id, DELIVERY.c.state.in_(MAY_ARRIVE)),
)
"""Nobody knows what only messages told that died or were dropped."""

Subject = str
Channel = str


def known(
    connection: sa.Connection, hits: Sequence[HitFacts]
) -> dict[Subject, dict[Channel, Known]]:
    """For the subject of each hit, the channels that know something of it, and what."""
    rows: dict[tuple[Subject, Channel], list[AnyRow]] = {}
    for row in _rows(connection, hits):
        subject = f"article:{row.article}" if row.story is None else f"story:{row.story}"
        rows.setdefault((subject, row.channel), []).append(row)
    found: dict[Subject, dict[Channel, Known]] = {hit.subject: {} for hit in hits}
    outlets = cache(partial(stories.outlets, connection))  # channels were often told together
    for (subject, channel), told in rows.items():
        found[subject][channel] = _known(told, outlets)
    return found


def _rows(connection: sa.Connection, hits: Sequence[HitFacts]) -> Iterable[AnyRow]:
    of_stories = sa.select(STORY_ARTICLE.c.article).where(
        STORY_ARTICLE.c.story.in_({hit.story for hit in hits if hit.story is not None})
    )
    alone = {hit.article for hit in hits if hit.story is None}
    # Named by their ids, or the planner looks at what was decided of every hit there is.
    mine = sa.select(HIT.c.id).where(
        sa.or_(HIT.c.article.in_(of_stories), HIT.c.article.in_(alone))
    )
    return connection.execute(
        sa.select(
            HIT.c.article,
            HIT.c.rule,
            HIT.c.facts["severity"].as_string().label("severity"),
            HIT.c.spans,
            STORY_ARTICLE.c.story,
            ALERT_HIT.c.channel,
            *(ALERT.c[name] for name in ("kind", "subject", "state", "due_at", "waits_for")),
            ALERT.c.sealed_at,
        )
        .join(ALERT_HIT, ALERT_HIT.c.hit == HIT.c.id)
        .join(ALERT, ALERT.c.id == ALERT_HIT.c.alert)
        .outerjoin(STORY_ARTICLE, STORY_ARTICLE.c.article == HIT.c.article)
        .where(ALERT_HIT.c.decision == TOLD, ALERT_HIT.c.hit.in_(mine), _MAY_BE_KNOWN)
        .order_by(HIT.c.id)
    )


def _known(told: Sequence[AnyRow], outlets: Callable[..., int]) -> Known:
    rules: dict[str, Severity] = {}
    clauses: dict[str, frozenset[str]] = {}
    for row in told:
        before = rules.get(row.rule, Severity.LOW)
        rules[row.rule] = max(before, Severity(row.severity), key=RANK.__getitem__)
        shown = frozenset(span["clause"] for span in row.spans)
        clauses[row.rule] = clauses.get(row.rule, frozenset()) | shown
    last = max((row.sealed_at for row in told if row.sealed_at is not None), default=None)
    story = told[0].story
    counted = last is not None and story is not None
    return Known(
        rules=rules,
        clauses=clauses,
        last=last,
        outlets_then=outlets(story, last) if counted else 0,
        outlets_now=outlets(story) if counted else 0,
        waiting=next((_wait(row) for row in told if row.state == OPEN), None),
    )


def _wait(row: AnyRow) -> Wait:
    return Wait(
        kind=AlertKind(row.kind),
        subject=row.subject,
        due_at=row.due_at,
        waits_for=WaitsFor(row.waits_for),
    )
