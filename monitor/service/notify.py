"""What systemd is told (sd_notify): ready, reloading, stopping, one line of status, watchdog."""

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

_MICRO: Final = 1_000_000


class Notifier:
    """Sends to the socket that systemd names; does nothing where there is none.

    Args:
        environ: has ``NOTIFY_SOCKET`` and ``WATCHDOG_USEC`` under systemd.
        process: this one; another may have inherited the variables.

    Attributes:
        watchdog: seconds within which systemd wants a sign; None if it wants none.
    """

    def __init__(self, environ: Mapping[str, str], process: int | None = None) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        mine = environ.get("WATCHDOG_PID") in {None, "", str(process or os.getpid())}
        usec = environ.get("WATCHDOG_USEC", "")
        self.watchdog = int(usec) / _MICRO if mine and usec.isdigit() and int(usec) else None

    def ready(self, status: str) -> None:
        """The program works, or has taken up what it reloaded."""
        self._send("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """Files are read again."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """The program is ending."""
        self._send("STOPPING=1", "STATUS=finishing the step at hand")

    def alive(self) -> None:
        """Feeds the watchdog."""
        self._send("WATCHDOG=1")

    def _send(self, *lines: str) -> None:
        if not self._address:
            return
        # "@…" is a name in the abstract namespace.
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as far:
            far.sendto("\n".join(line.replace("\n", " ") for line in lines).encode(), address)
