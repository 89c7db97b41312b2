"""Whether the daemon is alive and does its work."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from threading import Lock
from typing import Final

LATEST: Final = 60.0  # seconds after which a tick that has not completed counts as hung
MOST_LAG: Final = timedelta(minutes=5)


class Ticks:
    """When jobs last got somewhere. A thread that merely runs proves nothing.

    Args:
        names: of the jobs that must.
        clock: monotonic seconds.
    """

    def __init__(self, names: tuple[str, ...], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._last = dict.fromkeys(names, clock())

    def completed(self, name: str) -> None:
        """A job ended, or finished a part of a long run; others than the named don't count."""
        with self._lock:
            if name in self._last:
                self._last[name] = self._clock()

    def hung(self, seconds: float = LATEST) -> list[str]:
        """The jobs that got nowhere for longer than that."""
        now = self._clock()
        with self._lock:
            return [name for name, last in self._last.items() if now - last > seconds]


def not_ready(problem: str, lag: timedelta, hung: list[str]) -> Iterator[str]:
    """Why the daemon is not ready; nothing if it is.

    Args:
        problem: of the database, if it has one.
        lag: how long the feed that waits longest is overdue.
        hung: jobs that got nowhere.
    """
    if problem:
        yield f"database: {problem}"
    if lag > MOST_LAG:
        yield f"polling is late by {lag}"
    yield from (f"{name} hangs" for name in hung)


Probe = Callable[[], list[str]]
"""Asked for what is wrong; nothing means well."""

Probes = Mapping[str, Probe]
