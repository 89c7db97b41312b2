"""The sender threads: one serial worker a channel, started when something is due."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event, Thread

from monitor.jobs.deliver import ChannelWorker
from monitor.store import deliveries
from monitor.store.engine import Store


class Outbox:
    """Runs the workers; a slow channel delays no other.

    Threads are daemons: a send that outlasts the stop is left to its lease.

    Args:
        store: where the deliveries are.
        workers: by channel; replaced as a whole at a reload.
        now: the clock.
        stop: ends the workers after the send at hand.
        on_crash: told of a worker that raised; the next tick starts it again.
    """

    def __init__(
        self,
        store: Store,
        workers: Mapping[str, ChannelWorker],
        *,
        now: Callable[[], datetime],
        stop: Event,
        on_crash: Callable[[str, Exception], None],
    ) -> None:
        self.workers = workers
        self._store = store
        self._now = now
        self._on_crash = on_crash
        self._stop = stop
        self._threads: dict[str, Thread] = {}

    def start_due(self) -> int:
        """Starts the idle workers that have something to send; returns how many."""
        workers = dict(self.workers)
        with self._store.read() as connection:
            due = [name for name in workers if deliveries.is_due(connection, name, self._now())]
        idle = [name for name in due if not self._is_running(name)]
        for name in idle:
            thread = Thread(
                target=self._run, args=(name, workers[name]), name=f"deliver-{name}", daemon=True
            )
            self._threads[name] = thread
            thread.start()
        return len(idle)

    def wait(self, timeout: float | None = None) -> bool:
        """Waits for the sends at hand; returns whether all ended in time (seconds, each)."""
        for thread in list(self._threads.values()):
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads.values())

    def _is_running(self, name: str) -> bool:
        return name in self._threads and self._threads[name].is_alive()

    def _run(self, name: str, worker: ChannelWorker) -> None:
        try:
            worker.run_until_idle(self._now, self._stop)
        except Exception as error:  # noqa: BLE001 - reported; the row was put off
            self._on_crash(name, error)
