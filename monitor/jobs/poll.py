"""Polls feeds: fetches overlap on one event loop in a thread of its own, each ends by itself."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from random import Random
from threading import Thread
from typing import ParamSpec, Protocol, TypeVar

from monitor.errors import MonitorError, StoreError
from monitor.feeds import schedule
from monitor.feeds.fetch import Fetched
from monitor.feeds.parse import parse
from monitor.jobs import intake
from monitor.jobs.clock import ClockWatch
from monitor.jobs.intake import Poll, PollReport
from monitor.model.feed import FeedSpec, ParsedFeed, Validators
from monitor.store import feeds
from monitor.store.engine import Store
from monitor.store.feeds import FeedClaim

# Longer than any poll waits for its turn at a busy host; a dead process frees its leases.
LEASE = timedelta(hours=1)
SLOTS = 1_000  # most wait for their turn at their host; the fetcher caps connections
_AFTER_STORE_ERROR = timedelta(minutes=1)
_THREADS = 4
_LOOKUPS = 64  # threads that ask for addresses: a few dead names must not block the others
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Fetches(Protocol):
    """What fetches a document, once it was entered."""

    async def fetch(self, feed: FeedSpec, validators: Validators) -> Fetched:
        """The document of a feed; raises FetchError."""


class Poller:
    """Starts polls and stores how they end; ``close`` ends its threads.

    Args:
        store: where feeds and articles are.
        fetcher: entered on the loop of the poller.
        now: the clock.
        random: spreads the polls.
        on_done: told of every poll that ended, from the thread of the loop.
        slots: polls in flight at a time.
    """

    def __init__(
        self,
        store: Store,
        fetcher: AbstractAsyncContextManager[Fetches],
        *,
        now: Callable[[], datetime],
        random: Random,
        on_done: Callable[[PollReport], None],
        slots: int = SLOTS,
    ) -> None:
        self._store = store
        self._now = now
        self._random = random
        self._on_done = on_done
        self._slots = slots
        self._specs: Mapping[str, FeedSpec] = {}
        self._clock = ClockWatch()
        self._in_flight: set[Future[None]] = set()
        self._stranded: set[int] = set()
        self._errors: deque[Exception] = deque()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="poll")
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="lookup"))
        self._thread = Thread(target=self._loop.run_forever, name="poll-loop", daemon=True)
        self._thread.start()
        self._context = fetcher
        self._fetcher = asyncio.run_coroutine_threadsafe(fetcher.__aenter__(), self._loop).result()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that fetches run on, in a thread of its own."""
        return self._loop

    @property
    def fetcher(self) -> Fetches:
        """What fetches documents, on the loop."""
        return self._fetcher

    def use(self, specs: Iterable[FeedSpec]) -> None:
        """Polls these feeds from now on; those of the store that are not among them retire.

        Raises:
            StoreError: it could not be stored.
        """
        wished = {spec.url: spec for spec in specs if spec.enabled}
        now = self._now()
        with self._store.write() as connection:
            feeds.sync(connection, wished.values(), now)
            for url, planned in feeds.next_polls(connection).items():
                every = wished[url].every
                if every and planned > now + every:  # a shorter wish counts at once
                    feeds.reschedule(connection, url, now + every)
        self._specs = wished

    def start_due(self, now: datetime, *, everything: bool = False) -> int:
        """Starts polling feeds that are due, as many as there are free slots.

        Args:
            now: the time.
            everything: all feeds, due or not, unless their server asked us to wait.

        Returns:
            How many polls were started.

        Raises:
            StoreError: the feeds can't be claimed.
            Exception: what ``on_done`` raised since the last call.
        """
        if self._errors:
            raise self._errors.popleft()
        if self._clock.went_back(now):
            self._clamp(now)
        self._postpone_stranded(now)
        claims = self._claim(now, everything=everything)
        for claim in claims:
            future = asyncio.run_coroutine_threadsafe(self._poll(claim), self._loop)
            self._in_flight.add(future)
            future.add_done_callback(self._in_flight.discard)
        return len(claims)

    def drain(self) -> None:
        """Waits until every poll in flight has ended.

        Raises:
            Exception: what ``on_done`` raised.
        """
        wait(set(self._in_flight))
        if self._errors:
            raise self._errors.popleft()

    def close(self) -> None:
        """Ends the polls in flight (the next process makes up for them) and the threads."""
        for future in set(self._in_flight):
            future.cancel()
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._threads.shutdown()
        self._loop.close()

    async def _leave(self) -> None:
        polls = asyncio.all_tasks() - {asyncio.current_task()}
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)
        await self._context.__aexit__(None, None, None)
        await self._loop.shutdown_default_executor()

    def _claim(self, now: datetime, *, everything: bool) -> list[FeedClaim]:
        free = None if everything else self._slots - len(self._in_flight)
        if free == 0:
            return []
        with self._store.read() as connection:
            if not feeds.is_due(connection, now, everything=everything):
                return []
        with self._store.write() as connection:
            claims = feeds.claim_due(connection, now, now + LEASE, free, everything=everything)
        return [claim for claim in claims if claim.url in self._specs]

    def _clamp(self, now: datetime) -> None:
        with self._store.write() as connection:
            for url, planned in feeds.next_polls(connection).items():
                if url in self._specs:
                    next_poll = schedule.clamp(planned, self._specs[url], now)
                    if next_poll != planned:
                        feeds.reschedule(connection, url, next_poll)

    def _postpone_stranded(self, now: datetime) -> None:
        if self._stranded:
            stranded = set(self._stranded)
            with self._store.write() as connection:
                feeds.postpone(connection, stranded, now + _AFTER_STORE_ERROR)
            self._stranded -= stranded

    async def _poll(self, claim: FeedClaim) -> None:
        try:
            self._on_done(await self._report(claim, self._specs[claim.url]))
        except Exception as error:  # noqa: BLE001  # raised where the caller sees it
            self._errors.append(error)

    async def _report(self, claim: FeedClaim, spec: FeedSpec) -> PollReport:
        try:
            return await self._fetch_and_store(claim, spec)
        except StoreError as error:
            self._stranded.add(claim.id)
            first = claim.last_ok is None
            return PollReport(
                feed=spec, outcome="failed", first=first, problem=str(error), error=error
            )

    async def _fetch_and_store(self, claim: FeedClaim, spec: FeedSpec) -> PollReport:
        try:
            return await self._read(claim, spec)
        except StoreError:
            raise
        except MonitorError as error:
            failure = error
        except Exception as error:  # noqa: BLE001  # one feed never stops the others
            failure = MonitorError(f"unexpected {type(error).__name__}: {error}")
            failure.__cause__ = error
        end = self._end(claim, spec)
        return await self._in_thread(intake.store_failure, self._store, end, failure)

    async def _read(self, claim: FeedClaim, spec: FeedSpec) -> PollReport:
        fetched = await self._fetcher.fetch(intake.target(claim, spec), claim.validators)
        if fetched.body is None:
            end = self._end(claim, spec)
            return await self._in_thread(intake.store_unchanged, self._store, end, fetched)
        parsed = await self._in_thread(_parse, fetched, fetched.body, self._now())
        end = self._end(claim, spec)
        return await self._in_thread(intake.store_parsed, self._store, end, fetched, parsed)

    def _end(self, claim: FeedClaim, spec: FeedSpec) -> Poll:
        jitter = self._random.uniform(-1, 1)
        return Poll(claim=claim, spec=spec, now=self._now(), jitter=jitter)

    async def _in_thread(
        self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        call = partial(function, *args, **kwargs)
        return await self._loop.run_in_executor(self._threads, call)


def _parse(fetched: Fetched, body: bytes, now: datetime) -> ParsedFeed:
    return parse(body, url=fetched.url, content_type=fetched.content_type, now=now)
