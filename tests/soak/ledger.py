"""The accounts: what a flawless monitor knows after all that happened, against what is stored.

It reads the database in plain SQL and imports nothing of the program.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from tests.soak.receivers import CHANNELS, Arrived, Copy
from tests.soak.trouble import Calendar
from tests.soak.world import BEGAN, HIDES, Article, Fault, Feed, Span, World

HELD_BACK: Final = frozenset({"copy", "same-story"})
GIVEN_UP: Final = "not matched, 3 tries ended with the process"
_BACK_OFF, _FIRST_RETRY = 1.25, timedelta(minutes=10)  # the longest that failures may still count
_POLL: Final = 0.55  # of the rhythm of a feed, its spread included
_TOLD: Final = ("first", "follow-up")  # kinds of messages that name every article they tell

_ARTICLES = "SELECT id, url, stage, reason FROM article"
_HITS = "SELECT h.id, h.rule, a.url, h.late FROM hit h JOIN article a ON a.id = h.article"
_FATES = (
    "SELECT f.hit, f.channel, f.decision, f.reason, f.alert, a.kind, a.state FROM alert_hit f "
    "LEFT JOIN alert a ON a.id = f.alert"
)
_DELIVERIES = "SELECT alert, channel, state, attempt FROM delivery"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a flawless monitor stores.

    Attributes:
        sure: articles it has.
        excused: those it may have missed: while they were listed, nobody could ask for long.
    """

    sure: Mapping[str, Article]
    excused: Mapping[str, Article]


@dataclass(slots=True)
class Account:
    """What was found; ``faults`` is what must be empty."""

    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def check(self, right: object, what: str) -> None:
        """Notes a fault unless it is right."""
        if not right:
            self.faults.append(what)


def expected(world: World, calendar: Calendar) -> Expected:
    """What came out, and what of it could be had long enough for a poll."""
    sure: dict[str, Article] = {}
    excused: dict[str, Article] = {}
    for feed, article in world.published():
        stops = [*calendar.stops(), *_silences(feed, world)]
        shown = Span(max(article.published, BEGAN), article.gone)
        longest = max((span.end - span.start for span in free(shown, stops)), default=timedelta())
        enough = feed.rhythm * _POLL + 3 * world.profile.step
        (sure if longest > enough else excused)[article.link] = article
    return Expected(sure, excused)


def _silences(feed: Feed, world: World) -> Iterator[Span]:
    """When its server gave nothing new, or had failed for so long that it is seldom asked."""
    if feed.fault not in HIDES:
        return
    for mood in feed.moods(world.profile.ends):
        length = mood.end - mood.start
        later = timedelta() if feed.fault is Fault.SAME_ALWAYS else length * _BACK_OFF
        yield Span(mood.start, mood.end + later + _FIRST_RETRY)


def free(whole: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span without others."""
    start = whole.start
    for span in sorted(taken, key=lambda each: each.start):
        if start < span.start:
            yield Span(start, min(span.start, whole.end))
        start = max(start, span.end)
        if start >= whole.end:
            return
    yield Span(start, whole.end)


def settle(
    connection: sa.Connection, world: World, calendar: Calendar, arrived: Arrived
) -> Account:
    """Balances the accounts."""
    account = Account()
    wanted = expected(world, calendar)
    stored = _check_articles(account, connection, wanted)
    hits = _check_hits(account, connection, world, {**wanted.sure, **wanted.excused}, stored)
    _check_fates(account, connection, hits, arrived, _twins(world))
    _check_messages(account, connection, arrived)
    times = Counter(link for _, link in hits.values())
    once = {link for link, count in times.items() if count == 1}  # others may be told in stages
    _check_links(account, arrived, once - _twins(world).keys())
    return account


def _rows(connection: sa.Connection, query: str) -> Sequence[Any]:
    return connection.execute(sa.text(query)).all()


def _check_articles(
    account: Account, connection: sa.Connection, wanted: Expected
) -> Mapping[str, str | None]:
    """Every article is stored once; returns of each that is why it was not matched, if so."""
    rows = _rows(connection, _ARTICLES)
    times = Counter(row.url for row in rows)
    account.check(set(times.values()) <= {1}, f"stored twice: {times.most_common(3)}")
    lost = wanted.sure.keys() - times.keys()
    account.check(not lost, f"{len(lost)} articles lost: {sorted(lost)[:3]}")
    strange = times.keys() - wanted.sure.keys() - wanted.excused.keys()
    account.check(not strange, f"never published: {sorted(strange)[:3]}")
    unmatched = [row for row in rows if row.stage != "matched"]
    account.check(not unmatched, f"{len(unmatched)} are not matched")
    account.counts["published"] = len(wanted.sure) + len(wanted.excused)
    account.counts["articles"] = len(rows)
    account.counts["vanished"] = len(wanted.excused.keys() - times.keys())
    account.counts["could have vanished"] = len(wanted.excused)
    return {row.url: row.reason for row in rows}


def _check_hits(
    account: Account,
    connection: sa.Connection,
    world: World,
    articles: Mapping[str, Article],
    stored: Mapping[str, str | None],
) -> Mapping[int, tuple[str, str]]:
    """Every rule hit what it had to and nothing else; returns rule and link of each hit."""
    given_up = {url for url, reason in stored.items() if reason}
    odd = {reason for reason in stored.values() if reason and GIVEN_UP not in reason}
    account.check(not odd, f"undecided: {sorted(odd)[:3]}")
    must = {
        (f"rule-{rule}", url)
        for url in stored.keys() - given_up
        if url in articles
        for rule in articles[url].story(world.profile).rules
    }
    rows = _rows(connection, _HITS)
    found = Counter((row.rule, row.url) for row in rows)
    account.check(
        found.keys() == must,
        f"hits missing {len(must - found.keys())}: "
        f"{sorted(must - found.keys())[:3]}, wrong {sorted(found.keys() - must)[:3]}",
    )
    account.check(set(found.values()) <= {1}, "hits stored twice")
    account.check(not any(row.late for row in rows), "late hits of rules that are not new")
    account.counts["hits"] = len(rows)
    account.counts["never matched"] = len(given_up)
    return {row.id: (row.rule, row.url) for row in rows}


def _twins(world: World) -> Mapping[str, frozenset[str]]:
    """Of each article that others copied, or that is a copy: all that say the same."""
    links = defaultdict(set)
    for _, article in world.published():
        links[article.name].add(article.link)
    return {link: frozenset(group) for group in links.values() if len(group) > 1 for link in group}


def _check_fates(
    account: Account,
    connection: sa.Connection,
    hits: Mapping[int, tuple[str, str]],
    arrived: Arrived,
    twins: Mapping[str, frozenset[str]],
) -> None:
    """Each hit is told on each channel in one message that came, or held back for a reason."""
    rows = _rows(connection, _FATES)
    fates = {(row.hit, row.channel): row for row in rows if row.hit in hits}
    missing = {(hit, channel) for hit in hits for channel in CHANNELS} - fates.keys()
    account.check(not missing, f"{len(missing)} hits are not decided: {sorted(missing)[:3]}")
    told = {
        (channel, *hits[hit]) for (hit, channel), row in fates.items() if row.decision == "told"
    }
    for (hit, channel), row in fates.items():
        rule, link = hits[hit]
        what = f"{channel} {rule} {link} {row.reason}"
        account.counts[f"{channel} {row.decision}"] += 1
        if row.decision == "told":
            _check_told(account, row, arrived.got[channel].get(row.alert, []), link, what)
        else:
            account.check(row.reason in HELD_BACK, f"held back: {what}")
            known = any((channel, rule, twin) in told for twin in twins.get(link, ()))
            account.check(known, f"held back, but nothing like it was told: {what}")


def _check_told(
    account: Account,
    row: Any,  # noqa: ANN401  # of the database
    copies: Sequence[Copy],
    link: str,
    what: str,
) -> None:
    if row.state != "sealed" or not copies:
        account.check(False, f"{row.state}, {len(copies)} came: {what}")  # noqa: FBT003
    elif link not in copies[0].links:
        account.counts["told without a link"] += 1
        named = row.kind in _TOLD or not copies[0].unnamed
        account.check(not named, f"not in its message: {what}")


def _check_messages(account: Account, connection: sa.Connection, arrived: Arrived) -> None:
    """Everything was sent; a repeat says that it is one, and what it repeats."""
    rows = _rows(connection, _DELIVERIES)
    states = Counter(row.state for row in rows)
    account.check(states.keys() <= {"sent", "folded"}, f"not sent: {dict(states)}")
    sealed = {(row.channel, row.alert) for row in rows}
    for channel, alerts in arrived.got.items():
        account.counts[f"{channel} messages"] = len(alerts)
        for alert, copies in alerts.items():
            attempts = [copy.attempt for copy in copies]
            account.counts["repeats"] += len(copies) - 1
            what = f"{channel} {alert}: {copies}"
            account.check((channel, alert) in sealed, f"came from nowhere: {what}")
            account.check(attempts == sorted(set(attempts)), f"repeats not marked: {what}")
            account.check(len({copy.identity for copy in copies}) == 1, f"renamed: {what}")
            account.check(
                len({copy.links for copy in copies}) == 1, f"says something else: {what}"
            )


def _check_links(account: Account, arrived: Arrived, links: AbstractSet[str]) -> None:
    """What stands alone is in one message of each channel."""
    for channel, alerts in arrived.got.items():
        named = Counter(link for copies in alerts.values() for link in copies[0].links & links)
        twice = [link for link, count in named.items() if count > 1]
        account.check(not twice, f"{len(twice)} told twice on {channel}: {twice[:3]}")
        account.counts[f"{channel} names"] = len(named)


def slope(values: Sequence[float]) -> float:
    """The growth from the first to the last of some figures, by least squares."""
    middle = (len(values) - 1) / 2
    mean = sum(values) / len(values)
    up = sum((n - middle) * (value - mean) for n, value in enumerate(values))
    return up / sum((n - middle) ** 2 for n in range(len(values))) * (len(values) - 1)
