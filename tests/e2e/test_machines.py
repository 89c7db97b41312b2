"""Several machines on one PostgreSQL: who dies is a delay, and nothing is lost or done twice.

``MONITOR_LONG=1 pytest -n 0 -s tests/e2e/test_machines.py`` kills twelve workers over 300 feeds,
and restarts the database under way.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.machines import Kill, Machines, counts, longest_wait, problems, too_early
from tests.e2e.told import repeats
from tests.support import postgres
from tests.support.process import eventually, run_monitor
from tests.support.stored import BACKENDS, make_database

LONG = os.environ.get("MONITOR_LONG") == "1"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800 if LONG else 300),
    pytest.mark.skipif("postgresql" not in BACKENDS, reason="no PostgreSQL here"),
]
FEEDS, ROUNDS, EVERY = (300, 4, 20) if LONG else (24, 1, 7)
SPARED = 0 if LONG else 1  # workers that are not killed
ENOUGH = 300 if LONG else 60  # seconds; only a test that fails waits so long
WORKERS = ("worker-1", "worker-2", "worker-3")


def test_workers_that_are_killed_in_turn_delay_their_feeds_and_lose_nothing(
    tmp_path: Path,
) -> None:
    url = make_database(tmp_path, "postgresql")
    kills: list[Kill] = []
    with Machines(tmp_path, url, feeds=FEEDS, every=EVERY) as world:
        news = world.news
        news.publish(FEEDS)
        for name in ("run-1", "run-2"):
            world.start(name, "run")
        for name in WORKERS:
            world.start(name, "work", "--parsers", "0")
        try:
            news.wait_for_all(1, 60)
            for _ in range(ROUNDS):
                kills += _kill_in_turn(world)
            eventually(partial(_told_all, world, 0), ENOUGH)
            eventually(lambda: counts(url).unsent == 0)
            news.wait_for_all(2, 60)
        except (TimeoutError, AssertionError) as error:
            raise AssertionError(f"{error}\n{world.errors()}") from error
        end = time.monotonic()
        codes = world.end()
        asked, tellings = dict(news.asked), world.told(0)
    wait = longest_wait(asked, end)
    print(f"{len(kills)} kills, {sum(map(len, asked.values()))} polls, longest wait {wait:.1f} s")
    assert too_early(asked, EVERY, kills) == [], kills
    assert wait <= 2 * EVERY
    assert {telling.number for telling in tellings} == news.out
    assert repeats(tellings) == 0
    assert counts(url).hits == len(news.out)
    assert problems(url) == []
    assert set(codes) == {0}


def _kill_in_turn(world: Machines) -> Iterator[Kill]:
    """SIGKILL of workers, once they wait for answers; in the long test each is started again."""
    left = set(WORKERS)
    while len(left) > SPARED:
        with world.news.holding(left):
            name = world.news.next_of(left, ENOUGH)
            assert world.programs[name].kill() == -signal.SIGKILL
            at = time.monotonic()
        left.remove(name)
        yield Kill(name=name, at=at)
        world.news.publish(5)
        if not SPARED:
            world.start(name, "work", "--parsers", "0")
            world.news.next_of({name}, ENOUGH)


ALONE = {"run-1": ("run",)}
TOGETHER = {"run-1": ("run",), "run-2": ("run",), "worker-1": ("work", "--parsers", "0")}


@pytest.mark.parametrize(
    ("engine", "crew"),
    [("embedded", ALONE), ("procrastinate", TOGETHER)],
    ids=["alone", "together"],
)
def test_whoever_is_killed_nothing_is_lost_and_repeats_are_marked(
    tmp_path: Path, engine: str, crew: dict[str, tuple[str, ...]]
) -> None:
    url = make_database(tmp_path, "postgresql")
    with Machines(tmp_path, url, feeds=8, every=1) as world:
        news = world.news
        for name, arguments in crew.items():
            world.start(name, *arguments, engine=engine, channels=2)
        try:
            for name, arguments in crew.items():
                before = len(world.told(0))
                news.publish(24)
                eventually(partial(_told_more_than, world, before), 60)  # in the middle
                assert world.programs[name].kill() == -signal.SIGKILL
                world.start(name, *arguments, engine=engine, channels=2)
            if LONG:  # what can't be stored then is polled again after a minute
                before = len(world.told(0))
                news.publish(24)
                eventually(partial(_told_more_than, world, before), 60)
                postgres.end_connections(url)  # as a restart of the server does
            for channel in range(2):
                eventually(partial(_told_all, world, channel), ENOUGH)
            eventually(lambda: counts(url).unsent == 0)
        except (TimeoutError, AssertionError) as error:
            raise AssertionError(f"{error}\n{world.errors()}") from error
        codes = world.end()
        tellings = [world.told(channel) for channel in range(2)]
    for each in tellings:
        assert {telling.number for telling in each} == news.out
        # One message a channel was being sent, if it was, at each kill and at the restart.
        assert repeats(each) <= len(crew) + 1
    assert counts(url).hits == len(news.out)
    assert problems(url) == []
    assert set(codes) == {0}


def test_a_worker_that_is_ended_gives_back_what_it_has_begun(tmp_path: Path) -> None:
    url = make_database(tmp_path, "postgresql")
    with Machines(tmp_path, url, feeds=4, every=60) as world:
        world.start("run-1", "run")
        world.start("worker-1", "work", "--parsers", "0")
        with world.news.holding({"worker-1"}):
            world.news.next_of({"worker-1"}, 60)
            assert _processes(tmp_path / "run-1") == [("run", True), ("work", True)]
            assert world.programs["worker-1"].end() == 0
        world.start("worker-2", "work", "--parsers", "0")
        eventually(partial(_all_asked_by, world, "worker-2"), 60)  # an hour before the leases end


def _processes(folder: Path) -> list[tuple[str, bool]]:
    shown = json.loads(run_monitor(folder, "status", "--json").output)
    return [(each["role"], each["alive"]) for each in shown["processes"]]


def _all_asked_by(world: Machines, name: str) -> bool:
    feeds = range(len(world.news.feeds))
    return all(any(asked.by == name for asked in world.news.asked[n]) for n in feeds)


def _told_more_than(world: Machines, count: int) -> bool:
    return len(world.told(0)) > count


def _told_all(world: Machines, channel: int) -> bool:
    return {telling.number for telling in world.told(channel)} == world.news.out
