"""Feeds of a made-up news agency whose every item is about a flood, and a rule that wants those.

Each flood is a story of its own: places, rivers and people of no two are called the same.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Lock
from xml.sax.saxutils import escape

from tests.support.http_server import Answer, Request

RULE = """\
[rules.flood]
title = "Floods"
query = 'flood'
"""
_NUMBER = re.compile(r"Flood warning (\d+)\b")
_FIRST = datetime(2026, 11, 1, tzinfo=UTC)


_SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]


def names(number: int, count: int) -> str:
    """Invented words that no other number has."""
    random = Random(number)  # noqa: S311  # repeatable, not secret
    words = ("".join(random.choices(_SYLLABLES, k=4)) for _ in range(count))
    return " ".join(word.capitalize() for word in words)


def headline(number: int) -> str:
    """The title of an item."""
    return f"Flood warning {number} for {names(number, 8)}"


def number_in(text: str) -> int:
    """The number of the item a message is about."""
    found = _NUMBER.search(text)
    assert found, text
    return int(found[1])


def rss(numbers: list[int]) -> bytes:
    """A feed document with these items."""
    items = "".join(map(_item, numbers))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>Flood desk</title><link>https://flood.example/</link>{items}</channel></rss>"
    ).encode()


def link(number: int) -> str:
    """Where an item leads."""
    return f"https://flood.example/{number}"


def _item(number: int) -> str:
    published = _FIRST + timedelta(minutes=number)
    return (
        f"<item><title>{escape(headline(number))}</title>"
        f"<link>{link(number)}</link><guid>flood-{number}</guid>"
        f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description>{names(-number - 1, 20)} rose.</description></item>"
    )


@dataclass(slots=True)
class AcknowledgedFeed:
    """Shows an item only until a client names, by If-None-Match, a version that held it.

    So whoever saves validators without the articles they stand for loses these articles.
    """

    numbers: list[int] = field(default_factory=list)
    unchanged: int = 0
    _acknowledged: int = 0
    _lock: Lock = field(default_factory=Lock)

    def publish(self, *numbers: int) -> None:
        """Adds items, each a version of its own."""
        with self._lock:
            self.numbers.extend(numbers)

    def __call__(self, request: Request) -> Answer:
        """Answers a poll."""
        with self._lock:
            self._acknowledge(request.headers.get("If-None-Match", ""))
            version = len(self.numbers)
            headers = {"ETag": f'"v{version}"', "Content-Type": "application/rss+xml"}
            if request.headers.get("If-None-Match") == headers["ETag"]:
                self.unchanged += 1
                return Answer(status=304, headers=headers)
            return Answer(body=rss(self.numbers[self._acknowledged :]), headers=headers)

    def _acknowledge(self, etag: str) -> None:
        if found := re.fullmatch(r'"v(\d+)"', etag):
            self._acknowledged = max(self._acknowledged, int(found[1]))
