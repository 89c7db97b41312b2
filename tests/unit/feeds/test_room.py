"""Documents wait for room."""

import asyncio

from monitor.feeds.room import Room


def test_no_fetch_begins_while_there_is_no_room() -> None:
    async def run() -> list[str]:
        room, events = Room(limit=10), list[str]()

        async def fetch() -> None:
            await room.wait()
            events.append("began")

        room.take(10)
        task = asyncio.create_task(fetch())
        for _ in range(5):
            await asyncio.sleep(0)
        events.append("still full")
        room.give(1)
        await task
        return events

    assert asyncio.run(run()) == ["still full", "began"]
