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
    sitemaps_of_index,
    sitemaps_of_robots,
    usual_hints,
)
from monitor.feeds.opml import feed_key
from monitor.feeds.redirect import is_same_site
from monitor.feeds.robots import address_of
from monitor.model.feed import FeedSpec, ParsedFeed, Validators

MAX_LINKS: Final = 12  # of a page that are looked at
MAX_LISTS: Final = 2  # pages about feeds that are
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
    """What a look at a site gave.

    Attributes:
        feeds: most useful first.
        unread: addresses that promised to be feeds, each with what was wrong.
        more: how many other addresses look like feeds; nobody looked at them.
    """

    feeds: tuple[FoundFeed, ...]
    unread: tuple[tuple[str, str], ...] = ()
    more: int = 0


class Fetches(Protocol):
    """What fetches a document."""

    async def fetch(self, feed: FeedSpec, validators: Validators) -> Fetched:
        """The document of a feed; raises FetchError."""


async def find_feeds(
    fetcher: Fetches,
    site: FeedSpec,
    read: Callable[[Fetched], ParsedFeed],
    now: datetime,
    *,
    thorough: bool = True,
) -> Findings:
    """Looks for feeds where people expect them.

    Args:
        fetcher: keeps the pace of each host.
        site: its location is a feed or a page; auth and headers go to its host only.
        read: parses a document; raises ParseError.
        now: tells feeds that sleep.
        thorough: looks for news sitemaps as well where there are feeds.

    Raises:
        FetchError: the site can't be reached.
        ParseError: the address is neither a feed nor a page.
    """
    finder = _Finder(fetcher, site, read, thorough=thorough)
    found = await finder.find()
    feeds = sorted(found, key=lambda feed: _rank(feed, now))
    return Findings(feeds=tuple(feeds), unread=tuple(finder.unread), more=finder.more)


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
        self,
        fetcher: Fetches,
        site: FeedSpec,
        read: Callable[[Fetched], ParsedFeed],
        *,
        thorough: bool,
    ) -> None:
        self._fetcher = fetcher
        self._site = site
        self._read = read
        self._thorough = thorough
        self._seen: set[str] = set()
        self._lists: list[Fetched] = []  # pages that are linked as if they were feeds
        self.more = 0
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
        found = await self._look_at(hints.named) or await self._linked(hints.linked)
        return await self._beside(page.url, found)

    async def _linked(self, hints: Iterable[Hint]) -> list[FoundFeed]:
        """Feeds that are linked, or that a linked page lists ("RSS" at the foot of a page)."""
        found = await self._look_at(hints)
        for page in () if found else self._lists[:MAX_LISTS]:
            listed = page_hints(_text(page), page.url)
            found += await self._look_at([*listed.named, *listed.linked])
        return found

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
        if self._thorough or not known:
            known += await self._sitemaps(page)
        return known

    async def _look_at(self, hints: Iterable[Hint]) -> list[FoundFeed]:
        """The feeds among addresses that promise to be some."""
        fresh: list[Hint] = []
        for hint in hints:
            if feed_key(hint.url) not in self._seen:
                self._seen.add(feed_key(hint.url))
                fresh.append(hint)
        self.more += len(fresh[MAX_LINKS:])
        answers = await asyncio.gather(*map(self._look, fresh[:MAX_LINKS]))
        for hint, answer in zip(fresh, answers, strict=False):
            if isinstance(answer, str):
                self.unread.append((hint.url, answer))
        return [answer for answer in answers if isinstance(answer, FoundFeed)]

    async def _probe(self, hint: Hint) -> list[FoundFeed]:
        """Like a look, but what is no feed there is no surprise."""
        if feed_key(hint.url) in self._seen:
            return []
        self._seen.add(feed_key(hint.url))
        answer = await self._look(hint)
        return [answer] if isinstance(answer, FoundFeed) else []

    async def _look(self, hint: Hint) -> FoundFeed | str | None:
        """A feed, or why it is none; None for a page that did not say that it is a feed."""
        try:
            fetched = await self._fetch(hint.url)
        except FetchError as error:
            return str(error)
        try:
            return _found(hint, fetched, self._read(fetched))
        except ParseError as error:
            if hint.via is Via.LINKED and _is_page(fetched):
                self._lists.append(fetched)
                return None
            return str(error)

    async def _fetch(self, url: str) -> Fetched:
        spec = replace(self._site, location=url)
        if not is_same_site(self._site.location, url):
            spec = replace(spec, auth=None, headers={})
        return await self._fetcher.fetch(spec, Validators())

    async def _sitemaps(self, page: str) -> list[FoundFeed]:
        """The news sitemaps of a site: those robots.txt names, or where they usually are."""
        robots = address_of(page)
        try:
            listed = sitemaps_of_robots(_text(await self._fetch(robots)), robots)
        except FetchError:
            listed = []
        named = news_hints(listed)
        hints = named or [Hint(urljoin(page, "/news-sitemap.xml"), Via.SITEMAP)]
        if not named:
            index = listed[0] if listed else urljoin(page, "/sitemap.xml")
            hints = [Hint(index, Via.SITEMAP), *hints]
        return [feed for hint in hints for feed in await self._sitemap(hint)]

    async def _sitemap(self, hint: Hint, *, is_inside: bool = False) -> list[FoundFeed]:
        """A news sitemap, or those that an index of sitemaps lists."""
        if feed_key(hint.url) in self._seen:
            return []
        self._seen.add(feed_key(hint.url))
        try:
            document = await self._fetch(hint.url)
        except FetchError:
            return []
        try:
            return [_found(hint, document, self._read(document))]
        except ParseError:
            inside = () if is_inside else sitemaps_of_index(_text(document), hint.url)
        hints = news_hints(inside)
        return [feed for each in hints for feed in await self._sitemap(each, is_inside=True)]


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
        title=(feed.title if feed.title != document.url else "") or hint.title,
        language=feed.language,
        entries=len(feed.entries),
        newest=max(dates, default=None),
        full=with_text * 2 > len(feed.entries),
    )
