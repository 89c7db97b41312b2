"""Worker processes: CPU-heavy jobs on documents of strangers, limited in time and memory.

Two processes work twice as fast as two threads, and a process can be killed. All are forked
from one fork server, which holds no lock, no database and no socket of ours; so start the pool
before there are any, and an orphan holds nothing. A worker ends when its pipe closes.
"""

import math
import multiprocessing
import os
import pickle
import queue
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar

from monitor.errors import WorkerError

SECONDS = 10.0
MEMORY = 256 * 2**20
_LARGE = 110 * 2**20  # resident bytes after a job with which a worker is replaced
_STARTING = 60.0  # seconds that a worker may take to start
_GRACE = 2  # seconds after which a worker ends itself, if there is nobody left to kill it
_STATM = Path("/proc/self/statm")  # sizes in pages; Linux only
_PAGE = resource.getpagesize()

_CONTEXT = multiprocessing.get_context("forkserver")
_STARTING_ONE = Lock()
_Payload = TypeVar("_Payload")
_Result = TypeVar("_Result")
_Answer = tuple[bool, Any, bool]  # whether it went well; result or error; whether to go on


@contextmanager
def without_main() -> Iterator[None]:
    """Processes that are started in it don't import the main module, as they else would.

    That is all of the daemon: a second of processor time and half the memory of each worker.
    """
    with _STARTING_ONE:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")  # one that multiprocessing can't find
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class WorkerPool:
    """Runs jobs in worker processes; may be used by many threads.

    Workers are started when they are first needed, and again after one had to be killed.

    Args:
        size: most jobs at a time; more wait for their turn.
        memory: bytes that a job may take on top of an idle worker (counted on Linux only).
        preload: modules that every worker will need; they share the memory of these.
    """

    def __init__(self, size: int, *, memory: int = MEMORY, preload: Sequence[str] = ()) -> None:
        _CONTEXT.set_forkserver_preload(list(preload))
        with without_main():
            forkserver.ensure_running()
        self._workers = [_Worker(memory) for _ in range(size)]
        # Last in, first out: a second worker starts only if the first is busy.
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(
        self, job: Callable[[_Payload], _Result], payload: _Payload, *, seconds: float = SECONDS
    ) -> _Result:
        """The result of a job, from a worker.

        Args:
            job: a function of a module, found there by its name.
            payload: its argument; it, the result and what is raised go through ``pickle``.
            seconds: of wall time, without those spent in waiting for a worker.

        Raises:
            WorkerError: the job took too long or too much memory, or its worker died.
            Exception: what the job raised.
        """
        worker = self._idle.get()
        try:
            return worker.call(job, payload, seconds)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """Kills the workers; calls that are under way raise WorkerError."""
        for worker in self._workers:
            worker.close()


class _Worker:
    """The near end of one worker process, if there is one at the moment."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._closed = False
        self._process: BaseProcess | None = None
        self._greeted = False
        self._pipe: Connection

    def call(
        self, job: Callable[[_Payload], _Result], payload: _Payload, seconds: float
    ) -> _Result:
        message = pickle.dumps((job, payload, seconds), pickle.HIGHEST_PROTOCOL)
        process = self._running()
        try:
            if not self._greeted:  # its start is not the job's time
                self._greeted = self._pipe.poll(_STARTING) and not self._pipe.recv_bytes()
            self._pipe.send_bytes(message)
            answer: _Answer | None = self._pipe.recv() if self._pipe.poll(seconds) else None
        except (EOFError, OSError):
            process.join(_GRACE)
            self._end()
            raise WorkerError(f"its worker died ({_cause(process.exitcode)})") from None
        if answer is None:
            self._end()
            raise WorkerError(f"it took more than {seconds:g} s")
        good, result, goes_on = answer
        if not goes_on:
            self._end()
        if good:
            return result  # type: ignore[no-any-return]  # what the job returned
        raise result

    def close(self) -> None:
        self._closed = True
        if (process := self._process) is not None:
            end(process)

    def _running(self) -> BaseProcess:
        """The process; a new one if there is none, or if it was killed while it was idle."""
        if self._closed:
            raise WorkerError("the program is ending")
        # Nothing was asked: it is the end.
        if self._process is not None and self._greeted and self._pipe.poll():
            self._end()
        if self._process is None:
            self._pipe, far = _CONTEXT.Pipe()
            process = _CONTEXT.Process(
                target=_work, args=(far, self._memory), name="worker", daemon=True
            )
            with without_main():
                process.start()
            far.close()
            self._process, self._greeted = process, False
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        self._pipe.close()
        if process is not None:
            end(process)


def end(process: BaseProcess) -> None:
    """Kills a process, unless it died: then its number may be that of somebody else's."""
    if process.is_alive():
        process.kill()
    process.join()


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def _work(pipe: Connection, memory: int) -> None:
    """What a worker does: one job after the other, until its pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the daemon,
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a reload likewise
    _limit(memory)
    with suppress(EOFError, OSError):
        pipe.send_bytes(b"")
        while True:
            _serve(pipe)


def _serve(pipe: Connection) -> None:
    job, payload, seconds = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from our parent
    signal.alarm(math.ceil(seconds) + _GRACE)
    answer = _answer(job, payload)
    signal.alarm(0)
    pipe.send_bytes(_pickled(answer))


def _answer(job: Callable[[Any], Any], payload: object) -> _Answer:
    try:
        return True, job(payload), _resident() <= _LARGE
    except MemoryError:
        return False, WorkerError("it took too much memory"), False
    except Exception as error:  # noqa: BLE001  # the caller gets it
        return False, error, _resident() <= _LARGE


def _pickled(answer: _Answer) -> bytes:
    try:
        return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001  # pickle lets anything pass
        lost = WorkerError(f"its result can't be sent: {type(error).__name__}: {error}")
        return pickle.dumps((False, lost, False))


def _limit(memory: int) -> None:
    if size := _sizes()[0]:
        resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))


def _resident() -> int:
    return _sizes()[1]


def _sizes() -> tuple[int, int]:
    """Bytes of address space and of memory in use; zeros where the system does not tell."""
    try:
        pages = _STATM.read_text().split()
    except OSError:
        return 0, 0
    return int(pages[0]) * _PAGE, int(pages[1]) * _PAGE


def start_readers() -> WorkerPool:
    """The process that reads pages; apart, so that hostile ones hold up no feed."""
    return WorkerPool(1)


def start_parsers(number: int | None = None) -> WorkerPool:
    """The processes that parse; to be called before there are a lock and a database.

    Two parse twice as fast as one; more would only be waited for.

    Args:
        number: of them; None for as many as there are cores, two at most.
    """
    wished = min(2, os.cpu_count() or 1) if number is None else number
    return WorkerPool(wished, preload=["monitor.feeds.parse", "monitor.feeds.preloaded"])
