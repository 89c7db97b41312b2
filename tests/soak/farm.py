"""The news servers: one listening socket for all hosts of the loopback network."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import lru_cache
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape

from tests.soak.words import Story
from tests.soak.world import BUSY, Article, Fault, Feed, Profile, World
from tests.support.conversation import Conversation, host_of

_HTML = {"Content-Type": "text/html"}
_SORRY = b"<html><head><title>Sorry</title></head><body><p>We are rebuilding.</p></body></html>"


@dataclass(slots=True)
class Farm:
    """Serves a world from entering to leaving the context.

    Attributes:
        asked: called at each request, before it is answered.
        faults: every fault that somebody met.
        world: of the feeds.
        port: of all hosts.
    """

    profile: Profile
    asked: Callable[[], None] = lambda: None
    faults: set[Fault] = field(default_factory=set)
    world: World = field(init=False)
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _open: set[asyncio.Transport] = field(default_factory=set)
    _server: asyncio.Server | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        serving = self._loop.create_server(
            lambda: Conversation(self._open, self._reply),
            "0.0.0.0",  # noqa: S104  # whoever is not of this machine is sent away
            backlog=4096,
        )
        self._server = self._loop.run_until_complete(serving)
        self.port = self._server.sockets[0].getsockname()[1]
        self.world = World(self.profile, self.port)
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
        assert self._server is not None
        self._server.close()
        for transport in list(self._open):
            transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def urls(self) -> list[str]:
        """Addresses of all feeds."""
        return [f"http://{host}:{self.port}/feed" for host in self.world.feeds]

    def _reply(self, connection: asyncio.Transport, path: str, headers: Mapping[str, str]) -> None:
        feed = self.world.feeds.get(host_of(connection))
        if feed is None:
            connection.abort()
        elif (answer := self.answer(feed, path, headers)) is not None:
            connection.write(answer)
            connection.close()
        elif self.world.fault(feed) is Fault.DEAD:
            connection.abort()

    def answer(self, feed: Feed, path: str, headers: Mapping[str, str]) -> bytes | None:
        """What goes over the wire; None: nothing."""
        self.asked()
        self.world.answers += 1
        fault = self.world.fault(feed)
        if fault is not None:
            self.faults.add(fault)
        match fault:
            case Fault.DEAD | Fault.SLOW:
                return None
            case Fault.FAILS:
                return _response("500 Oops")
            case Fault.BUSY:
                wait = str(int(BUSY.total_seconds()))
                return _response("429 Too Many", headers={"Retry-After": wait})
            case Fault.GARBAGE:
                return _response("200 OK", _SORRY, _HTML)
            case _ if path == "/robots.txt":
                return _response("404 Not Found")
            case _ if path == "/feed":
                return self._listed(feed, fault, headers)
            case _:
                return _response("200 OK", _page(feed.at(path).story(self.profile)), _HTML)

    def _listed(self, feed: Feed, fault: Fault | None, headers: Mapping[str, str]) -> bytes:
        articles = self.world.listed(feed)
        etag = _etag(articles, fault, self.world.answers)
        known = headers.get("if-none-match")
        lies = fault is Fault.SAME_ALWAYS and known
        if lies or (known == etag and fault is not Fault.STUCK_ETAG):
            return _response("304 Not Modified", headers={"ETag": known or etag})
        salt = str(self.world.answers) if fault is Fault.NEW_GUIDS else ""
        document = _document(articles, salt, self.profile, teases=feed.teases)
        whole = _response("200 OK", document, {"ETag": etag})
        return whole[: len(whole) // 2] if fault is Fault.RESETS else whole


def _etag(articles: list[Article], fault: Fault | None, answers: int) -> str:
    match fault:
        case Fault.OTHER_ALWAYS:
            return f'"{answers}"'
        case Fault.STUCK_ETAG:
            return '"stuck"'
        case _:
            return f'"{articles[0].link} {articles[-1].link}"' if articles else '"none"'


def _response(status: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    # Closed, for minutes of virtual time are too short for a connection to be given up.
    sent = {**(headers or {}), "Connection": "close"}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in sent.items())]
    if not status.startswith("304"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _document(articles: list[Article], salt: str, profile: Profile, *, teases: bool) -> bytes:
    items = "".join(
        f"{_item(article, profile, teases=teases)}<guid isPermaLink='false'>{salt}{article.link}</guid></item>"
        for article in reversed(articles)
    )
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>News</title>{items}</channel></rss>"
    ).encode()


@lru_cache(100_000)
def _item(article: Article, profile: Profile, *, teases: bool) -> str:
    story = article.story(profile)
    text = story.title if teases else escape(f"<p>{story.text}</p>")
    field = "description" if teases else "content:encoded"
    return (
        f"<item><title>{story.title}</title><link>{article.link}</link>"
        f"<pubDate>{format_datetime(article.published)}</pubDate>"
        f"<{field}>{text}</{field}>"
    )


def _page(story: Story) -> bytes:
    half = len(story.text) // 2
    text = story.text[:half] + story.text[half:].replace(". ", ".</p><p>", 1)
    return (
        f"<html><head><title>{story.title}</title></head><body><article><h1>{story.title}</h1>"
        f"<p>{text}</p></article></body></html>"
    ).encode()
