from dataclasses import replace
from datetime import datetime

import pytest

from monitor.model.feed import FeedSpec, Validators
from monitor.store import feed_health, feeds
from monitor.store.engine import Connection, Store
from monitor.store.feed_health import FeedHealth, Health
from monitor.store.feeds import Document, FeedClaim
from tests.support.stored import DAY, FEED, HOUR, MINUTE, NOW, OTHER, entry, store_entries

DOCUMENT = Document(
    title="The News",
    validators=Validators(
        url="https://news.example/moved", etag='"1"', last_modified="yesterday", body_hash="abc"
    ),
    fetch_url="https://news.example/moved",
)


def sync(store: Store, *specs: FeedSpec) -> None:
    with store.write() as connection:
        feeds.sync(connection, specs, NOW)


def claim(
    store: Store, *, now: datetime = NOW, limit: int = 9, everything: bool = False
) -> list[FeedClaim]:
    with store.write() as connection:
        return feeds.claim_due(connection, now, now + HOUR, limit, everything=everything)


def claim_in(connection: Connection) -> FeedClaim:
    return feeds.claim_due(connection, NOW, NOW, 1)[0]


def claim_only(store: Store) -> FeedClaim:
    (found,) = claim(store)
    return found


def health(store: Store) -> dict[str, FeedHealth]:
    with store.read() as connection:
        return {line.url: line for line in feed_health.health(connection)}


def test_a_new_feed_is_due_at_once_and_known_by_what_the_file_says(store: Store) -> None:
    sync(store, OTHER)
    line = health(store)[OTHER.url]
    assert (line.name, line.tags, line.health) == ("Other", ("europe",), Health.NEW)
    assert [item.url for item in claim(store)] == [OTHER.url]


def test_a_feed_that_no_file_names_is_retired_and_returns_with_its_state(store: Store) -> None:
    sync(store, FEED, OTHER)
    found = next(item for item in claim(store) if item.url == FEED.url)
    with store.write() as connection:
        feeds.record_parsed(connection, found, NOW, NOW + HOUR, DOCUMENT)
    sync(store, OTHER)
    assert health(store)[FEED.url].health is Health.RETIRED
    assert FEED.url not in {item.url for item in claim(store, now=NOW + DAY)}
    sync(store, replace(FEED, name="Renamed"), OTHER)
    line = health(store)[FEED.url]
    assert (line.health, line.name) == (Health.OK, "Renamed")
    back = next(item for item in claim(store, now=NOW + DAY) if item.url == FEED.url)
    assert back.validators == DOCUMENT.validators


def test_a_disabled_feed_is_not_polled(store: Store) -> None:
    sync(store, replace(FEED, enabled=False))
    assert claim(store) == []


def test_a_claimed_feed_is_not_claimed_again_before_its_lease_ends(store: Store) -> None:
    sync(store, FEED)
    assert len(claim(store)) == 1
    assert claim(store) == []
    assert len(claim(store, now=NOW + HOUR)) == 1


def test_the_leases_of_a_dead_process_are_void(store: Store) -> None:
    sync(store, FEED)
    claim(store)
    with store.write() as connection:
        feeds.release_leases(connection)
    assert len(claim(store)) == 1


def test_those_that_wait_longest_are_claimed_first(store: Store) -> None:
    sync(store, FEED, OTHER)
    with store.write() as connection:
        feeds.reschedule(connection, OTHER.url, NOW - HOUR)
    assert [item.url for item in claim(store, limit=1)] == [OTHER.url]
    assert [item.url for item in claim(store, limit=1)] == [FEED.url]


@pytest.mark.parametrize("everything", [False, True], ids=["due", "everything"])
def test_asking_whether_a_feed_is_due_agrees_with_claiming(
    store: Store, *, everything: bool
) -> None:
    def asked() -> bool:
        with store.read() as connection:
            return feeds.is_due(connection, NOW, everything=everything)

    assert not asked()
    sync(store, FEED)
    assert asked()
    claim(store, everything=everything)
    assert not asked()


def test_a_whole_document_makes_the_next_fetch_conditional(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        found = feeds.claim_due(connection, NOW, NOW, 1)[0]
        feeds.record_parsed(connection, found, NOW, NOW + HOUR, DOCUMENT)
    assert claim(store, now=NOW + 59 * MINUTE) == []
    (again,) = claim(store, now=NOW + HOUR)
    assert again.validators == DOCUMENT.validators
    assert again.fetch_url == DOCUMENT.fetch_url
    assert (again.first_polled_at, again.last_ok, again.failures) == (NOW, NOW, 0)


def test_a_document_that_was_cut_off_saves_no_validators(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        feeds.record_incomplete(
            connection, feeds.claim_due(connection, NOW, NOW, 1)[0], NOW, NOW, "cut off"
        )
    again = claim_only(store)
    assert again.validators == Validators()
    assert (again.first_polled_at, again.last_ok, again.failures) == (NOW, None, 1)
    line = health(store)[FEED.url]
    assert (line.health, line.last_error) == (Health.FAILING, "cut off")


def test_an_unchanged_document_ends_a_row_of_failures(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        feeds.record_failure(connection, claim_in(connection), NOW, "HTTP 503")
    assert health(store)[FEED.url].failures == 1
    found = claim_only(store)
    with store.write() as connection:
        feeds.record_unchanged(connection, found.id, NOW, NOW + HOUR)
    line = health(store)[FEED.url]
    assert (line.health, line.failures, line.last_error) == (Health.OK, 0, None)
    assert (line.last_ok, line.next_poll_at) == (NOW, NOW + HOUR)


def test_a_failure_counts_and_returns_to_the_address_of_the_file(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        feeds.record_parsed(connection, claim_in(connection), NOW, NOW, DOCUMENT)
        feeds.record_failure(connection, claim_in(connection), NOW, "HTTP 404")
    again = claim_only(store)
    assert (again.failures, again.fetch_url) == (1, None)
    assert again.validators == Validators()  # they are those of the other address


def test_a_failure_at_the_address_of_the_file_keeps_the_validators(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        document = replace(DOCUMENT, fetch_url=None)
        feeds.record_parsed(connection, claim_in(connection), NOW, NOW, document)
        feeds.record_failure(connection, claim_in(connection), NOW, "HTTP 503")
    assert claim_only(store).validators == DOCUMENT.validators


def reschedule(store: Store, feed: FeedSpec, next_poll: datetime) -> None:
    with store.write() as connection:
        feeds.reschedule(connection, feed.url, next_poll)


def test_a_poll_that_is_moved_still_heeds_what_the_server_asked_for(store: Store) -> None:
    sync(store, FEED)
    found = claim_only(store)
    with store.write() as connection:
        feeds.record_failure(connection, found, NOW + 2 * HOUR, "later", asked_to_wait=True)
    reschedule(store, FEED, NOW)
    assert claim(store, now=NOW + HOUR) == []
    assert len(claim(store, now=NOW + 2 * HOUR)) == 1


def test_a_wait_that_a_fast_clock_stored_ends_when_the_poll_is_moved(store: Store) -> None:
    sync(store, FEED)
    found = claim_only(store)
    with store.write() as connection:
        feeds.record_failure(connection, found, NOW + 365 * DAY, "later", asked_to_wait=True)
    reschedule(store, FEED, NOW)
    assert claim(store, now=NOW + DAY) == []
    assert len(claim(store, now=NOW + 2 * DAY)) == 1


def test_polling_everything_still_heeds_what_a_server_asked_for(store: Store) -> None:
    sync(store, FEED, OTHER)
    for found in claim(store):
        with store.write() as connection:
            polite = found.url == FEED.url
            feeds.record_failure(connection, found, NOW + DAY, "later", asked_to_wait=polite)
    assert claim(store) == []
    assert [item.url for item in claim(store, everything=True)] == [OTHER.url]
    assert len(claim(store, now=NOW + DAY, everything=True)) == 2


def test_the_rhythm_is_told_by_the_newest_articles_of_the_feed(store: Store) -> None:
    with store.write() as connection:
        entries = [replace(entry(n), published=NOW - n * MINUTE) for n in range(1, 40)]
        store_entries(connection, [*entries, replace(entry(99), published=None)])
        store_entries(connection, [replace(entry(50), published=NOW)], spec=OTHER)
        known = feeds.published_times(connection, 1)
    assert list(known) == [NOW - n * MINUTE for n in range(1, 31)]


def test_a_poll_whose_end_was_not_stored_is_due_again_later(store: Store) -> None:
    sync(store, FEED)
    found = claim_only(store)
    with store.write() as connection:
        feeds.postpone(connection, {found.id}, NOW + MINUTE)
    assert claim(store) == []
    assert len(claim(store, now=NOW + MINUTE)) == 1
