"""What may take long is parsed by a worker process, and given up beyond its limits."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from typing_extensions import override

from monitor.errors import ParseError
from monitor.feeds import parse as door
from monitor.feeds.parse import read, read_apart
from monitor.feeds.workers import SECONDS, WorkerPool
from tests.support import worker_jobs
from tests.unit.feeds.documents import received, rss
from tests.unit.feeds.test_delta import item

P = TypeVar("P")
R = TypeVar("R")

LONG = "<description>" + "word " * 2_000 + "</description>"
SMALL = rss(item(1))
LARGE = rss(item(1, LONG) + item(2, LONG) + item(3, LONG))


class Counting(WorkerPool):
    """Does its jobs here and counts them."""

    def __init__(self) -> None:
        self.jobs = 0

    @override
    def run(self, job: Callable[[P], R], payload: P, *, seconds: float = SECONDS) -> R:
        del seconds
        self.jobs += 1
        return job(payload)


@pytest.mark.parametrize(("document", "jobs"), [(SMALL, 0), (LARGE, 1)], ids=["small", "large"])
def test_only_what_is_large_goes_to_a_worker(document: str, jobs: int) -> None:
    pool = Counting()
    assert read_apart(received(document), pool) == read(received(document))
    assert pool.jobs == jobs


def test_a_worker_cuts_what_is_known() -> None:
    seen = read(received(LARGE)).item_hashes
    with WorkerPool(1) as pool:
        parsed = read_apart(received(LARGE + " ", seen=seen), pool)
        assert (parsed.items, parsed.known) == ((), 3)


def test_a_worker_gives_what_a_parse_here_gives() -> None:
    with WorkerPool(1, preload=["monitor.feeds.parse"]) as pool:
        assert read_apart(received(LARGE), pool) == read(received(LARGE))
        with pytest.raises(ParseError, match="not a feed"):
            read_apart(received("x" * 30_000), pool)


def test_a_parse_beyond_the_limits_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with WorkerPool(1) as pool:
        monkeypatch.setattr(door, "read", worker_jobs.die)
        with pytest.raises(ParseError, match=r"given up: its worker died \(SIGKILL\)"):
            read_apart(received(LARGE), pool)
