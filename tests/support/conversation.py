"""The server's end of an HTTP connection, for servers that may answer wrongly or not at all."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeAlias

from typing_extensions import override

Reply: TypeAlias = Callable[[asyncio.Transport, str, Mapping[str, str]], None]
"""Given the connection, the path and the headers (names in small letters) of a request."""


class Conversation(asyncio.Protocol):
    """Reads requests without a body, and has each answered.

    Args:
        connections: those that are open; this one is among them while it lasts.
        reply: answers.
    """

    def __init__(self, connections: set[asyncio.Transport], reply: Reply) -> None:
        self._connections = connections
        self._reply = reply
        self._buffer = b""
        self._transport: asyncio.Transport

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self._transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head, self._buffer = self._buffer[:end].decode("latin-1"), self._buffer[end + 4 :]
            first, *lines = head.split("\r\n")
            pairs = (line.partition(":") for line in lines)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            self._reply(self._transport, first.split(" ")[1], headers)


def host_of(transport: asyncio.Transport) -> str:
    """The address of ours that was asked."""
    host: str = transport.get_extra_info("sockname")[0]
    return host
