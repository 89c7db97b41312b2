"""Measures polling end to end: fetch, parse and store, over many hosts of the loopback network.

``python -m tests.bench.polling --feeds 2000 [--templates FOLDER] [--rhythm] --json`` prints one
line a poll: *first* (nothing is known), *unchanged* (all answer 304), *one-new* (each feed has one
new entry), and with ``--rhythm`` *rhythm*: a quarter of an hour in which every feed is polled once
and every fifth has something new, tick by tick.

``ratio`` says how often as fast as its yardstick of the same run it is: for *first* and *one-new*
the same bytes through plain ``feedparser.parse`` one after another, for *unchanged* bare aiohttp
that gets the same 304s over 64 connections. Both sides of *unchanged* take turns and keep their
connections; its figures are medians. ``rss_mb`` is the peak of this process in the poll,
``above_idle_mb`` how far that is above what it was before the first; ``cpu_s`` counts the worker
processes as well. ``cpu_ratio`` sets processor seconds against each other, which a busy machine
disturbs less: on two free cores ``ratio`` is at most twice that.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import Request, urlopen

import aiohttp
import psutil

from monitor.feeds.fetch import Fetcher
from monitor.feeds.parse import read_apart
from monitor.feeds.workers import start_parsers
from monitor.jobs.intake import PollReport
from monitor.jobs.poll import Poller
from monitor.model.feed import FeedSpec
from monitor.model.settings import FetchPolicy
from monitor.service.interpreter import keep_what_is_loaded, take_short_turns
from monitor.store import schema
from monitor.store.engine import Store
from tests.support.farm import address
from tests.support.process import ROOT

EVERY = timedelta(minutes=15)
ROUNDS = 5
CONNECTIONS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a poll of all feeds took: seconds of wall and processor, peak bytes."""

    wall: float
    cpu: float
    peak: int


class Daemon:
    """A poller with a clock of its own, as the daemon runs it."""

    def __init__(
        self, folder: Path, specs: Sequence[FeedSpec], timeout: timedelta = timedelta(seconds=30)
    ) -> None:
        self.on_done: Callable[[PollReport], None] = self._complain
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
        self.reports = dict[str, int]()
        self._workers = start_parsers()
        self._store = Store.open(f"sqlite:///{folder / 'monitor.db'}")
        schema.upgrade(self._store)
        policy = FetchPolicy(
            user_agent="bench/1",
            connections=CONNECTIONS,
            allow_private=("127.0.0.0/8",),
            timeout=timeout,
            gap=timedelta(),  # each feed has its host, but a quarter of an hour is over at once
        )
        self._poller = Poller(
            self._store,
            Fetcher(policy),
            now=lambda: self.now,
            random=Random(1),  # noqa: S311 - spreads polls
            on_done=self._done,
            on_room=self._start,
            parse=partial(read_apart, workers=self._workers),
        )
        self._poller.use(specs)
        keep_what_is_loaded()
        take_short_turns()

    def use(self, specs: Sequence[FeedSpec]) -> None:
        """Polls these feeds from now on."""
        self._poller.use(specs)

    def _complain(self, report: PollReport) -> None:
        if report.problem and not self.reports.get(report.outcome):
            sys.stderr.write(f"{report.feed.url}: {report.problem}\n")

    def _done(self, report: PollReport) -> None:
        self.on_done(report)
        self.reports[report.outcome] = self.reports.get(report.outcome, 0) + 1

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        self._starting = loop.run_in_executor(None, self._poller.start_due, self.now)

    def poll(self) -> None:
        """Polls all that is due."""
        while self._poller.start_due(self.now):
            self._poller.drain()

    def tick(self) -> None:
        """A second goes by."""
        self.now += timedelta(seconds=1)
        self._poller.start_due(self.now)
        self._poller.drain()

    def close(self) -> None:
        """Ends the threads."""
        self._poller.close()
        self._workers.close()
        self._store.close()


@contextmanager
def farm(feeds: int, folder: Path | None) -> Iterator[int]:
    """A farm in a process of its own; gives its port."""
    arguments = [str(feeds), *([str(folder)] if folder else [])]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.farm", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def bump(port: int, every: int = 1) -> None:
    """Every so manieth feed gets a new entry."""
    with urlopen(Request(f"http://127.0.0.1:{port}/bump?every={every}", method="POST")):
        pass


def measured(work: Callable[[], None]) -> Cost:
    """Runs a piece of work."""
    with Path("/proc/self/clear_refs").open("w") as refs:
        refs.write("5")  # the peak counts from here
    wall, cpu = time.perf_counter(), processor()
    work()
    return Cost(wall=time.perf_counter() - wall, cpu=processor() - cpu, peak=peak())


def processor() -> float:
    """CPU seconds of this process and its children, those that live included, without the farm."""
    own = time.process_time()
    for child in psutil.Process().children(recursive=True):
        if "tests.support.farm" not in child.cmdline():
            times = child.cpu_times()
            own += times.user + times.system + times.children_user + times.children_system
    return own


def peak() -> int:
    """Most bytes since the peak was reset."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


class Bare:
    """The yardstick of *unchanged*: aiohttp alone, in a process of its own with its own memory."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.times: list[float] = []
        context = multiprocessing.get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process = context.Process(target=_bare, args=(far, urls), daemon=True)
        self._process.start()
        far.close()

    def round(self) -> None:
        """All URLs once."""
        self._pipe.send(None)
        self.times.append(self._pipe.recv())

    def close(self) -> None:
        """Ends it."""
        self._pipe.close()
        self._process.join()


def _bare(pipe: Connection, urls: Sequence[str]) -> None:
    """Asks for all URLs whenever something is sent, and tells the seconds."""
    with asyncio.Runner() as runner:
        session = runner.run(_session())
        with suppress(EOFError):
            while True:
                pipe.recv()
                start = time.perf_counter()
                runner.run(_bare_round(session, urls))
                pipe.send(time.perf_counter() - start)
        runner.run(session.close())


async def _session() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=3)
    return aiohttp.ClientSession(connector=connector)


async def _bare_round(session: aiohttp.ClientSession, urls: Sequence[str]) -> None:
    waiting = iter(urls)

    async def run() -> None:
        for url in waiting:
            number = url.rpartition("/")[2].removesuffix(".xml")
            headers = {"If-None-Match": f'"{number}-0"'}
            async with session.get(url, headers=headers) as answer:
                await answer.read()
                assert answer.status == 304, answer.status

    await asyncio.gather(*(run() for _ in range(CONNECTIONS)))


_PLAIN = """
import io, sys, time, urllib.request
import feedparser
wall = cpu = 0.0
for url in sys.stdin.read().split():
    with urllib.request.urlopen(url) as answer:
        body = answer.read()
    start, began = time.perf_counter(), time.process_time()
    feedparser.parse(io.BytesIO(body))
    wall += time.perf_counter() - start
    cpu += time.process_time() - began
print(wall, cpu)
"""


def plain_parse(urls: Sequence[str]) -> tuple[float, float]:
    """The yardstick of the others: seconds of plain feedparser on the same documents, and of CPU.

    In a process of its own: in this one feedparser has our driver and is no longer plain.
    """
    command = [sys.executable, "-c", _PLAIN]
    done = subprocess.run(
        command, input="\n".join(urls), stdout=subprocess.PIPE, text=True, check=True
    )
    wall, cpu = map(float, done.stdout.split())
    return wall, cpu


class Bench:
    """The polls of one farm, one after the other."""

    def __init__(self, daemon: Daemon, urls: Sequence[str], port: int, idle: int) -> None:
        self._daemon = daemon
        self._urls = urls
        self._port = port
        self._idle = idle

    def first(self) -> dict[str, Any]:
        """Nothing is known."""
        cost = measured(self._daemon.poll)
        return self._against_plain("first", cost)

    def unchanged(self) -> dict[str, Any]:
        """All answer 304; the daemon and bare aiohttp take turns."""
        yardstick, costs = Bare(self._urls), list[Cost]()
        for _ in range(1 + ROUNDS):
            self._daemon.now += EVERY
            costs.append(measured(self._daemon.poll))
            yardstick.round()
        yardstick.close()
        bare_wall = statistics.median(yardstick.times[1:])
        cost = sorted(costs[1:], key=lambda each: each.wall)[ROUNDS // 2]
        line = self._line("unchanged", cost, bare_wall / cost.wall)
        return {**line, "bare_feeds_per_s": round(len(self._urls) / bare_wall)}

    def one_new(self) -> dict[str, Any]:
        """Each feed has one new entry."""
        self._daemon.now += EVERY
        bump(self._port)
        cost = measured(self._daemon.poll)
        return self._against_plain("one-new", cost)

    def rhythm(self) -> dict[str, Any]:
        """A quarter of an hour of ticks; every fifth feed has something new."""
        bump(self._port, every=5)
        seconds = int(EVERY.total_seconds())

        def ticks() -> None:
            for _ in range(seconds):
                self._daemon.tick()

        cost = measured(ticks)
        line = self._line("rhythm", cost, None)
        return {**line, "core_percent": round(100 * cost.cpu / seconds, 2)}

    def _against_plain(self, poll: str, cost: Cost) -> dict[str, Any]:
        wall, cpu = plain_parse(self._urls)
        line = self._line(poll, cost, wall / cost.wall)
        return {**line, "cpu_ratio": round(cpu / cost.cpu, 2)}

    def _line(self, poll: str, cost: Cost, ratio: float | None) -> dict[str, Any]:
        count = len(self._urls)
        line = {
            "poll": poll,
            "feeds": count,
            "feeds_per_s": round(count / cost.wall, 1),
            "cpu_s": round(cost.cpu, 2),
            "rss_mb": round(cost.peak / 1e6, 1),
            "above_idle_mb": round((cost.peak - self._idle) / 1e6, 1),
            "ratio": None if ratio is None else round(ratio, 2),
            "polls": dict(self._daemon.reports),
        }
        self._daemon.reports.clear()
        return line


def run(feeds: int, folder: Path | None, *, rhythm: bool) -> Iterator[dict[str, Any]]:
    """The lines of one run."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65_536)), hard))
    with tempfile.TemporaryDirectory() as scratch, farm(feeds, folder) as port:
        urls = [address(number, port) for number in range(feeds)]
        specs = [
            FeedSpec(url=url, location=url, name=f"Feed {n}", every=EVERY)
            for n, url in enumerate(urls)
        ]
        daemon = Daemon(Path(scratch), specs)
        bench = Bench(daemon, urls, port, psutil.Process().memory_info().rss)
        yield bench.first()
        yield bench.unchanged()
        yield bench.one_new()
        if rhythm:
            yield bench.rhythm()
        daemon.close()


def main() -> None:
    """Prints the lines."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--feeds", type=int, default=200)
    options.add_argument("--templates", type=Path)
    options.add_argument("--rhythm", action="store_true")
    options.add_argument("--json", action="store_true")
    wished = options.parse_args()
    folder = wished.templates.resolve() if wished.templates else None
    for line in run(wished.feeds, folder, rhythm=wished.rhythm):
        text = json.dumps(line) if wished.json else "  ".join(f"{k} {v}" for k, v in line.items())
        sys.stdout.write(f"{text}{os.linesep}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
