"""Fetches the pages of wanted articles and reads their text; each ends by itself.

Fetches run on the loop of the poller, with its fetcher: so pages and feeds of a host share its
pace. Reading runs in a worker process.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

from monitor.analysis.teaser import beginning
from monitor.errors import FetchError, HostPaused, MonitorError, StoreError, TooLarge
from monitor.feeds.entries import MAX_LEAD
from monitor.feeds.fetch import Fetched
from monitor.feeds.pages import MAX_PAGE, Page, PageSource, is_page
from monitor.feeds.redirect import is_same_site
from monitor.jobs.clock import ClockWatch
from monitor.jobs.reading import Fetches
from monitor.model.article import Article
from monitor.model.feed import FeedSpec, FullText, Pause, Validators
from monitor.store import banners, hosts, pages
from monitor.store.engine import Store
from monitor.store.pages import Ended, PageClaim, PageText

SLOTS = 32  # pages in flight; each may hold 2 MB
SECONDS = 10.0  # for reading a page
WAITS = (timedelta(minutes=10), timedelta(hours=2))  # after the first and the second try
_HOPS = 3  # pages that send their readers on
_THREADS = 2
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
_LATER = (408, 425, 429)  # of the client errors those that pass
_CLIENT_ERRORS = range(400, 500)
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Robots(Protocol):
    """What knows the wishes of sites."""

    async def allowed(self, url: str, feed: FeedSpec) -> bool:
        """Whether a page may be fetched for a feed; raises HostPaused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page is fetched and read with.

    Attributes:
        loop: runs in a thread of its own; the fetcher was entered there.
        read: blocks for up to ``SECONDS``; raises WorkerError.
    """

    loop: asyncio.AbstractEventLoop
    fetcher: Fetches
    robots: Robots
    read: Callable[[PageSource], Page]


Outcome = Literal["text", "part", "later", "ended", "outdated"]
"""All of the text came or a part of it; another try follows, or none; the feed was faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """How a search for a page, or one try of it, ended.

    Attributes:
        url: of the page; empty if it was not asked for.
        problem: why there is no text, or only a part of it.
    """

    article: int
    outcome: Outcome
    url: str = ""
    problem: str | None = None


class _FinalError(MonitorError):
    """No further try would bring the page."""


class Extraction:
    """Starts fetches of pages and stores how they end; ``close`` ends its threads.

    Args:
        store: where articles are.
        reading: how pages are had.
        now: the clock.
        on_done: told of every page, from the thread of the loop.
        slots: pages in flight at a time.
    """

    def __init__(
        self,
        store: Store,
        reading: Reading,
        *,
        now: Callable[[], datetime],
        on_done: Callable[[PageReport], None],
        slots: int = SLOTS,
    ) -> None:
        self.specs: Mapping[str, FeedSpec] = {}
        self._store = store
        self._reading = reading
        self._now = now
        self._on_done = on_done
        self._slots = slots
        self._clock = ClockWatch()
        self._in_flight: dict[int, Future[None]] = {}
        self._errors: deque[Exception] = deque()
        self._unstored: deque[PageClaim] = deque()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="extract")

    def start_due(self, now: datetime) -> int:
        """Starts fetching pages that are due, as many as there are free slots.

        Returns:
            How many searches went on: were started, or ended without another try.

        Raises:
            StoreError: the pages can't be claimed.
            Exception: what ``on_done`` raised since the last call.
        """
        if self._errors:
            raise self._errors.popleft()
        if self._clock.went_back(now):
            with self._store.write() as connection:
                pages.clamp(connection, now)
        claims, ended = self._claim(now)
        for each in ended:
            self._on_done(PageReport(article=each.article, outcome="ended", problem=each.reason))
        for claim in claims:
            future = asyncio.run_coroutine_threadsafe(self._run(claim), self._reading.loop)
            self._in_flight[claim.id] = future
            future.add_done_callback(partial(self._landed, claim.id))
        return len(claims) + len(ended)

    def drain(self) -> None:
        """Waits until every page in flight has ended.

        Raises:
            Exception: what ``on_done`` raised.
        """
        wait(list(self._in_flight.values()))
        if self._errors:
            raise self._errors.popleft()

    def close(self) -> None:
        """Ends the threads, once the loop has ended its tasks; their pages are tried again."""
        self._threads.shutdown()

    def _landed(self, article: int, _: Future[None]) -> None:
        self._in_flight.pop(article, None)

    def _claim(self, now: datetime) -> tuple[list[PageClaim], list[Ended]]:
        free = self._slots - len(self._in_flight)
        if free <= 0:
            return [], []
        with self._store.read() as connection:
            if not pages.is_due(connection, now):
                return [], []
        budgets = {
            spec.url: spec.pages_per_day
            for spec in self.specs.values()
            if spec.full_text is not FullText.NEVER
        }
        unstored = list(self._unstored)
        with self._store.write() as connection:
            pages.uncount(connection, unstored)
            given_up = pages.give_up(connection, now)
            claims, ended = pages.claim(
                connection, now, budgets, limit=free, wait=WAITS[0], busy=list(self._in_flight)
            )
        for _ in unstored:
            self._unstored.popleft()
        return claims, [*given_up, *ended]

    async def _run(self, claim: PageClaim) -> None:
        try:
            self._on_done(await self._report(claim))
        except Exception as error:  # noqa: BLE001  # raised where the caller sees it
            self._errors.append(error)

    async def _report(self, claim: PageClaim) -> PageReport:
        """The end of a try; what can't be stored is tried again, and was no try of the page."""
        url = claim.article.url
        try:
            return await self._read_and_store(claim)
        except StoreError as error:
            self._unstored.append(claim)
            return PageReport(article=claim.id, outcome="later", url=url, problem=str(error))

    async def _read_and_store(self, claim: PageClaim) -> PageReport:
        try:
            page = await self._read(claim.article, self.specs[claim.feed])
        except Exception as error:  # noqa: BLE001  # one page never stops the others
            return await self._in_thread(self._store_failure, claim, error)
        return await self._in_thread(self._store_page, claim, page)

    async def _read(self, article: Article, spec: FeedSpec) -> Page:
        """The page of an article; those that only send their readers on are followed."""
        url = article.url
        for _ in range(_HOPS):
            fetched = await self._fetch(spec, url)
            source = PageSource(
                body=fetched.body or b"", url=fetched.url, content_type=fetched.content_type
            )
            page = await self._understand(source)
            if page.refresh is None or not page.problem:
                return page
            url = page.refresh
        raise _FinalError("its page sends its readers on and on")

    async def _understand(self, source: PageSource) -> Page:
        self._reading.fetcher.room.take(len(source.body))
        try:
            return await self._in_thread(self._reading.read, source)
        finally:
            self._reading.fetcher.room.give(len(source.body))

    async def _fetch(self, spec: FeedSpec, url: str) -> Fetched:
        await self._ask(spec, url)
        fetched = await self._reading.fetcher.fetch(
            _page_of(spec, url), Validators(), cap=MAX_PAGE
        )
        if urlsplit(fetched.url).netloc != urlsplit(url).netloc:
            await self._ask(spec, fetched.url)  # another site, other wishes
        if not is_page(fetched.content_type):
            kind = fetched.content_type.partition(";")[0].strip()
            raise _FinalError(f"its page is no HTML but {kind[:100]}")
        return fetched

    async def _ask(self, spec: FeedSpec, url: str) -> None:
        if not await self._reading.robots.allowed(url, spec):
            raise _FinalError("the site does not want its page to be fetched (robots.txt)")

    def _store_page(self, claim: PageClaim, page: Page) -> PageReport:
        now = self._now()
        with self._store.write() as connection:
            text = banners.without(connection, claim, page.text, now)
            problem = page.problem
            if page.text and not text:
                problem = "its page shows only what other pages of its site show as well"
            elif _adds_nothing(claim.article, text):
                text, problem = "", problem or "its page says no more than its feed"
            if text:
                found = _page_text(claim.article, page, text, problem)
                current = pages.add_text(connection, claim, found, now)
            else:
                current = pages.end(connection, claim, problem or "its page has no text")
        ended: Outcome = "ended" if not text else "part" if problem else "text"
        return _report(claim, ended if current else "outdated", problem)

    def _store_failure(self, claim: PageClaim, error: Exception) -> PageReport:
        problem = _told(error)
        last = _is_final(error) or (
            claim.tries >= pages.TRIES and not isinstance(error, HostPaused)
        )
        with self._store.write() as connection:
            if last:
                current = pages.end(connection, claim, problem)
            elif isinstance(error, HostPaused):
                until = self._now() + _asked(error)
                current = pages.put_off(connection, claim, problem, until, tried=False)
            else:
                until = self._now() + max(WAITS[claim.tries - 1], _asked(error))
                current = pages.put_off(connection, claim, problem, until)
            if pause := self._pause(error):
                hosts.pause(connection, pause)
        ended: Outcome = "ended" if last else "later"
        return _report(claim, ended if current else "outdated", problem)

    def _pause(self, error: Exception) -> Pause | None:
        """The pause of the host that did not give the page, for the next process."""
        host = error.host if isinstance(error, FetchError) else None
        return None if host is None else self._reading.fetcher.pauses.known(host)

    async def _in_thread(
        self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        call = partial(function, *args, **kwargs)
        return await self._reading.loop.run_in_executor(self._threads, call)


def _report(claim: PageClaim, outcome: Outcome, problem: str | None) -> PageReport:
    return PageReport(article=claim.id, outcome=outcome, url=claim.article.url, problem=problem)


def _page_of(spec: FeedSpec, url: str) -> FeedSpec:
    """What to fetch; the secrets of a feed are sent to its own site only."""
    trusted = is_same_site(spec.location, url)
    headers = {name: value for name, value in spec.headers.items() if trusted}
    return replace(
        spec,
        url=url,
        location=url,
        headers={"accept": _ACCEPT} | headers,
        auth=spec.auth if trusted else None,
    )


def _page_text(article: Article, page: Page, text: str, problem: str | None) -> PageText:
    """What is kept of a page; of one that shows a part only the lead grows."""
    elsewhere = page.canonical and urlsplit(page.canonical).netloc != urlsplit(article.url).netloc
    return PageText(
        lead=beginning(article.lead, text)[:MAX_LEAD] if problem else article.lead,
        text="" if problem else text,
        language=page.language,
        url=page.canonical if elsewhere else None,
        problem=problem,
    )


def _adds_nothing(article: Article, text: str) -> bool:
    """Whether title and lead say all that a text does."""
    words = text.split()
    known = f" {' '.join(f'{article.title} {article.lead}'.split())} "
    return f" {' '.join(words)} " in known


def _told(error: Exception) -> str:
    """Why the page was not had, for people."""
    match error:
        case _FinalError():
            return str(error)
        case MonitorError():
            return f"its page was not had: {error}"
        case _:
            return f"its page was not read: unexpected {type(error).__name__}: {error}"


def _is_final(error: Exception) -> bool:
    if isinstance(error, FetchError) and error.status is not None:
        return error.status in _CLIENT_ERRORS and error.status not in _LATER
    return isinstance(error, _FinalError | TooLarge)


def _asked(error: Exception) -> timedelta:
    """How long the server asked us to wait."""
    seconds = error.retry_after if isinstance(error, FetchError) else None
    return timedelta(seconds=seconds or 0)
