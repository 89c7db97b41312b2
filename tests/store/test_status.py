from dataclasses import replace
from datetime import timedelta

from monitor.model.delivery import ChannelHealth, DeliveryState, Outcome
from monitor.model.feed import Validators
from monitor.model.source import Health
from monitor.store import articles, channels, deliveries, feed_claims, feed_polls, feeds, pages
from monitor.store.deliveries import Result
from monitor.store.engine import Store
from monitor.store.feed_polls import Document
from monitor.store.status import status
from tests.support.stored import (
    DAY,
    FEED,
    HOUR,
    MINUTE,
    NOW,
    OTHER,
    entry,
    hit,
    sealed,
    store_entries,
    told_hit,
)


def test_an_empty_database_has_nothing_to_report(store: Store) -> None:
    with store.read() as connection:
        found = status(connection, NOW, {"desk"})
    assert (found.hits, found.unmatched, found.open_hits, found.open_alerts) == (0, 0, 0, 0)
    assert (found.wanted, found.undecided) == (0, 0)
    assert (found.oldest_pending, found.channels, found.poll_lag) == (None, (), timedelta())
    assert set(found.feeds.values()) == set(found.outbox.values()) == {0}


def test_feeds_are_counted_by_health_and_the_lag_is_that_of_the_latest(store: Store) -> None:
    document = Document(title="", validators=Validators(), fetch_url=None)
    with store.write() as connection:
        feeds.sync(connection, [FEED, OTHER], NOW)
        first, second = feed_claims.claim_due(connection, NOW, NOW, 9)
        feed_polls.record_parsed(connection, [(first, NOW, NOW + HOUR, document)])
        feed_polls.record_failure(connection, second, NOW, NOW + MINUTE, "HTTP 500")
        found = status(connection, NOW + 3 * MINUTE, ())
        feeds.sync(connection, [FEED], NOW)
        retired = status(connection, NOW + DAY, ())
    assert found.feeds == dict.fromkeys(Health, 0) | {Health.OK: 1, Health.FAILING: 1}
    assert (found.poll_lag, found.overdue) == (2 * MINUTE, 1)
    assert retired.feeds[Health.RETIRED] == 1
    assert (retired.poll_lag, retired.overdue) == (DAY - HOUR, 1)


def test_what_waits_is_counted(store: Store) -> None:
    with store.write() as connection:
        sealed(connection, 1)
        sealed(connection, 2)
        claim = deliveries.claim_one(connection, "desk", NOW, NOW)
        assert claim is not None
        deliveries.record(connection, claim, Result(outcome=Outcome.SENT), NOW)
        channels.save(connection, ChannelHealth(channel="desk", last_ok=NOW))
        store_entries(connection, [entry(3)])
        told_hit(connection, article=3)
        hit(connection, 3, "other")
        found = status(connection, NOW, {"desk"})
        tomorrow = status(connection, NOW + DAY, ())
    assert (found.hits, tomorrow.hits) == (4, 0)
    assert (found.unmatched, found.open_hits, found.open_alerts) == (3, 1, 1)
    assert {state: number for state, number in found.outbox.items() if number} == {
        DeliveryState.SENT: 1,
        DeliveryState.PENDING: 1,
    }
    assert found.oldest_pending == NOW
    assert found.channels == (ChannelHealth(channel="desk", last_ok=NOW),)
    assert tomorrow.channels == ()


def test_articles_that_rules_are_undecided_about_are_counted(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [replace(entry(n, text=""), lead="Troops …") for n in (1, 2, 3)])
        for claim in articles.claim_new(connection, 9):
            pages.want(connection, claim.article, claim.tries, 0, NOW)
        claims, _ = pages.claim(connection, NOW, {FEED.url: 1}, limit=9, wait=HOUR)
        pages.end(connection, claims[0], "HTTP 404")
        store_entries(connection, [entry(4)])
        (claim,) = articles.claim_new(connection, 9)
        articles.mark_matched(connection, [(claim.id, claim.tries, "rule bad: boom")])
        found = status(connection, NOW, ())
    assert (found.wanted, found.undecided) == (2, 3)
