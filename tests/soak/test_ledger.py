"""The ledger finds nothing wrong with a flawless monitor, and everything with one that is not."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.soak.ledger import Account, expected, free, settle, slope
from tests.soak.receivers import CHANNELS, DESK, Arrived, Copy
from tests.soak.trouble import Calendar, Kind, trouble
from tests.soak.world import BEGAN, DAY, HOUR, Profile, Span, World

PROFILE = Profile(days=1, feeds=5, rules=20, hits=0.3, step=timedelta(minutes=30))
CALM = Calendar(troubles=[], kills=[])
_TABLES = (
    "CREATE TABLE article (id INTEGER, url TEXT, stage TEXT, reason TEXT)",
    "CREATE TABLE hit (id INTEGER, rule TEXT, article INTEGER, late BOOLEAN)",
    "CREATE TABLE alert_hit (hit INTEGER, channel TEXT, decision TEXT, reason TEXT, alert INTEGER)",
    "CREATE TABLE alert (id INTEGER, kind TEXT, state TEXT)",
    "CREATE TABLE delivery (alert INTEGER, channel TEXT, state TEXT, attempt INTEGER)",
)


class Flawless:
    """What a monitor stores and sends that makes no mistake: each hit in a message of its own."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.world = World(PROFILE)
        self.arrived = Arrived()
        for table in _TABLES:
            self.run(table)
        alerts = hits = 0
        for number, (_, article) in enumerate(self.world.published()):
            self._add("article", number, article.link, "matched", None)
            rules = article.story(PROFILE).rules
            for rule in rules:
                hits += 1
                self._add("hit", hits, f"rule-{rule}", number, 0)
            for channel in CHANNELS if rules else ():
                alerts += 1
                self._add("alert", alerts, "first", "sealed")
                self._add("delivery", alerts, channel, "sent", 1)
                for hit in range(hits - len(rules) + 1, hits + 1):
                    self._add("alert_hit", hit, channel, "told", "first", alerts)
                links = frozenset([article.link])
                copy = Copy(identity=f"<{alerts}>", attempt=1, links=links, unnamed=0)
                self.arrived.take(channel, alerts, copy)

    def _add(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self.connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608

    def run(self, statement: str) -> None:
        """Changes the books."""
        self.connection.execute(sa.text(statement))

    def settle(self) -> Account:
        """What the ledger says."""
        return settle(self.connection, self.world, CALM, self.arrived)

    def copies(self) -> list[Copy]:
        """Those of the first message to the desk."""
        return next(iter(self.arrived.got[DESK].values()))


@pytest.fixture
def monitor() -> Iterator[Flawless]:
    with sa.create_engine("sqlite://").begin() as connection:
        yield Flawless(connection)


def test_nothing_is_wrong_with_a_flawless_monitor(monitor: Flawless) -> None:
    account = monitor.settle()
    assert account.faults == []
    assert account.counts["articles"] == account.counts["published"] > 10
    assert account.counts["hits"] > 3


_BOOKS = {
    "articles lost": "DELETE FROM article WHERE id NOT IN (SELECT article FROM hit)",
    "stored twice": "INSERT INTO article SELECT id + 1000, url, stage, reason FROM article WHERE id = 0",
    "never published": "INSERT INTO article VALUES (1000, 'https://x.example', 'matched', NULL)",
    "not matched": "UPDATE article SET stage = 'wanted' WHERE id = 3",
    "undecided": "UPDATE article SET reason = 'rule rule-1: boom' WHERE id = 3",
    "hits missing": "DELETE FROM hit WHERE id = 1",
    "late hits": "UPDATE hit SET late = 1 WHERE id = 1",
    "hits stored twice": "INSERT INTO hit SELECT id + 1000, rule, article, late FROM hit WHERE id = 1",
    "not decided": "DELETE FROM alert_hit WHERE hit = 1 AND channel = 'hook'",
    "0 came": "UPDATE alert_hit SET alert = 999 WHERE hit = 1 AND channel = 'hook'",
    "open, 1 came": "UPDATE alert SET state = 'open' WHERE id = 1",
    "held back: desk": "UPDATE alert_hit SET decision = 'not-told', reason = 'flood' WHERE alert = 1",
    "nothing like it": "UPDATE alert_hit SET decision = 'not-told', reason = 'copy' WHERE alert = 1",
    "not sent": "UPDATE delivery SET state = 'pending' WHERE alert = 1",
    "from nowhere": "DELETE FROM delivery WHERE alert = 1",
}


@pytest.mark.parametrize("fault", _BOOKS)
def test_a_mistake_in_the_books_is_found(monitor: Flawless, fault: str) -> None:
    monitor.run(_BOOKS[fault])
    assert any(fault in found for found in monitor.settle().faults)


_REPEATS: dict[str, Callable[[Copy], Copy]] = {
    "repeats not marked": lambda copy: copy,
    "renamed": lambda copy: replace(copy, identity="<other>", attempt=2),
    "says something else": lambda copy: replace(copy, links=frozenset(), attempt=2),
}


@pytest.mark.parametrize("fault", _REPEATS)
def test_a_repeat_that_nobody_can_know_as_such_is_found(monitor: Flawless, fault: str) -> None:
    copies = monitor.copies()
    copies.append(_REPEATS[fault](copies[0]))
    assert any(fault in found for found in monitor.settle().faults)


def test_a_marked_repeat_is_counted(monitor: Flawless) -> None:
    copies = monitor.copies()
    copies.append(replace(copies[0], attempt=2))
    account = monitor.settle()
    assert (account.faults, account.counts["repeats"]) == ([], 1)


def test_an_article_in_two_messages_is_found(monitor: Flawless) -> None:
    one, other, *_ = monitor.arrived.got[DESK].values()
    one[0] = replace(one[0], links=one[0].links | other[0].links)
    assert any("told twice on desk" in found for found in monitor.settle().faults)


def test_a_message_without_its_article_is_found(monitor: Flawless) -> None:
    copies = monitor.copies()
    copies[0] = replace(copies[0], links=frozenset())
    assert any("not in its message" in found for found in monitor.settle().faults)


def test_only_what_was_listed_while_nobody_could_ask_may_be_missed() -> None:
    world = World(PROFILE)
    calm = expected(world, CALM)
    away = expected(world, Calendar(troubles=[trouble(Kind.AWAY, 0.3, 9)], kills=[]))
    assert calm.excused == {}
    end = BEGAN + 0.3 * DAY + 9 * HOUR
    gone = {link: article.gone for link, article in away.excused.items()}
    assert gone
    assert all(BEGAN + 0.3 * DAY < when < end + 6 * HOUR for when in gone.values())
    assert away.sure.keys() | gone.keys() == calm.sure.keys()


def _span(start: float, end: float) -> Span:
    return Span(BEGAN + start * HOUR, BEGAN + end * HOUR)


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(0, 10)]),
        ([(2, 3)], [(0, 2), (3, 10)]),
        ([(5, 7), (-1, 3), (2, 4)], [(4, 5), (7, 10)]),
        ([(8, 12)], [(0, 8)]),
        ([(-1, 11)], []),
        ([(12, 13)], [(0, 10)]),
    ],
)
def test_what_is_left_of_a_span(
    taken: list[tuple[float, float]], left: list[tuple[float, float]]
) -> None:
    found = list(free(_span(0, 10), [_span(*each) for each in taken]))
    assert found == [_span(*each) for each in left]


def test_the_slope_is_what_grew_in_all() -> None:
    assert slope([5.0, 5.0, 5.0]) == 0
    assert slope([1.0, 2.0, 3.0, 4.0]) == pytest.approx(3)
    assert slope([4.0, 9.0, 4.0]) == 0
