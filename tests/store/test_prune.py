from datetime import datetime

import sqlalchemy as sa

from monitor.model.delivery import Outcome
from monitor.model.feed import Validators
from monitor.store import articles, deliveries, feed_claims, feed_polls, prune
from monitor.store.deliveries import Result
from monitor.store.engine import Connection, Store
from monitor.store.feed_polls import Document
from monitor.store.tables import ALERT, ARTICLE, ARTICLE_REVISION, DELIVERY, DELIVERY_ATTEMPT, HIT
from tests.support.stored import (
    DAY,
    HOUR,
    NOW,
    entry,
    hit,
    seal,
    sealed,
    store_entries,
    told_hit,
)

LATER = NOW + 365 * DAY


def count(connection: Connection, table: sa.Table) -> int:
    return connection.scalars(sa.select(sa.func.count()).select_from(table)).one()


def store_matched(connection: Connection, number: int = 1) -> None:
    store_entries(connection, [entry(number)])
    for claim in articles.claim_new(connection, 9):
        articles.mark_matched(connection, [(claim.id, claim.tries, None)])


def prune_articles(connection: Connection, now: datetime = LATER) -> int:
    return prune.articles(connection, now - 90 * DAY, now, 500)


def deliver_all(connection: Connection) -> None:
    while claim := deliveries.claim_one(connection, "desk", NOW, NOW + HOUR):
        deliveries.record(connection, claim, Result(outcome=Outcome.SENT), NOW)


def test_an_old_article_goes_with_its_texts(store: Store) -> None:
    with store.write() as connection:
        store_matched(connection)
        assert prune_articles(connection) == 1
        assert count(connection, ARTICLE_REVISION) == 0


def test_an_article_that_is_not_old_enough_stays(store: Store) -> None:
    with store.write() as connection:
        store_matched(connection)
        assert prune_articles(connection, NOW + 90 * DAY) == 0


def test_an_article_that_is_still_to_be_matched_stays(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        assert prune_articles(connection) == 0


def test_an_article_that_hit_stays(store: Store) -> None:
    with store.write() as connection:
        store_matched(connection)
        hit(connection)
        assert prune_articles(connection) == 0


def test_an_article_that_its_feed_still_lists_stays_lest_it_comes_back_as_new(
    store: Store,
) -> None:
    with store.write() as connection:
        store_matched(connection)
        store_entries(connection, [entry()], now=LATER - 29 * DAY)
        assert prune_articles(connection) == 0
        assert prune_articles(connection, LATER + 2 * DAY) == 1


def test_an_article_in_the_last_document_of_a_feed_stays_however_quiet_that_feed_is(
    store: Store,
) -> None:
    document = Document(title="", validators=Validators(), fetch_url=None)
    with store.write() as connection:
        store_matched(connection)
        (claim, _) = feed_claims.claim_due(connection, NOW, NOW, 2, everything=True)
        feed_polls.record_parsed(connection, [(claim, NOW, NOW, document)])
        assert prune_articles(connection) == 0
        feed_polls.record_parsed(connection, [(claim, NOW + HOUR, NOW, document)])  # without it
        assert prune_articles(connection) == 1


def test_a_number_of_an_article_is_never_used_again(store: Store) -> None:
    with store.write() as connection:
        store_matched(connection)
        prune_articles(connection)
        store_entries(connection, [entry(2)])
        assert articles.recent(connection)[0].id == 2


def test_an_old_hit_goes_with_its_alert_and_deliveries(store: Store) -> None:
    with store.write() as connection:
        sealed(connection)
        deliver_all(connection)
        assert prune.hits(connection, NOW, LATER, 500) == 0  # not older
        assert prune.hits(connection, LATER, LATER, 500) == 1
        assert [count(connection, t) for t in (HIT, ALERT, DELIVERY, DELIVERY_ATTEMPT)] == [0] * 4


def test_an_alert_stays_as_long_as_one_of_its_hits(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        told_hit(connection, rule="a")
        seal(connection, told_hit(connection, rule="b"))
        deliver_all(connection)
        assert prune.hits(connection, LATER, LATER, 1) == 1
        assert (count(connection, HIT), count(connection, ALERT)) == (1, 1)
        assert prune.hits(connection, LATER, LATER, 1) == 1
        assert (count(connection, HIT), count(connection, ALERT)) == (0, 0)


def test_a_hit_of_an_article_that_its_feed_still_lists_stays(store: Store) -> None:
    with store.write() as connection:
        sealed(connection)
        deliver_all(connection)
        store_entries(connection, [entry()], now=LATER)
        assert prune.hits(connection, LATER, LATER, 500) == 0


def test_a_hit_that_is_still_to_be_decided_or_told_stays(store: Store) -> None:
    with store.write() as connection:
        sealed(connection)
        store_entries(connection, [entry(2)])
        hit(connection, 2)
        assert prune.hits(connection, LATER, LATER, 500) == 0
        assert count(connection, ALERT) == 1


def test_attempts_of_finished_deliveries_go_and_others_stay(store: Store) -> None:
    with store.write() as connection:
        sealed(connection, 1)
        deliver_all(connection)
        sealed(connection, 2)
        deliveries.claim_one(connection, "desk", NOW, NOW + HOUR)
        assert prune.attempts(connection, NOW, 500) == 0
        assert prune.attempts(connection, LATER, 500) == 1
        assert count(connection, DELIVERY_ATTEMPT) == 1


def test_a_step_deletes_no_more_than_it_may(store: Store) -> None:
    with store.write() as connection:
        for number in (1, 2, 3):
            store_matched(connection, number)
        assert prune.articles(connection, LATER, LATER, 2) == 2
        assert count(connection, ARTICLE) == 1
