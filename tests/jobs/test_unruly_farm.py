"""A fifth of the servers behave badly, for many days: nothing is lost, and nobody is pestered."""

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
import sqlalchemy as sa

from monitor.feeds import schedule
from monitor.feeds.fetch import Fetcher
from monitor.feeds.pace import Pacer
from monitor.jobs.poll import Poller
from monitor.model.settings import FetchPolicy
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from monitor.store.tables import ARTICLE
from tests.support.fakes import restart
from tests.support.stored import DAY, HOUR, MINUTE, NOW, open_store
from tests.support.unruly import BUSY, SILENT, Asked, Fault, Unruly, hosts

LONG = bool(os.environ.get("MONITOR_LONG"))
HOSTS, DAYS = (450, 30) if LONG else (45, 2)
# Real time: who is starved for longer gives up on servers that would have answered.
PATIENCE = timedelta(seconds=1 if LONG else 0.3)
STEP = 5 * MINUTE
GAP = timedelta(seconds=1)
FARM = hosts(HOSTS)
SHORTEST_RETRY = 0.75 * schedule.FIRST_RETRY
SHORTEST_WAIT = 0.9 * schedule.SHORTEST

pytestmark = [
    pytest.mark.allow_hosts([*FARM]),
    pytest.mark.timeout(3600 if LONG else 120),
]


@dataclass(slots=True)
class VirtualTime:
    """A clock that moves by steps and by sleeping, but never while a request is under way."""

    now: datetime = NOW
    pacer: Pacer = field(init=False)
    settle: Callable[[], None] = field(init=False)

    def __call__(self) -> datetime:
        return self.now

    def clock(self) -> float:
        return (self.now - NOW).total_seconds()

    async def sleep(self, seconds: float) -> None:
        end = self.now + timedelta(seconds=seconds)
        while any(host.active for host in self.pacer._hosts.values()):  # noqa: ASYNC110 - real servers
            await asyncio.sleep(0.001)
        self.settle()
        self.now = max(self.now, end)


def poller(store: Store, time: VirtualTime) -> Poller:
    policy = FetchPolicy(
        user_agent="test/1",
        timeout=PATIENCE,
        allow_private=("127.0.0.0/8",),
        gap=GAP,
    )
    time.pacer = Pacer(connections=64, per_host=2, gap=GAP, clock=time.clock, sleep=time.sleep)
    fetcher = Fetcher(policy, now=time, pacer=time.pacer)
    random = Random(7)  # noqa: S311 - spreads polls
    return Poller(store, fetcher, now=time, random=random, on_done=lambda _: None)


def run(store: Store, farm: Unruly, time: VirtualTime, duration: timedelta) -> None:
    """One process, from its start to its end."""
    restart(store)
    polls = poller(store, time)
    polls.use(farm.specs())
    time.settle = farm.settle
    end = time.now + duration
    while time.now < end:
        farm.settle()
        time.now += STEP
        while polls.start_due(time.now):
            polls.drain()
    polls.close()


@pytest.fixture(scope="module", name="after")
def _after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Unruly, Counter[str]]]:
    """The servers and how often each article was stored, after days and a restart in each."""
    time = VirtualTime()
    store = open_store(tmp_path_factory.mktemp("farm"))
    with Unruly(FARM, time, NOW) as farm:
        for _ in range(DAYS):
            run(store, farm, time, DAY)
        published = time.now
        farm.calm = True
        run(store, farm, time, 2 * DAY)
        with store.read() as connection:
            stored = Counter(connection.scalars(sa.select(ARTICLE.c.url)))
        missing = farm.published(published) - stored.keys()
        assert integrity(store) == []
        assert missing == set()
        yield farm, stored
    store.close()


def test_every_article_is_stored_exactly_once(after: tuple[Unruly, Counter[str]]) -> None:
    farm, stored = after
    assert {fault for _, fault in _faults(farm)} == set(Fault)  # each had its say
    assert set(stored.values()) == {1}


def _faults(farm: Unruly) -> set[tuple[str, Fault]]:
    return {(asked.host, asked.fault) for asked in farm.log if asked.fault}


def _by(farm: Unruly, *, feed: bool) -> dict[str, list[Asked]]:
    found = defaultdict(list)
    for asked in farm.log:
        found[asked.host + asked.path if feed else asked.host].append(asked)
    return found


def test_requests_to_one_host_keep_their_distance(after: tuple[Unruly, Counter[str]]) -> None:
    for requests in _by(after[0], feed=False).values():
        assert all(b.at - a.at >= GAP for a, b in pairwise(requests))


def test_a_host_that_asked_us_to_wait_is_left_alone(after: tuple[Unruly, Counter[str]]) -> None:
    waited = 0
    for requests in _by(after[0], feed=False).values():
        for a, b in pairwise(requests):
            if a.fault is Fault.BUSY:
                waited += 1
                assert b.at - a.at >= BUSY
    assert waited


def test_no_feed_is_asked_more_often_than_its_rhythm_allows(
    after: tuple[Unruly, Counter[str]],
) -> None:
    for requests in _by(after[0], feed=True).values():
        waits = [b.at - a.at for a, b in pairwise(requests)]
        assert waits[0] >= MINUTE
        assert all(wait >= SHORTEST_RETRY for wait in waits[1:])
        answered = [b.at - a.at for a, b in pairwise(requests[1:]) if a.fault not in SILENT]
        assert all(wait >= SHORTEST_WAIT for wait in answered)


def test_a_server_that_fails_on_and_on_is_asked_less_and_less(
    after: tuple[Unruly, Counter[str]],
) -> None:
    longest = timedelta()
    for requests in _by(after[0], feed=True).values():
        failures = 0
        for a, b in pairwise(requests):
            failures = failures + 1 if a.fault in SILENT - {Fault.BUSY} else 0
            if failures:
                expected = min(schedule.FIRST_RETRY * 2 ** (failures - 1), DAY)
                assert b.at - a.at >= 0.75 * expected
                longest = max(longest, b.at - a.at)
    assert longest > 2 * HOUR
