"""The sender threads: one serial worker a channel, started when something is due."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Event, Thread

from monitor.jobs.deliver import ChannelWorker
from monitor.store import deliveries
from monitor.store.engine import Store

Turn = Callable[[], bool]
"""Whether this process still is the only one that sends on a channel."""


class _Ending:
    """The wish that a worker ends: the program stops, a reload replaced it, its turn is over.

    Only the stop of the program may end the wait for an outcome that can't be stored.
    """

    def __init__(self, stop: Event, replaced: Event, turn: Turn = lambda: True) -> None:
        self._stop, self._replaced, self._turn = stop, replaced, turn

    def within(self, turn: Turn) -> "_Ending":
        return _Ending(self._stop, self._replaced, turn)

    def is_set(self) -> bool:
        return self._stop.is_set() or self._replaced.is_set() or not self._turn()

    def wait(self, timeout: float) -> bool:
        return self._stop.wait(timeout)


class Outbox:
    """Runs the workers; a slow channel delays no other.

    Threads are daemons: a send that outlasts the stop is left to its lease.

    Args:
        store: where the deliveries are.
        workers: by channel.
        now: the clock.
        stop: ends the workers after the send at hand.
        on_crash: told of a worker that raised; the next tick starts it again.
        turn: by channel, a context that gives the right to send on it; None: another process does.
    """

    def __init__(
        self,
        store: Store,
        workers: Mapping[str, ChannelWorker],
        *,
        now: Callable[[], datetime],
        stop: Event,
        on_crash: Callable[[str, Exception], None],
        turn: Callable[[str], AbstractContextManager[Turn | None]],
    ) -> None:
        self._turn = turn
        self._workers, self._replaced = workers, Event()
        self._store = store
        self._now = now
        self._on_crash = on_crash
        self._stop = stop
        self._threads: dict[str, Thread] = {}

    @property
    def channels(self) -> Collection[str]:
        """Names of the channels that are worked."""
        return self._workers.keys()

    def replace(self, workers: Mapping[str, ChannelWorker]) -> None:
        """Works with other workers from now on; the old ones end after the send at hand."""
        self._replaced.set()
        self._workers, self._replaced = workers, Event()

    def start_due(self) -> int:
        """Starts the idle workers that have something to send; returns how many."""
        workers, ending = self._workers, _Ending(self._stop, self._replaced)
        with self._store.read() as connection:
            due = [name for name in workers if deliveries.is_due(connection, name, self._now())]
        idle = [name for name in due if not self._is_running(name)]
        for name in idle:
            thread = Thread(
                target=self._run,
                args=(name, workers[name], ending),
                name=f"deliver-{name}",
                daemon=True,
            )
            self._threads[name] = thread
            thread.start()
        return len(idle)

    def wait(self) -> None:
        """Waits for the sends at hand."""
        for thread in list(self._threads.values()):
            thread.join()

    def _is_running(self, name: str) -> bool:
        return name in self._threads and self._threads[name].is_alive()

    def _run(self, name: str, worker: ChannelWorker, ending: _Ending) -> None:
        try:
            with self._turn(name) as turn:
                if turn is not None:
                    worker.run_until_idle(self._now, ending.within(turn))
        except Exception as error:  # noqa: BLE001 - reported; the row was put off
            self._on_crash(name, error)
