"""Runs the jobs at their times (the door of APScheduler)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.background import BackgroundScheduler

from monitor import observe
from monitor.errors import MonitorError
from monitor.service.vitals import Vitals

_EVENTS: Final = {
    EVENT_JOB_MISSED: "missed",
    EVENT_JOB_MAX_INSTANCES: "max_instances",
    EVENT_JOB_ERROR: "error",
}

log = observe.logger("monitor")


class Ticking(Protocol):
    """Runs jobs, as a ``Ticker`` does."""

    def every(self, interval: timedelta, name: str, job: Callable[[], None]) -> None:
        """Adds a job; what is due more often than once a minute first runs at once."""

    def start(self) -> None:
        """From now on the jobs run."""

    def wake(self, name: str) -> None:
        """Runs a job now, or once more if it runs; does nothing before the start."""

    def shutdown(self) -> None:
        """Ends, once the jobs under way have."""


class Ticker:
    """A scheduler whose jobs may fail, and tell that they completed a tick.

    Args:
        vitals: where ticks, and what the scheduler itself reports, are counted.
        now: aware UTC.
    """

    def __init__(self, vitals: Vitals, now: Callable[[], datetime]) -> None:
        self._vitals = vitals
        self._now = now
        # A late tick is made up for, never skipped: the default grace of a second drops runs.
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_listener(
            lambda event: vitals.metrics.scheduler(_EVENTS[event.code]), sum(_EVENTS)
        )

    def every(self, interval: timedelta, name: str, job: Callable[[], None]) -> None:
        """Adds a job; what is due more often than once a minute first runs at once."""
        at_once = {"next_run_time": self._now()} if interval < timedelta(minutes=1) else {}
        self._scheduler.add_job(
            self._guarded, "interval", args=(name, job), id=name,
            seconds=interval.total_seconds(), **at_once,
        )  # fmt: skip

    def start(self) -> None:
        """From now on the jobs run; with them, what feeds systemd's watchdog if there is one."""
        if seconds := self._vitals.notifier.watchdog:
            self._scheduler.add_job(
                self._vitals.feed_watchdog, "interval", id="watchdog", seconds=seconds / 3
            )
        self._scheduler.start()

    def wake(self, name: str) -> None:
        """Runs a job now, or once more if it runs; does nothing before the start."""
        if self._scheduler.running:
            self._scheduler.modify_job(name, next_run_time=self._now())

    def shutdown(self) -> None:
        """Ends, once the jobs under way have."""
        self._scheduler.shutdown()

    def _guarded(self, name: str, job: Callable[[], None]) -> None:
        """A job that can't reach its store, files or process says so and runs again later."""
        try:
            with observe.context(job=name):
                job()
        except MonitorError as error:
            log.error("job failed", job=name, error=str(error))  # noqa: TRY400 - it says it all
        self._vitals.ticks.completed(name)
