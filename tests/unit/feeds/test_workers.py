"""Jobs run in worker processes that are killed when they exceed their limits."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from monitor.errors import ParseError, WorkerError
from monitor.feeds.workers import WorkerPool
from tests.support import worker_jobs as jobs

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="no limit on memory elsewhere")


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1) as one:
        yield one


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """Whoever reads it waits for a job to write its process into it."""
    os.mkfifo(path := tmp_path / "pipe")
    return path


def test_a_job_runs_in_a_process_of_its_own_which_serves_the_next_one(pool: WorkerPool) -> None:
    assert pool.run(jobs.double, 21) == 42
    first, second = pool.run(jobs.where, None), pool.run(jobs.where, None)
    assert first == second != os.getpid()


def test_what_a_job_raises_is_raised_here_and_costs_no_worker(pool: WorkerPool) -> None:
    worker = pool.run(jobs.where, None)
    with pytest.raises(ParseError, match="no feed"):
        pool.run(jobs.refuse, "no feed")
    assert pool.run(jobs.where, None) == worker


def test_a_job_that_takes_too_long_is_killed_and_the_next_one_runs(pool: WorkerPool) -> None:
    worker = pool.run(jobs.where, None)
    with pytest.raises(WorkerError, match=r"took more than 0\.2 s"):
        pool.run(jobs.hang, None, seconds=0.2)
    assert not psutil.pid_exists(worker)
    assert pool.run(jobs.double, 4) == 8


def test_a_worker_that_dies_costs_its_job_only(pool: WorkerPool) -> None:
    with pytest.raises(WorkerError, match="SIGKILL"):
        pool.run(jobs.die, None)
    assert pool.run(jobs.double, 4) == 8


def test_a_worker_that_was_killed_while_it_was_idle_costs_nothing(pool: WorkerPool) -> None:
    os.kill(worker := pool.run(jobs.where, None), signal.SIGKILL)
    psutil.wait_procs([psutil.Process(worker)] if psutil.pid_exists(worker) else [], timeout=10)
    assert pool.run(jobs.double, 4) == 8


@LINUX
def test_a_job_that_takes_too_much_memory_fails_and_the_next_one_runs() -> None:
    with WorkerPool(1, memory=64 * 2**20) as pool:
        assert pool.run(jobs.take_memory, 16 * 2**20) == 16 * 2**20
        with pytest.raises(WorkerError, match="too much memory"):
            pool.run(jobs.take_memory, 128 * 2**20)
        assert pool.run(jobs.double, 4) == 8


@LINUX
def test_a_worker_that_stays_large_is_replaced(pool: WorkerPool) -> None:
    worker = pool.run(jobs.keep_memory, 16 * 2**20)
    assert pool.run(jobs.keep_memory, 120 * 2**20) == worker
    assert pool.run(jobs.where, None) != worker


def test_a_result_that_cannot_be_sent_is_an_error(pool: WorkerPool) -> None:
    with pytest.raises(WorkerError, match="can't be sent"):
        pool.run(jobs.unpicklable, None)


def test_a_second_worker_starts_only_while_the_first_is_busy(pipe: Path) -> None:
    with WorkerPool(2) as pool, ThreadPoolExecutor(1) as threads:
        first = pool.run(jobs.where, None)
        assert pool.run(jobs.where, None) == first
        busy = threads.submit(pool.run, jobs.hang_after, str(pipe), seconds=1.0)
        assert int(pipe.read_text()) == first
        assert pool.run(jobs.where, None) != first
        with pytest.raises(WorkerError):
            busy.result()


def test_closing_ends_the_job_at_hand_and_takes_no_other(pipe: Path) -> None:
    with WorkerPool(1) as pool, ThreadPoolExecutor(1) as threads:
        hanging = threads.submit(pool.run, jobs.hang_after, str(pipe), seconds=60.0)
        worker = int(pipe.read_text())
        pool.close()
        with pytest.raises(WorkerError):
            hanging.result()
        with pytest.raises(WorkerError, match="ending"):
            pool.run(jobs.double, 4)
    assert not psutil.pid_exists(worker)


@pytest.mark.slow
def test_workers_end_when_the_program_is_killed(pipe: Path, tmp_path: Path) -> None:
    os.mkfifo(idle := tmp_path / "idle")
    program = (
        "from threading import Thread\n"
        "from monitor.feeds.workers import WorkerPool\n"
        "from tests.support import worker_jobs as jobs\n"
        "pool = WorkerPool(2)\n"
        f"busy = Thread(target=pool.run, args=(jobs.hang_after, {str(pipe)!r}),"
        " kwargs={'seconds': 1.0})\n"
        "busy.start()\n"
        f"jobs.tell({str(idle)!r}, pool.run(jobs.where, None))\n"
        "input()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as running:
        orphans = [psutil.Process(int(path.read_text())) for path in (pipe, idle)]
        running.kill()
        _, alive = psutil.wait_procs(orphans, timeout=30)
    assert alive == []


def test_a_worker_does_not_import_the_main_module(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    main.write_text(
        "from monitor.feeds.workers import WorkerPool\n"
        "from tests.support import worker_jobs as jobs\n"
        "print('imported', flush=True)\n"
        "if __name__ == '__main__':\n"
        "    with WorkerPool(1) as pool:\n"
        "        print(pool.run(jobs.double, 21))\n"
    )
    command = [sys.executable, str(main)]
    where = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=where, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.split() == ["imported", "42"]
