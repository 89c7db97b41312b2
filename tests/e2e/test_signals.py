"""Signals are obeyed whenever they come, also while the daemon has not yet come back from one."""

from pathlib import Path

import pytest

from tests.e2e.newsroom import set_up
from tests.support.process import Program

RELOADS = 50


@pytest.mark.slow
def test_reloads_and_the_stop_that_follow_at_once_are_all_obeyed(tmp_path: Path) -> None:
    set_up(tmp_path, feeds=[], channels=['url = "console://"'])
    with Program(tmp_path, "run") as daemon:
        daemon.wait_for_error('"event": "started"')
        for number in range(RELOADS):
            daemon.reload()
            daemon.wait_for_error('"event": "reloaded"', times=number + 1)
        assert daemon.end(timeout=10) == 0
