"""Feed documents for the tests of this folder."""

from datetime import UTC, datetime

from monitor.feeds.parse import Document, parse
from monitor.model.feed import Entry, ParsedFeed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://paper.example/feeds/world.xml"

_SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(items: str, channel: str = "") -> str:
    """An RSS 2.0 document around items; the channel has a title and what is given."""
    return (
        f'<?xml version="1.0"?>\n<rss version="2.0" {_SPACES}><channel>'
        f"<title>World &amp;amp; Europe</title>{channel}\n{items}\n</channel></rss>"
    )


def atom(entries: str) -> str:
    """An Atom document around entries; German, with an author."""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">'
        f"<title>Welt</title><author><name>dpa</name></author>{entries}</feed>"
    )


def read(document: str | bytes, content_type: str = "application/rss+xml") -> ParsedFeed:
    """Parses a document as if it came from URL at NOW."""
    return parse(received(document, content_type))


def received(document: str | bytes, content_type: str = "", seen: bytes = b"") -> Document:
    """A document that came from URL at NOW."""
    body = document.encode() if isinstance(document, str) else document
    return Document(body=body, url=URL, content_type=content_type, seen=seen, now=NOW)


def read_item(item: str, channel: str = "") -> Entry:
    """The entry of an RSS document with that one item."""
    (entry,) = read(rss(f"<item>{item}</item>", channel)).entries
    return entry
