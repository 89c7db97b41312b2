"""Several machines on one PostgreSQL: who dies is a delay, and nothing is lost or done twice.

``MONITOR_LONG=1 pytest -n 0 -s tests/e2e/test_machines.py`` kills twelve workers over 300 feeds.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.machines import Kill, Machines, counts, longest_wait, problems, too_early
from tests.e2e.told import by_json, repeats
from tests.support.process import eventually
from tests.support.stored import BACKENDS, make_database

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif("postgresql" not in BACKENDS, reason="no PostgreSQL here"),
]
LONG = os.environ.get("MONITOR_LONG") == "1"
FEEDS, ROUNDS, EVERY = (300, 4, 20) if LONG else (24, 1, 7)
SPARED = 0 if LONG else 1  # workers that are not killed
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
        world.programs["run-1"].wait_for_error("started")
        for name in WORKERS:
            world.start(name, "work", "--parsers", "0")
        try:
            news.wait_for_all(1, 30)
            for _ in range(ROUNDS):
                kills += _kill_in_turn(world)
            eventually(lambda: {t.number for t in by_json(world.http.requests)} == news.out, 60)
            eventually(lambda: counts(url).unsent == 0)
            news.wait_for_all(2, 60)
        except (TimeoutError, AssertionError) as error:
            raise AssertionError(f"{error}\n{world.errors()}") from error
        end = time.monotonic()
        codes = world.end()
        asked, tellings = dict(news.asked), by_json(world.http.requests)
    wait = longest_wait(asked, end)
    print(f"{len(kills)} kills, {sum(map(len, asked.values()))} polls, longest wait {wait:.1f} s")
    assert too_early(asked, EVERY, kills) == []
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
            name = world.news.next_of(left, 60)
            assert world.programs[name].kill() == -signal.SIGKILL
            at = time.monotonic()
        left.remove(name)
        yield Kill(name=name, at=at)
        world.news.publish(5)
        if not SPARED:
            world.start(name, "work", "--parsers", "0")
