from dataclasses import replace
from datetime import timedelta

from monitor.jobs.decide import system_wait
from monitor.jobs.prune import ATTEMPTS, MUTES, STEP, Pruning
from monitor.model.channel import ChannelPolicy
from monitor.model.delivery import Outcome
from monitor.model.mute import MuteKind
from monitor.model.settings import Retention
from monitor.model.source import EventKind, FeedEvent
from monitor.store import alerts, articles, deliveries, delivery_list, feed_events, hit_list, mutes
from monitor.store.deliveries import Result
from monitor.store.engine import Connection, Store
from tests.support.stored import DAY, NOW, entry, feed_id, seal, sealed, store_entries

LATER = NOW + 365 * DAY


def fill(connection: Connection) -> None:
    """One article that was told, one without a hit; both matched, neither listed any more."""
    sealed(connection, 1)
    store_entries(connection, [entry(2)])
    for claim in articles.claim_new(connection, 9):
        articles.mark_matched(connection, [(claim.id, claim.tries, None)])
    sent = deliveries.claim_one(connection, "desk", NOW, NOW)
    assert sent is not None
    deliveries.record(connection, sent, Result(outcome=Outcome.SENT), NOW)


def left(store: Store) -> tuple[list[int], int, int]:
    """Ids of the articles, number of hits, number of deliveries."""
    with store.read() as connection:
        ids = [line.id for line in articles.recent(connection)]
        return ids, len(hit_list.recent(connection)), len(delivery_list.lines(connection))


def run_all(pruning: Pruning) -> None:
    while pruning.run(LATER):
        pass


def test_articles_without_hits_go_and_hits_stay_for_ever(store: Store) -> None:
    with store.write() as connection:
        fill(connection)
    run_all(Pruning(store, Retention()))
    assert left(store) == ([1], 1, 1)
    with store.read() as connection:
        (kept,) = hit_list.recent(connection)
    assert kept.article.text == "Troops were deployed."  # the evidence
    assert [span.text for span in kept.spans] == ["Troops"]


def test_old_hits_go_with_all_that_hangs_on_them(store: Store) -> None:
    with store.write() as connection:
        fill(connection)
    run_all(Pruning(store, Retention(hits=timedelta(days=100))))
    assert left(store) == ([], 0, 0)


def test_nothing_goes_if_everything_is_kept(store: Store) -> None:
    with store.write() as connection:
        fill(connection)
    pruning = Pruning(store, Retention(articles=None, hits=None))
    assert pruning.run(NOW + ATTEMPTS) == 0
    run_all(pruning)
    assert left(store) == ([2, 1], 1, 1)


def test_old_events_of_feeds_go_with_the_alerts_about_them(store: Store) -> None:
    with store.write() as connection:
        event = FeedEvent(
            feed=feed_id(connection), kind=EventKind.GAP, at=NOW, text="a gap", told=True
        )
        feed_events.add(connection, [event, replace(event, told=False)])
        taken = feed_events.take_undecided(connection, 9, NOW)
        alert = alerts.join(
            connection, "desk", system_wait(ChannelPolicy(name="desk", url=""), NOW), NOW
        )
        alerts.add_events(connection, alert, [event.id for event in taken])
        seal(connection, alert)
    pruning = Pruning(store, Retention())
    assert pruning.run(LATER) == 1  # what is not sent yet stays, and the event it tells
    with store.write() as connection:
        claim = deliveries.claim_one(connection, "desk", NOW, NOW)
        assert claim is not None
        deliveries.record(connection, claim, Result(outcome=Outcome.SENT), NOW)
    run_all(pruning)
    with store.read() as connection:
        assert feed_events.recent(connection, NOW) == []
        assert delivery_list.lines(connection) == []


def test_much_goes_in_several_steps(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(number) for number in range(STEP + 10)])
        while batch := articles.claim_new(connection, 1000):
            for claim in batch:
                articles.mark_matched(connection, [(claim.id, claim.tries, None)])
    pruning = Pruning(store, Retention())
    assert [pruning.run(LATER) for _ in range(3)] == [STEP, 10, 0]


def test_mutes_explain_for_some_time_what_was_not_told(store: Store) -> None:
    with store.write() as connection:
        mutes.add(connection, MuteKind.RULE, "troops", NOW, "", NOW - DAY)
    pruning = Pruning(store, Retention())
    assert [pruning.run(NOW + MUTES), pruning.run(NOW + MUTES + DAY)] == [0, 1]
