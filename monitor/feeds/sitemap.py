"""News sitemaps, which sites without feeds have for search engines (sitemaps.org, Google News)."""

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from html import escape
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, InputSource

from typing_extensions import override

from monitor.errors import ParseError
from monitor.feeds.dates import read_date
from monitor.feeds.entries import RawItem, clean_entries
from monitor.feeds.html import clean_line
from monitor.feeds.repair import repair
from monitor.feeds.sax import LimitedParser, LimitError
from monitor.model.feed import ParsedFeed

_ROOT = re.compile(rb"\s*(?:<[?!][^<>]*>\s*)*<(?:[\w.-]+:)?(urlset|sitemapindex)[\s>]")
_MAX_TEXT = 10_000  # characters of a title; what is longer is cut


def looks_like_sitemap(text: bytes) -> bool:
    """Whether the root of a document is that of a sitemap, or of an index of sitemaps."""
    return _ROOT.match(text) is not None


def parse_sitemap(text: bytes, *, url: str, now: datetime, zone: tzinfo = UTC) -> ParsedFeed:
    """Reads a news sitemap; pages without a news title are no news and are left out.

    Args:
        text: the document in UTF-8.
        url: its address.
        now: limit for dates.
        zone: of dates that name none.

    Raises:
        ParseError: it holds no news, or breaks a limit.
    """
    document = repair(text)
    reader = _Reader()
    try:
        problem = _read(document.body, reader)
    except LimitError as error:
        raise ParseError(f"beyond the limits on feeds: {error}") from error
    if not reader.pages:
        raise ParseError(_no_news(reader))
    items = [_raw_item(page, zone) for page in reader.pages]
    entries, left_out = clean_entries(items, base=url, now=now)
    return ParsedFeed(
        title=clean_line(escape(reader.pages[0].get("name", ""))) or url,
        language=None,
        entries=entries,
        complete=problem is None or document.ends,
        problem="; ".join(filter(None, (problem, left_out))) or None,
    )


class _Reader(ContentHandler):
    """Collects the fields of every ``url`` that has a news title, by their local names."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[Mapping[str, str]] = []
        self.is_index = False
        self._page: dict[str, str] = {}
        self._text: list[str] = []

    @override
    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        self._text.clear()
        if name[1] == "url":
            self._page = {}
        self.is_index = self.is_index or name[1] == "sitemap"

    @override
    def characters(self, content: str) -> None:
        self._text.append(content)

    @override
    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        if name[1] != "url":
            self._page.setdefault(name[1], "".join(self._text)[:_MAX_TEXT].strip())
        elif self._page.get("title") and self._page.get("loc"):
            self.pages.append(self._page)
        self._text.clear()


def _read(body: bytes, reader: _Reader) -> str | None:
    """Reads as far as the document is well-formed; returns what is wrong there."""
    parser = LimitedParser()
    parser.setFeature(feature_namespaces, True)  # noqa: FBT003
    parser.setFeature(feature_external_ges, False)  # noqa: FBT003
    parser.setContentHandler(reader)
    source = InputSource()
    source.setByteStream(io.BytesIO(body))
    try:
        parser.parse(source)
    except SAXParseException as error:
        return f"not well-formed at line {error.getLineNumber()}: {error.getMessage()}"
    return None


def _no_news(reader: _Reader) -> str:
    if reader.is_index:
        return "not a feed: an index of sitemaps; take the address of the news sitemap in it"
    return "not a feed: a sitemap without news titles"


def _raw_item(page: Mapping[str, str], zone: tzinfo) -> RawItem:
    dates = (read_date(page.get(name, ""), zone) for name in ("publication_date", "lastmod"))
    return RawItem(
        links=(page["loc"],),
        title=escape(page["title"]),
        language=page.get("language", ""),
        published=next(filter(None, dates), None),
        tags=tuple(map(escape, page.get("keywords", "").split(","))),
    )
