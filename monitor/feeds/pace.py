"""Politeness: how many connections at once, how soon after one another on one host, and pauses."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from types import TracebackType

from monitor.errors import HostPaused
from monitor.feeds.schedule import LONGEST, host_pause, strikes_after
from monitor.model.feed import Pause

LONGEST_GAP = timedelta(seconds=60)
_MOST_HOSTS = 20_000  # remembered; those that are idle are forgotten first


class Places:
    """A number of places, handed over in the order of waiting.

    What ``asyncio.Semaphore`` does, but without walking over all who wait at each end.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        """Waits for a place."""
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give()  # it was ours already
            raise

    def give(self) -> None:
        """Leaves a place to who waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


@dataclass(slots=True)
class _Host:
    gap: float
    start: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = float("-inf")
    active: int = 0
    limit: int = 1  # until it has answered
    ended: asyncio.Event | None = None  # while somebody waits for it: there are many hosts


class Pacer:
    """Lets requests begin: ``connections`` at once in all, ``per_host`` on a host, ``gap`` apart.

    A host that never answered gets one request at a time.

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
        self._free = Places(connections)
        self._per_host = per_host
        self._gap = gap.total_seconds()
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    def slow_down(self, host: str, gap: timedelta) -> None:
        """Keeps starts on a host so far apart (crawl-delay), at most a minute, never less."""
        wished = min(gap, LONGEST_GAP).total_seconds()
        self._host(host).gap = max(wished, self._gap)

    def slot(self, host: str) -> "Slot":
        """Waits for the turn of a request to ``host`` and holds its place until it is done.

        A block that ends without an error tells that the host answers.
        """
        return Slot(self, self._host(host))

    async def _enter(self, turn: _Host) -> None:
        # The lock is kept while waiting for a connection: a start that is late moves the next.
        async with turn.start:
            while turn.active >= turn.limit:
                turn.ended = asyncio.Event()
                await turn.ended.wait()
            wait = turn.next_start - self._clock()
            if wait > 0:
                await self._sleep(wait)
            await self._free.take()
            turn.next_start = self._clock() + turn.gap
            turn.active += 1

    def _leave(self, turn: _Host, *, answered: bool) -> None:
        if answered:
            turn.limit = self._per_host
        turn.active -= 1
        if turn.ended:
            turn.ended.set()
            turn.ended = None
        self._free.give()

    def _host(self, host: str) -> _Host:
        found = self._hosts.get(host)
        if found is None:
            if len(self._hosts) >= _MOST_HOSTS:
                self._forget()
            found = self._hosts[host] = _Host(self._gap)
        return found

    def _forget(self) -> None:
        now = self._clock()
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.active or host.start.locked() or host.next_start > now
        }


class Slot:
    """The place of one request; an async context manager."""

    __slots__ = ("_pacer", "_turn")

    def __init__(self, pacer: Pacer, turn: _Host) -> None:
        self._pacer = pacer
        self._turn = turn

    async def __aenter__(self) -> None:
        await self._pacer._enter(self._turn)  # noqa: SLF001 - a part of it

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pacer._leave(self._turn, answered=kind is None)  # noqa: SLF001 - a part of it


class Pauses:
    """Hosts that want to be left alone, each as a whole."""

    def __init__(self, known: Iterable[Pause] = ()) -> None:
        self._pauses = {pause.host: pause for pause in known}

    def known(self, host: str) -> Pause | None:
        """The last pause of a host, perhaps over."""
        return self._pauses.get(host)

    def take(self, known: Iterable[Pause]) -> None:
        """Takes up pauses of the process before."""
        self._pauses |= {pause.host: pause for pause in known}

    def note(
        self, host: str, status: int, retry_after: float | None, now: datetime
    ) -> Pause | None:
        """The pause that an answer of a host calls for, if it does; it counts from now on."""
        last = self._pauses.get(host)
        strikes = strikes_after(last.strikes, last.until, now) if last else 0
        wait = host_pause(status, retry_after, strikes)
        if wait is None:
            return None
        pause = Pause(host=host, began=now, until=now + wait, strikes=strikes + 1)
        self._pauses[host] = pause
        return pause

    def check(self, host: str, clock: Callable[[], datetime]) -> None:
        """Raises HostPaused if the host is not to be asked now."""
        pause = self._pauses.get(host)
        if pause is None:
            return
        now = clock()
        if not now < pause.until <= now + LONGEST:  # over, or the clock was set back
            return
        rest = (pause.until - now).total_seconds()
        raise HostPaused(
            f"{host} asked us to wait until {pause.until:%H:%M} UTC", retry_after=rest
        )
