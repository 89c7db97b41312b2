"""Jobs for worker processes, which find them here by name."""

import os
import re
import signal
from pathlib import Path

from monitor.errors import ParseError


def double(number: int) -> int:
    return 2 * number


def where(_: object) -> int:
    """The process that did it."""
    return os.getpid()


def refuse(message: str) -> None:
    raise ParseError(message)


def take_memory(size: int) -> int:
    return len(bytearray(size))


def keep_memory(size: int) -> int:
    """Leaves the process larger than it was."""
    _KEPT.append(bytearray(b"x") * size)
    return os.getpid()


def hang(_: object) -> None:
    """Inside C, where no signal handler of Python's would run."""
    re.match(r"(a+)+$", "a" * 64 + "b")


def hang_after(pipe: str) -> None:
    """Tells its process before it hangs."""
    tell(pipe, os.getpid())
    hang(None)


def tell(pipe: str, process: int) -> None:
    Path(pipe).write_text(f"{process}\n", encoding="utf-8")


def die(_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def unpicklable(_: object) -> object:
    return lambda: None


_KEPT: list[bytearray] = []
