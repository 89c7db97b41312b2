"""The real program as a child process: started, watched, killed, measured.

::

    with Program(folder, "run") as daemon:
        server.wait_for_requests(1)
        assert daemon.end() == 0
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Event, Thread
from types import TracebackType
from typing import IO, Self

import psutil

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # seconds; only a test that fails waits so long
MONITOR = (sys.executable, "-m", "monitor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended; a negative code is a signal."""

    code: int
    output: str
    errors: str


def environment(folder: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment that holds nothing of the user's; the program is that of this checkout."""
    return {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "TZ": "UTC",
        **(more or {}),
    }


def run_monitor(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> Ended:
    """Runs one command of the program in ``folder`` to its end."""
    done = subprocess.run(
        [*MONITOR, *arguments],
        cwd=folder,
        env=environment(folder, environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=2 * PATIENCE,
    )
    return Ended(code=done.returncode, output=done.stdout, errors=done.stderr)


def eventually(
    predicate: Callable[[], object], timeout: float = PATIENCE, changed: Condition | None = None
) -> None:
    """Returns once ``predicate`` holds; TimeoutError after ``timeout`` seconds.

    Args:
        predicate: asked again and again.
        timeout: seconds.
        changed: notified when the answer may be another; without it we look 50 times a second.
    """
    if changed is not None:
        with changed:
            if changed.wait_for(predicate, timeout):
                return
    else:
        pause, deadline = Event(), time.monotonic() + timeout
        while time.monotonic() < deadline:
            if predicate():
                return
            pause.wait(0.02)
    raise TimeoutError(f"not within {timeout:g} s")


class Program:
    """A running program; leaving the context kills it if it still runs.

    Args:
        folder: its working directory and home.
        arguments: of the command line.
        command: what is run.
        environ: variables besides the few that every program gets.
    """

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        command: tuple[str, ...] = MONITOR,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._process = subprocess.Popen(
            [*command, *arguments],
            cwd=folder,
            env=environment(folder, environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.changed = Condition()
        self.output: list[str] = []
        self.errors: list[str] = []
        self._readers = [
            self._read(self._process.stdout, self.output),
            self._read(self._process.stderr, self.errors),
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def wait_for_error(self, text: str, times: int = 1) -> None:
        """Waits until ``times`` lines on standard error hold ``text``."""
        try:
            eventually(
                lambda: sum(text in line for line in self.errors) >= times, changed=self.changed
            )
        except TimeoutError as error:
            raise AssertionError(f"not {times} x {text!r} in:\n{''.join(self.errors)}") from error

    def reload(self) -> None:
        """Sends SIGHUP."""
        self._process.send_signal(signal.SIGHUP)

    def end(self, timeout: float = PATIENCE) -> int:
        """Sends SIGTERM; returns the exit code once it has ended."""
        self._process.terminate()
        return self.wait(timeout)

    def kill(self) -> int:
        """Sends SIGKILL to this process only; returns the exit code."""
        self._process.kill()
        return self.wait(PATIENCE)

    def wait(self, timeout: float) -> int:
        """The exit code, once all it wrote has been read."""
        code = self._process.wait(timeout)
        for reader in self._readers:
            reader.join(timeout)
        return code

    def cpu_seconds(self) -> float:
        """User and system time of the process tree so far."""
        times = [process.cpu_times() for process in self._tree()]
        return float(sum(spent.user + spent.system for spent in times))

    def pss_bytes(self) -> int:
        """Proportional memory of the process tree (Linux)."""
        return int(sum(process.memory_full_info().pss for process in self._tree()))

    def _tree(self) -> list[psutil.Process]:
        parent = psutil.Process(self.pid)
        return [parent, *parent.children(recursive=True)]

    def _read(self, stream: IO[str] | None, lines: list[str]) -> Thread:
        def read() -> None:
            assert stream is not None
            with stream:
                for line in stream:
                    with self.changed:
                        lines.append(line)
                        self.changed.notify_all()

        reader = Thread(target=read, daemon=True)
        reader.start()
        return reader
