"""A limit on all the time a service takes: a time-out of a socket starts anew with every byte."""

import contextlib
import socket
from threading import Timer
from typing import Self


class TimeLimit:
    """Shuts the connection it watches down when the time is over; use it in a ``with``.

    Args:
        seconds: from entering the context on.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.exceeded = False
        self._connection: socket.socket | None = None
        self._timer = Timer(seconds, self._exceed)
        self._timer.daemon = True  # must not keep a process alive that wants to end

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, connection: object) -> None:
        """From now on, this is the connection to shut down (TLS within TLS is let alone)."""
        if isinstance(connection, socket.socket):
            self._connection = connection
            if self.exceeded:
                self._shut_down()

    def _exceed(self) -> None:
        self.exceeded = True
        self._shut_down()

    def _shut_down(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):  # it is closed already
                # That of an SSL socket would take the TLS from under the thread that reads.
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)
