"""Requests begin one after another, as politeness wants it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import HostPaused
from monitor.feeds.pace import Pacer, Pauses, Places
from monitor.model.feed import Pause


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


def test_a_host_that_never_answered_gets_one_request_at_a_time() -> None:
    async def run() -> int:
        pacer = Pacer(connections=9, per_host=2, gap=timedelta())
        running = most = 0

        async def fail() -> None:
            nonlocal running, most
            async with pacer.slot("a"):
                running += 1
                most = max(most, running)
                await asyncio.sleep(0)
                running -= 1
                raise ValueError

        await asyncio.gather(*(fail() for _ in range(5)), return_exceptions=True)
        return most

    assert asyncio.run(run()) == 1


def test_a_host_may_ask_for_more_distance_but_not_for_less_nor_for_more_than_a_minute() -> None:
    for wished, gap in ((10, 10), (1, 3), (999, 60)):
        time = FakeTime()
        pacer = Pacer(
            connections=9, per_host=2, gap=timedelta(seconds=3), clock=time.clock, sleep=time.sleep
        )
        pacer.slow_down("a", timedelta(seconds=wished))
        started = asyncio.run(_starts(pacer, time, ["a", "a"]))
        assert [at for _, at in started] == [0, gap]


def test_hosts_that_are_idle_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.feeds.pace._MOST_HOSTS", 10)
    time = FakeTime()
    pacer = Pacer(
        connections=9, per_host=2, gap=timedelta(seconds=1), clock=time.clock, sleep=time.sleep
    )
    for number in range(100):
        asyncio.run(_starts(pacer, time, [f"{number}"]))
        time.now += 2
    assert len(pacer._hosts) <= 10


def test_places_are_handed_over_in_order_and_survive_those_who_give_up() -> None:
    async def run() -> list[int]:
        places, order = Places(1), list[int]()
        await places.take()

        async def wait(number: int) -> None:
            await places.take()
            order.append(number)
            places.give()

        tasks = [asyncio.create_task(wait(number)) for number in range(5)]
        await asyncio.sleep(0)
        tasks[1].cancel()  # while it waits
        places.give()
        tasks[0].cancel()  # after the place was handed to it
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.wait_for(places.take(), 1)
        return order

    assert asyncio.run(run()) == [2, 3, 4]


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_pause_is_for_its_host_and_ends() -> None:
    pauses = Pauses()
    pause = pauses.note("a", 503, 3600, NOW)
    assert pause == Pause(host="a", began=NOW, until=NOW + HOUR)
    with pytest.raises(HostPaused) as caught:
        pauses.check("a", lambda: NOW + HOUR / 2)
    assert caught.value.retry_after == 1800
    pauses.check("b", lambda: NOW)
    pauses.check("a", lambda: NOW + HOUR)


def test_a_clock_set_back_does_not_lengthen_a_pause_by_more_than_a_day() -> None:
    pauses = Pauses([Pause(host="a", began=NOW + 99 * HOUR, until=NOW + 100 * HOUR)])
    pauses.check("a", lambda: NOW)


def test_pauses_that_follow_each_other_grow_until_the_host_was_content_for_a_while() -> None:
    pauses, now, lengths = Pauses(), NOW, list[timedelta]()
    for _ in range(6):
        pause = pauses.note("a", 429, None, now)
        assert pause is not None
        lengths.append(pause.until - now)
        now = pause.until + timedelta(minutes=10)
    assert lengths == [n * HOUR / 4 for n in (1, 2, 4, 8, 16, 16)]
    pause = pauses.note("a", 429, None, now + 5 * HOUR)
    assert pause is not None
    assert (pause.strikes, pause.until - pause.began) == (1, HOUR / 4)


def test_a_server_that_merely_fails_is_not_left_alone_as_a_whole() -> None:
    assert Pauses().note("a", 503, None, NOW) is None
