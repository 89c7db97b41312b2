"""News servers on many loopback hosts, of which some behave badly for hours, in virtual time."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from random import Random
from types import TracebackType
from typing import Self

from monitor.model.feed import FeedSpec
from tests.support.conversation import Conversation, host_of

LISTED = timedelta(hours=96)  # so long a feed shows an article
BUSY = timedelta(hours=2)


class Fault(StrEnum):
    """What a server does wrong while it is in a bad mood."""

    DEAD = "dead"  # no answer at all
    RESETS = "resets"  # breaks off in the middle of the document
    SLOW = "slow"  # answers after we have given up
    FAILS = "fails"  # 500
    BUSY = "busy"  # 429 with Retry-After, for the whole host
    SAME_ALWAYS = "same always"  # says 304 to whoever has any validator
    OTHER_ALWAYS = "other always"  # another ETag at each answer, never 304
    STUCK_ETAG = "stuck ETag"  # one ETag for all its documents, yet no 304
    NEW_GUIDS = "new GUIDs"  # other guids at each answer


SILENT = frozenset({Fault.DEAD, Fault.RESETS, Fault.SLOW, Fault.FAILS, Fault.BUSY})


@dataclass(slots=True, kw_only=True)
class Host:
    """A server with its feeds; ``rhythm`` is the time between two articles of one feed."""

    address: str
    feeds: int
    rhythm: timedelta
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as the server saw it."""

    at: datetime
    host: str
    path: str
    fault: Fault | None


@dataclass(slots=True)
class Unruly:
    """The servers; a context manager that serves in a thread of its own.

    Attributes:
        now: virtual time.
        log: every request.
        calm: no server is in a bad mood any more.
    """

    hosts: Mapping[str, Host]
    now: Callable[[], datetime]
    began: datetime
    log: list[Asked] = field(default_factory=list)
    calm: bool = False
    port: int = 0
    _answers: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _open: set[asyncio.Transport] = field(default_factory=set)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        for address in self.hosts:
            self._servers.append(self._loop.run_until_complete(self._serve(address)))
            self.port = self._servers[0].sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        assert self._thread is not None
        self._thread.join()
        for server in self._servers:
            server.close()
        for transport in list(self._open):
            transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, address: str) -> asyncio.Server:
        return await self._loop.create_server(
            lambda: Conversation(self._open, self._reply), address, self.port
        )

    def _reply(self, connection: asyncio.Transport, path: str, headers: Mapping[str, str]) -> None:
        address = host_of(connection)
        fault = self.fault(self.hosts[address])
        answer = self.answer(address, path, headers)
        if answer is not None:
            connection.write(answer)
        if fault is Fault.DEAD:
            connection.abort()
        elif fault is not Fault.SLOW:
            connection.close()

    def settle(self) -> None:
        """Returns once all that was asked is answered, also to those who gave up waiting."""
        asyncio.run_coroutine_threadsafe(self._look_round(), self._loop).result()

    async def _look_round(self) -> None:
        for _ in range(4):  # accept, connect, read, answer
            await asyncio.sleep(0)

    def specs(self) -> list[FeedSpec]:
        """All feeds."""
        urls = (
            f"http://{host.address}:{self.port}/{number}"
            for host in self.hosts.values()
            for number in range(host.feeds)
        )
        return [FeedSpec(url=url, location=url, name=url) for url in urls]

    def published(self, until: datetime) -> set[str]:
        """Links of all articles that were in a feed at any time until then."""
        return {
            link
            for host in self.hosts.values()
            for number in range(host.feeds)
            for link, _ in self._articles(host, f"/{number}", self.began, until)
        }

    def _articles(
        self, host: Host, path: str, since: datetime, until: datetime
    ) -> list[tuple[str, datetime]]:
        name = f"http://{host.address}{path}"
        first = int((since - self.began) / host.rhythm)
        last = int((until - self.began) / host.rhythm)
        return [
            (f"{name}/article-{n}", self.began + n * host.rhythm) for n in range(first, last + 1)
        ]

    def fault(self, host: Host) -> Fault | None:
        """What is wrong with a server now: for twelve hours of each day and a half."""
        if self.calm or host.fault is None:
            return None
        hours = (self.now() - self.began) / timedelta(hours=1) + 7 * len(host.fault)
        return host.fault if hours % 36 < 12 else None

    def answer(self, address: str, path: str, headers: Mapping[str, str]) -> bytes | None:
        """What goes over the wire; None: nothing, the connection ends."""
        now, host = self.now(), self.hosts[address]
        fault = self.fault(host)
        self.log.append(Asked(at=now, host=address, path=path, fault=fault))
        self._answers += 1
        since = max(now - LISTED, self.began)
        articles = self._articles(host, path, since, now)
        etag = f'"{articles[-1][0]}"'
        match fault:
            case Fault.DEAD | Fault.SLOW:
                return None
            case Fault.FAILS:
                return _response("500 Oops", {}, b"")
            case Fault.BUSY:
                wait = str(int(BUSY.total_seconds()))
                return _response("429 Too Many", {"Retry-After": wait}, b"")
            case Fault.OTHER_ALWAYS:
                etag = f'"{self._answers}"'
            case Fault.STUCK_ETAG:
                etag = '"stuck"'
            case _:
                pass
        conditional = headers.get("if-none-match") or headers.get("if-modified-since")
        lies = fault is Fault.SAME_ALWAYS and conditional
        if lies or (headers.get("if-none-match") == etag and fault is not Fault.STUCK_ETAG):
            whole = _response("304 Not Modified", {"ETag": etag}, b"")
        else:
            salt = str(self._answers) if fault is Fault.NEW_GUIDS else ""
            whole = _response("200 OK", {"ETag": etag}, _document(articles, salt))
        return whole[: len(whole) // 2] if fault is Fault.RESETS else whole


def _response(status: str, headers: Mapping[str, str], body: bytes) -> bytes:
    # Closed, for minutes of virtual time are too short for a connection to be given up.
    sent = {**headers, "Connection": "close"}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in sent.items())]
    if not status.startswith("304"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _document(articles: list[tuple[str, datetime]], salt: str) -> bytes:
    items = "".join(
        f"<item><title>About {link}</title><link>{link}</link><guid>{salt}{link}</guid>"
        f"<pubDate>{format_datetime(when)}</pubDate><description>Text.</description></item>"
        for link, when in reversed(articles)
    )
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def hosts(count: int, seed: int = 1) -> dict[str, Host]:
    """So many servers, every fifth of which has a fault, all kinds in turn."""
    random = Random(seed)  # noqa: S311 - a farm
    faults = list(Fault)
    found = {}
    for number in range(count):
        address = f"127.0.{1 + number // 250}.{1 + number % 250}"
        found[address] = Host(
            address=address,
            feeds=2 if number % 10 < 2 else 1,
            rhythm=timedelta(minutes=random.randrange(240, 600)),
            fault=faults[number // 5 % len(faults)] if number % 5 == 0 else None,
        )
    return found
