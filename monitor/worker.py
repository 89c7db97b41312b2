"""Composition root of ``monitor work``: polls what daemons claim, on this or another machine."""

import os
import queue
import random
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from threading import Event
from types import FrameType, TracebackType
from typing import Final, Self

from monitor import observe
from monitor.errors import ConfigError, StoreError
from monitor.feeds.fetch import Fetcher
from monitor.feeds.parse import read_apart
from monitor.feeds.workers import WorkerPool
from monitor.jobs import journal
from monitor.jobs.dispatch import Batch
from monitor.jobs.intake import PollReport
from monitor.jobs.poll import Poller
from monitor.model.settings import Settings
from monitor.service.filewatch import Watched
from monitor.service.notify import Notifier
from monitor.service.taskqueue import QueueWorker, TaskQueue
from monitor.service.together import Presence
from monitor.service.vitals import Vitals
from monitor.store import schema
from monitor.store.engine import Store

_TICK: Final = 1.0  # seconds
_CHANGED: Final = 0  # stands among the signals for files that have changed
_BATCHES: Final = 2  # at a time: what more a busy worker had, an idle one could not have
_PATIENCE: Final = 6.0  # seconds that batches at hand have to end; then they are given back …
_LAST_POLLS: Final = 2.0  # … and the few polls left of those that have

log = observe.logger("monitor")


def now() -> datetime:
    """The clock of the worker: aware UTC."""
    return datetime.now(UTC)


def wait_for_tables(store: Store, tasks: TaskQueue) -> None:
    """Returns once a daemon of this version has made the tables, or made them anew.

    Raises:
        StoreError: the database can't be used, or is of a newer version.
    """
    if _has_tables(store, tasks):
        return
    log.warning("waits until `monitor run` of this version has made the tables", store=store.name)
    pause = Event()
    while not _has_tables(store, tasks):
        pause.wait(_TICK)


def _has_tables(store: Store, tasks: TaskQueue) -> bool:
    return not schema.needs_upgrade(store) and tasks.is_ready(store)


class Worker:
    """Polls batches; a context, at whose end what was not polled is free for others.

    Args:
        settings: the configuration; its feeds are those of the daemons, or some of them.
        store: shared with the daemons; its tables are there.
        tasks: the queue.
        workers: that parse; None: this process does it, one document after the other.
    """

    def __init__(
        self, settings: Settings, store: Store, tasks: TaskQueue, workers: WorkerPool | None
    ) -> None:
        self._settings = settings
        self._store = store
        self._presence = Presence(store, "work", now)
        self._vitals = Vitals(store, Notifier(os.environ), now, essential=("tend",))
        self._poller = Poller(
            store,
            Fetcher(settings.fetch),
            now=now,
            random=random.Random(),  # noqa: S311 - spreads polls, no secret
            on_done=self._polled,
            parse=partial(read_apart, workers=workers),
            token=self._presence.token,
        )
        self._queue = QueueWorker(tasks, self._start, concurrency=_BATCHES, patience=_PATIENCE)

    def __enter__(self) -> Self:
        """Takes part; raises StoreError."""
        self._presence.__enter__()
        self._poller.know(self._settings.feeds.values())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._poller.close()
        self._presence.__exit__(kind, error, trace)

    def run(self, reread: Callable[[], Settings]) -> None:
        """In the foreground until SIGTERM or SIGINT.

        Args:
            reread: reads the configuration again, at SIGHUP and when its files have changed.

        Raises:
            MonitorError: health and metrics can't be served where they are wished.
        """
        wishes: queue.SimpleQueue[int] = queue.SimpleQueue()

        def obey(number: int, _: FrameType | None) -> None:
            wishes.put(number)

        if port := self._vitals.serve(self._settings.http):
            log.info("serving health and metrics", port=port)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, obey)
        self._queue.start()
        log.info("started", feeds=len(self._settings.feeds), process=os.getpid())
        with Watched(self._settings, lambda: wishes.put(_CHANGED)) as watched:
            self._vitals.notifier.ready(self._figures())
            while (wish := self._next(wishes)) in {signal.SIGHUP, _CHANGED}:
                if wish == signal.SIGHUP or watched.changed():
                    watched.looked()
                    self._reload(reread)
                    watched.follow(self._settings)
        log.info("stopping")
        self._vitals.notifier.stopping()
        self._queue.stop()
        self._poller.drain(_LAST_POLLS)
        self._vitals.close()
        log.info("stopped")

    def _next(self, wishes: "queue.SimpleQueue[int]") -> int:
        """The next wish; until there is one, what is to be done every second is done."""
        while True:
            try:
                return wishes.get(timeout=_TICK)
            except queue.Empty:
                self._tend()

    def _tend(self) -> None:
        try:
            self._presence.tend(now())
            self._poller.tend(now())
        except StoreError as error:
            log.error("job failed", job="tend", error=str(error))  # noqa: TRY400 - it says it all
        self._vitals.ticks.completed("tend")
        self._vitals.feed_watchdog()

    def _start(self, batch: Batch, on_end: Callable[[], None]) -> int:
        return self._poller.start_batch(batch, now(), on_end)

    def _figures(self) -> str:
        return f"{len(self._settings.feeds)} feeds"

    def _reload(self, reread: Callable[[], Settings]) -> None:
        try:
            settings = reread()
            self._poller.know(settings.feeds.values())
        except ConfigError as error:
            for problem in error.problems:
                log.error("not reloaded", problem=str(problem))  # noqa: TRY400 - it says it all
            self._vitals.metrics.refused()
            return
        except StoreError as error:
            log.error("not reloaded", problem=str(error))  # noqa: TRY400 - it says it all
            return
        self._settings = settings
        self._vitals.metrics.reloaded(now())
        log.info("reloaded", feeds=len(settings.feeds))

    def _polled(self, report: PollReport) -> None:
        journal.polled(report)
        self._vitals.metrics.polled(report)
