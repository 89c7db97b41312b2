"""A deleted article leaves nothing of what it said, not even in the file."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.alerts.decide import spike_wait
from monitor.alerts.sample import sample_spike
from monitor.errors import StoreError
from monitor.jobs.index import Indexing
from monitor.model.channel import ChannelPolicy
from monitor.model.delivery import Outcome
from monitor.model.search import Word
from monitor.model.source import EventKind, FeedEvent
from monitor.model.spike import Evidence, TopStory
from monitor.store import alerts, articles, deliveries, delivery_list, feed_events, hits, search
from monitor.store.alerts import OPEN
from monitor.store.codec import from_json
from monitor.store.deliveries import Result
from monitor.store.engine import Connection, Store
from monitor.store.erase import Erased, erase
from monitor.store.integrity import integrity
from monitor.store.tables import ALERT, ARTICLE, DELIVERY, FEED_EVENT, HIT, METADATA
from tests.support.stored import (
    HOUR,
    NOW,
    ON_SQLITE,
    entry,
    facts,
    hit,
    seal,
    sealed,
    store_entries,
    told_hit,
)

DESK = ChannelPolicy(name="desk", url="json://localhost")
SAID = [entry(1).title, entry(1).text]


def deliver_all(connection: Connection) -> None:
    while claim := deliveries.claim_one(connection, "desk", NOW, NOW + HOUR):
        deliveries.record(connection, claim, Result(outcome=Outcome.SENT), NOW)


def dump(store: Store) -> str:
    with store.read() as connection:
        rows = [connection.execute(sa.select(table)).all() for table in METADATA.sorted_tables]
    return repr(rows)


def in_file(store: Store, text: str) -> bool:
    files = Path(store.path).parent.glob(f"{Path(store.path).name}*")
    return any(text.encode() in file.read_bytes() for file in files)


def test_nothing_that_an_article_said_is_left_once_it_was_told(store: Store) -> None:
    with store.write() as connection:
        sealed(connection)
        deliver_all(connection)
    assert all(said in dump(store) for said in SAID)

    assert erase(store, 1) == Erased(texts=1, hits=1, messages=1)

    assert not any(said in dump(store) for said in SAID)
    assert integrity(store) == []
    with store.read() as connection:
        assert [line.headline for line in delivery_list.lines(connection)] == ["deleted"]


@ON_SQLITE
def test_the_file_holds_nothing_of_it(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1, text="Okapis were seen.")])
        seal(connection, told_hit(connection))
        deliver_all(connection)
    assert Indexing(store).run() == 1
    said = ["Okapis were", "okapi", entry(1).title]
    assert [each for each in said if not in_file(store, each)] == []
    erase(store, 1)
    assert [each for each in said if in_file(store, each)] == []


def test_no_search_finds_it_by_its_words(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1, text="Okapis were seen.")])
        store_entries(connection, [entry(2)])
    index = Indexing(store)
    index.run()
    erase(store, 1)
    while index.run():
        pass
    with store.read() as connection:
        assert search.candidates(connection, Word("okapis")) == []
        assert search.candidates(connection, Word("troops")) == [2]


def test_the_others_stay(store: Store) -> None:
    with store.write() as connection:
        sealed(connection, 1)
        sealed(connection, 2)
        deliver_all(connection)
    erase(store, 1)
    assert entry(2).title in dump(store)
    assert entry(2).text in dump(store)


def test_a_feed_that_still_lists_it_does_not_bring_it_back(store: Store) -> None:
    with store.write() as connection:
        sealed(connection)
        deliver_all(connection)
    erase(store, 1)
    with store.write() as connection:
        store_entries(connection, [entry(1)])
        assert articles.claim_new(connection, 9) == []
        assert connection.scalars(sa.select(ARTICLE.c.id)).all() == [1]
    assert not any(said in dump(store) for said in SAID)


def test_a_feed_that_changes_its_text_does_not_bring_it_back_either(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1)])
    erase(store, 1)
    with store.write() as connection:
        store_entries(connection, [entry(1, text="Another text.")])
        assert articles.claim_new(connection, 9) == []
    assert "Another text." not in dump(store)


def test_what_is_still_to_be_sent_is_sent_or_dropped_first(store: Store) -> None:
    with store.write() as connection:
        sealed(connection)
    with pytest.raises(StoreError, match=r"message 1 .* `monitor outbox drop 1`"):
        erase(store, 1)
    assert all(said in dump(store) for said in SAID)


def test_a_hit_that_waits_in_an_open_alert_is_not_told(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1)])
        told_hit(connection)
    erase(store, 1)
    with store.read() as connection:
        assert connection.scalars(sa.select(ALERT.c.id).where(ALERT.c.state == OPEN)).all() == []
    assert integrity(store) == []


def test_a_hit_that_was_not_decided_never_will_be(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1)])
        hit(connection)
    erase(store, 1)
    with store.read() as connection:
        assert not hits.has_undecided(connection)
        assert connection.scalars(sa.select(HIT.c.spans)).all() == [[]]


def test_a_dead_message_that_quotes_it_can_not_be_sent_any_more(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(1)])
        seal(connection, told_hit(connection), dead="gone")
    erase(store, 1)
    with store.read() as connection:
        assert connection.scalars(sa.select(DELIVERY.c.state)).all() == ["dropped"]
    assert integrity(store) == []


def test_there_is_nothing_to_delete_of_an_article_that_is_not_there(store: Store) -> None:
    assert erase(store, 7) is None


def test_the_evidence_of_spikes_shows_a_deleted_article_no_longer(store: Store) -> None:
    evidence = sample_spike(facts(), "desk", NOW).evidence[0]
    shown = TopStory(article=replace(evidence.top[0].article, article=1, title=SAID[0]), outlets=1)
    told = replace(evidence, top=(*evidence.top, shown))
    event = FeedEvent(kind=EventKind.SPIKE, at=NOW, text="x", told=True, evidence=told)
    with store.write() as connection:
        store_entries(connection, [entry(1)])
        feed_events.add(connection, [event])
    with store.write() as connection:
        (taken,) = feed_events.take_undecided(connection, 9, NOW)
        alert = alerts.join(connection, "desk", spike_wait(DESK, NOW), NOW)
        alerts.add_events(connection, alert, [taken.id])
        seal(connection, alert)
    with pytest.raises(StoreError, match="still to be sent"):
        erase(store, 1)
    with store.write() as connection:
        deliver_all(connection)
    assert erase(store, 1) == Erased(texts=1, hits=0, messages=1)
    assert SAID[0] not in dump(store)
    with store.read() as connection:
        kept = connection.scalars(sa.select(FEED_EVENT.c.evidence)).one()
    assert from_json(Evidence, kept) == evidence
