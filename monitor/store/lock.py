"""One daemon per database file: an exclusive lock on a file beside it."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.errors import StoreBusy, StoreError

_DAEMON = "daemon"


class DaemonLock:
    """Held while a daemon runs; the system frees it however the process ends.

    The file stays: to remove it would let two daemons lock two files of the same name. Python
    opens files close-on-exec, so that no program started from here keeps the lock.
    """

    def __init__(self, database: Path, role: str = _DAEMON) -> None:
        self.path = _path(database, role)
        self._database, self._role = database.resolve(), role
        self._file: int | None = None

    def __enter__(self) -> Self:
        """Takes the lock.

        Raises:
            StoreBusy: another daemon has it; the message names its process id.
            StoreError: the lock file can't be written.
        """
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            message = f"{self.path} can't be written: {error.strerror}; check the permissions"
            raise StoreError(f"{message} of its folder") from error
        self._take(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def is_held(self) -> bool:
        """Whether it was taken: nothing but its end takes it away."""
        return self._file is not None

    def _take(self, file: int) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.read(file, 32).decode("ascii", "replace").strip() or "unknown"
            self._close()
            raise StoreBusy(
                f"{self._database} is in use by a running {self._role} (process {owner}); "
                "stop it first, or work beside it with the other commands"
            ) from error
        try:
            os.ftruncate(file, 0)
            os.write(file, f"{os.getpid()}\n".encode("ascii"))
        except OSError as error:
            self._close()
            message = f"{self.path} can't be written: {error.strerror}"
            raise StoreError(f"{message}; free some space on its disk") from error

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def owner(database: Path, role: str = _DAEMON) -> int | None:
    """The process id of the daemon that runs on a database; None if none does.

    The lock is tried in its shared form and given back at once: two that ask don't meet.

    Raises:
        StoreError: the lock file can't be read.
    """
    path = _path(database, role)
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"{path} can't be read: {error.strerror}; check its permissions"
        raise StoreError(message) from error
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.read(file, 32).strip()
        return int(text) if text.isdigit() else None  # it has just taken the lock: it starts
    finally:
        os.close(file)
    return None


def _path(database: Path, role: str) -> Path:
    database = database.resolve()  # two names of one file are one database
    infix = "" if role == _DAEMON else f".{role}"
    return database.with_name(f"{database.name}{infix}.lock")
