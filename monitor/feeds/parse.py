"""A document to a parsed feed: tells what it is and has it read."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from threading import Lock
from zoneinfo import ZoneInfo

from monitor.errors import ParseError, WorkerError
from monitor.feeds.encoding import to_utf8
from monitor.feeds.html import looks_like_html_page
from monitor.feeds.identity import item_of
from monitor.feeds.jsonfeed import parse_json_feed
from monitor.feeds.sitemap import looks_like_sitemap, parse_sitemap
from monitor.feeds.workers import WorkerPool
from monitor.feeds.xmlfeed import prepare, read_xml
from monitor.model.feed import ParsedFeed

_JSON = re.compile(rb"\s*\{")
INLINE = 20_000  # bytes; less is parsed sooner than it is sent to another process
PARSE_SECONDS = 8.0
_IN_TURN = Lock()  # threads that parse side by side cost twice the time of one after the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as received.

    Attributes:
        body: decompressed.
        url: its address; relative links are resolved against it.
        content_type: of the answer; only its charset counts, the format is told from the body.
        seen: ``item_hashes`` of the last parse: these items are left out, if that is safe.
        timezone: of dates that name none (IANA); None for UTC.
        feed: URL of its feed, as configured: the keys of its entries hold in it.
        language: of entries that name none.
    """

    body: bytes
    url: str
    content_type: str = ""
    seen: bytes = b""
    timezone: str | None = None
    now: datetime
    feed: str = ""
    language: str | None = None


def read_apart(document: Document, workers: WorkerPool | None) -> ParsedFeed:
    """Like ``read``, but what may take long is done by a worker, within limits.

    Args:
        document: the document.
        workers: None if this process is to do it all.

    Raises:
        ParseError: also when the document takes too much time or memory.
    """
    if workers is None or len(document.body) <= INLINE:
        with _IN_TURN:
            return read(document)
    try:
        return workers.run(read, document, seconds=PARSE_SECONDS)
    except WorkerError as error:
        raise ParseError(f"given up: {error}") from error


def read(document: Document) -> ParsedFeed:
    """Like ``parse``, with the keys of the entries: ``items`` instead of ``entries``.

    Raises:
        ParseError: see ``parse``.
    """
    parsed = parse(document)
    entries = parsed.entries
    if language := document.language:
        entries = tuple(replace(one, language=one.language or language) for one in entries)
    items = tuple(item_of(entry, document.feed) for entry in entries)
    return replace(parsed, entries=(), items=items)


def parse(document: Document) -> ParsedFeed:
    """Reads RSS, RDF, Atom, JSON Feed or a news sitemap, well-formed or not.

    Raises:
        ParseError: the document is not a feed, or breaks a limit; the message says which.
    """
    text = _text(document)
    url, now, zone = document.url, document.now, _zone(document)
    if _JSON.match(text):
        return parse_json_feed(text, url=url, now=now, zone=zone)
    if looks_like_sitemap(text):
        return parse_sitemap(text, url=url, now=now, zone=zone)
    prepared = prepare(text, document.seen)
    parsed = read_xml(prepared, url=url, now=now, zone=zone)
    return parsed or parse(replace(document, seen=b""))


def _text(document: Document) -> bytes:
    text = to_utf8(document.body, document.content_type)
    if not text.strip():
        raise ParseError("empty document")
    if looks_like_html_page(text):
        raise ParseError(
            "this is an HTML page, not a feed; look for the address of its RSS or Atom feed"
        )
    return text


def _zone(document: Document) -> tzinfo:
    return ZoneInfo(document.timezone) if document.timezone else UTC
