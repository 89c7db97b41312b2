"""What sites wish of those who fetch their pages: robots.txt, asked for with our fetcher."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from monitor.feeds.fetch import Fetched
from monitor.feeds.robots import RobotsCache, allowed, crawl_delay
from monitor.model.feed import FeedSpec, Validators, host_of

_ACCEPT = "text/plain, */*;q=0.1"


class Fetches(Protocol):
    """What fetches a document, and keeps requests to a host apart."""

    async def fetch(self, feed: FeedSpec, validators: Validators) -> Fetched:
        """The document at the location of a feed; raises FetchError."""

    def slow_down(self, host: str, gap: timedelta) -> None:
        """Keeps requests to a host at least so far apart."""


class Sites:
    """Knows which pages may be fetched; for use on one event loop.

    Args:
        fetcher: also told of the pace that a site wishes.
        user_agent: our name, for feeds that don't give us another.
        now: the clock.
    """

    def __init__(self, fetcher: Fetches, user_agent: str, *, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._user_agent = user_agent
        self._now = now
        self._caches: dict[str | None, RobotsCache] = {}  # one for each proxy: the way there

    async def allowed(self, url: str, feed: FeedSpec) -> bool:
        """Whether we may fetch a page for a feed.

        Raises:
            HostPaused: the host was not asked, for it wants to be left alone.
        """
        if not feed.robots:
            return True
        agent = feed.user_agent or self._user_agent
        text = await self._cache(feed.proxy).text(url)
        if delay := crawl_delay(text, agent):
            self._fetcher.slow_down(host_of(url), delay)
        return allowed(text, url, agent)

    def _cache(self, proxy: str | None) -> RobotsCache:
        if proxy not in self._caches:
            self._caches[proxy] = RobotsCache(partial(self._fetch, proxy), now=self._now)
        return self._caches[proxy]

    async def _fetch(self, proxy: str | None, url: str) -> bytes:
        wish = FeedSpec(url=url, location=url, name=url, proxy=proxy, headers={"accept": _ACCEPT})
        return (await self._fetcher.fetch(wish, Validators())).body or b""
