"""Polls feeds: fetches overlap on one event loop in a thread of its own, each ends by itself."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from threading import Condition, Thread

from monitor import observe
from monitor.errors import MonitorError, StoreError
from monitor.feeds import schedule
from monitor.feeds.parse import read
from monitor.jobs.clock import ClockWatch
from monitor.jobs.dispatch import Batch
from monitor.jobs.ends import Ends, unexpected
from monitor.jobs.intake import End, Poll, PollReport
from monitor.jobs.reading import Fetches, Parse, Reader
from monitor.model.feed import FeedSpec
from monitor.store import feed_claims, feed_polls, feeds, hosts
from monitor.store.engine import Store
from monitor.store.feed_claims import FeedClaim

# Longer than any poll waits for its turn at a busy host; a dead process frees its leases.
LEASE = timedelta(hours=1)
SLOTS = 1_000  # most wait for their turn at their host; the fetcher caps connections
_LATER = timedelta(minutes=1)  # for what can't be polled, or its end not stored
_PART = 5  # of a batch that may still be under way when the next one is taken
_LOOKUPS = 64  # threads that ask for addresses: a few dead names must not block the others


@dataclass(slots=True, kw_only=True)
class _InFlight:
    """Feeds that were started together, as far as their polls have not ended.

    Attributes:
        few: so many are not waited for: slow servers must not keep the next batch from its turn.
    """

    feeds: set[int]
    few: int
    on_end: Callable[[], None]


class Poller:
    """Starts polls and stores how they end; ``close`` ends its threads.

    Args:
        store: where feeds and articles are.
        fetcher: entered on the loop of the poller.
        now: the clock.
        random: spreads the polls.
        on_done: told of every poll that ended, from the thread of the loop.
        on_room: told, from that thread, that ``start_due`` may start more of those that are due.
        slots: polls in flight at a time.
        parse: makes entries of a document; called from several threads, may block.
        token: whose the leases are; 0 for a process that is alone.
    """

    def __init__(  # noqa: PLR0913 - the parts of a poll
        self,
        store: Store,
        fetcher: AbstractAsyncContextManager[Fetches],
        *,
        now: Callable[[], datetime],
        random: Random,
        on_done: Callable[[PollReport], None],
        on_room: Callable[[], None] = lambda: None,
        slots: int = SLOTS,
        parse: Parse = read,
        token: int = 0,
    ) -> None:
        self._store = store
        self._token = token
        self._now = now
        self._random = random
        self._on_done = on_done
        self._on_room = on_room
        self._slots = slots
        self._specs: Mapping[str, FeedSpec] = {}
        self._clock = ClockWatch()
        self._in_flight = 0
        self._ended = Condition()
        self._has_more = False
        self._batches: list[_InFlight] = []
        self._polls: set[asyncio.Task[None]] = set()
        self._stranded: set[int] = set()
        self._errors: deque[BaseException] = deque()
        self._ends = Ends(store, self._stored)
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="lookup"))
        self._thread = Thread(target=self._loop.run_forever, name="poll-loop", daemon=True)
        self._thread.start()
        self._context = fetcher
        self._fetcher = asyncio.run_coroutine_threadsafe(fetcher.__aenter__(), self._loop).result()
        self._reader = Reader(store, self._fetcher, parse, now)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that fetches run on, in a thread of its own."""
        return self._loop

    def use(self, specs: Iterable[FeedSpec]) -> None:
        """Polls these feeds from now on; those of the store that are not among them retire.

        Raises:
            StoreError: it could not be stored.
        """
        wished = {spec.url: spec for spec in specs if spec.enabled}
        now = self._now()
        with self._store.write() as connection:
            feeds.sync(connection, wished.values(), now)
            for url, plan in feeds.next_polls(connection).items():
                every = wished[url].every
                if every and plan.next_poll > now + every and not plan.gone:
                    feeds.reschedule(connection, url, now + every)  # a shorter wish counts at once
            self._fetcher.pauses.take(hosts.pauses(connection))
        self._specs = wished

    def know(self, specs: Iterable[FeedSpec]) -> None:
        """Polls these feeds from now on, when others claim them for it."""
        with self._store.read() as connection:
            self._fetcher.pauses.take(hosts.pauses(connection))
        self._specs = {spec.url: spec for spec in specs if spec.enabled}

    def start_batch(self, batch: Batch, now: datetime, on_end: Callable[[], None]) -> int:
        """Starts polling feeds that were claimed for whoever comes, as far as they still are.

        Args:
            batch: the feeds, and the token that has their leases.
            now: the time.
            on_end: called once, from the thread of the loop, when all but a few polls have ended.

        Returns:
            How many polls were started; if none, ``on_end`` is not called.

        Raises:
            StoreError: their leases can't be taken over.
        """
        with self._store.write(sharing=True) as connection:
            claims = feed_claims.take(
                connection, batch.feeds, batch.token, now + LEASE, self._token
            )
            unknown = [claim.id for claim in claims if claim.url not in self._specs]
            if unknown:  # another machine has another configuration
                feed_polls.postpone(connection, unknown, self._token, now + _LATER)
        mine = [claim for claim in claims if claim.url in self._specs]
        self._start(mine, now, on_end)
        return len(mine)

    def tend(self, now: datetime) -> None:
        """Gives up what could not be stored; to be called every now and then.

        Raises:
            StoreError: it can't be stored.
            Exception: what ``on_done`` raised since the last call.
        """
        self._raise_errors()
        self._postpone_stranded(now)

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
        self.watch_clock(now)
        self.tend(now)
        claims = self._claim(now, everything=everything)
        self._start(claims, now)
        return len(claims)

    def start_one(self, url: str, now: datetime) -> bool:
        """Starts polling one feed, due or not.

        Returns:
            Whether it was started: not if its server asked us to wait, or it is being polled.

        Raises:
            StoreError: the feed can't be claimed.
        """
        with self._store.write(sharing=True) as connection:
            claims = feed_claims.claim_due(
                connection, now, now + LEASE, 1, token=self._token, everything=True, url=url
            )
        self._start(claims, now)
        return bool(claims)

    def drain(self, seconds: float | None = None) -> None:
        """Waits until every poll in flight has ended.

        Args:
            seconds: at most; None for as long as it takes.

        Raises:
            Exception: what ``on_done`` raised.
        """
        self._loop.call_soon_threadsafe(self._ends.hurry, True)  # noqa: FBT003 - a switch
        with self._ended:
            self._ended.wait_for(lambda: self._in_flight == 0, seconds)
        self._loop.call_soon_threadsafe(self._ends.hurry, False)  # noqa: FBT003 - a switch
        self._raise_errors()

    def close(self) -> None:
        """Ends the polls in flight (the next process makes up for them) and the threads."""
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._reader.close()
        self._ends.close()
        self._loop.close()

    async def _leave(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._context.__aexit__(None, None, None)
        await self._loop.shutdown_default_executor()

    def _raise_errors(self) -> None:
        if self._errors:
            raise self._errors.popleft()

    def _claim(self, now: datetime, *, everything: bool) -> list[FeedClaim]:
        free = None if everything else self._slots - self._in_flight
        if free == 0:
            return []
        with self._store.read() as connection:
            if not feed_claims.is_due(connection, now, everything=everything):
                return []
        with self._store.write(sharing=True) as connection:
            claims = feed_claims.claim_due(
                connection, now, now + LEASE, free, token=self._token, everything=everything
            )
        self._has_more = len(claims) == free
        return [claim for claim in claims if claim.url in self._specs]

    def watch_clock(self, now: datetime) -> None:
        """After the clock was set back, moves what it left too far in the future.

        Raises:
            StoreError: it can't be stored.
        """
        if not self._clock.went_back(now):
            return
        with self._store.write() as connection:
            for url, plan in feeds.next_polls(connection).items():
                if url in self._specs:
                    back = partial(
                        schedule.clamp, spec=self._specs[url], polled_at=plan.polled_at, now=now
                    )
                    next_poll = back(plan.next_poll)
                    if next_poll != plan.next_poll:
                        wait = plan.not_before and back(plan.not_before)
                        feeds.replan(connection, url, next_poll, wait)
            self._fetcher.pauses.take(hosts.clamp(connection, now))

    def _postpone_stranded(self, now: datetime) -> None:
        if self._stranded:
            stranded = set(self._stranded)
            with self._store.write() as connection:
                feed_polls.postpone(connection, stranded, self._token, now + _LATER)
            self._stranded -= stranded

    def _start(
        self,
        claims: Sequence[FeedClaim],
        now: datetime,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        with self._ended:
            self._in_flight += len(claims)
        if claims:
            self._loop.call_soon_threadsafe(self._launch, claims, now, on_end)

    def _launch(
        self, claims: Sequence[FeedClaim], began: datetime, on_end: Callable[[], None]
    ) -> None:
        feeds = {claim.id for claim in claims}
        self._batches.append(_InFlight(feeds=feeds, few=len(feeds) // _PART, on_end=on_end))
        for claim in claims:
            task = self._loop.create_task(self._poll(claim, self._specs[claim.url], began))
            self._polls.add(task)
            task.add_done_callback(self._polls.discard)

    async def _poll(self, claim: FeedClaim, spec: FeedSpec, began: datetime) -> None:
        read = error = None
        observe.name_task(feed=spec.name)
        try:
            read = await self._reader.read(claim, spec, began)
        except MonitorError as failure:
            error = failure
        except Exception as defect:  # noqa: BLE001  # one feed never stops the others
            error = unexpected(defect)
        poll = self._ended_poll(claim, spec, began)
        if error is None and read is not None:
            end = End(poll=poll, fetched=read.fetched, parsed=read.parsed, pause=read.pause)
        else:
            pause = self._reader.pause_of(error) if error else None
            end = End(poll=poll, error=error, pause=pause)
        self._fetcher.room.take(end.size)  # until it is stored
        self._ends.add(end)

    def _ended_poll(self, claim: FeedClaim, spec: FeedSpec, began: datetime) -> Poll:
        jitter = self._random.uniform(-1, 1)
        return Poll(claim=claim, spec=spec, began=began, now=self._now(), jitter=jitter)

    def _stored(self, ends: Sequence[End], result: Sequence[PollReport] | BaseException) -> None:
        try:
            for report in self._reports(ends, result):
                self._on_done(report)
        except Exception as error:  # noqa: BLE001  # raised where the caller sees it
            self._errors.append(error)
        finally:
            for end in ends:
                self._fetcher.room.give(end.size)
            with self._ended:
                self._in_flight -= len(ends)
                self._ended.notify_all()
            self._end_batches({end.poll.claim.id for end in ends})
            if self._has_more and self._in_flight <= self._slots // 2:
                self._has_more = False
                self._on_room()

    def _end_batches(self, feeds: set[int]) -> None:
        for batch in self._batches:
            batch.feeds -= feeds
        ended = [batch for batch in self._batches if len(batch.feeds) <= batch.few]
        self._batches = [batch for batch in self._batches if len(batch.feeds) > batch.few]
        for batch in ended:
            batch.on_end()

    def _reports(
        self, ends: Sequence[End], result: Sequence[PollReport] | BaseException
    ) -> Sequence[PollReport]:
        if not isinstance(result, BaseException):
            return result
        self._stranded |= {end.poll.claim.id for end in ends}
        if not isinstance(result, StoreError):
            self._errors.append(result)
            return ()
        return [_not_stored(end.poll, result) for end in ends]


def _not_stored(poll: Poll, error: StoreError) -> PollReport:
    return PollReport(
        feed=poll.spec, outcome="failed", first=poll.first, problem=str(error), error=error
    )
