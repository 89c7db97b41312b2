"""Stores how polls ended: those that end at the same time in one transaction."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from monitor.errors import MonitorError, StoreConflict, StoreError
from monitor.jobs import intake
from monitor.jobs.intake import End, PollReport
from monitor.store.engine import Store

SOON, LINGER = 0.02, 0.5  # seconds that a poll may wait for others to be stored with
MOST_QUIET, MOST_URGENT = 500, 32  # of a transaction: others want to write, too

Told = Callable[[Sequence[End], Sequence[PollReport] | BaseException], None]


class Ends:
    """Takes the ends of polls on the event loop, and stores them in a thread of its own.

    A poll that brought something is stored soon, with those that end just after it and those
    that came while something else was being stored; an unchanged feed can wait a little longer.
    Entries and validators of a poll are never apart.

    Args:
        store: where to.
        on_stored: told what was stored, on the loop, or why it could not be.
    """

    def __init__(self, store: Store, on_stored: Told) -> None:
        self._store = store
        self._on_stored = on_stored
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._urgent: deque[End] = deque()
        self._quiet: deque[End] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._storing: asyncio.Task[None] | None = None
        self._hurries = False

    def add(self, end: End) -> None:
        """Takes an end; on the loop."""
        (self._quiet if end.is_quiet else self._urgent).append(end)
        self._plan()

    def hurry(self, hurries: bool) -> None:  # noqa: FBT001 - a switch
        """Whether somebody waits for everything; on the loop."""
        self._hurries = hurries
        self._plan()

    def close(self) -> None:
        """Ends the thread."""
        self._thread.shutdown()

    def _plan(self) -> None:
        if self._storing is not None or not (self._urgent or self._quiet):
            return
        if len(self._urgent) >= MOST_URGENT or len(self._quiet) >= MOST_QUIET:
            self._begin()
            return
        loop = asyncio.get_running_loop()
        due = loop.time() + (SOON if self._urgent or self._hurries else LINGER)
        if self._timer is None or due < self._timer.when():
            self._stop_timer()
            self._timer = loop.call_at(due, self._begin)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self) -> None:
        self._stop_timer()
        if self._storing is None:
            self._storing = asyncio.create_task(self._run())

    async def _run(self) -> None:
        batch = [*_taken(self._urgent, MOST_URGENT), *_taken(self._quiet, MOST_QUIET)]
        loop = asyncio.get_running_loop()
        try:
            for ends, result in await loop.run_in_executor(self._thread, self._stored, batch):
                self._on_stored(ends, result)
        except BaseException as error:
            self._on_stored(batch, error)
            raise
        finally:
            self._storing = None
            self._plan()

    def _stored(
        self, batch: Sequence[End]
    ) -> list[tuple[Sequence[End], Sequence[PollReport] | StoreError]]:
        try:
            return [(batch, self._write(batch))]
        except StoreError as error:
            return [(batch, error)]
        except Exception as error:
            if len(batch) > 1:  # each alone: one feed never stops the others
                return [result for end in batch for result in self._stored([end])]
            (end,) = batch
            if end.error is not None:
                raise
            return self._stored([End(poll=end.poll, error=unexpected(error))])

    def _write(self, batch: Sequence[End]) -> list[PollReport]:
        try:
            with self._store.write(sharing=True) as connection:
                return intake.store(connection, batch)
        except StoreConflict:  # another process stored one of these articles at the same time
            with self._store.write() as connection:
                return intake.store(connection, batch)


def unexpected(error: Exception) -> MonitorError:
    """A defect as the failure of its feed."""
    failure = MonitorError(f"unexpected {type(error).__name__}: {error}")
    failure.__cause__ = error
    return failure


def _taken(waiting: deque[End], most: int) -> list[End]:
    return [waiting.popleft() for _ in range(min(len(waiting), most))]
