from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from monitor.model.feed import FeedSpec, Move, Pause, Skips, Validators
from monitor.model.source import Health
from monitor.store import feed_claims, feed_health, feed_polls, feeds, hosts
from monitor.store.engine import Connection, Store
from monitor.store.feed_claims import FeedClaim
from monitor.store.feed_health import FeedHealth
from monitor.store.feed_polls import Document, Unchanged
from monitor.store.tables import FEED as FEED_TABLE
from tests.support.stored import DAY, FEED, HOUR, MINUTE, NOW, OTHER

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
        return feed_claims.claim_due(connection, now, now + HOUR, limit, everything=everything)


def claim_in(connection: Connection) -> FeedClaim:
    return feed_claims.claim_due(connection, NOW, NOW, 1)[0]


def claim_only(store: Store) -> FeedClaim:
    (found,) = claim(store)
    return found


def unchanged(found: FeedClaim, next_poll: datetime, now: datetime = NOW) -> Unchanged:
    return Unchanged(
        claim=found,
        now=now,
        next_poll=next_poll,
        validators=found.validators,
        fetch_url=found.fetch_url,
    )


def health(store: Store) -> dict[str, FeedHealth]:
    with store.read() as connection:
        return {line.url: line for line in feed_health.health(connection, NOW)}


def test_a_new_feed_is_due_at_once_and_known_by_what_the_file_says(store: Store) -> None:
    sync(store, OTHER)
    line = health(store)[OTHER.url]
    assert (line.name, line.tags, line.health) == ("Other", ("europe",), Health.NEW)
    assert [item.url for item in claim(store)] == [OTHER.url]


def test_a_feed_that_no_file_names_is_retired_and_returns_with_its_state(store: Store) -> None:
    sync(store, FEED, OTHER)
    found = next(item for item in claim(store) if item.url == FEED.url)
    with store.write() as connection:
        feed_polls.record_parsed(connection, [(found, NOW, NOW + HOUR, DOCUMENT)])
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
        feed_claims.release_leases(connection)
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
            return feed_claims.is_due(connection, NOW, everything=everything)

    assert not asked()
    sync(store, FEED)
    assert asked()
    claim(store, everything=everything)
    assert not asked()


def test_a_whole_document_makes_the_next_fetch_conditional(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        found = feed_claims.claim_due(connection, NOW, NOW, 1)[0]
        feed_polls.record_parsed(connection, [(found, NOW, NOW + HOUR, DOCUMENT)])
    assert claim(store, now=NOW + 59 * MINUTE) == []
    (again,) = claim(store, now=NOW + HOUR)
    assert again.validators == DOCUMENT.validators
    assert again.fetch_url == DOCUMENT.fetch_url
    assert (again.first_polled_at, again.last_ok, again.failures) == (NOW, NOW, 0)


def test_a_document_that_was_cut_off_saves_no_validators(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        feed_polls.record_incomplete(
            connection, feed_claims.claim_due(connection, NOW, NOW, 1)[0], NOW, NOW, "cut off"
        )
    again = claim_only(store)
    assert again.validators == Validators()
    assert (again.first_polled_at, again.last_ok, again.failures) == (NOW, None, 1)
    line = health(store)[FEED.url]
    assert (line.health, line.last_error) == (Health.FAILING, "cut off")


def test_an_unchanged_document_ends_a_row_of_failures(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        feed_polls.record_failure(connection, claim_in(connection), NOW, NOW, "HTTP 503")
    assert health(store)[FEED.url].failures == 1
    found = claim_only(store)
    with store.write() as connection:
        feed_polls.record_unchanged(connection, [unchanged(found, NOW + HOUR)])
    line = health(store)[FEED.url]
    assert (line.health, line.failures, line.last_error) == (Health.OK, 0, None)
    assert (line.last_ok, line.next_poll_at) == (NOW, NOW + HOUR)


def test_a_failure_counts_and_returns_to_the_address_of_the_file(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        feed_polls.record_parsed(connection, [(claim_in(connection), NOW, NOW, DOCUMENT)])
        feed_polls.record_failure(connection, claim_in(connection), NOW, NOW, "HTTP 404")
    again = claim_only(store)
    assert (again.failures, again.fetch_url) == (1, None)
    assert again.validators == Validators()  # they are those of the other address


def test_a_failure_at_the_address_of_the_file_keeps_the_validators(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        document = replace(DOCUMENT, fetch_url=None)
        feed_polls.record_parsed(connection, [(claim_in(connection), NOW, NOW, document)])
        feed_polls.record_failure(connection, claim_in(connection), NOW, NOW, "HTTP 503")
    assert claim_only(store).validators == DOCUMENT.validators


def reschedule(store: Store, feed: FeedSpec, next_poll: datetime) -> None:
    with store.write() as connection:
        feeds.reschedule(connection, feed.url, next_poll)


def test_a_poll_that_is_moved_still_heeds_what_the_server_asked_for(store: Store) -> None:
    sync(store, FEED)
    found = claim_only(store)
    with store.write() as connection:
        feed_polls.record_failure(
            connection, found, NOW, NOW + 2 * HOUR, "later", asked_to_wait=True
        )
    reschedule(store, FEED, NOW)
    assert claim(store, now=NOW + HOUR) == []
    assert len(claim(store, now=NOW + 2 * HOUR)) == 1


def test_a_time_that_a_server_asked_for_moves_with_the_plan(store: Store) -> None:
    sync(store, FEED)
    found = claim_only(store)
    with store.write() as connection:
        feed_polls.record_failure(
            connection, found, NOW, NOW + 365 * DAY, "later", asked_to_wait=True
        )
        feeds.replan(connection, FEED.url, NOW + DAY, NOW + DAY)
    assert claim(store, now=NOW + 23 * HOUR) == []
    assert len(claim(store, now=NOW + DAY)) == 1


def test_polling_everything_still_heeds_what_a_server_asked_for(store: Store) -> None:
    sync(store, FEED, OTHER)
    for found in claim(store):
        with store.write() as connection:
            polite = found.url == FEED.url
            feed_polls.record_failure(
                connection, found, NOW, NOW + DAY, "later", asked_to_wait=polite
            )
    assert claim(store) == []
    assert [item.url for item in claim(store, everything=True)] == [OTHER.url]
    assert len(claim(store, now=NOW + DAY, everything=True)) == 2


def test_a_poll_whose_end_was_not_stored_is_due_again_later(store: Store) -> None:
    sync(store, FEED)
    found = claim_only(store)
    with store.write() as connection:
        feed_polls.postpone(connection, {found.id}, 0, NOW + MINUTE)
    assert claim(store) == []
    assert len(claim(store, now=NOW + MINUTE)) == 1


def test_what_a_document_wishes_and_its_rhythm_come_back_with_the_next_claim(store: Store) -> None:
    sync(store, FEED)
    document = replace(
        DOCUMENT,
        recent=[NOW - HOUR, NOW - DAY],
        ttl=40 * MINUTE,
        skips=Skips(frozenset({1, 2}), frozenset({6})),
        move=Move(to="https://far.example/", since=NOW, count=2),
    )
    with store.write() as connection:
        feed_polls.record_parsed(connection, [(claim_in(connection), NOW, NOW + HOUR, document)])
    (again,) = claim(store, now=NOW + DAY)
    assert again.recent == (NOW - HOUR, NOW - DAY)
    assert (again.ttl, again.skips, again.move) == (document.ttl, document.skips, document.move)
    assert (again.due, again.body_at) == (NOW + HOUR, NOW)


def test_an_unchanged_document_may_come_under_other_validators(store: Store) -> None:
    sync(store, FEED)
    fresh = Validators(url=FEED.url, etag='"2"')
    with store.write() as connection:
        found = claim_in(connection)
        poll = replace(unchanged(found, NOW, NOW + MINUTE), validators=fresh, received=True)
        feed_polls.record_unchanged(connection, [poll])
    again = claim_only(store)
    assert (again.validators, again.body_at) == (fresh, NOW + MINUTE)


def test_a_feed_that_is_gone_is_polled_no_more_until_somebody_asks(store: Store) -> None:
    sync(store, FEED)
    found = claim_only(store)
    with store.write() as connection:
        feed_polls.record_failure(connection, found, NOW, NOW, "HTTP 410")
        feed_polls.record_gone(connection, found, NOW, for_good=False)
    again = claim_only(store)
    assert again.gone_since == NOW
    with store.write() as connection:
        feed_polls.record_failure(connection, again, NOW, NOW, "HTTP 410")
        feed_polls.record_gone(connection, again, NOW + DAY, for_good=True)
    assert claim(store, now=NOW + 9 * DAY, everything=True) == []
    reschedule(store, FEED, NOW + 9 * DAY)
    (asked,) = claim(store, now=NOW + 9 * DAY)
    assert asked.gone_since == NOW


def test_a_feed_that_was_gone_and_returns_to_the_file_is_polled_again(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        found = claim_in(connection)
        feed_polls.record_failure(connection, found, NOW, NOW, "HTTP 410")
        feed_polls.record_gone(connection, found, NOW, for_good=True)
    sync(store)
    assert claim(store) == []
    sync(store, FEED)
    assert claim_only(store).gone_since is None


def test_a_host_that_wants_to_be_left_alone_is_for_all_of_its_feeds(store: Store) -> None:
    second = replace(FEED, url="https://news.example/two", location="https://news.example/two")
    sync(store, FEED, second, OTHER)
    with store.write() as connection:
        pause = Pause(host="news.example", began=NOW, until=NOW + HOUR)
        hosts.pause(connection, pause)
    assert [item.url for item in claim(store, everything=True)] == [OTHER.url]
    with store.read() as connection:
        assert hosts.pauses(connection) == [pause]
    assert {item.url for item in claim(store, now=NOW + HOUR)} == {FEED.url, second.url, OTHER.url}


def test_a_feed_belongs_to_the_host_it_is_fetched_from(store: Store) -> None:
    sync(store, FEED)
    with store.write() as connection:
        document = replace(DOCUMENT, fetch_url="https://moved.example/feed")
        feed_polls.record_parsed(connection, [(claim_in(connection), NOW, NOW, document)])
        hosts.pause(connection, Pause(host="moved.example", began=NOW, until=NOW + HOUR))
    sync(store, FEED)
    assert claim(store) == []


def test_pauses_end_although_the_clock_was_set_back_and_old_ones_are_forgotten(
    store: Store,
) -> None:
    with store.write() as connection:
        hosts.pause(
            connection, Pause(host="old.example", began=NOW - 9 * DAY, until=NOW - 8 * DAY)
        )
        future = Pause(host="a.example", began=NOW + DAY, until=NOW + DAY + HOUR, strikes=2)
        hosts.pause(connection, future)
        assert hosts.clamp(connection, NOW) == [
            Pause(host="a.example", began=NOW, until=NOW + HOUR, strikes=2)
        ]


def test_what_is_as_it_was_is_not_written_at_every_start(store: Store) -> None:
    sync(store, FEED, OTHER)
    with store.write() as connection:
        written: list[str] = []
        sa.event.listen(
            connection,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, *_: written.append(statement.split()[0]),
        )
        feeds.sync(connection, [FEED, OTHER], NOW)
    assert set(written) == {"SELECT"}


def reserve(store: Store, *, token: int, now: datetime = NOW, limit: int = 9) -> list[int]:
    with store.write() as connection:
        found = feed_claims.reserve(connection, now, now + HOUR, limit, token=token)
        return [each.id for each in found]


def take(store: Store, ids: list[int], *, held: int, token: int) -> list[FeedClaim]:
    with store.write() as connection:
        return feed_claims.take(connection, ids, held, NOW + HOUR, token)


def test_a_reserved_feed_is_polled_by_the_one_who_takes_it_over(store: Store) -> None:
    sync(store, FEED, OTHER)
    ids = reserve(store, token=1)
    assert reserve(store, token=2) == []
    assert claim(store) == []
    (first, second) = take(store, ids, held=1, token=7)
    assert {first.url, second.url} == {FEED.url, OTHER.url}
    assert first.token == 7
    assert take(store, ids, held=1, token=8) == []  # the same job again


def test_a_lease_that_was_lost_is_not_taken_over(store: Store) -> None:
    sync(store, FEED)
    ids = reserve(store, token=1)
    with store.write() as connection:
        feed_claims.release_leases(connection, 1)
    assert take(store, ids, held=1, token=7) == []
    assert reserve(store, token=2) == ids
    assert take(store, ids, held=1, token=7) == []


def test_the_leases_of_one_process_are_voided_and_no_others(store: Store) -> None:
    sync(store, FEED, OTHER)
    mine, others = reserve(store, token=1, limit=1), reserve(store, token=2, limit=1)
    with store.write() as connection:
        feed_claims.release_leases(connection, 1)
    assert reserve(store, token=3) == mine
    assert len(take(store, others, held=2, token=7)) == 1


def test_a_host_is_polled_by_one_process_at_a_time(store: Store) -> None:
    same = FeedSpec(url="https://news.example/2", location="https://news.example/2", name="")
    sync(store, FEED, OTHER, same)
    first = reserve(store, token=1, limit=1)
    (idle,) = reserve(store, token=2)
    with store.read() as connection:
        hosts = dict(connection.execute(sa.select(FEED_TABLE.c.id, FEED_TABLE.c.host)).all())
    assert hosts[idle] != hosts[first[0]]
    with store.write() as connection:
        feed_claims.release_leases(connection, 1)
    assert len(reserve(store, token=3)) == 2


def test_who_lost_his_lease_is_not_among_those_that_still_hold_it(store: Store) -> None:
    sync(store, FEED, OTHER)
    claims = take(store, reserve(store, token=1), held=1, token=7)
    taken = take(store, [claims[0].id], held=7, token=8)
    with store.write() as connection:
        assert feed_claims.still_held(connection, [*claims, *taken]) == {
            each.id for each in claims
        }
        assert feed_claims.still_held(connection, claims) == {claims[1].id}
