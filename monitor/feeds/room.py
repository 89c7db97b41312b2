"""How many bytes of documents may be in memory at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

_LIMIT = 8_000_000
TURN = 0.25  # seconds that one may read on while there is no room


class Room:
    """Counts the bytes of documents that were fetched and not yet stored.

    Args:
        limit: bytes beyond which no fetch begins; of those that have begun one reads on at a
            time, so that all end.
    """

    def __init__(self, limit: int = _LIMIT) -> None:
        self.turn = asyncio.Lock()
        self._limit = limit
        self._held = 0
        self._shrank = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another document."""
        return self._held >= self._limit

    async def wait(self) -> None:
        """Waits until there is room for another document."""
        while self.is_full:
            self._shrank.clear()
            await self._shrank.wait()

    def take(self, size: int) -> None:
        """So many bytes came."""
        self._held += size

    def give(self, size: int) -> None:
        """So many bytes are done with."""
        self._held -= size
        self._shrank.set()


class Reading:
    """One document that is read; a context manager that gives back at its end what it took.

    It is read as it comes. While there is no room, those who read take turns: who is not done
    with his lets the others go first, lest one that sends a byte a second holds up all of them.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._size = 0
        self._ends: float | None = None  # our turn, if we have one

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()
        self._room.give(self._size)

    async def next(self, read: Callable[[], Awaitable[bytes]]) -> bytes:
        """What ``read`` gives; it may be cancelled meanwhile and called again."""
        while self._room.is_full:
            if self._ends is None:
                await self._room.turn.acquire()
                self._ends = asyncio.get_running_loop().time() + TURN
            turn = asyncio.timeout_at(self._ends)
            try:
                async with turn:
                    return self._took(await read())
            except TimeoutError:
                if not turn.expired():
                    raise
            self._leave()
        self._leave()
        return self._took(await read())

    def _took(self, chunk: bytes) -> bytes:
        self._size += len(chunk)
        self._room.take(len(chunk))
        return chunk

    def _leave(self) -> None:
        if self._ends is not None:
            self._ends = None
            self._room.turn.release()
