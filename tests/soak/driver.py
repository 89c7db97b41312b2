"""Starts the program, moves its time on, kills it, and looks at it from outside."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import psutil

from tests.support.process import PATIENCE, ROOT, environment

_CHILD = ROOT / "tests" / "soak" / "child.py"
_MOUNT = 'mount -t tmpfs -o "size=$1" none "$2" && shift 2 && exec "$@"'
_PRIVATE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _MOUNT, "sh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the daemon holds.

    Attributes:
        process: its id.
        resident: bytes of that process …
        workers: … and of those that work for it, what they share counted for each.
        handles: open files and sockets.
    """

    at: datetime
    process: int
    resident: int
    workers: int
    handles: int


class SmallDisk:
    """A file system in memory that only the program and we see; can be filled."""

    def __init__(self, folder: Path, size: str) -> None:
        self.folder = folder
        self.size = size
        self._process: int | None = None

    @staticmethod
    def is_possible(folder: Path) -> bool:
        """Whether this machine lets us have one."""
        if shutil.which("unshare") is None:
            return False
        command = [*_PRIVATE, "1m", str(folder), "true"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def command(self, *arguments: str) -> list[str]:
        """A command that has the disk mounted."""
        return [*_PRIVATE, self.size, str(self.folder), *arguments]

    def seen_from(self, process: int) -> None:
        """The process that has it mounted."""
        self._process = process

    @property
    def path(self) -> Path:
        """Where we see it."""
        return Path(f"/proc/{self._process}/root{self.folder}")

    def fill(self) -> None:
        """Leaves no room on it."""
        room = os.statvfs(self.path)
        with (self.path / "filler").open("ab") as file:
            if room.f_bavail:
                size = os.fstat(file.fileno()).st_size
                os.posix_fallocate(file.fileno(), size, room.f_bavail * room.f_frsize)

    def save(self, folder: Path) -> None:
        """Copies what is on it; a database would not be found where we see it."""
        for file in self.path.iterdir():
            shutil.copy(file, folder)

    def free(self) -> None:
        """There is room again."""
        (self.path / "filler").unlink(missing_ok=True)


class Program:
    """The program, one life after the other.

    Args:
        folder: with its configuration.
        disk: the small disk with its database, if there is one.
    """

    def __init__(self, folder: Path, disk: SmallDisk | None = None) -> None:
        self.folder = folder
        self.codes: Counter[int] = Counter()
        self.process: int | None = None
        self._path = folder / "steps"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._listener.listen()
        self._lines: IO[str] | None = None
        child = [sys.executable, str(_CHILD)]
        self._server = subprocess.Popen(
            disk.command(*child) if disk else child,
            env=environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        if disk:
            disk.seen_from(self._server.pid)

    def close(self) -> None:
        """Ends everything."""
        self.end()
        self._server.communicate()
        self._listener.close()

    def end(self) -> None:
        """Kills the program if it runs; returns when it is dead."""
        if self.process is not None:
            self.kill()
            self.finish()

    @property
    def runs(self) -> bool:
        """Whether there is a life."""
        return self.process is not None

    def start(self, now: datetime) -> bool:
        """Begins a life; returns whether it is one: it may end at once, for want of room."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        job = {"folder": str(self.folder), "socket": str(self._path), "now": now.isoformat()}
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        both = (self._listener.fileno(), self._server.stdout.fileno())
        found, _, _ = select.select(both, [], [], 2 * PATIENCE)
        assert found, "it neither runs nor ends"
        if self._listener.fileno() not in found:
            self._ended()
            return False
        connection, _ = self._listener.accept()
        self._lines = connection.makefile("rw")
        connection.close()
        self.process = int(self._lines.readline())
        return True

    def step(self, wish: Mapping[str, object]) -> None:
        """Tells it the time; ``finish`` waits until it has done what was due."""
        assert self._lines is not None
        self._lines.write(json.dumps(wish) + "\n")
        self._lines.flush()

    def finish(self) -> bool:
        """Whether the step was finished; if not, the process is dead."""
        assert self._lines is not None
        with suppress(ConnectionError):
            if self._lines.readline():
                return True
        self._lines.close()
        self._lines = self.process = None
        self._ended()
        return False

    def kill(self) -> None:
        """SIGKILL, now."""
        if self.process is not None:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(self.process, signal.SIGKILL)

    def strike(self, number: int) -> None:
        """SIGKILL to one of the processes that work for it."""
        assert self.process is not None
        workers = psutil.Process(self.process).children(recursive=True)
        busy = [each for each in workers if each.children() == []]
        busy[number % len(busy)].kill()

    def figures(self, at: datetime) -> Figures:
        """What it holds."""
        assert self.process is not None
        process = psutil.Process(self.process)
        workers = process.children(recursive=True)
        return Figures(
            at=at,
            process=self.process,
            resident=process.memory_info().rss,
            workers=sum(worker.memory_info().rss for worker in workers),
            handles=process.num_fds(),
        )

    def _ended(self) -> None:
        assert self._server.stdout is not None
        self.codes[int(self._server.stdout.readline())] += 1
