"""How many bytes of documents may be in memory at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Final, Self

LARGE: Final = 200_000
"""Bytes of a document that keeps others waiting; most feeds have less."""

CROWDED: Final = 4
"""Times the limit of large documents with which nothing begins: who could tell which are large?"""

_LIMIT: Final = 8_000_000
TURN: Final = 0.25  # seconds that one may read on while there is no room


class Lane:
    """Counts the bytes of documents.

    Args:
        limit: bytes beyond which one reads on at a time (who has ``turn``), so that all end.
    """

    def __init__(self, limit: int) -> None:
        self.turn = asyncio.Lock()
        self.held = 0
        self._limit = limit
        self._shrank = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more."""
        return self.held >= self._limit

    async def wait(self, times: int = 1) -> None:
        """Waits until there is room, or less than so many times the limit."""
        while self.held >= times * self._limit:
            self._shrank.clear()
            await self._shrank.wait()

    def give(self, size: int) -> None:
        """So many bytes are done with."""
        self.held -= size
        self._shrank.set()


class Room:
    """Counts the bytes of documents that were fetched and not yet stored.

    Large ones are counted apart: they wait for each other, and nothing else waits for them unless
    they are very many.

    Args:
        limit: bytes of small documents beyond which no fetch begins, and of large ones beyond
            which they are read one at a time.
    """

    def __init__(self, limit: int = _LIMIT) -> None:
        self.small, self.large = Lane(limit), Lane(limit)

    async def wait(self) -> None:
        """Waits until there is room for another document."""
        await self.large.wait(CROWDED)
        await self.small.wait()

    def take(self, size: int) -> None:
        """A document of so many bytes is at hand."""
        self._lane(size).held += size

    def give(self, size: int) -> None:
        """It is done with."""
        self._lane(size).give(size)

    def _lane(self, size: int) -> Lane:
        return self.large if size > LARGE else self.small


class Reading:
    """One document that is read; a context manager that gives back at its end what it took.

    It is read as it comes. While there is no room, those who read take turns: who is not done
    with his lets the others go first, lest one that sends a byte a second holds up all of them.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lane = room.small
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
        self._lane.give(self._size)

    async def next(self, read: Callable[[], Awaitable[bytes]]) -> bytes:
        """What ``read`` gives; it may be cancelled meanwhile and called again."""
        while self._lane.is_full:
            if self._ends is None:
                await self._lane.turn.acquire()
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
        self._lane.held += len(chunk)
        if self._size > LARGE and self._lane is not self._room.large:
            self._leave()
            self._lane.give(self._size)
            self._lane = self._room.large
            self._lane.held += self._size
        return chunk

    def _leave(self) -> None:
        if self._ends is not None:
            self._ends = None
            self._lane.turn.release()
