"""``monitor run`` with a clock at every stage: ``python -m tests.bench.stage_clock REPORT …``.

It is the program as it is, but what lies in the outbox stays there. At its end it writes the
processor seconds of every stage since its start to the file REPORT, as JSON. A stage has the time of its thread
while it is the innermost one that runs there; stages in processes and threads of their own have
all that these took.
"""

import json
import multiprocessing
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from typing_extensions import override

STAGES: Final = {
    "match": ("jobs.match:match",),
    "stories": ("jobs.match:features_of", "jobs.match:Stories.join"),
    "hits": ("jobs.match:Matching._claim", "jobs.match:Matching._save"),
    "decide": ("jobs.alert:decide_hits",),
    "compose": ("jobs.seal:say", "jobs.seal:drafts.draft"),
    "seal": ("jobs.alert:Sealing.run",),
    "index": ("jobs.index:Indexing.run",),
}
"""What is timed where it is looked up, below ``monitor``."""

_THREADS: Final = {"poll-loop": "fetch", "parse": "fetch", "lookup": "fetch", "intake": "intake"}
"""Stages that have threads of their own, by the beginning of the name."""

_PROCESSES: Final = {"rules": "match"}


class Clock:
    """Processor seconds by stage."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._running = threading.local()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What runs inside is of this stage, unless it is of another one further inside."""
        running = self._running
        outer = getattr(running, "stage", None)
        self._charge(outer)
        running.stage = name
        try:
            yield
        finally:
            self._charge(name)
            running.stage = outer

    def _charge(self, stage: str | None) -> None:
        now = time.thread_time()
        if stage is not None:
            self.spent[stage] += now - self._running.since
        self._running.since = now

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function as a stage."""

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - of any function
            with self.stage(stage):
                return function(*args, **kwargs)

        return call

    def put_in(self) -> None:
        """Times the stages from now on."""
        for stage, places in STAGES.items():
            for place in places:
                module, _, path = place.partition(":")
                *owners, name = path.split(".")
                owner: Any = import_module(f"monitor.{module}")
                owner = attrgetter(".".join(owners))(owner) if owners else owner
                setattr(owner, name, self.timed(stage, getattr(owner, name)))

    def report(self) -> dict[str, float]:
        """Processor seconds of the stages, and of all else (``rest``)."""
        spent = dict(self.spent)
        own = sum(os.times()[:2])
        timed = sum(spent.values())
        for name, seconds in _threads():
            stage = next((each for key, each in _THREADS.items() if name.startswith(key)), None)
            if stage is not None:
                spent[stage] = spent.get(stage, 0.0) + seconds
                timed += seconds
        spent["rest"] = own - timed
        for name, seconds in _processes():
            stage = _PROCESSES.get(name, "parse")
            spent[stage] = spent.get(stage, 0.0) + seconds
        return spent


def _threads() -> Iterator[tuple[str, float]]:
    import psutil

    names = {each.native_id: each.name for each in threading.enumerate()}
    for thread in psutil.Process().threads():
        if thread.id in names:
            yield names[thread.id], thread.user_time + thread.system_time


def _processes() -> Iterator[tuple[str, float]]:
    """Name and seconds of every process below this one; those that ended count with the server."""
    import psutil

    names = {each.pid: each.name for each in multiprocessing.active_children()}
    for child in psutil.Process().children(recursive=True):
        times = child.cpu_times()
        ended = times.children_user + times.children_system
        yield names.get(child.pid, ""), times.user + times.system + ended


def _run(report: Path) -> None:
    # Here, for the fork server imports this module, and its memory counts.
    from monitor import daemon
    from monitor.cli.main import main

    clock = Clock()
    clock.put_in()
    before: dict[str, float] = {}

    class Timed(daemon.Daemon):
        @override
        def _send(self) -> None:
            """What lies in the outbox stays there."""

        @override
        def _schedule(self, on_election: Callable[[], None]) -> None:
            before.update(clock.report())
            super()._schedule(on_election)

        @override
        def close(self) -> None:
            spent = {
                stage: all_ - before.get(stage, 0.0) for stage, all_ in clock.report().items()
            }
            report.write_text(json.dumps(spent), encoding="utf-8")
            super().close()

    daemon.Daemon = Timed  # type: ignore[misc]
    main()


if __name__ == "__main__":
    _run(Path(sys.argv.pop(1)))
