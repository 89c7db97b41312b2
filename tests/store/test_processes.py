from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.jobs.presence import GRACE, Life, Role, Sweeping, bury
from monitor.store import feed_claims, feeds, processes
from monitor.store.engine import Store
from monitor.store.processes import Process
from tests.support.stored import FEED, HOUR, NOW

MINE, OTHER = (
    Process(token=token, role="work", host=host, pid=token, started=NOW)
    for token, host in ((1, "a"), (2, "b"))
)


@pytest.fixture
def elsewhere(store: Store) -> Iterator[Store]:
    """The database as another process has it."""
    opened = Store.open(store.url)
    yield opened
    opened.close()


def entered(store: Store) -> list[Process]:
    with store.read() as connection:
        return processes.entered(connection)


def claim(store: Store, token: int, now: datetime = NOW) -> int:
    with store.write() as connection:
        return len(feed_claims.claim_due(connection, now, now + HOUR, None, token=token))


@pytest.fixture(autouse=True)
def one_feed(store: Store) -> None:
    with store.write() as connection:
        feeds.sync(connection, [FEED], NOW)


def test_a_process_that_leaves_gives_its_feeds_back(store: Store) -> None:
    with Life(store, MINE) as life:
        assert entered(store) == [MINE]
        assert not life.go_on()
        assert claim(store, MINE.token) == 1
        assert claim(store, OTHER.token) == 0
    assert entered(store) == []
    assert claim(store, OTHER.token) == 1


def test_the_feeds_of_the_living_are_left_to_them(store: Store, elsewhere: Store) -> None:
    sweeping = Sweeping(store, MINE.token)
    with Life(elsewhere, OTHER):
        claim(elsewhere, OTHER.token)
        assert [sweeping.run(NOW + n * GRACE) for n in range(3)] == [[], [], []]
        assert claim(store, MINE.token) == 0


def test_the_feeds_of_the_dead_are_free_after_a_while(store: Store) -> None:
    with store.write() as connection:
        processes.enter(connection, OTHER)
    claim(store, OTHER.token)
    sweeping = Sweeping(store, MINE.token)
    assert sweeping.run(NOW) == sweeping.run(NOW + GRACE / 2) == []
    assert claim(store, MINE.token) == 0
    assert sweeping.run(NOW + GRACE) == [OTHER]
    assert claim(store, MINE.token) == 1
    assert entered(store) == []


def test_one_who_was_cut_off_and_is_back_lives_on(store: Store, elsewhere: Store) -> None:
    with store.write() as connection:
        processes.enter(connection, OTHER)
    sweeping = Sweeping(store, MINE.token)
    assert sweeping.run(NOW) == []
    back = Role(elsewhere, OTHER.lock)
    assert back.is_mine()
    assert sweeping.run(NOW + GRACE) == []
    back.give_up()
    assert sweeping.run(NOW + 2 * GRACE) == []  # it was seen alive meanwhile
    assert sweeping.run(NOW + 3 * GRACE) == [OTHER]


def test_one_who_was_taken_for_dead_takes_part_again(store: Store) -> None:
    with Life(store, MINE) as life:
        with store.write() as connection:
            bury(connection, MINE.token)
        life._lock.give_up()  # as when the connection is lost
        assert life.go_on()
        assert not life.go_on()
        assert entered(store) == [MINE]


def test_nobody_buries_himself(store: Store) -> None:
    with store.write() as connection:
        processes.enter(connection, MINE)
    sweeping = Sweeping(store, MINE.token)
    assert [sweeping.run(NOW + n * GRACE) for n in range(3)] == [[], [], []]


def test_a_role_is_of_one_until_he_gives_it_up(store: Store, elsewhere: Store) -> None:
    first, second = Role(store, "channel desk"), Role(elsewhere, "channel desk")
    assert first.is_mine()
    assert not second.is_mine()
    assert not second.is_held()
    assert first.is_mine()
    first.give_up()
    assert not first.is_held()
    assert second.is_mine()
    second.give_up()


def test_processes_are_listed_by_age(store: Store) -> None:
    older = replace(OTHER, started=NOW - timedelta(hours=1))
    with store.write() as connection:
        for each in (MINE, older):
            processes.enter(connection, each)
    assert entered(store) == [older, MINE]
