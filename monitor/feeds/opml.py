"""Subscription lists (OPML), read and written.

Reads what other programs write, well-formed or not: every outline with an address counts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import quoteattr

from monitor.errors import ParseError
from monitor.feeds.elements import Element, elements
from monitor.feeds.encoding import to_utf8
from monitor.feeds.entries import clean_language
from monitor.feeds.html import looks_like_html_page, strip_invisible
from monitor.feeds.urlkey import url_key
from monitor.model.feed import FeedSpec

MAX_NAME: Final = 200  # characters
_MAX_TAGS: Final = 20
_TITLE: Final = "Feeds of Media Monitor"
_FEED_TYPES: Final = frozenset({"rss", "atom", "rdf", "feed", "xml", "json", "jsonfeed"})
_FEED_SCHEME: Final = re.compile(r"feed:(?://(?=https?:)|(?=https?:))?", re.IGNORECASE)
_A_FEED: Final = re.compile(r"<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE)
_ESCAPED: Final = re.compile("%(2C|2F|25)", re.IGNORECASE)
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed as a list names it.

    Attributes:
        name: how the list calls it; may be empty.
        tags: its folders, outermost first, and categories.
        line: of the list, from 1.
    """

    url: str
    name: str = ""
    tags: tuple[str, ...] = ()
    language: str | None = None
    line: int = 1


def read_opml(body: bytes) -> tuple[Subscription, ...]:
    """The feeds of a list in its order; a feed that stands there twice has the tags of both.

    Args:
        body: the document in any encoding.

    Raises:
        ParseError: there is no outline with an address; the message says what it may be.
    """
    text = to_utf8(body).decode("utf-8", "replace")
    outlines = list(elements(text, "outline", raw_quotes=not _is_well_formed(text)))
    found = list(_subscriptions(outlines))
    if not found:
        raise ParseError(_what_else(text, outlines))
    return tuple(_folded(found))


def _is_well_formed(text: str) -> bool:
    """Whether a quote in it means what XML says: repairs could only do harm."""

    def refuse(*_: object) -> None:
        raise ExpatError("it declares entities")

    parser = ParserCreate()
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003 - it is the end
    except ExpatError:
        return False
    return True


def feed_key(url: str) -> str:
    """Equal for addresses of one feed: as of articles, but every part of the query counts."""
    address, _, query = url.partition("#")[0].partition("?")
    return f"{url_key(address)}?{query}" if query else url_key(address)


def _subscriptions(outlines: Iterable[Element]) -> Iterator[Subscription]:
    outlines = list(outlines)
    closed_feeds = _feeds_are_closed(outlines)
    folders: list[str | None] = []  # None is a feed, which is no folder
    for outline in outlines:
        url = _url(outline.attributes)
        if outline.kind == "end":
            del folders[-1:]
            continue
        if url:
            yield _subscription(outline, url, filter(None, folders[:_MAX_TAGS]))
        if outline.kind == "start" and (closed_feeds or not url):
            folders.append(None if url else _name(outline.attributes))


def _feeds_are_closed(outlines: Iterable[Element]) -> bool:
    """Whether feeds that don't end themselves have end tags, so far as the numbers tell."""
    starts = [outline for outline in outlines if outline.kind == "start"]
    ends = sum(outline.kind == "end" for outline in outlines)
    return ends > sum(not _url(outline.attributes) for outline in starts)


def _subscription(outline: Element, url: str, folders: Iterable[str]) -> Subscription:
    attributes = outline.attributes
    tags = dict.fromkeys([*folders, *_categories(attributes.get("category", ""))])
    return Subscription(
        url=url,
        name=_name(attributes),
        tags=tuple(tags)[:_MAX_TAGS],
        language=clean_language(attributes.get("language", "")),
        line=outline.line,
    )


def _url(attributes: Mapping[str, str]) -> str:
    """The address of the feed of an outline, or an empty string."""
    url = attributes.get("xmlurl", "")
    if not url and attributes.get("type", "").lower() in _FEED_TYPES:
        url = attributes.get("url", "")
    url = strip_invisible(url).replace("&amp;", "&").replace(" ", "%20")
    scheme = _FEED_SCHEME.match(url)
    if scheme is None:
        return url
    rest = url[scheme.end() :]
    return rest if rest.lower().startswith("http") else f"http://{rest.lstrip('/')}"


def _name(attributes: Mapping[str, str]) -> str:
    """What people see: the text, which they may have changed, before the title."""
    text = attributes.get("text") or attributes.get("title", "")
    return _line(text)[:MAX_NAME].rstrip()


def _line(text: str) -> str:
    return " ".join(strip_invisible(text).split())


def _categories(attribute: str) -> Iterator[str]:
    """``/news/europe,politics`` gives three."""
    for category in re.split("[,/]", attribute):
        if tag := _line(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), category)):
            yield tag[:MAX_NAME].rstrip()


def _folded(subscriptions: Iterable[Subscription]) -> Iterable[Subscription]:
    first: dict[str, Subscription] = {}
    for each in subscriptions:
        known = first.setdefault(feed_key(each.url), each)
        tags = tuple(dict.fromkeys([*known.tags, *each.tags]))
        first[feed_key(each.url)] = replace(known, name=known.name or each.name, tags=tags)
    return first.values()


def _what_else(text: str, outlines: list[Element]) -> str:
    if outlines:
        return "no outline of this list has the address of a feed (xmlUrl)"
    if looks_like_html_page(text.encode()):
        return "this is an HTML page, not a list of feeds (OPML)"
    if _A_FEED.search(text):
        return "this is a feed, not a list of feeds (OPML); `monitor feeds add` subscribes to it"
    return "this is not a list of feeds (OPML): it has no outline"


def write_opml(feeds: Iterable[FeedSpec], created: datetime) -> str:
    """An OPML 2.0 document: a folder for the first tag of each feed, all tags as categories.

    Args:
        feeds: whatever they hold besides address, name, language and tags is left out.
        created: for the head of the document.
    """
    folders: dict[str, list[FeedSpec]] = {}
    for feed in feeds:
        folders.setdefault(feed.tags[0] if feed.tags else "", []).append(feed)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{_TITLE}</title>",
        f"    <dateCreated>{format_datetime(created)}</dateCreated>",
        "  </head>",
        "  <body>",
    ]
    for folder, members in folders.items():
        lines += _folder(folder, members) if folder else map(_outline, members)
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _folder(name: str, members: Iterable[FeedSpec]) -> list[str]:
    label = _attribute(name)
    inside = [f"  {_outline(feed)}" for feed in members]
    return [f"    <outline text={label} title={label}>", *inside, "    </outline>"]


def _outline(feed: FeedSpec) -> str:
    values = {
        "type": "rss",  # readers want this word for Atom as well
        "text": feed.name,
        "title": feed.name,
        "xmlUrl": feed.url,
        "language": feed.language or "",
        "category": ",".join(map(_category, feed.tags)),
    }
    written = (f"{key}={_attribute(value)}" for key, value in values.items() if value)
    return f"    <outline {' '.join(written)}/>"


def _category(tag: str) -> str:
    """A tag; commas and slashes would part it."""
    tag = re.sub("%(?=2C|2F|25)", "%25", tag, flags=re.IGNORECASE)
    return tag.replace(",", "%2C").replace("/", "%2F")


def _attribute(value: str) -> str:
    return quoteattr(_NOT_XML.sub("", value))
