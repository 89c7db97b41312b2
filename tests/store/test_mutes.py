"""Mutes in the database."""

from monitor.model.mute import MuteKind
from monitor.store import mutes, prune
from monitor.store.engine import Connection, Store
from tests.support.stored import DAY, HOUR, NOW


def active(connection: Connection, after: int) -> list[int]:
    """Ids of those that hold some hours after the beginning."""
    return [mute.id for mute in mutes.active(connection, NOW + after * HOUR)]


def test_a_mute_holds_from_its_begin_to_its_end(store: Store) -> None:
    with store.write() as connection:
        mute = mutes.add(connection, MuteKind.RULE, "troops", NOW + 3 * HOUR, "why", NOW)
    with store.read() as connection:
        assert mutes.active(connection, NOW) == (mute,)
        assert active(connection, 2) == [mute.id]
        assert active(connection, 3) == []
        assert mutes.recent(connection) == (mute,)


def test_a_new_mute_takes_the_place_of_the_one_on_the_same(store: Store) -> None:
    with store.write() as connection:
        old = mutes.add(connection, MuteKind.RULE, "troops", NOW + DAY, "", NOW)
        story = mutes.add(connection, MuteKind.STORY, "17", NOW + DAY, "", NOW)
        rule = mutes.add(connection, MuteKind.RULE, "17", NOW + DAY, "", NOW)
        new = mutes.add(connection, MuteKind.RULE, "troops", NOW + 2 * HOUR, "", NOW + HOUR)
        assert active(connection, 1) == [story.id, rule.id, new.id]
        ended = next(mute for mute in mutes.recent(connection) if mute.id == old.id)
        assert ended.until == NOW + HOUR


def test_a_mute_can_be_ended_once(store: Store) -> None:
    with store.write() as connection:
        mute = mutes.add(connection, MuteKind.FEED, "News", NOW + DAY, "", NOW)
        for hour in (1, 2):
            ended = mutes.end(connection, mute.id, NOW + hour * HOUR)
            assert ended is not None
            assert ended.until == NOW + HOUR
        assert active(connection, 1) == []
        assert mutes.end(connection, 99, NOW) is None


def test_mutes_are_forgotten_some_time_after_their_end(store: Store) -> None:
    with store.write() as connection:
        old = mutes.add(connection, MuteKind.RULE, "a", NOW + HOUR, "", NOW)
        mutes.add(connection, MuteKind.RULE, "b", NOW + 2 * HOUR, "", NOW)
        assert prune.mutes(connection, NOW + HOUR, 500) == 0
        assert prune.mutes(connection, NOW + 2 * HOUR, 500) == 1
        assert [mute.subject for mute in mutes.recent(connection)] == ["b"]
        new = mutes.add(connection, MuteKind.RULE, "c", NOW + DAY, "", NOW)
        assert new.id > old.id + 1


def test_a_step_forgets_no_more_mutes_than_it_may(store: Store) -> None:
    with store.write() as connection:
        for name in "abc":
            mutes.add(connection, MuteKind.RULE, name, NOW + HOUR, "", NOW)
        assert prune.mutes(connection, NOW + DAY, 2) == 2
