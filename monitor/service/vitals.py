"""The daemon's signs of life: completed ticks, figures, HTTP, systemd."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.errors import StoreError
from monitor.model.settings import HttpPolicy
from monitor.service.health import Ticks, not_ready
from monitor.service.http import HealthServer
from monitor.service.metrics import Metrics
from monitor.service.notify import Notifier
from monitor.store.engine import Store
from monitor.store.status import Status, poll_lag, status

ESSENTIAL = ("poll", "alert", "deliver")


class Vitals:
    """All of them.

    Args:
        store: read at each scrape, and written to by ``/readyz``.
        notifier: tells systemd.
        now: aware UTC.
        clock: monotonic seconds.
        essential: the jobs that must get somewhere.
    """

    def __init__(
        self,
        store: Store,
        notifier: Notifier,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
        essential: tuple[str, ...] = ESSENTIAL,
    ) -> None:
        self._store = store
        self._now = now
        self._server: HealthServer | None = None
        self.notifier = notifier
        self.ticks = Ticks(essential, clock)
        self.metrics = Metrics(self._figures)

    def serve(self, policy: HttpPolicy) -> int | None:
        """Serves health and metrics if that is wished; returns the port.

        Raises:
            MonitorError: the address can't be listened on.
        """
        if policy.port is None:
            return None
        probes = {"/livez": self.alive, "/readyz": self.ready}
        self._server = HealthServer(policy.host, policy.port, probes, self.metrics.page)
        return self._server.port

    def close(self) -> None:
        """Serves no longer."""
        if self._server is not None:
            self._server.close()

    def alive(self) -> list[str]:
        """What hangs."""
        return [f"{name} hangs" for name in self.ticks.hung()]

    def ready(self) -> list[str]:
        """Why the daemon does not do its work at present."""
        problem, lag = "", timedelta()
        try:
            with self._store.write() as connection:  # it can be written to
                lag = poll_lag(connection, self._now())
        except StoreError as error:
            problem = str(error)
        return list(not_ready(problem, lag, self.ticks.hung()))

    def feed_watchdog(self) -> None:
        """Tells systemd that every essential job completed a tick of late; else it restarts us."""
        limit = self.notifier.watchdog
        if limit is not None and not self.ticks.hung(limit):
            self.notifier.alive()

    def _figures(self) -> tuple[Status, datetime] | None:
        now = self._now()
        try:
            with self._store.read() as connection:
                return status(connection, now, ()), now
        except StoreError:
            return None
