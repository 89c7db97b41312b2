"""Makes databases and their contents for tests; times are counted from ``NOW``."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from monitor.feeds.identity import identify, item_of
from monitor.jobs.seal import say
from monitor.model.alert import (
    Alert,
    AlertKind,
    Decision,
    Digest,
    Notice,
    Reason,
    RuleFacts,
    Wait,
    WaitsFor,
)
from monitor.model.article import Arrival
from monitor.model.channel import ChannelPolicy
from monitor.model.delivery import DeliveryState
from monitor.model.feed import Entry, FeedSpec
from monitor.model.hit import Match, Span
from monitor.model.identity import Arriving
from monitor.model.payload import Payload
from monitor.model.rule import Severity
from monitor.model.spike import SpikeAlert
from monitor.model.story import Kinship
from monitor.store import (
    alerts,
    articles,
    drafts,
    feed_claims,
    feeds,
    hits,
    rules,
    schema,
)
from monitor.store.arrivals import Arrivals, Stored
from monitor.store.engine import Connection, Store
from monitor.store.hits import Matched
from monitor.store.known import look_up, text_of
from monitor.store.tables import STORY, STORY_ARTICLE
from monitor.store.types import insert_new
from tests.support import postgres

BACKENDS = ("sqlite", *(("postgresql",) if postgres.IS_INSTALLED else ()))
ALL_BACKENDS = BACKENDS if os.environ.get("MONITOR_POSTGRES") == "1" else ("sqlite",)
"""For what runs on PostgreSQL as well, but takes long there: its SQL is that of the store's tests."""

ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""For tests of what only a file has, or that say nothing of databases and take long."""
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FEED = FeedSpec(url="https://news.example/feed", location="https://news.example/feed", name="News")
OTHER = FeedSpec(
    url="https://other.example/rss",
    location="https://other.example/rss",
    name="Other",
    tags=("europe",),
)
REVISION = "a" * 64


@cache
def _empty_database() -> bytes:
    """Made once: the migrations take longer than most tests."""
    with TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/monitor.db")
        schema.upgrade(store)
        store.close()
        return store.path.read_bytes()


def make_database(folder: Path, kind: str = "sqlite") -> str:
    """The URL of a database with all tables and no rows; kinds are those of ``BACKENDS``.

    There is one of PostgreSQL: what was in it goes.
    """
    if kind == "postgresql":
        return postgres.empty_database()
    path = folder / "monitor.db"
    path.write_bytes(_empty_database())
    return f"sqlite:///{path}"


def open_store(folder: Path, kind: str = "sqlite", *, busy_timeout: float = 30.0) -> Store:
    """A database with all tables, opened."""
    return Store.open(make_database(folder, kind), busy_timeout=busy_timeout)


def entry(
    number: int = 1, *, text: str = "Troops were deployed.", guid: str | None = None
) -> Entry:
    return Entry(
        guid=guid or f"guid-{number}",
        url=f"https://news.example/{number}",
        title=f"Title {number}",
        text=text,
        published=NOW - HOUR,
    )


def feed_id(connection: Connection, spec: FeedSpec = FEED) -> int:
    """The id of a feed; all feeds of the tests are there afterwards."""
    feeds.sync(connection, [FEED, OTHER], NOW)
    claims = feed_claims.claim_due(connection, NOW, NOW, None, everything=True)
    return next(claim.id for claim in claims if claim.url == spec.url)


def store_entries(
    connection: Connection,
    entries: Iterable[Entry],
    *,
    spec: FeedSpec = FEED,
    arrival: Arrival = Arrival.LIVE,
    now: datetime = NOW,
) -> Stored:
    return bring(connection, feed_id(connection, spec), spec.url, entries, arrival, now)


def bring(
    connection: Connection,
    feed: int,
    url: str,
    entries: Iterable[Entry],
    arrival: Arrival = Arrival.LIVE,
    now: datetime = NOW,
) -> Stored:
    """Stores the entries of a document of a feed."""
    items = [item_of(item, url) for item in entries]
    arrivals = Arrivals(connection, items)
    known = look_up(connection, feed, items, None, keys=arrivals.known(items))
    found = identify(items, known, trusted=True, text_of=partial(text_of, connection))
    arriving = [
        *(
            Arriving(item=one.item, arrival=arrival, key=one.article.key, article=one.article)
            for one in found.same
        ),
        *(Arriving(item=one.item, arrival=arrival, key=one.key) for one in found.fresh),
    ]
    stored = arrivals.store(feed, arriving, now)
    arrivals.insert()
    return stored


def facts(rule: str = "troops", severity: Severity = Severity.NORMAL) -> RuleFacts:
    return RuleFacts(id=rule, title=f"Rule {rule}", severity=severity, tags=("defence",))


def match(rule: str = "troops") -> Match:
    span = Span(field="text", start=0, end=6, text="Troops", clause="#troops")
    return Match(rule=rule, spans=(span,), why="#troops: “Troops” in text", score=1.0)


def hit(
    connection: Connection, article: int = 1, rule: str = "troops", *, now: datetime = NOW
) -> int:
    """Stores a hit of an article; returns its id."""
    rules.save(connection, REVISION, {"a.toml": "[rules]"}, now)
    found = articles.load(connection, [article])[article]
    item = Matched(article=found, matches=[match(rule)], facts={rule: facts(rule)})
    hits.add(connection, [item], REVISION, now)
    return max(each.id for each in hits.undecided(connection, 1000) if each.rule.id == rule)


def about(article: int = 1, due_at: datetime = NOW + MINUTE) -> Wait:
    """The open alert on an article that is in no story."""
    return Wait(
        kind=AlertKind.FIRST,
        subject=f"article:{article}",
        due_at=due_at,
        waits_for=WaitsFor.GROUP,
    )


def told_hit(
    connection: Connection, channel: str = "desk", article: int = 1, rule: str = "troops"
) -> int:
    """Stores a hit that an open alert tells; returns the id of the alert."""
    found = hit(connection, article, rule)
    alert = alerts.join(connection, channel, about(article), NOW)
    decision = Decision(channel=channel, reason=Reason.FIRST, wait=about(article))
    hits.decide(connection, {found: [(decision, alert)]}, NOW)
    return alert


def sealed(
    connection: Connection,
    number: int = 1,
    channel: str = "desk",
    targets: Iterable[str] = ("",),
    *,
    dead: str | None = None,
) -> Alert:
    """Stores an article with a hit, and a sealed alert with its deliveries."""
    store_entries(connection, [entry(number)])
    article = articles.recent(connection, limit=1)[0].id
    alert = seal(connection, told_hit(connection, channel, article), targets, dead=dead)
    assert isinstance(alert, Alert)
    return alert


def seal(
    connection: Connection, alert: int, targets: Iterable[str] = ("",), *, dead: str | None = None
) -> Payload:
    """Seals an open alert, with its deliveries."""
    opened = alerts.take(connection, alert)
    assert opened is not None
    draft = drafts.draft(connection, opened)
    said = say(connection, draft, ChannelPolicy(name=opened.channel, url=""), NOW)
    drafts.name(connection, draft)
    keys = {target: f"alert-{alert}-{target}" for target in targets}
    state = DeliveryState.PENDING if dead is None else DeliveryState.DEAD
    alerts.freeze(connection, said, keys, NOW, state=state, reason=dead)
    return said


def headline(alert: Payload) -> str:
    match alert:
        case Alert():
            return alert.story.lead.article.title
        case Digest() | SpikeAlert():
            return alert.subject
        case Notice():
            return alert.title


def in_story(
    connection: Connection, article: int, story: int, *, copy: bool = False, now: datetime = NOW
) -> None:
    """Puts an article into a story, which is there afterwards."""
    connection.execute(
        insert_new(STORY).values(id=story, title="", language="en", first_seen=now, last_seen=now)
    )
    reason = Kinship.COPY if copy else Kinship.SAME_STORY
    connection.execute(
        sa.insert(STORY_ARTICLE).values(
            article=article, story=story, reason=reason, score=1.0, seen=now
        )
    )


class Membership(NamedTuple):
    """An article's place among the stories."""

    story: int
    copy: bool


def memberships(connection: Connection) -> dict[int, Membership]:
    """Of each article that is in a story."""
    member = STORY_ARTICLE.c
    rows = connection.execute(sa.select(member.article, member.story, member.reason))
    return {row.article: Membership(row.story, row.reason == Kinship.COPY) for row in rows}
