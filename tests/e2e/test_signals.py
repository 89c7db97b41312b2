"""Signals are obeyed whenever they come: also while other threads are busy."""

from itertools import count
from pathlib import Path

import pytest

from tests.e2e.newsroom import set_up
from tests.support.http_server import Answer, HttpServer, Request
from tests.support.news import rss
from tests.support.process import Program

RELOADS = 30
ITEMS = list(range(300))


class Restless:
    """A big feed that is another one at every poll, so that the daemon is never idle."""

    def __init__(self) -> None:
        self._polls = count()

    def __call__(self, _: Request) -> Answer:
        """Answers a poll."""
        return Answer(body=rss(ITEMS) + b"<!-- %d -->" % next(self._polls))


@pytest.mark.slow
def test_reloads_and_the_stop_that_follow_at_once_are_all_obeyed(tmp_path: Path) -> None:
    with HttpServer() as http:
        names = [f"/{n}" for n in range(6)]
        for name in names:
            http.answers[name] = Restless()
        set_up(tmp_path, feeds=map(http.url, names), channels=['url = "console://"'])
        with Program(tmp_path, "run") as daemon:
            http.wait_for_requests(1)
            for number in range(RELOADS):
                daemon.reload()
                daemon.wait_for_error('"event": "reloaded"', times=number + 1)
            assert daemon.end(timeout=10) == 0
