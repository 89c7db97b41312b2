"""Measures whether hostile feeds hold up good ones, and what each of them costs.

``python -m tests.bench.hostile --feeds 200 --json`` polls good feeds, each with a new entry, in
turns without and with the hostile ones, which are due first. The line ``lag`` tells p95 of the
seconds from the start of a poll until a good feed is stored, and their ``ratio``; it is to be at
most 2. Each line ``input`` tells how a hostile feed ended, and after how many seconds; ``peak``
is the most memory of this process, above what it was before, and of its workers.
"""

import argparse
import asyncio
import gzip
import json
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from monitor.jobs.intake import PollReport
from monitor.model.feed import FeedSpec
from tests.bench.polling import EVERY, Daemon, bump, farm
from tests.support.farm import address

ROUNDS = 4
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{}</channel></rss>'
ATTRIBUTES = " ".join(f"a{n}='1'" for n in range(50_000))
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ODD = (
    "<item><title>a&#13;&#10;Bcc: x@y.example</title><link>javascript:alert(1)</link>"
    "<pubDate>Mon, 01 Jan 99999 00:00:00 GMT</pubDate></item><item><title>b</title>"
    "<link>http://a.example/&#13;&#10;x</link><pubDate>0001-01-01</pubDate></item>"
)


def _rss(items: str, head: str = "") -> bytes:
    return RSS.format(items).replace("?>", f"?>{head}", 1).encode()


BODIES: dict[str, Callable[[], bytes]] = {
    "50,000 attributes": lambda: _rss(f"<item><x {ATTRIBUTES}/></item>"),
    "attributes after a fault": lambda: _rss(f"<item></x><y {ATTRIBUTES}/></item>"),
    "open comments": lambda: _rss(
        f"<item><title>t</title><description><![CDATA[{'<!--' * 50_000}]]></description></item>"
    ),
    "deep nesting": lambda: _rss("<b>" * 200_000),
    "nesting after a fault": lambda: _rss("</x>" + "<b>" * 199_000),
    "billion laughs": lambda: _rss(
        "<item><title>&l9;</title></item>", f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]>'
    ),
    "quadratic entity": lambda: _rss(
        f"<item><title>{'&a;' * 60_000}</title></item>",
        f'<!DOCTYPE r [<!ENTITY a "{"x" * 60_000}">]>',
    ),
    "100,000 items": lambda: _rss("<item><title>t</title></item>" * 100_000),
    "8 MB of HTML": lambda: _rss(
        f"<item><title>t</title><description>{'&lt;p>x ' * 1_000_000}</description></item>"
    ),
    "odd links and dates": lambda: _rss(ODD),
    "declarations": lambda: _rss("<item><title>t</title><x></y>" + "<!" * 100_000 + "</item>"),
    "gzip bomb": lambda: gzip.compress(bytes(300_000_000), 6),
    "a page instead": lambda: b"<html>" + b"<div>" * 200_000,
}
REDIRECTS = {"redirect loop": "/", "redirect to metadata": "http://169.254.169.254/"}
_TURNING = "turns.example"
DRIPS = ("slow drip", "slow drip of gzip")
TURNS = "a name that turns private"
NAMES = (*BODIES, *REDIRECTS, *DRIPS, TURNS)


class Server:
    """The hostile feeds, each on a host of its own, in a thread of its own."""

    def __init__(self) -> None:
        self.port = 0
        self._answers = 0
        self._asked = 0
        self._getaddrinfo = socket.getaddrinfo
        socket.getaddrinfo = self._turn
        self._bodies = {name: make() for name, make in BODIES.items()}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        self._ready.wait()

    def specs(self) -> list[FeedSpec]:
        """The feeds."""
        urls = {name: f"http://127.9.0.{n + 1}:{self.port}/" for n, name in enumerate(NAMES)}
        urls[TURNS] = f"http://{_TURNING}:{self.port}/"
        return [
            FeedSpec(url=url, location=url, name=name, every=EVERY) for name, url in urls.items()
        ]

    def _turn(self, host: Any, *args: Any, **hints: Any) -> Any:  # noqa: ANN401 - as it is there
        """The name is that of a good host when it is first asked for, later that of a secret."""
        if host == _TURNING:
            self._asked += 1
            host = f"127.9.0.{len(NAMES)}" if self._asked == 1 else "169.254.169.254"
        return self._getaddrinfo(host, *args, **hints)

    def _run(self) -> None:
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "0.0.0.0")  # noqa: S104 - loopback hosts
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        host = writer.get_extra_info("sockname")[0]
        name = NAMES[int(host.rpartition(".")[2]) - 1]
        try:
            await self._answer(name, writer)
        except ConnectionError:
            return
        finally:
            writer.close()

    async def _answer(self, name: str, writer: asyncio.StreamWriter) -> None:
        start = "HTTP/1.1 200 OK\r\nConnection: close\r\n"
        if name in REDIRECTS:
            writer.write(f"HTTP/1.1 301 X\r\nLocation: {REDIRECTS[name]}\r\n\r\n".encode())
        elif name in DRIPS:
            packed = "Content-Encoding: gzip\r\n" if "gzip" in name else ""
            writer.write(f"{start}{packed}\r\n".encode() + gzip.compress(b"")[: 10 * bool(packed)])
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.2)
        else:
            packed = "Content-Encoding: gzip\r\n" if name == "gzip bomb" else ""
            body = self._bodies.get(name) or _rss("<item><title>t</title></item>")
            writer.write(f"{start}{packed}\r\n".encode() + body)
            self._answers += 1  # no two are alike, so that each is parsed
            writer.write(b"" if packed else b"<!--%d-->" % self._answers)
            await writer.drain()


class Lags:
    """When which feed was stored."""

    def __init__(self, good: Sequence[str]) -> None:
        self._good = frozenset(good)
        self._start = 0.0
        self.lags = list[float]()
        self.ends = dict[str, dict[str, Any]]()

    def begin(self) -> None:
        """A poll begins."""
        self._start = time.perf_counter()
        self.lags.clear()

    def take(self, report: PollReport) -> None:
        """A poll ended."""
        lag = time.perf_counter() - self._start
        if report.feed.url in self._good:
            self.lags.append(lag)
            return
        end = {"outcome": report.outcome, "problem": report.problem, "seconds": round(lag, 1)}
        self.ends[report.feed.name] = end

    @property
    def p95(self) -> float:
        """Of the last poll."""
        return statistics.quantiles(self.lags, n=20)[-1]


@contextmanager
def watched(peaks: dict[str, float]) -> Iterator[None]:
    """Notes the most memory of this process (RSS, above now) and of workers (PSS), in MB."""
    over, idle = threading.Event(), psutil.Process().memory_info().rss

    def watch() -> None:
        while not over.wait(0.05):
            me = psutil.Process()
            above = (me.memory_info().rss - idle) / 1e6
            peaks["main_above_mb"] = max(peaks.get("main_above_mb", 0), above)
            for child in me.children(recursive=True):
                try:
                    if "tests.support.farm" not in child.cmdline():
                        pss = child.memory_full_info().pss / 1e6
                        peaks["worker_mb"] = max(peaks.get("worker_mb", 0), pss)
                except psutil.Error:
                    continue

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def run(feeds: int) -> Iterator[dict[str, Any]]:
    """The lines of one run."""
    server, peaks = Server(), dict[str, float]()
    with tempfile.TemporaryDirectory() as scratch, farm(feeds, None) as port:
        urls = [address(number, port) for number in range(feeds)]
        good = [FeedSpec(url=url, location=url, name=url, every=EVERY) for url in urls]
        lags = Lags(urls)
        daemon = Daemon(Path(scratch), server.specs() + good, timeout=timedelta(seconds=8))
        daemon.on_done = lags.take
        daemon.poll()
        alone, among = list[float](), list[float]()
        with watched(peaks):
            for _ in range(ROUNDS):
                for specs, found in ((good, alone), (server.specs() + good, among)):
                    daemon.use(specs)
                    bump(port)
                    daemon.now += timedelta(days=1, hours=1)  # whoever failed is asked again
                    lags.begin()
                    daemon.poll()
                    assert len(lags.lags) == feeds, len(lags.lags)
                    found.append(lags.p95)
        daemon.close()
    for name in NAMES:
        yield {"line": "input", "name": name, **lags.ends.get(name, {"outcome": "none"})}
    yield {"line": "peak", **{name: round(size, 1) for name, size in peaks.items()}}
    before, after = statistics.median(alone), statistics.median(among)
    yield {
        "line": "lag",
        "p95_s": round(after, 3),
        "p95_without_s": round(before, 3),
        "ratio": round(after / before, 2),
    }


def main() -> None:
    """Prints the lines."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--feeds", type=int, default=200)
    options.add_argument("--json", action="store_true")
    wished = options.parse_args()
    show: Callable[[dict[str, Any]], str] = (
        partial(json.dumps, ensure_ascii=False)
        if wished.json
        else lambda line: "  ".join(f"{name} {value}" for name, value in line.items())
    )
    for line in run(wished.feeds):
        sys.stdout.write(f"{show(line)}\n")


if __name__ == "__main__":
    main()
