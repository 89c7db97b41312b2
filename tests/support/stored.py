"""Makes databases and their contents for tests; times are counted from ``NOW``."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor.feeds.identity import identify, item_of
from monitor.jobs.compose import compose, shown_revision
from monitor.model.alert import Alert, Decision, Message, Notice, Reason, RuleFacts
from monitor.model.article import Arrival
from monitor.model.feed import Entry, FeedSpec
from monitor.model.hit import Match, Span
from monitor.model.identity import Arriving
from monitor.model.rule import Severity
from monitor.store import alerts, arrivals, articles, feed_claims, feeds, hits, rules, schema
from monitor.store.alerts import Draft
from monitor.store.arrivals import Stored
from monitor.store.engine import Connection, Store
from monitor.store.hits import Matched
from monitor.store.known import look_up, text_of

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


def open_store(folder: Path, *, busy_timeout: float = 30.0) -> Store:
    """A database with all tables."""
    path = folder / "monitor.db"
    path.write_bytes(_empty_database())
    return Store.open(f"sqlite:///{path}", busy_timeout=busy_timeout)


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
    feed = feed_id(connection, spec)
    items = [item_of(item, spec.url) for item in entries]
    known = look_up(connection, feed, items, None)
    found = identify(items, known, trusted=True, text_of=partial(text_of, connection))
    arriving = [
        *(
            Arriving(item=one.item, arrival=arrival, key=one.article.key, article=one.article)
            for one in found.same
        ),
        *(Arriving(item=one.item, arrival=arrival, key=one.key) for one in found.fresh),
    ]
    return arrivals.store_entries(connection, feed, arriving, now)


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


def told_hit(
    connection: Connection, channel: str = "desk", article: int = 1, rule: str = "troops"
) -> int:
    """Stores a hit that an open alert tells; returns the id of the alert."""
    found = hit(connection, article, rule)
    alert = alerts.join(connection, channel, article, NOW + MINUTE, NOW)
    decision = Decision(channel=channel, told=True, reason=Reason.FIRST)
    hits.decide(connection, found, [(decision, alert)], NOW)
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
    draft = alerts.seal(connection, told_hit(connection, channel, article), NOW)
    assert draft is not None
    return freeze(connection, draft, targets, dead=dead)


def freeze(
    connection: Connection,
    draft: Draft,
    targets: Iterable[str] = ("",),
    *,
    dead: str | None = None,
) -> Alert:
    """Stores what a sealed alert says, with its deliveries."""
    article = draft.hits[0].article
    text = articles.load(connection, [article], shown_revision(draft))[article]
    alert = compose(draft, text)
    keys = {target: f"alert-{alert.id}-{target}" for target in targets}
    alerts.freeze(connection, alert, keys, NOW, dead=dead)
    return alert


def headline(alert: Alert | Notice) -> str:
    return alert.title if isinstance(alert, Notice) else alert.article.title


def message(text: str = "told") -> Message:
    return Message(subject="subject", text=text, html=f"<p>{text}</p>", short=text, slack=(text,))
