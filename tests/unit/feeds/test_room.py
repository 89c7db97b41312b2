"""Room for documents: who reads on when there is none."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from monitor.feeds.room import CROWDED, LARGE, Reading, Room


def run(test: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 30))


class Source:
    """Gives what it is fed."""

    def __init__(self) -> None:
        self.chunks: asyncio.Queue[bytes] = asyncio.Queue()

    async def read(self) -> bytes:
        return await self.chunks.get()


async def _is_full(room: Room) -> bool:
    return room.small.is_full


async def _all(room: Room, source: Source) -> int:
    size = 0
    with Reading(room) as reading:
        while chunk := await reading.next(source.read):
            size += len(chunk)
    return size


def test_a_document_that_hardly_comes_holds_up_no_other_when_there_is_no_room() -> None:
    async def test() -> None:
        room, slow, quick = Room(limit=10), Source(), Source()
        room.take(10)
        slow.chunks.put_nowait(b"a")
        first = asyncio.create_task(_all(room, slow))
        await asyncio.sleep(0)  # it has its turn, and waits
        for chunk in (b"b" * 5, b"b" * 5, b""):
            quick.chunks.put_nowait(chunk)
        assert await _all(room, quick) == 10
        assert not first.done()
        slow.chunks.put_nowait(b"")
        assert await first == 1

    run(test)


def test_while_there_is_no_room_one_reads_on_at_a_time() -> None:
    async def test() -> None:
        room, sources = Room(limit=1), [Source(), Source()]
        room.take(1)
        for source in sources:
            for chunk in (b"a", b"b", b""):
                source.chunks.put_nowait(chunk)
        left = []

        async def read(source: Source) -> None:
            await _all(room, source)
            left.append([each.chunks.qsize() for each in sources])

        await asyncio.gather(*map(read, sources))
        assert left == [[0, 3], [0, 0]]

    run(test)


def test_what_a_document_took_is_given_back_at_its_end_whatever_that_is() -> None:
    async def test() -> None:
        room, source = Room(limit=5), Source()
        source.chunks.put_nowait(b"123456")
        task = asyncio.create_task(_all(room, source))
        await asyncio.sleep(0)
        assert await _is_full(room)
        task.cancel()
        await asyncio.wait([task])
        assert not await _is_full(room)
        assert not room.small.turn.locked()

    run(test)


def test_the_timeout_of_a_server_is_no_end_of_a_turn() -> None:
    async def read() -> bytes:
        raise TimeoutError

    async def test() -> None:
        room = Room(limit=1)
        room.take(1)
        with pytest.raises(TimeoutError), Reading(room) as reading:
            await reading.next(read)
        assert not room.small.turn.locked()

    run(test)


def test_large_documents_wait_for_each_other_and_nobody_else_does() -> None:
    async def test() -> None:
        room, large, small = Room(limit=LARGE), Source(), Source()
        room.take(LARGE + 1)  # one of them is being parsed
        assert not room.small.is_full
        large.chunks.put_nowait(b"a" * LARGE)
        large.chunks.put_nowait(b"a")
        reading = asyncio.create_task(_all(room, large))
        while large.chunks.qsize():  # noqa: ASYNC110 - it reads
            await asyncio.sleep(0)
        assert room.large.held == 2 * (LARGE + 1)
        small.chunks.put_nowait(b"b")
        small.chunks.put_nowait(b"")
        assert await _all(room, small) == 1
        large.chunks.put_nowait(b"")
        assert await reading == LARGE + 1
        assert (room.small.held, room.large.held) == (0, LARGE + 1)

    run(test)


def test_no_fetch_begins_while_very_many_large_documents_wait() -> None:
    async def test() -> None:
        room, size = Room(limit=LARGE), LARGE + 1
        for _ in range(CROWDED):
            room.take(size)
        waiting = asyncio.create_task(room.wait())
        await asyncio.sleep(0)
        assert not waiting.done()
        room.give(size)
        await waiting

    run(test)
