"""robots.txt: which pages of a site may be fetched. The only door of protego.

Feeds are asked for by people, so it does not count for them; it does for pages and sitemaps.
The rules are those of RFC 9309: no file allows everything, a server that fails nothing, for now.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

from monitor.errors import FetchError, HostPaused

MAX_BYTES = 500_000  # the least a reader must read; what stands behind counts for nobody
FRESH, FRESH_FAILURE = timedelta(hours=24), timedelta(hours=1)
ALLOW_ALL, DISALLOW_ALL = "", "User-agent: *\nDisallow: /"
_NOT_THERE = range(400, 500)
_BUSY = 429
_MOST_SITES = 5_000

Fetch = Callable[[str], Awaitable[bytes]]


def allowed(text: str, url: str, user_agent: str) -> bool:
    """Whether a robots.txt lets a client fetch an address of its site.

    Args:
        text: of the file.
        url: of the page.
        user_agent: as sent; what stands before a slash or blank names us.
    """
    return bool(_parsed(text).can_fetch(url, _token(user_agent)))


def crawl_delay(text: str, user_agent: str) -> timedelta | None:
    """How far apart a robots.txt wants the requests of a client, if it says so."""
    seconds = _parsed(text).crawl_delay(_token(user_agent))
    longest = FRESH.total_seconds()
    return None if seconds is None else timedelta(seconds=min(max(seconds, 0), longest))


def sitemaps(text: str) -> list[str]:
    """The sitemaps a robots.txt names."""
    return list(_parsed(text).sitemaps)


def text_of(answer: bytes | FetchError) -> str:
    """What counts as the text of a robots.txt, given the answer to asking for it."""
    if isinstance(answer, bytes):
        return answer[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    missing = answer.status in _NOT_THERE and answer.status != _BUSY
    return ALLOW_ALL if missing else DISALLOW_ALL


def address_of(url: str) -> str:
    """Where the robots.txt for an address is."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    text: str
    until: datetime


class RobotsCache:
    """Asks for each robots.txt once a day; for use on one event loop.

    Args:
        fetch: gets a document; raises FetchError.
        now: the clock.
    """

    def __init__(self, fetch: Fetch, *, now: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._now = now
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def text(self, url: str) -> str:
        """The robots.txt that counts for an address; one that says no if it can't be had now.

        Raises:
            HostPaused: the host was not asked, for it wants to be left alone.
        """
        address = address_of(url)
        async with self._asking.setdefault(address, asyncio.Lock()):
            known = self._known.get(address)
            if known is None or not self._now() < known.until <= self._now() + FRESH:
                known = await self._ask(address)
                self._keep(address, known)
        self._asking.pop(address, None)
        return known.text

    async def allowed(self, url: str, user_agent: str) -> bool:
        """Whether we may fetch a page.

        Raises:
            HostPaused: the host was not asked, for it wants to be left alone.
        """
        return allowed(await self.text(url), url, user_agent)

    async def _ask(self, address: str) -> _Known:
        try:
            answer: bytes | FetchError = await self._fetch(address)
        except HostPaused:
            raise
        except FetchError as error:
            answer = error
        text = text_of(answer)
        failed = isinstance(answer, FetchError) and text == DISALLOW_ALL
        return _Known(text=text, until=self._now() + (FRESH_FAILURE if failed else FRESH))

    def _keep(self, address: str, known: _Known) -> None:
        self._known.pop(address, None)
        while len(self._known) >= _MOST_SITES:
            self._known.pop(next(iter(self._known)))
        self._known[address] = known


@lru_cache(maxsize=256)
def _parsed(text: str) -> Protego:
    return Protego.parse(text)


def _token(user_agent: str) -> str:
    words = user_agent.replace("/", " ").split()
    return words[0] if words else "*"
