"""The document of a feed that is polled: fetched, parsed, and its older pages after a gap."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from monitor.errors import FetchError, MonitorError
from monitor.feeds import gaps, schedule
from monitor.feeds.fetch import Fetched
from monitor.feeds.pace import Pauses
from monitor.feeds.parse import Document
from monitor.feeds.room import LARGE, Room
from monitor.jobs import intake
from monitor.jobs.receive import leaves_gap
from monitor.model.feed import FeedSpec, ParsedFeed, Pause, Validators
from monitor.store.engine import Store
from monitor.store.feed_claims import FeedClaim

_READ_WHOLE = timedelta(days=1)  # as often a document is read with what the last one listed
_THREADS = 4  # that parse …
_FOR_LARGE = 1  # … and others for large documents, lest these take all the processes
_P = ParamSpec("_P")
_T = TypeVar("_T")

Parse = Callable[[Document], ParsedFeed]


class Fetches(Protocol):
    """What fetches a document, once it was entered.

    Attributes:
        pauses: hosts that are left alone.
        room: bytes of documents at hand; more begin when there is room.
    """

    pauses: Pauses
    room: Room

    async def fetch(
        self, feed: FeedSpec, validators: Validators, *, cap: int | None = None
    ) -> Fetched:
        """The document of a feed; raises FetchError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of a feed.

    Attributes:
        fetched: without its body: only its entries are wanted from here on.
        parsed: with its older pages; None if the document is the one we know.
        pause: the host is left alone from now on, since it did not give an older page.
    """

    fetched: Fetched
    parsed: ParsedFeed | None = None
    pause: Pause | None = None


class Reader:
    """Reads feeds on an event loop; ``close`` ends its threads.

    Args:
        store: tells whether a document goes on from the last one.
        fetcher: was entered.
        parse: makes entries of a document; called from several threads, may block.
        now: the clock.
    """

    def __init__(
        self, store: Store, fetcher: Fetches, parse: Parse, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._parse = parse
        self._now = now
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="parse")
        self._for_large = ThreadPoolExecutor(_FOR_LARGE, thread_name_prefix="parse-large")

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown()
        self._for_large.shutdown()

    async def read(self, claim: FeedClaim, spec: FeedSpec, began: datetime) -> Read:
        """The document, unless it is the one we know.

        Raises:
            MonitorError: it can't be had, or is no feed.
        """
        validators = claim.validators
        if not schedule.may_be_conditional(claim.body_at, began):
            validators = Validators(body_hash=validators.body_hash)
        fetched = await self._fetcher.fetch(intake.target(claim, spec), validators)
        body = fetched.body
        if body is None:
            return Read(fetched=fetched)
        bare = replace(fetched, body=None)
        parsed = await self._parsed(claim, spec, fetched, body)
        older = gaps.older_page(fetched.url, body, parsed.older)
        del fetched, body  # while it waits for older pages
        if older is None:
            return Read(fetched=bare, parsed=parsed)
        return await self._with_older(claim, spec, Read(fetched=bare, parsed=parsed), older)

    def pause_of(self, error: MonitorError) -> Pause | None:
        """The pause of the host that did not give a document."""
        host = error.host if isinstance(error, FetchError) else None
        return None if host is None else self._fetcher.pauses.known(host)

    async def _parsed(
        self, claim: FeedClaim, spec: FeedSpec, fetched: Fetched, body: bytes
    ) -> ParsedFeed:
        self._fetcher.room.take(len(body))
        try:
            document = self._document(claim, spec, fetched, body)
            threads = self._for_large if len(body) > LARGE else self._threads
            return await asyncio.get_running_loop().run_in_executor(threads, self._parse, document)
        finally:
            self._fetcher.room.give(len(body))

    def _document(
        self, claim: FeedClaim, spec: FeedSpec, fetched: Fetched, body: bytes
    ) -> Document:
        now = self._now()
        fresh = claim.parsed_at is not None and now - claim.parsed_at < _READ_WHOLE
        return Document(
            body=body,
            url=fetched.url,
            content_type=fetched.content_type,
            seen=claim.item_hashes if fresh else b"",
            timezone=spec.timezone,
            now=now,
            feed=spec.url,
            language=spec.language,
        )

    async def _with_older(
        self, claim: FeedClaim, spec: FeedSpec, read: Read, older: str | None
    ) -> Read:
        """A document with its older pages, where it does not go on from the last one.

        What can't be had is left out, and the gap that stays is recorded.
        """
        first = claim.last_ok is None
        parsed = read.parsed
        for _ in range(spec.backfill_pages if first else gaps.MOST_PAGES):
            if (
                older is None
                or parsed is None
                or not (first or await self._in_thread(self._leaves_gap, claim, spec, parsed))
            ):
                break
            try:
                page, older = await self._page(claim, spec, older)
            except MonitorError as error:
                return replace(read, parsed=parsed, pause=self.pause_of(error))
            if page is None:
                break
            parsed = replace(
                parsed,
                items=parsed.items + page.items,
                known=parsed.known + page.known,
                pages=parsed.pages + 1,
            )
        return replace(read, parsed=parsed)

    async def _page(
        self, claim: FeedClaim, spec: FeedSpec, url: str
    ) -> tuple[ParsedFeed | None, str | None]:
        """An older page, and the address of the one before it."""
        at = replace(intake.target(claim, spec), location=url)
        found = await self._fetcher.fetch(at, Validators())
        if found.body is None:
            return None, None
        page = await self._parsed(claim, spec, found, found.body)
        return page, gaps.older_page(found.url, found.body, page.older)

    def _leaves_gap(self, claim: FeedClaim, spec: FeedSpec, parsed: ParsedFeed) -> bool:
        if parsed.known:
            return False
        with self._store.read() as connection:
            return leaves_gap(connection, claim, spec, parsed, self._now())

    async def _in_thread(
        self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        call = partial(function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)
