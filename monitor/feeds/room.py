"""How many bytes of documents may be in memory at a time."""

import asyncio

_LIMIT = 4_000_000


class Room:
    """Counts the bytes of documents that were fetched and not yet stored.

    Args:
        limit: bytes beyond which no fetch begins; of those that have begun one reads on at a
            time (the holder of ``last``), so that all end.
    """

    def __init__(self, limit: int = _LIMIT) -> None:
        self.last = asyncio.Lock()
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
