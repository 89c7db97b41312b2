"""RSS, RDF and Atom by feedparser, well-formed or not."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import feedparser
import feedparser.api

from monitor.errors import ParseError
from monitor.feeds.dates import read_date
from monitor.feeds.delta import HASH_BYTES, Cut, cut_known
from monitor.feeds.entries import MAX_ENTRIES, RawItem, clean_entries, clean_language, clean_url
from monitor.feeds.handler import QuickHandler
from monitor.feeds.html import clean_line
from monitor.feeds.repair import Repaired, repair
from monitor.feeds.sax import LimitError
from monitor.feeds.skips import skips
from monitor.model.feed import ParsedFeed

_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "")
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_NO_DATE = (1995, 1, 1, 0, 0, 0, 6, 1, 0)
_MAX_TTL_MINUTES = 10 * 365 * 24 * 60

# feedparser makes its XML readers by module name; ours carries the limits.
feedparser.api.PREFERRED_XML_PARSERS[:] = ["monitor.feeds.sax"]
feedparser.api.StrictFeedParser = QuickHandler
feedparser.registerDateHandler(lambda _: _NO_DATE)  # its dates are not used: no time for them


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document before its parse.

    Attributes:
        cut: the document without the items that are known; None if it must be read whole.
    """

    document: Repaired
    cut: Cut | None


def prepare(text: bytes, seen: bytes) -> Prepared:
    """Repairs a document and cuts what is known.

    Args:
        text: in UTF-8.
        seen: ``item_hashes`` of the last parse.
    """
    document = repair(text)
    return Prepared(document, cut_known(document.body, seen) if document.ends else None)


def read_xml(
    prepared: Prepared, *, url: str, now: datetime, zone: tzinfo = UTC
) -> ParsedFeed | None:
    """Parses a document; None if its cut proved wrong, and it has to be read whole.

    Args:
        prepared: the document.
        url: its address; relative links are resolved against it or against the site.
        now: limit for dates.
        zone: of dates that name none.

    Raises:
        ParseError: the document is not a feed, or breaks a limit; the message says which.
    """
    cut = prepared.cut
    found = _feedparser(cut.body if cut else prepared.document.body)
    holds = cut is not None and not found.get("bozo") and len(found["entries"]) == cut.new
    if cut and cut.known and not holds:
        return None
    parsed = _to_feed(found, prepared.document, url=url, now=now, zone=zone)
    if cut is None or not holds or len(cut.hashes) > MAX_ENTRIES * HASH_BYTES:
        return parsed
    return replace(parsed, item_hashes=cut.hashes, known=cut.known)


def _feedparser(body: bytes) -> Mapping[str, Any]:
    try:
        # No content-location: feedparser would rewrite guids that look like relative links.
        found: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(body),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except LimitError as error:
        raise ParseError(f"beyond the limits on feeds: {error}") from error
    except MemoryError:
        raise
    except Exception as error:  # feedparser lets several kinds pass on odd input
        raise ParseError(f"not a feed: {type(error).__name__}: {error}") from error
    if not found.get("version") and not found["entries"]:
        raise ParseError(f"not a feed: {_what_is_wrong(found) or 'no RSS, Atom or RDF element'}")
    return found


def _to_feed(
    found: Mapping[str, Any], document: Repaired, *, url: str, now: datetime, zone: tzinfo
) -> ParsedFeed:
    feed = found["feed"]
    is_atom = str(found.get("version")).startswith("atom")
    items = [_raw_item(entry, feed, zone, is_atom=is_atom) for entry in found["entries"]]
    site = clean_url(_string(feed, "link"), url)
    # RSS says nothing of relative links; what its channel links to is where they lead.
    base = url if is_atom else site or url
    entries, left_out = clean_entries(items, base=base, site=site, now=now)
    problem = _what_is_wrong(found)
    cut_off = problem is not None and not document.ends
    problems = ("cut off before its end" if cut_off else problem, left_out)
    return ParsedFeed(
        title=clean_line(_string(feed, "title")) or url,
        language=clean_language(_string(feed, "language")),
        entries=entries,
        complete=not cut_off,
        problem="; ".join(filter(None, problems)) or None,
        ttl=_ttl(feed),
        skips=skips(document.body),
        older=_older(feed, url),
    )


def _what_is_wrong(found: Mapping[str, Any]) -> str | None:
    if not found.get("bozo"):
        return None
    error = found.get("bozo_exception")
    line = getattr(error, "getLineNumber", lambda: None)()
    message = getattr(error, "getMessage", lambda: str(error))()
    return f"not well-formed at line {line}: {message}" if line else f"not well-formed: {message}"


def _raw_item(
    entry: Mapping[str, Any], feed: Mapping[str, Any], zone: tzinfo, *, is_atom: bool
) -> RawItem:
    return RawItem(
        guid=_string(entry, "id"),
        links=tuple(_links(entry)),
        title=_string(entry, "title"),
        summary=_string(entry, "summary"),
        contents=tuple(_contents(entry)),
        authors=tuple(_authors(entry)) or tuple(_authors(feed)),
        language=_language(entry, is_atom=is_atom) or _string(feed, "language"),
        published=_date(entry, zone),
        tags=tuple(_string(tag, "label") or _string(tag, "term") for tag in _list(entry, "tags")),
    )


def _links(entry: Mapping[str, Any]) -> Iterator[str]:
    """Best first. Never the link of the feed: it would make one article of all its entries."""
    link = _string(entry, "link")
    # A guid stands in for a missing link, but is none unless it is an address.
    if link != _string(entry, "id") or link.startswith(("http://", "https://")):
        yield link
    yield _string(entry, "feedburner_origlink")
    links = _list(entry, "links")
    for rel in ("alternate", "related", "enclosure"):
        yield from (_string(one, "href") for one in links if one.get("rel") == rel)


def _contents(entry: Mapping[str, Any]) -> Iterator[str]:
    for content in _list(entry, "content"):
        if _string(content, "type") in _TEXT_TYPES:
            yield _string(content, "value")


def _language(entry: Mapping[str, Any], *, is_atom: bool) -> str:
    """The language an entry states (in RSS, feedparser lets it leak into the next entry)."""
    stated = _string(entry, "language")
    if stated or not is_atom:
        return stated
    details = [
        *_list(entry, "content"),
        *(_dict(entry, f"{n}_detail") for n in ("summary", "title")),
    ]
    return next(filter(None, (_string(detail, "language") for detail in details)), "")


def _authors(owner: Mapping[str, Any]) -> Iterator[str]:
    """Names, or addresses where there is no name."""
    details = _list(owner, "authors")
    if len(details) > 1:
        yield from filter(None, (_string(one, "name") or _string(one, "email") for one in details))
    elif author := _string(owner, "author"):  # as stated: the detail takes long domains apart
        yield author


def _date(entry: Mapping[str, Any], zone: tzinfo) -> datetime | None:
    stated = (_string(entry, name) for name in ("published", "updated", "created"))
    dates = (read_date(text, zone) for text in stated if text)
    return next((date for date in dates if date is not None), None)


def _older(feed: Mapping[str, Any], url: str) -> str | None:
    links = _list(feed, "links")
    for rel in ("prev-archive", "next"):
        for link in links:
            if link.get("rel") == rel and (older := clean_url(_string(link, "href"), url)):
                return older
    return None


def _ttl(feed: Mapping[str, Any]) -> timedelta | None:
    minutes = _string(feed, "ttl").strip()
    if minutes.isdecimal() and minutes.isascii():
        return timedelta(minutes=min(int(minutes[:9]), _MAX_TTL_MINUTES))
    period = _PERIODS.get(_string(feed, "sy_updateperiod").strip().lower())
    frequency = _string(feed, "sy_updatefrequency").strip()
    if period is None:
        return None
    return period / max(int(frequency[:9]), 1) if frequency.isdecimal() else period


# Found under this very name: feedparser's own ``get`` looks for others, and warns.
def _string(owner: Mapping[str, Any], name: str) -> str:
    value = dict.get(owner, name) if isinstance(owner, dict) else None
    return value if isinstance(value, str) else ""


def _list(owner: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = dict.get(owner, name) if isinstance(owner, dict) else None
    return value if isinstance(value, list) else []


def _dict(owner: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = dict.get(owner, name) if isinstance(owner, dict) else None
    return value if isinstance(value, dict) else {}
