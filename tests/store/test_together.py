"""Several processes at work on one database: here threads, each with connections of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
import sqlalchemy as sa

from monitor.errors import StoreConflict
from monitor.model.alert import Alert
from monitor.model.article import Stage
from monitor.model.feed import FeedSpec
from monitor.store import (
    alerts,
    articles,
    deliveries,
    feed_claims,
    feed_events,
    feeds,
    hits,
    pages,
)
from monitor.store.engine import Connection, Store
from monitor.store.tables import ARTICLE, FEED_EVENT
from tests.support.stored import FEED as NEWS
from tests.support.stored import (
    HOUR,
    NOW,
    bring,
    entry,
    feed_id,
    hit,
    seal,
    sealed,
    store_entries,
    told_hit,
)

WORKERS = 4
ROUNDS = 5
_T = TypeVar("_T")


@pytest.fixture
def stores(store: Store) -> Iterator[list[Store]]:
    opened = [Store.open(store.url) for _ in range(WORKERS)]
    yield opened
    for each in opened:
        each.close()


def together(stores: list[Store], work: Callable[[Store], list[_T]]) -> list[_T]:
    """What the workers did, all of which begin at the same time."""
    start = Barrier(len(stores))

    def run(store: Store) -> list[_T]:
        start.wait()
        return work(store)

    with ThreadPoolExecutor(len(stores)) as pool:
        return [each for done in pool.map(run, stores) for each in done]


def in_rounds(claim: Callable[[Connection], list[int]]) -> Callable[[Store], list[int]]:
    def work(store: Store) -> list[int]:
        found: list[int] = []
        for _ in range(ROUNDS):
            with store.write(sharing=True) as connection:
                found += claim(connection)
        return found

    return work


def test_a_feed_is_claimed_by_one(store: Store, stores: list[Store]) -> None:
    specs = [
        FeedSpec(url=f"https://{n}.example/feed", location=f"https://{n}.example/feed", name="")
        for n in range(WORKERS * ROUNDS * 3)
    ]
    with store.write() as connection:
        feeds.sync(connection, specs, NOW)
    claimed = together(
        stores,
        in_rounds(
            lambda connection: [
                each.id for each in feed_claims.claim_due(connection, NOW, NOW + HOUR, 3)
            ]
        ),
    )
    assert len(claimed) == len(set(claimed))
    with store.write() as connection:
        left = feed_claims.claim_due(connection, NOW, NOW + HOUR, None)
    assert len(claimed) + len(left) == len(specs)


def test_a_lease_is_taken_over_by_one(store: Store, stores: list[Store]) -> None:
    specs = [
        FeedSpec(url=f"https://{n}.example/feed", location=f"https://{n}.example/feed", name="")
        for n in range(40)
    ]
    with store.write() as connection:
        feeds.sync(connection, specs, NOW)
        found = feed_claims.reserve(connection, NOW, NOW + HOUR, 99, token=1)
    ids = [each.id for each in found]

    def work(each: Store) -> list[int]:
        token = 10 + stores.index(each)
        taken = again(
            each, lambda connection: feed_claims.take(connection, ids, 1, NOW + HOUR, token)
        )
        return [claim.id for claim in taken if claim.token == token]

    assert sorted(together(stores, work)) == sorted(ids)


def test_an_end_is_stored_by_the_one_who_has_the_lease(store: Store, stores: list[Store]) -> None:
    with store.write() as connection:
        feeds.sync(connection, [NEWS], NOW)
        (lost,) = feed_claims.claim_due(connection, NOW, NOW + HOUR, 1, token=1)
        (held,) = feed_claims.take(connection, [lost.id], 1, NOW + HOUR, 2)

    def work(each: Store) -> list[int]:
        mine = held if stores.index(each) == 0 else lost

        def store_end(connection: Connection) -> list[int]:
            stored = feed_claims.still_held(connection, [mine])
            if stored:
                feed_claims.release_leases(connection, mine.token)
            return [mine.token for _ in stored]

        return again(each, store_end)

    assert together(stores, work) == [held.token]


def test_an_article_is_claimed_by_one(store: Store, stores: list[Store]) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(n) for n in range(WORKERS * ROUNDS * 3)])
    claimed = together(
        stores,
        in_rounds(
            lambda connection: [
                each.id for each in articles.claim_new(connection, 3) if each.tries == 1
            ]
        ),
    )
    assert len(claimed) == len(set(claimed))
    assert claimed


def test_a_page_is_claimed_by_one(store: Store, stores: list[Store]) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(n) for n in range(WORKERS * ROUNDS)])
        wanted = {
            "stage": Stage.WANTED,
            "reason": "undecided: waits",
            "page_wanted_at": NOW,
            "page_due_at": NOW,
            "page_rank": 0,
        }
        connection.execute(sa.update(ARTICLE).values(wanted))

    def claim(connection: Connection) -> list[int]:
        claims, _ = pages.claim(connection, NOW, {NEWS.url: 999}, limit=1, wait=HOUR)
        return [each.id for each in claims]

    claimed = together(stores, in_rounds(claim))
    assert len(claimed) == len(set(claimed))
    assert claimed


def test_a_delivery_is_claimed_by_one(store: Store, stores: list[Store]) -> None:
    with store.write() as connection:
        for n in range(WORKERS * 3):
            sealed(connection, n)

    def claim(connection: Connection) -> list[int]:
        found = deliveries.claim_one(connection, "desk", NOW, NOW + HOUR)
        return [] if found is None else [found.id]

    claimed = together(stores, in_rounds(claim))
    assert len(claimed) == len(set(claimed))
    assert claimed


def test_what_is_to_be_decided_is_taken_by_one(store: Store, stores: list[Store]) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        for n in range(WORKERS * ROUNDS):
            hit(connection, rule=f"rule-{n}")

    def take(connection: Connection) -> list[int]:
        found = hits.undecided(connection, 1)
        for each in found:
            hits.decide(connection, {each.id: ()}, NOW)
        return [each.id for each in found]

    taken = together(stores, in_rounds(take))
    assert len(taken) == len(set(taken))
    assert taken


def test_an_event_is_taken_by_one(store: Store, stores: list[Store]) -> None:
    with store.write() as connection:
        event = {"feed": feed_id(connection), "kind": "gap", "at": NOW, "text": "", "told": True}
        connection.execute(sa.insert(FEED_EVENT), [event] * WORKERS * ROUNDS)
    taken = together(
        stores,
        in_rounds(
            lambda connection: [each.id for each in feed_events.take_undecided(connection, 1, NOW)]
        ),
    )
    assert len(taken) == len(set(taken))
    assert taken


def again(store: Store, work: Callable[[Connection], list[_T]]) -> list[_T]:
    """As jobs do it: first beside others, and if one of them was faster, alone."""
    try:
        with store.write(sharing=True) as connection:
            return work(connection)
    except StoreConflict:
        with store.write() as connection:
            return work(connection)


def test_a_hit_is_in_exactly_one_alert_while_other_processes_seal(
    store: Store, stores: list[Store]
) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        for n in range(20):
            hit(connection, rule=f"rule-{n}")

    def add(rule: str) -> Callable[[Connection], list[str]]:
        def told(connection: Connection) -> list[str]:
            told_hit(connection, rule=rule)
            return []

        return told

    def seal_due(connection: Connection) -> list[str]:
        due = alerts.due(connection, NOW + HOUR, 9)
        # Another process may have sealed one since.
        said = [seal(connection, each) for each in due if alerts.take(connection, each)]
        return [each.rule.id for one in said if isinstance(one, Alert) for each in one.story.hits]

    def work(each: Store) -> list[str]:
        told: list[str] = []
        for n in range(stores.index(each), 20, WORKERS):
            again(each, add(f"new-{n}"))
            told += again(each, seal_due)
        return told

    told = together(stores, work)
    told += again(store, seal_due)
    assert sorted(told) == sorted(f"new-{n}" for n in range(20))


def test_articles_that_two_feeds_bring_at_once_are_stored_once(
    store: Store, stores: list[Store]
) -> None:
    specs = [
        FeedSpec(url=f"https://{n}.example/f", location=f"https://{n}.example/f", name="")
        for n in range(WORKERS)
    ]
    with store.write() as connection:
        feeds.sync(connection, specs, NOW)
        claims = feed_claims.claim_due(connection, NOW, NOW + HOUR, None)
    entries = [entry(n, guid=f"https://news.example/{n}") for n in range(30)]

    def work(each: Store) -> list[int]:
        claim = claims[stores.index(each)]
        stored = again(each, lambda connection: [bring(connection, claim.id, claim.url, entries)])
        return [stored[0].new, stored[0].carried]

    counts = together(stores, work)
    assert sum(counts) == WORKERS * 30
    with store.read() as connection:
        assert len(articles.recent(connection)) == 30


def test_a_write_waits_for_those_that_share_and_they_for_it(
    store: Store, stores: list[Store]
) -> None:
    def count(each: Store) -> list[int]:
        for _ in range(ROUNDS):
            with each.write() as connection:
                seen = connection.scalar(sa.select(ARTICLE.c.tries)) or 0
                connection.execute(sa.update(ARTICLE).values(tries=seen + 1))
            with each.write(sharing=True) as connection:
                connection.execute(sa.update(ARTICLE).values(tries=ARTICLE.c.tries + 1))
        return []

    with store.write() as connection:
        store_entries(connection, [entry()])
    together(stores, count)
    with store.read() as connection:
        assert connection.scalar(sa.select(ARTICLE.c.tries)) == 2 * WORKERS * ROUNDS
