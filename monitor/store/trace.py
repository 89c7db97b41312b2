"""The life of an article: what happened to it, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.store.alerts import SEALED
from monitor.store.tables import (
    ALERT,
    ALERT_HIT,
    ARTICLE,
    ARTICLE_FEED,
    ARTICLE_REVISION,
    DELIVERY,
    DELIVERY_ATTEMPT,
    FEED,
    HIT,
    HIT_MARK,
    STORY_ARTICLE,
)
from monitor.store.types import AnyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened to an article.

    Attributes:
        what: of what kind: published, carried, text, page, state, story, hit, decision, mark,
            alert, delivery.
        at: when; None if nobody noted it.
        text: for people.
    """

    at: datetime | None
    what: str
    text: str


def find(connection: sa.Connection, url: str, key: str) -> int | None:
    """The article of an address, or of its key; None if there is none."""
    query = sa.select(ARTICLE.c.id).where(sa.or_(ARTICLE.c.url == url, ARTICLE.c.url_key == key))
    found: int | None = connection.scalar(query.order_by(ARTICLE.c.id.desc()).limit(1))
    return found


def life(connection: sa.Connection, article: int) -> list[Happening]:
    """What happened to an article, in the order of time; empty if there is no such article."""
    row = connection.execute(sa.select(ARTICLE).where(ARTICLE.c.id == article)).one_or_none()
    if row is None:
        return []
    found = [
        *_coming(connection, row),
        *_page(row),
        *_story(connection, article),
        *_hits(connection, article),
        *_telling(connection, article),
    ]
    known = [each for each in found if each.at is not None]
    # Sorting is stable: what has the same time stays in the order of the flow.
    return [
        *sorted(known, key=lambda each: each.at or row.seen),
        *(each for each in found if each.at is None),
    ]


def _coming(connection: sa.Connection, row: AnyRow) -> Iterator[Happening]:
    if row.published:
        yield Happening(at=row.published, what="published", text=row.url)
    yield Happening(at=row.seen, what="seen", text=f"stored as article {row.id} ({row.arrival})")
    feeds = connection.execute(
        sa.select(FEED.c.name, ARTICLE_FEED.c.first_seen, ARTICLE_FEED.c.last_seen)
        .join(FEED, FEED.c.id == ARTICLE_FEED.c.feed)
        .where(ARTICLE_FEED.c.article == row.id)
        .order_by(ARTICLE_FEED.c.first_seen, FEED.c.id)
    )
    for name, first, last in feeds:
        until = f", listed until {last:%Y-%m-%d %H:%M:%S} UTC" if last > first else ""
        yield Happening(at=first, what="carried", text=f"by {name}{until}")
    texts = connection.execute(
        sa.select(ARTICLE_REVISION)
        .where(ARTICLE_REVISION.c.article == row.id)
        .order_by(ARTICLE_REVISION.c.n)
    )
    for text in texts:
        size = f"{len(text.lead)} characters of lead, {len(text.text)} of text"
        yield Happening(
            at=text.seen, what="text", text=f"revision {text.n}: “{text.title}”, {size}"
        )
    state = f"{row.stage}: {row.reason}" if row.reason else row.stage
    yield Happening(at=None, what="state", text=state)


def _page(row: AnyRow) -> Iterator[Happening]:
    if row.page_wanted_at:
        yield Happening(at=row.page_wanted_at, what="page", text="wanted: rules are undecided")
    if row.page_due_at:
        tries = f"; {row.page_tries} tries so far" if row.page_tries else ""
        yield Happening(at=None, what="page", text=f"due at {row.page_due_at:%H:%M:%S} UTC{tries}")
    if row.page_problem:
        yield Happening(at=None, what="page", text=f"not had: {row.page_problem}")


def _story(connection: sa.Connection, article: int) -> Iterator[Happening]:
    rows = connection.execute(sa.select(STORY_ARTICLE).where(STORY_ARTICLE.c.article == article))
    for row in rows:
        near = f", by article {row.partner} ({row.score:.2f})" if row.partner else ""
        yield Happening(at=row.seen, what="story", text=f"story {row.story}: {row.reason}{near}")


def _hits(connection: sa.Connection, article: int) -> Iterator[Happening]:
    rows = connection.execute(
        sa.select(HIT, HIT_MARK.c.mark, HIT_MARK.c.at)
        .outerjoin(HIT_MARK, HIT_MARK.c.hit == HIT.c.id)
        .where(HIT.c.article == article)
        .order_by(HIT.c.id)
    ).all()
    for row in rows:
        text = f"{row.id} by {row.rule} on revision {row.revision}: {row.why}"
        yield Happening(at=row.seen, what="hit", text=text)
        if row.mark:
            yield Happening(at=row.at, what="mark", text=f"hit {row.id} is {row.mark}")
    fates = connection.execute(
        sa.select(ALERT_HIT, HIT.c.decided_at, HIT.c.rule)
        .join(HIT, HIT.c.id == ALERT_HIT.c.hit)
        .where(HIT.c.article == article)
        .order_by(ALERT_HIT.c.hit, ALERT_HIT.c.channel)
    )
    for fate in fates:
        where = f", alert {fate.alert}" if fate.alert else ""
        text = f"{fate.channel}: {fate.decision} ({fate.reason}){where} for hit {fate.hit}"
        yield Happening(at=fate.decided_at, what="decision", text=text)


def _telling(connection: sa.Connection, article: int) -> Iterator[Happening]:
    mine = (
        sa.select(ALERT_HIT.c.alert)
        .join(HIT, HIT.c.id == ALERT_HIT.c.hit)
        .where(HIT.c.article == article)
    )
    for row in connection.execute(sa.select(ALERT).where(ALERT.c.id.in_(mine))):
        name = f"alert {row.id} ({row.kind}) to {row.channel}"
        if row.state == SEALED:
            yield Happening(at=row.sealed_at, what="alert", text=f"{name}: sealed")
        else:
            due = f"due {row.due_at:%Y-%m-%d %H:%M:%S} UTC, waits for {row.waits_for}"
            yield Happening(at=None, what="alert", text=f"{name}: {row.state}, {due}")
    tries = connection.execute(
        sa.select(DELIVERY.c.id, DELIVERY.c.alert, DELIVERY.c.channel, DELIVERY_ATTEMPT)
        .join(DELIVERY_ATTEMPT, DELIVERY_ATTEMPT.c.delivery == DELIVERY.c.id)
        .where(DELIVERY.c.alert.in_(mine))
    )
    for each in tries:
        how = each.outcome or "no outcome noted"
        text = f"{each.id} of alert {each.alert} to {each.channel}, try {each.n}: {how}"
        yield Happening(at=each.ended or each.started, what="delivery", text=text)
    states = connection.execute(sa.select(DELIVERY).where(DELIVERY.c.alert.in_(mine)))
    for row in states:
        error = f": {row.last_error}" if row.last_error else ""
        text = f"{row.id} of alert {row.alert} to {row.channel} is {row.state}{error}"
        yield Happening(at=None, what="delivery", text=text)
