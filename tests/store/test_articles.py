from dataclasses import replace

from monitor.model.article import Stage
from monitor.store import articles
from monitor.store.engine import Connection, Store
from monitor.store.status import status
from tests.support.stored import DAY, HOUR, NOW, OTHER, entry, hit, store_entries


def claimed(connection: Connection, limit: int = 9) -> list[tuple[int, int]]:
    return [(claim.id, claim.tries) for claim in articles.claim_new(connection, limit)]


def test_new_articles_are_claimed_in_one_batch_oldest_first(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(3), entry(2), entry(1)])
        assert claimed(connection, limit=2) == [(1, 1), (2, 1)]


def test_a_claim_holds_the_article_with_its_latest_text(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        store_entries(connection, [entry(text="later")], spec=OTHER)
        (claim,) = articles.claim_new(connection, 9)
    assert (claim.article.text, claim.article.revision) == ("later", 2)
    assert len(claim.article.carriers) == 2


def test_an_article_tried_before_goes_alone_and_after_all_others(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1), entry(2)])
        assert len(claimed(connection)) == 2  # and the process dies
        store_entries(connection, [entry(3)])
        assert claimed(connection) == [(3, 1)]
        articles.mark_matched(connection, [(3, 1, None)])
        assert claimed(connection) == [(1, 2)]


def test_an_article_that_ends_every_process_is_given_up_with_its_reason(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        assert articles.give_up(connection) == []
        assert [claimed(connection) for _ in range(3)] == [[(1, 1)], [(1, 2)], [(1, 3)]]
        assert claimed(connection) == []
        assert articles.has_new(connection)
        assert articles.give_up(connection) == [1]
        assert not articles.has_new(connection)
        (line,) = articles.recent(connection, undecided=True)
        shown = status(connection, NOW, ()).undecided
    assert line.stage is Stage.MATCHED
    assert line.reason == "undecided: not matched, 3 tries ended with the process"
    assert shown == 1


def test_a_list_shows_the_newest_first_with_the_rules_they_hit(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [replace(entry(1), language="en")])
        store_entries(connection, [entry(2)], now=NOW + HOUR)
        hit(connection, 1, "troops")
        hit(connection, 1, "sanctions")
        lines = articles.recent(connection)
    assert [(line.id, line.title, line.source) for line in lines] == [
        (2, "Title 2", "News"),
        (1, "Title 1", "News"),
    ]
    assert lines[1].hits == ("troops", "sanctions")
    assert lines[1].language == "en"


def test_a_list_can_be_cut_by_time_number_and_state(store: Store) -> None:
    with store.write() as connection:
        for number in range(1, 5):
            store_entries(connection, [entry(number)], now=NOW + number * DAY)
        for claim in articles.claim_new(connection, 9)[:3]:
            why = "rule x: boom" if claim.id == 2 else None
            articles.mark_matched(connection, [(claim.id, claim.tries, why)])
        since = articles.recent(connection, since=NOW + 3 * DAY)
        undecided = articles.recent(connection, undecided=True)
        newest = articles.recent(connection, limit=1)
    assert [line.id for line in since] == [4, 3]
    assert [line.id for line in undecided] == [4, 2]
    assert [line.id for line in newest] == [4]


def test_an_article_that_is_not_there_is_none(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        assert articles.get(connection, 2) is None
        assert articles.get(connection, 1, revision=2) is None
