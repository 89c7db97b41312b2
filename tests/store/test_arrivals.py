from dataclasses import replace

import pytest

from monitor.jobs.alert import Alerting
from monitor.model.article import Arrival, Article, Carrier, Stage
from monitor.model.channel import ChannelPolicy, Route, Routing
from monitor.store import articles, hit_list, hits
from monitor.store.arrivals import MOST_REVISIONS, Stored
from monitor.store.engine import Connection, Store
from tests.support.stored import (
    FEED,
    HOUR,
    NOW,
    OTHER,
    entry,
    hit,
    store_entries,
)


def all_matched(connection: Connection) -> None:
    for claim in articles.claim_new(connection, 100):
        articles.mark_matched(connection, [(claim.id, claim.tries, None)])


def waiting(connection: Connection) -> list[int]:
    return sorted(line.id for line in articles.recent(connection, undecided=True))


def the(connection: Connection, article: int = 1, revision: int | None = None) -> Article:
    found = articles.get(connection, article, revision)
    assert found is not None
    return found


def test_a_new_entry_becomes_an_article_with_its_first_text(store: Store) -> None:
    item = replace(entry(), author="A. Writer", language="en", tags=("war",), lead="Short.")
    with store.write() as connection:
        stored = store_entries(connection, [item])
        found = the(connection)
    assert stored == Stored(new=1)
    assert found == Article(
        id=1,
        revision=1,
        title="Title 1",
        lead="Short.",
        text="Troops were deployed.",
        language="en",
        url="https://news.example/1",
        author="A. Writer",
        tags=("war",),
        carriers=(Carrier(name="News", url=FEED.url),),
        source="News",
        published=NOW - HOUR,
        seen=NOW,
    )


def test_the_same_document_again_changes_nothing(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1), entry(2)])
        all_matched(connection)
        stored = store_entries(connection, [entry(1), entry(2)], now=NOW + HOUR)
        assert waiting(connection) == []
    assert stored == Stored()


def test_a_backlog_entry_is_counted_as_quiet(store: Store) -> None:
    with store.write() as connection:
        stored = store_entries(connection, [entry()], arrival=Arrival.BACKLOG)
        (line,) = articles.recent(connection)
    assert stored == Stored(new=1, quiet=1)
    assert line.arrival is Arrival.BACKLOG


def test_a_changed_text_is_a_new_revision_that_is_matched_again(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        all_matched(connection)
        stored = store_entries(connection, [entry(text="Sanctions were lifted.")])
        assert waiting(connection) == [1]
        assert the(connection).revision == 2
        assert the(connection).text == "Sanctions were lifted."
        assert the(connection, revision=1).text == "Troops were deployed."
    assert stored == Stored(revised=1)


def test_a_text_that_was_there_before_is_no_new_revision(store: Store) -> None:
    with store.write() as connection:
        for text in ("one", "two", "one", "two"):
            store_entries(connection, [entry(text=text)])
        assert the(connection).revision == 2


def test_an_article_keeps_a_limited_number_of_revisions(store: Store) -> None:
    with store.write() as connection:
        for number in range(MOST_REVISIONS + 5):
            store_entries(connection, [entry(text=f"{number} people read this")])
        all_matched(connection)
        assert store_entries(connection, [entry(text="and again")]) == Stored()
        assert the(connection).revision == MOST_REVISIONS
        assert waiting(connection) == []


def test_another_feed_with_the_same_article_is_a_carrier(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        all_matched(connection)
        stored = store_entries(connection, [entry(guid="elsewhere")], spec=OTHER)
        assert waiting(connection) == [1]  # rules may ask for that feed
        found = the(connection)
    assert stored == Stored(carried=1)
    assert [carrier.name for carrier in found.carriers] == ["News", "Other"]
    assert found.carriers[1].tags == ("europe",)
    assert found.source == "News"


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (Arrival.BACKLOG, Arrival.LIVE, Arrival.LIVE),
        (Arrival.BACKLOG, Arrival.BACKLOG, Arrival.BACKLOG),
        (Arrival.LIVE, Arrival.BACKLOG, Arrival.LIVE),
    ],
)
def test_an_article_is_news_if_it_is_to_one_of_its_feeds(
    store: Store, first: Arrival, second: Arrival, told: Arrival
) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()], arrival=first)
        store_entries(connection, [entry()], spec=OTHER, arrival=second)
        assert articles.recent(connection)[0].arrival is told


def test_the_backlog_of_a_feed_does_not_become_news_in_its_next_document(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()], arrival=Arrival.BACKLOG)
        store_entries(connection, [entry()])
        assert articles.recent(connection)[0].arrival is Arrival.BACKLOG


DESK, PRESS = (ChannelPolicy(name=name, url="json://localhost") for name in ("desk", "press"))


def decide_all(store: Store) -> dict[str, str]:
    """Lets the job decide (rules go to the desk only); the fate of the one hit by channel."""
    routing = Routing(channels={"desk": DESK, "press": PRESS}, routes=(Route(channels=("desk",)),))
    Alerting(store, routing, targets=lambda _: ("",), new_key=lambda: "key").run(NOW)
    with store.read() as connection:
        (line,) = hit_list.recent(connection)
    return {name: str(fate.reason) for name, fate in line.channels.items()}


def test_a_feed_that_was_just_added_does_not_silence_news_of_another(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()], arrival=Arrival.BACKLOG)
        hit(connection)
    assert decide_all(store) == {"desk": "backlog", "press": "no-route"}
    with store.write() as connection:
        store_entries(connection, [entry()], spec=OTHER)
    assert decide_all(store) == {"desk": "first", "press": "no-route"}


def test_what_was_told_is_not_told_again_for_another_feed(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        hit(connection)
    assert decide_all(store)["desk"] == "first"
    with store.write() as connection:
        store_entries(connection, [entry()], spec=OTHER)
        assert not hits.has_undecided(connection)


def test_an_item_that_moves_to_another_address_is_known_by_its_guid(store: Store) -> None:
    moved = replace(entry(), url="https://news.example/elsewhere")
    with store.write() as connection:
        store_entries(connection, [entry()])
        stored = store_entries(connection, [moved])
    assert stored == Stored()


def test_a_guid_that_is_used_again_for_another_story_does_not_hide_it(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1, guid="today")])
        tomorrow = replace(entry(2, guid="today"), published=NOW)
        stored = store_entries(connection, [tomorrow])
    assert stored == Stored(new=1)


def test_a_guid_counts_in_its_own_feed_only(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1, guid="7")])
        same_words = replace(entry(1, guid="7"), url="https://other.example/7")
        stored = store_entries(connection, [same_words], spec=OTHER)
    assert stored == Stored(new=1)


def test_of_two_entries_with_one_address_the_first_counts(store: Store) -> None:
    with store.write() as connection:
        stored = store_entries(connection, [entry(text="newest"), entry(text="older")])
        assert the(connection).text == "newest"
    assert stored == Stored(new=1)


def test_two_guids_of_one_article_in_one_document_are_one_article(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1)])
        twin = replace(entry(1), url="https://news.example/print/1")
        stored = store_entries(connection, [entry(1), twin])
    assert stored == Stored()


def test_an_article_being_matched_while_a_new_text_comes_is_matched_again(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        (claim,) = articles.claim_new(connection, 9)
        store_entries(connection, [entry(text="news")])
        articles.mark_matched(connection, [(claim.id, claim.tries, None)])
        assert waiting(connection) == [1]


def test_a_thousand_entries_are_stored_at_once(store: Store) -> None:
    with store.write() as connection:
        entries = [entry(number) for number in range(1000)]
        assert store_entries(connection, entries).new == 1000
        assert store_entries(connection, entries) == Stored()
        assert articles.recent(connection, limit=1)[0].stage is Stage.NEW
