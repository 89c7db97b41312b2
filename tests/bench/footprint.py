"""Measures what the program costs: each figure is the median of 5 runs.

``python -m tests.bench.footprint`` prints one JSON line: CPU seconds from the start to the first
poll (of a second start), megabytes (PSS, Linux) of the idle daemon's process tree with the example
configuration, CPU seconds of ``monitor --help``.
"""

import json
import resource
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Event

from tests.e2e.newsroom import set_up
from tests.support.http_server import Answer, HttpServer, Request
from tests.support.news import AcknowledgedFeed
from tests.support.process import PATIENCE, ROOT, Program, eventually, run_monitor

RUNS = 5
SETTLE = 3.0  # seconds after which an idle daemon is idle


def start_cpu(folder: Path) -> float:
    """CPU seconds until the first poll reaches the server, at the second start and later ones."""
    spent: list[float] = []
    running: list[Program] = []
    started, polled = Event(), Event()
    feed = AcknowledgedFeed()

    def answer(request: Request) -> Answer:
        started.wait(PATIENCE)
        if not polled.is_set():
            spent.append(running[-1].cpu_seconds())
            polled.set()
        return feed(request)

    with HttpServer() as http:
        http.answers["/feed"] = answer
        set_up(folder, feeds=[http.url("/feed")], channels=['url = "console://"'])
        shutil.copytree(ROOT / "rules", folder / "rules", dirs_exist_ok=True)
        for _ in range(RUNS + 1):
            started.clear()
            polled.clear()
            with Program(folder, "run") as daemon:
                running.append(daemon)
                started.set()
                eventually(polled.is_set)
                daemon.end()
    return statistics.median(spent[1:])


def idle_megabytes(folder: Path) -> float:
    """Proportional memory of the daemon's tree after the seed was told."""
    shutil.copy(ROOT / "config.example.toml", folder)
    for name in ("rules", "seeds"):
        shutil.copytree(ROOT / name, folder / name)
    with Program(folder, "run", "--config", "config.example.toml") as daemon:
        Event().wait(SETTLE)
        megabytes = daemon.pss_bytes() / 1e6
        daemon.end()
    return megabytes


def help_cpu(folder: Path) -> float:
    """CPU seconds of ``monitor --help``."""
    before = _children()
    run_monitor(folder, "--help")
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _median(figure: Callable[[Path], float]) -> float:
    found = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            found.append(figure(Path(folder)))
    return statistics.median(found)


def main() -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory() as folder:
        start = start_cpu(Path(folder))
    figures = {
        "start_cpu_s": round(start, 2),
        "idle_pss_mb": round(_median(idle_megabytes), 1),
        "help_cpu_s": round(_median(help_cpu), 3),
    }
    sys.stdout.write(f"{json.dumps(figures)}\n")


if __name__ == "__main__":
    main()
