"""Rules against the whole archive, by as many processes as there are processors.

The processes come from a fork server that has loaded the program, and share that memory. Each
reads its articles from the database itself; the rules travel to it once.
"""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from monitor.archive.engine import Engine, Found, Modes
from monitor.archive.preselect import preselected, read
from monitor.errors import WorkerError
from monitor.rules.compile import RuleSet
from monitor.store.engine import Store

CHUNK: Final = 500  # articles
_ALONE: Final = 4_000  # articles, up to which starting processes takes longer than reading
_AHEAD: Final = 2  # chunks that wait for each process

Progress = Callable[[int, int], None]
"""Takes how many articles are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be replayed.

    Attributes:
        store_url: of the database; nothing is written there.
        rules: the rules.
        modes: when each feed wishes pages to be fetched, by URL.
        since: only articles seen then or later.
    """

    store_url: str
    rules: RuleSet
    modes: Modes
    since: datetime | None = None


class Reader:
    """Replays some articles of a job."""

    def __init__(self, job: Job) -> None:
        self._since = job.since
        self._store = Store.open(job.store_url)
        self._engine = Engine(job.rules, job.modes)

    def which(self, ids: Sequence[int]) -> Found:
        """What the rules find in the articles of these ids."""
        with self._store.read() as connection:
            articles = read(connection, ids, self._since)
        return self._engine.which(articles)

    def close(self) -> None:
        """Closes the database."""
        self._store.close()


def replay(job: Job, progress: Progress, *, processes: int | None = None) -> Found:
    """What the rules find in the archive, by the latest text of each article.

    Args:
        job: what and where.
        progress: told now and then how far it has come.
        processes: how many work at it (default: as there are processors); 1 is this one.

    Raises:
        StoreError: the database can't be read.
        WorkerError: a process died.
    """
    store = Store.open(job.store_url)
    try:
        with store.read() as connection:
            ids = preselected(connection, job.rules, job.since)
    finally:
        store.close()
    chunks = [ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK)]
    number = min(processes or os.cpu_count() or 1, len(chunks))
    alone = number <= 1 or (processes is None and len(ids) <= _ALONE)
    found = Found()
    for done, some in enumerate(_here(job, chunks) if alone else _apart(job, chunks, number), 1):
        found.take(some)
        progress(min(done * CHUNK, len(ids)), len(ids))
    return found


def _here(job: Job, chunks: Sequence[Sequence[int]]) -> Iterator[Found]:
    reader = Reader(job)
    try:
        yield from map(reader.which, chunks)
    finally:
        reader.close()


_reader: Reader | None = None


def _start(job: Job) -> None:
    global _reader  # noqa: PLW0603  # what a worker process is for
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that waits for us
    _reader = Reader(job)
    gc.freeze()  # what stays for ever need not be looked at again, and its memory stays shared


def _work(ids: Sequence[int]) -> Found:
    if _reader is None:
        raise AssertionError("the process was not started by this module")
    return _reader.which(ids)


def _apart(job: Job, chunks: Sequence[Sequence[int]], number: int) -> Iterator[Found]:
    """Never more than a few chunks under way: an end is an end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__])
    waiting = iter(chunks)
    with ProcessPoolExecutor(number, context, initializer=_start, initargs=(job,)) as pool:
        try:
            under_way: list[Future[Found]] = [
                pool.submit(_work, ids) for ids in islice(waiting, number * _AHEAD)
            ]
            while under_way:
                yield under_way.pop(0).result()
                under_way += [pool.submit(_work, ids) for ids in islice(waiting, 1)]
        except BrokenProcessPool as error:
            raise WorkerError(
                "a process that replays rules died; is there enough memory?"
            ) from error
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
