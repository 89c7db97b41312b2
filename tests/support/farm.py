"""Many feeds on many hosts of the loopback network, in a process of their own.

Feed N lives at ``http://127.x.y.z:PORT/N.xml`` (``address``); it is conditional (ETag and
Last-Modified), compressed, and gets a new entry on top when it is told so by ``POST /bump?every=K``
(every K-th feed). ``GET /answers`` counts the answers by status since it was last asked.
"""

import asyncio
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from random import Random

from typing_extensions import override

_EPOCH = 1_795_000_000
_ITEM = re.compile(rb"<(item|entry)[\s>].*?</\1>", re.DOTALL)
_DATE = re.compile(rb"(<pubDate>)[^<]*")
_W3_DATE = re.compile(rb"(<(?:published|updated|dc:date)>)[^<]*")
_ENDS = (b"</rss>", b"</feed>", b"</rdf:RDF>")
_WORDS = (
    "minister", "border", "troops", "market", "river", "council", "talks", "port", "energy",
    "court", "vote", "storm", "rail", "harvest", "treaty", "bank", "school", "festival",
    "police", "hospital", "budget", "election", "factory", "bridge", "museum",
)  # fmt: skip


def address(number: int, port: int) -> str:
    """Where a feed lives: each has a host of its own."""
    host = number + 2
    return f"http://127.{host >> 16}.{host >> 8 & 255}.{host & 255}:{port}/{number}.xml"


def generated(number: int, entries: int = 25, words: int = 450) -> bytes:
    """A feed as a newspaper makes it."""
    random = Random(number)  # noqa: S311 - a text
    items = "".join(_item(number, n, random, words) for n in range(entries))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Paper {number}</title><link>https://paper{number}.example/</link>"
        f"{items}</channel></rss>"
    ).encode()


def _item(feed: int, number: int, random: Random, words: int) -> str:
    text = " ".join(random.choices(_WORDS, k=words))
    when = formatdate(_EPOCH - 3600 * number - feed, usegmt=True)
    link = f"https://paper{feed}.example/{number}"
    return (
        f"<item><title>{text[:60]}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{when}</pubDate><description>{text[:200]}</description>"
        f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>\n"
    )


def templates(folder: Path) -> list[bytes]:
    """Feeds below a folder that can be edited as bytes: whole UTF-8 XML of 8-400 kB with entries."""
    found = []
    for path in sorted(filter(Path.is_file, folder.rglob("*"))):
        body = path.read_bytes()
        whole = body.lstrip()[:1] == b"<" and body.rstrip().endswith(_ENDS)
        usable = whole and 8_000 < len(body) < 400_000
        if usable and _is_utf8(body) and _ITEM.search(body):
            found.append(body)
    Random(3).shuffle(found)  # noqa: S311 - an order
    return found


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return b"<html" not in body[:300].lower()


def distinct(template: bytes, number: int) -> bytes:
    """A copy of a template whose entries are those of another feed."""
    tag = b"#f%d" % number
    body = re.sub(rb"(<guid[^>]*>)([^<]{4,})(</guid>)", rb"\g<1>\g<2>" + tag + rb"\g<3>", template)
    body = re.sub(rb"(<id>)([^<]{4,})(</id>)", rb"\g<1>\g<2>" + tag + rb"\g<3>", body)
    link = re.compile(rb"(<link>(?:\s*<!\[CDATA\[)?\s*https?://[^<\]\s?#]*)")
    body = link.sub(rb"\g<1>/f%d" % number, body)
    href = re.compile(rb"(<link[^>]*href=[\"']https?://[^\"'?#]*)")
    return href.sub(rb"\g<1>/f%d" % number, body).rstrip()


def with_new_entry(body: bytes, stamp: bytes) -> bytes:
    """The feed with an entry on top that it did not have."""
    first = _ITEM.search(body)
    assert first is not None
    new = re.sub(rb"(<guid[^>]*>)", rb"\g<1>new" + stamp, first[0])
    new = new.replace(b"<id>", b"<id>tag:new" + stamp + b"-")
    new = new.replace(b'rdf:about="', b'rdf:about="new' + stamp)
    new = re.sub(rb"(<link>(?:\s*<!\[CDATA\[)?\s*https?://[^<\]]*)", rb"\g<1>/new" + stamp, new)
    new = re.sub(rb"(<link[^>]*href=[\"']https?://[^\"'?#]*)", rb"\g<1>/new" + stamp, new)
    new = re.sub(rb"(<title[^>]*>(?:<!\[CDATA\[)?)", rb"\g<1>Fresh " + stamp + b" ", new)
    when = _EPOCH + 60 * int(stamp)
    new = _DATE.sub(rb"\g<1>" + formatdate(when, usegmt=True).encode(), new)
    new = _W3_DATE.sub(rb"\g<1>" + datetime.fromtimestamp(when, UTC).isoformat().encode(), new)
    return body[: first.start()] + new + b"\n" + body[first.start() :]


@dataclass(slots=True)
class _Feed:
    body: bytes  # compressed
    version: int = 0


@dataclass(slots=True)
class Farm:
    """The feeds and what was answered."""

    feeds: list[_Feed]
    answers: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, count: int, kinds: Sequence[bytes]) -> "Farm":
        """So many feeds, made of templates if there are any."""
        bodies: Iterator[bytes] = (
            distinct(kinds[n % len(kinds)], n) if kinds else generated(n) for n in range(count)
        )
        return cls.serving(bodies)

    @classmethod
    def serving(cls, bodies: Iterable[bytes]) -> "Farm":
        """A feed for each document."""
        return cls([_Feed(gzip.compress(body, 6, mtime=0)) for body in bodies])

    def bump(self, every: int) -> None:
        """Every so manieth feed gets a new entry."""
        for feed in self.feeds[::every]:
            feed.version += 1
            body = with_new_entry(gzip.decompress(feed.body), b"%d" % feed.version)
            feed.body = gzip.compress(body, 1, mtime=0)

    def answer(self, path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        number = path[1:].removesuffix(".xml")
        if not number.isdecimal() or int(number) >= len(self.feeds):
            return 404, {}, b""
        feed = self.feeds[int(number)]
        etag = f'"{number}-{feed.version}"'
        sent = {
            "ETag": etag,
            "Last-Modified": formatdate(_EPOCH + feed.version, usegmt=True),
            "Content-Type": "application/rss+xml",
        }
        if headers.get("if-none-match") == etag:
            return 304, sent, b""
        if "gzip" not in headers.get("accept-encoding", ""):
            return 200, sent, gzip.decompress(feed.body)
        return 200, {**sent, "Content-Encoding": "gzip"}, feed.body


class _Protocol(asyncio.Protocol):
    def __init__(self, farm: Farm) -> None:
        self._farm = farm
        self._buffer = b""
        self._transport: asyncio.Transport

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not transport.get_extra_info("sockname")[0].startswith("127."):
            transport.close()  # this machine only

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head, self._buffer = self._buffer[:end].decode("latin-1"), self._buffer[end + 4 :]
            first, *lines = head.split("\r\n")
            method, path, _ = first.split(" ", 2)
            pairs = (line.partition(":") for line in lines)
            self._send(*self._answer(method, path, {k.lower(): v.strip() for k, _, v in pairs}))

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        if path == "/answers":
            counted = json.dumps(self._farm.answers).encode()
            self._farm.answers.clear()
            return 200, {}, counted
        if method == "POST":
            self._farm.bump(int(path.rpartition("=")[2]))
            return 200, {}, b""
        answer = self._farm.answer(path, headers)
        self._farm.answers[answer[0]] += 1
        return answer

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items())]
        if status != 304:
            lines.append(f"Content-Length: {len(body)}")
        self._transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


async def serve(farm: Farm, ready: Callable[[int], None]) -> None:
    """Serves for ever; ``ready`` hears the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Protocol(farm), "0.0.0.0", backlog=4096)  # noqa: S104 - loopback hosts
    ready(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def main(count: str, folder: str = "") -> None:
    """Serves so many feeds, made of the templates of a folder; prints the port."""
    farm = Farm.of(int(count), templates(Path(folder)) if folder else [])
    asyncio.run(serve(farm, lambda port: print(port, flush=True)))


if __name__ == "__main__":
    main(*sys.argv[1:])
