"""Who does badly for long is told once, and once that it is over."""

from dataclasses import replace
from datetime import datetime

from monitor.jobs.watch import Watching
from monitor.model.feed import Validators
from monitor.model.source import EventKind, Health
from monitor.store import feed_claims, feed_events, feed_health, feed_polls, feeds
from monitor.store.engine import Store
from monitor.store.feed_claims import FeedClaim
from monitor.store.feed_polls import Document, Unchanged
from tests.support.stored import DAY, FEED, HOUR, MINUTE, NOW, OTHER

PAGE = Document(title="", validators=Validators(), fetch_url=None)


def claim(store: Store, url: str, now: datetime) -> FeedClaim:
    with store.write() as connection:
        feeds.sync(connection, [FEED, OTHER], now)
        found = feed_claims.claim_due(connection, now, now, None, everything=True)
    return next(one for one in found if one.url == url)


def fail(store: Store, now: datetime, *, unreadable: bool = False, url: str = FEED.url) -> None:
    one = claim(store, url, now)
    with store.write() as connection:
        feed_polls.record_failure(connection, one, now, now + HOUR, "HTTP 503")
        if unreadable:
            feed_polls.record_unreadable(connection, one)


def succeed(store: Store, now: datetime, *, seconds: float = 0.1, url: str = FEED.url) -> None:
    one = claim(store, url, now)
    with store.write() as connection:
        feed_polls.record_parsed(
            connection, [(one, now, now + HOUR, replace(PAGE, seconds=seconds))]
        )


def told(store: Store) -> list[tuple[str, str]]:
    with store.read() as connection:
        events = feed_events.recent(connection, NOW - DAY)
    assert {event.kind for event in events} <= {EventKind.HEALTH}
    return [(event.name, event.text) for event in reversed(events)]


def shown(store: Store, now: datetime) -> dict[str, Health]:
    with store.read() as connection:
        return {line.name: line.health for line in feed_health.health(connection, now)}


def test_a_feed_that_fails_for_a_day_is_told_once_and_so_is_its_recovery(store: Store) -> None:
    watching = Watching(store)
    succeed(store, NOW)
    for hour in range(1, 24):
        fail(store, NOW + hour * HOUR)
        assert watching.run(NOW + hour * HOUR) == 0
    assert shown(store, NOW + DAY)["News"] is Health.FAILING
    for hour in range(24, 72):
        fail(store, NOW + hour * HOUR)
        watching.run(NOW + hour * HOUR)
    assert told(store) == [("News", "could not be read for 24 h: HTTP 503")]
    succeed(store, NOW + 72 * HOUR)
    for minute in range(90):
        watching.run(NOW + 72 * HOUR + minute * MINUTE)
    assert told(store)[1:] == [("News", "works again")]


def test_feeds_that_fail_together_are_told_together(store: Store) -> None:
    for hour in (0, 12, 25):
        fail(store, NOW + hour * HOUR)
        fail(store, NOW + hour * HOUR, url=OTHER.url)
    assert Watching(store).run(NOW + 25 * HOUR) == 2
    assert Watching(store).run(NOW + 26 * HOUR) == 0


def test_what_is_no_feed_any_more_is_told_as_that(store: Store) -> None:
    succeed(store, NOW)
    for hour in (1, 4, 8):
        fail(store, NOW + hour * HOUR, unreadable=True)
    assert shown(store, NOW + 8 * HOUR)["News"] is Health.NOT_A_FEED
    Watching(store).run(NOW + 8 * HOUR)
    assert told(store) == [("News", "is not a feed any more: HTTP 503")]


def test_a_feed_that_is_gone_is_told_at_once(store: Store) -> None:
    one = claim(store, FEED.url, NOW)
    with store.write() as connection:
        feed_polls.record_failure(connection, one, NOW, NOW + DAY, "HTTP 410")
        feed_polls.record_gone(connection, one, NOW, for_good=True)
    assert Watching(store).run(NOW) == 1
    assert shown(store, NOW)["News"] is Health.GONE


def test_silence_is_found_without_a_poll(store: Store) -> None:
    succeed(store, NOW)
    one = claim(store, FEED.url, NOW)
    with store.write() as connection:
        feeds.update_feed(connection, one.id, longest_pause=12 * 3600, silent_at=NOW + DAY)
    watching = Watching(store)
    assert watching.run(NOW + DAY) == 0
    assert watching.run(NOW + DAY + MINUTE) == 1
    assert shown(store, NOW + 2 * DAY)["News"] is Health.SILENT


def test_an_unchanged_document_ends_a_failure_and_shows_how_slow_it_was(store: Store) -> None:
    succeed(store, NOW)
    fail(store, NOW + HOUR, unreadable=True)
    one = claim(store, FEED.url, NOW + 2 * HOUR)
    assert one.failing_since == NOW + HOUR
    same = Unchanged(
        claim=one,
        now=NOW + 2 * HOUR,
        next_poll=NOW + 3 * HOUR,
        validators=one.validators,
        fetch_url=None,
        seconds=7.0,
    )
    with store.write() as connection:
        feed_polls.record_unchanged(connection, [same])
    again = claim(store, FEED.url, NOW + 3 * HOUR)
    assert (again.failing_since, again.seconds) == (None, 7.0)
    assert shown(store, NOW + 3 * HOUR)["News"] is Health.OK


def test_a_slow_feed_is_told(store: Store) -> None:
    succeed(store, NOW, seconds=20)
    assert Watching(store).run(NOW) == 1
    assert shown(store, NOW) == {"News": Health.SLOW, "Other": Health.NEW}
