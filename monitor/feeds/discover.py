"""The feeds of a site: those its page names, those at usual addresses, its news sitemap.

Asks for little: a page that names its feeds is believed, the usual addresses are tried one after
another until one is a feed.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urljoin, urlsplit

from monitor.errors import FetchError, ParseError
from monitor.feeds.encoding import to_utf8
from monitor.feeds.fetch import Fetched
from monitor.feeds.hints import (
    Hint,
    Via,
    news_hints,
    page_hints,
    places_in_sitemap,
    sitemaps_of_robots,
    usual_hints,
)
from monitor.feeds.opml import feed_key
from monitor.feeds.redirect import is_same_site
from monitor.model.feed import FeedSpec, ParsedFeed, Validators

MAX_LINKS: Final = 12  # of a page that are looked at
_STALE: Final = timedelta(days=90)
_FULL: Final = 1_000  # characters; a teaser is shorter
_COMMENTS: Final = re.compile(r"\bcomments?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that was read.

    Attributes:
        url: where it was fetched, before temporary redirects.
        title: what it calls itself, else what the page calls it; may be empty.
        entries: how many it holds.
        newest: when the newest of them was published, if one tells.
        full: whether most entries carry the text of the article.
    """

    url: str
    via: Via
    title: str
    language: str | None
    entries: int
    newest: datetime | None
    full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The feeds of a site, most useful first; and what promised to be one, with the problem."""

    feeds: tuple[FoundFeed, ...]
    unread: tuple[tuple[str, str], ...] = ()


class Fetches(Protocol):
    """What fetches a document."""

    async def fetch(self, feed: FeedSpec, validators: Validators) -> Fetched:
        """The document of a feed; raises FetchError."""


async def find_feeds(
    fetcher: Fetches, site: FeedSpec, read: Callable[[Fetched], ParsedFeed], now: datetime
) -> Findings:
    """Looks for feeds where people expect them.

    Args:
        fetcher: keeps the pace of each host.
        site: its location is a feed or a page; auth and headers go to its host only.
        read: parses a document; raises ParseError.
        now: tells feeds that sleep.

    Raises:
        FetchError: the site can't be reached.
        ParseError: the address is neither a feed nor a page.
    """
    finder = _Finder(fetcher, site, read)
    found = await finder.find()
    feeds = sorted(found, key=lambda feed: _rank(feed, now))
    return Findings(feeds=tuple(feeds), unread=tuple(finder.unread))


def _rank(feed: FoundFeed, now: datetime) -> tuple[bool, ...]:
    """Smaller is more useful; among equals the site's own order holds: its main feed is first."""
    return (
        feed.entries == 0,
        _COMMENTS.search(f"{feed.title} {urlsplit(feed.url).path}") is not None,
        feed.newest is not None and now - feed.newest > _STALE,
        feed.via is Via.SITEMAP,
    )


class _Finder:
    def __init__(
        self, fetcher: Fetches, site: FeedSpec, read: Callable[[Fetched], ParsedFeed]
    ) -> None:
        self._fetcher = fetcher
        self._site = site
        self._read = read
        self._seen: set[str] = set()
        self.unread: list[tuple[str, str]] = []

    async def find(self) -> list[FoundFeed]:
        """All feeds, in the order of their discovery."""
        page = await self._page()
        if page is None:
            return await self._beside(self._site.location)
        try:
            return [_found(Hint(self._site.location, Via.ITSELF), page, self._read(page))]
        except ParseError:
            if not _is_page(page):
                raise
        self._seen.add(feed_key(page.url))
        hints = page_hints(_text(page), page.url)
        found = await self._look_at(hints.named) or await self._look_at(hints.linked)
        return await self._beside(page.url, found)

    async def _page(self) -> Fetched | None:
        """The page; None if the server refuses it: its feeds may be open all the same."""
        try:
            return await self._fetch(self._site.location)
        except FetchError as error:
            if error.status is None or error.retry_after is not None:
                raise
            self.unread.append((self._site.location, str(error)))
            return None

    async def _beside(self, page: str, found: Sequence[FoundFeed] = ()) -> list[FoundFeed]:
        """What the site has at usual addresses, and its news sitemap."""
        known = list(found)
        for hint in usual_hints(page) if not known else ():
            if known := await self._probe(hint):
                break
        for hint in await self._sitemaps(page):
            known += await self._probe(hint)
        return known

    async def _look_at(self, hints: Iterable[Hint]) -> list[FoundFeed]:
        """The feeds among addresses that promise to be some."""
        new: list[Hint] = []
        for hint in hints:
            if feed_key(hint.url) not in self._seen and len(new) < MAX_LINKS:
                self._seen.add(feed_key(hint.url))
                new.append(hint)
        answers = await asyncio.gather(*map(self._look, new))
        for hint, answer in zip(new, answers, strict=True):
            if isinstance(answer, str):
                self.unread.append((hint.url, answer))
        return [answer for answer in answers if not isinstance(answer, str)]

    async def _probe(self, hint: Hint) -> list[FoundFeed]:
        """Like a look, but what is no feed there is no surprise."""
        if feed_key(hint.url) in self._seen:
            return []
        self._seen.add(feed_key(hint.url))
        answer = await self._look(hint)
        return [] if isinstance(answer, str) else [answer]

    async def _look(self, hint: Hint) -> FoundFeed | str:
        """A feed, or why it is none."""
        try:
            fetched = await self._fetch(hint.url)
            return _found(hint, fetched, self._read(fetched))
        except (FetchError, ParseError) as error:
            return str(error)

    async def _fetch(self, url: str) -> Fetched:
        spec = replace(self._site, location=url)
        if not is_same_site(self._site.location, url):
            spec = replace(spec, auth=None, headers={})
        return await self._fetcher.fetch(spec, Validators())

    async def _sitemaps(self, page: str) -> list[Hint]:
        """Where the news sitemaps of a site may be."""
        robots = urljoin(page, "/robots.txt")
        listed = sitemaps_of_robots(await self._text_of(robots), robots)
        if hints := news_hints(listed):
            return hints
        index = listed[0] if listed else urljoin(page, "/sitemap.xml")
        inside = places_in_sitemap(await self._text_of(index), index)
        return news_hints(inside) or [Hint(urljoin(page, "/news-sitemap.xml"), Via.SITEMAP)]

    async def _text_of(self, url: str) -> str:
        """A document as text; empty if it can't be had."""
        try:
            return _text(await self._fetch(url))
        except FetchError:
            return ""


def _text(document: Fetched) -> str:
    return to_utf8(document.body or b"", document.content_type).decode("utf-8", "replace")


def _is_page(document: Fetched) -> bool:
    return "html" in document.content_type.lower() or b"<html" in (document.body or b"").lower()


def _found(hint: Hint, document: Fetched, feed: ParsedFeed) -> FoundFeed:
    dates = [entry.published for entry in feed.entries if entry.published is not None]
    with_text = sum(len(entry.text) >= _FULL for entry in feed.entries)
    return FoundFeed(
        url=document.moved_to or hint.url,
        via=hint.via,
        title=feed.title or hint.title,
        language=feed.language,
        entries=len(feed.entries),
        newest=max(dates, default=None),
        full=with_text * 2 > len(feed.entries),
    )
