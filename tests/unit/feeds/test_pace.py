"""Requests begin one after another, as politeness wants it."""

import asyncio
from datetime import timedelta

from monitor.feeds.pace import Pacer


class FakeTime:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


async def _starts(pacer: Pacer, time: FakeTime, hosts: list[str]) -> list[tuple[str, float]]:
    started = []

    async def request(host: str) -> None:
        async with pacer.slot(host):
            started.append((host, time.now))

    await asyncio.gather(*map(request, hosts))
    return started


def test_starts_on_one_host_keep_their_gap_and_other_hosts_do_not_wait() -> None:
    time = FakeTime()
    pacer = Pacer(
        connections=9, per_host=2, gap=timedelta(seconds=3), clock=time.clock, sleep=time.sleep
    )
    started = asyncio.run(_starts(pacer, time, ["a", "b", "a", "a"]))
    assert [at for host, at in started if host == "a"] == [0, 3, 6]
    assert started[1] == ("b", 0)


async def _most_at_once(pacer: Pacer, hosts: list[str]) -> int:
    running: list[str] = []
    most = 0

    async def request(host: str) -> None:
        nonlocal most
        async with pacer.slot(host):
            running.append(host)
            most = max(most, len(running))
            for _ in range(20):
                await asyncio.sleep(0)
            running.remove(host)

    await asyncio.gather(*map(request, hosts))
    return most


def test_no_more_requests_run_at_once_than_allowed_on_a_host_and_in_all() -> None:
    pacer = Pacer(connections=3, per_host=2, gap=timedelta())
    assert asyncio.run(_most_at_once(pacer, ["a"] * 6)) == 2
    pacer = Pacer(connections=3, per_host=2, gap=timedelta())
    assert asyncio.run(_most_at_once(pacer, ["a", "b", "c", "d"] * 3)) == 3


def test_a_request_that_fails_gives_its_place_back() -> None:
    async def fail(pacer: Pacer) -> None:
        async with pacer.slot("a"):
            raise ValueError

    async def run() -> int:
        pacer = Pacer(connections=1, per_host=1, gap=timedelta())
        results = await asyncio.gather(*(fail(pacer) for _ in range(5)), return_exceptions=True)
        return len(results)

    assert asyncio.run(run()) == 5
