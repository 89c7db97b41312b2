"""Moving a database that is in use to another kind."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.alerts.sample import sample_spike
from monitor.errors import StoreError
from monitor.model.article import Arrival
from monitor.model.delivery import ChannelHealth, Outcome
from monitor.model.feed import Pause
from monitor.model.mute import MuteKind
from monitor.model.source import EventKind, FeedEvent
from monitor.model.spike import Rhythm
from monitor.store import (
    alerts,
    articles,
    catch_up,
    channels,
    deliveries,
    feed_events,
    hosts,
    integrity,
    mutes,
    rhythms,
    schema,
)
from monitor.store.deliveries import Result
from monitor.store.engine import Store
from monitor.store.tables import ARTICLE, HIT_MARK, METADATA, PAGE_BANNER, STORY_SKETCH
from monitor.store.transfer import size, transfer
from tests.support.stored import (
    BACKENDS,
    DAY,
    HOUR,
    NOW,
    OTHER,
    REVISION,
    entry,
    facts,
    feed_id,
    in_story,
    open_store,
    sealed,
    store_entries,
    told_hit,
)

OPPOSITE = {"sqlite": "postgresql", "postgresql": "sqlite"}
pytestmark = pytest.mark.skipif(len(BACKENDS) < 2, reason="there is one kind of database")


def populate(store: Store) -> None:
    """Something in every table."""
    with store.write() as connection:
        for number in range(1, 4):
            sealed(connection, number)
        store_entries(connection, [entry(n) for n in range(4, 40)], arrival=Arrival.BACKLOG)
        store_entries(connection, [entry(5, text="Söldner 🪖 „…“")], spec=OTHER)
        told_hit(connection, article=4)
        in_story(connection, 1, 1)
        in_story(connection, 2, 1, copy=True)
        sketch = {"article": 1, "seen": NOW, "language": "en", "title": "t", "sketch": b"\0\xff"}
        connection.execute(
            sa.insert(STORY_SKETCH).values(**sketch, vector=[["troops", 0.1 + 0.2]])
        )
        first = deliveries.claim_one(connection, "desk", NOW, NOW + HOUR)
        assert first is not None
        deliveries.record(connection, first, Result(outcome=Outcome.SENT), NOW)
        deliveries.claim_one(connection, "desk", NOW, NOW + HOUR)
        channels.save(connection, ChannelHealth(channel="desk", last_ok=NOW))
        mutes.add(connection, MuteKind.RULE, "troops", NOW + DAY, "enough", NOW)
        banner = {"host": "news.example", "hash": "abc", "seen": NOW}
        connection.execute(sa.insert(PAGE_BANNER).values(banner))
        event = FeedEvent(
            feed=feed_id(connection), kind=EventKind.GAP, at=NOW, text="gap", told=True
        )
        feed_events.add(connection, [event])
        connection.execute(sa.insert(HIT_MARK).values(hit=1, mark="useful", at=NOW))
        spike = sample_spike(facts(), "desk", NOW).evidence[0]
        event = FeedEvent(kind=EventKind.SPIKE, at=NOW, text="9", told=True, evidence=spike)
        feed_events.add(connection, [event])
        rhythms.save(connection, "troops", Rhythm(since=NOW, burst_at=NOW, burst_rate=9))
        catch_up.plan(connection, ["troops"], ["troops"], REVISION, NOW - DAY)
        hosts.pause(connection, Pause(host="slow.example", began=NOW, until=NOW + HOUR))
        system = connection.scalars(sa.select(METADATA.tables["alert"].c.id)).first()
        assert system is not None
        alerts.add_events(connection, system, [1])
        # The last ids are gone, and must not come again.
        last = connection.scalars(sa.select(sa.func.max(ARTICLE.c.id))).one()
        for name in ("article_feed", "article_revision", "article"):
            table = METADATA.tables[name]
            column = table.c.id if name == "article" else table.c.article
            connection.execute(sa.delete(table).where(column == last))


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in METADATA.sorted_tables
            # Made anew where the articles are; and who runs.
            if not table.name.startswith(("search_", "process"))
        }


def test_everything_is_there_afterwards_and_goes_on(
    store: Store, backend: str, tmp_path: Path
) -> None:
    populate(store)
    before = contents(store)
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    folder = tmp_path / "new"
    folder.mkdir()
    target = open_store(folder, OPPOSITE[backend])
    shown: list[int] = []
    counts = transfer(store, target, shown.append)
    assert contents(target) == before == contents(store)
    assert counts == {name: len(rows) for name, rows in before.items()}
    assert sum(shown) == size(store) == sum(counts.values())
    assert integrity.integrity(target) == []
    ids = []
    for each in (store, target):
        with each.write() as connection:
            store_entries(connection, [entry(99)])
            ids.append(articles.recent(connection, limit=1)[0].id)
    assert ids == [40, 40]  # 39 was deleted
    target.close()


def test_a_database_that_holds_something_is_not_touched(
    store: Store, backend: str, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    target = open_store(folder, OPPOSITE[backend])
    with target.write() as connection:
        channels.save(connection, ChannelHealth(channel="desk"))
    before = contents(target)
    with pytest.raises(StoreError, match="is not empty: table channel_health has rows"):
        transfer(store, target)
    assert contents(target) == before
    target.close()


def test_a_copy_that_fails_half_way_leaves_nothing(
    store: Store, backend: str, tmp_path: Path
) -> None:
    populate(store)
    folder = tmp_path / "new"
    folder.mkdir()
    target = open_store(folder, OPPOSITE[backend])

    def fail(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transfer(store, target, fail)
    assert size(target) == 0
    target.close()


def test_a_database_without_tables_gets_them(tmp_path: Path) -> None:
    source = open_store(tmp_path)
    with source.write() as connection:
        store_entries(connection, [entry()])
    target = Store.open(f"sqlite:///{tmp_path / 'target.db'}")
    transfer(source, target)
    assert schema.current(target) == schema.head()
    assert contents(target) == contents(source)
    source.close()
    target.close()
