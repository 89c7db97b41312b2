"""Politeness: how many connections at once, and how soon after one another on one host."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic


@dataclass(slots=True)
class _Host:
    free: asyncio.Semaphore
    start: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = float("-inf")


class Pacer:
    """Lets requests begin: ``connections`` at once in all, ``per_host`` on a host, ``gap`` apart.

    Args:
        connections: at once, over all hosts.
        per_host: at once on one host.
        gap: least time between two starts on one host.
        clock: seconds that never go back.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        *,
        connections: int,
        per_host: int,
        gap: timedelta,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._free = asyncio.Semaphore(connections)
        self._per_host = per_host
        self._gap = gap.total_seconds()
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[None]:
        """Waits for the turn of a request to ``host`` and holds its place until it is done."""
        turn = self._hosts.setdefault(host, _Host(asyncio.Semaphore(self._per_host)))
        async with turn.free:
            # The lock is kept while waiting for a connection: a start that is late moves the next.
            async with turn.start:
                wait = turn.next_start - self._clock()
                if wait > 0:
                    await self._sleep(wait)
                await self._free.acquire()
                turn.next_start = self._clock() + self._gap
            try:
                yield
            finally:
                self._free.release()
