"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not read."""

import html
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from monitor.errors import ParseError
from monitor.feeds.dates import read_date
from monitor.feeds.entries import RawItem, clean_entries, clean_language, clean_url
from monitor.feeds.html import clean_line
from monitor.model.feed import ParsedFeed

_VERSION = "jsonfeed.org/version/"


def parse_json_feed(body: bytes, *, url: str, now: datetime, zone: tzinfo = UTC) -> ParsedFeed:
    """Reads a JSON Feed.

    Args:
        body: the document in UTF-8.
        url: its address, for relative links.
        now: limit for dates.
        zone: of dates that name none.

    Raises:
        ParseError: it is not valid JSON, or not a JSON Feed.
    """
    feed = _load(body)
    items = [_raw_item(item, feed, zone) for item in _mappings(feed.get("items"))]
    site = clean_url(_text(feed.get("home_page_url")), url)
    entries, problem = clean_entries(items, base=url, site=site, now=now)
    return ParsedFeed(
        title=clean_line(html.escape(_text(feed.get("title")))) or url,
        language=clean_language(_text(feed.get("language"))),
        entries=entries,
        problem=problem,
        older=clean_url(_text(feed.get("next_url")), url) or None,
    )


def _load(body: bytes) -> Mapping[str, Any]:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"not a feed: it begins like JSON, but is not valid ({error})") from error
    if not isinstance(feed, dict) or _VERSION not in _text(feed.get("version")):
        raise ParseError("not a feed: JSON, but without the version of a JSON Feed")
    return feed


def _raw_item(item: Mapping[str, Any], feed: Mapping[str, Any], zone: tzinfo) -> RawItem:
    contents = (_text(item.get("content_html")), html.escape(_text(item.get("content_text"))))
    return RawItem(
        guid=_text(item.get("id")),
        links=tuple(_links(item)),
        title=html.escape(_text(item.get("title"))),
        summary=html.escape(_text(item.get("summary"))),
        contents=tuple(filter(None, contents)),
        authors=_authors(item) or _authors(feed),
        language=_text(item.get("language")) or _text(feed.get("language")),
        published=read_date(_text(item.get("date_published")), zone)
        or read_date(_text(item.get("date_modified")), zone),
        tags=tuple(map(html.escape, _texts(item.get("tags")))),
    )


def _links(item: Mapping[str, Any]) -> Iterator[str]:
    """The page of the item, then its id (where that is an address), then its attachments."""
    yield _text(item.get("url"))
    yield _text(item.get("external_url"))
    identity = _text(item.get("id"))
    if identity.startswith(("http://", "https://")):
        yield identity
    for attachment in _mappings(item.get("attachments")):
        yield _text(attachment.get("url"))


def _authors(owner: Mapping[str, Any]) -> tuple[str, ...]:
    authors = [*_mappings(owner.get("authors")), *_mappings([owner.get("author")])]
    return tuple(filter(None, (html.escape(_text(author.get("name"))) for author in authors)))


def _text(value: object) -> str:
    """Strings, and numbers where strings belong; nothing else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _texts(value: object) -> list[str]:
    return [_text(one) for one in value] if isinstance(value, list) else []


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
