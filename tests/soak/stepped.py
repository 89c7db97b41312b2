"""The real ``monitor run`` by a clock that its parent sets."""

import gc
import json
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from threading import Condition, Event, Thread
from typing import Any, Final, TypedDict, cast

import sqlalchemy as sa
from typing_extensions import override

from monitor import daemon as composition
from monitor.cli.main import main
from monitor.config.ruleset import restore_rules
from monitor.daemon import Clockwork, Daemon
from monitor.plan import Plan
from monitor.service.ticker import Ticker
from monitor.service.vitals import Vitals

# What a run imports late; a fork has it already.
_PRELOADED: Final = ("monitor.cli.run", "monitor.config.load", "alembic.command", "psycopg")
_LOOK: Final = 0.002  # seconds
_TIMEOUT: Final = timedelta(seconds=0.5)  # of servers: shorter than a configuration may say


class Job(TypedDict):
    """One life of the program; output goes to a file in its folder.

    Attributes:
        socket: path of the parent's.
        now: the time at which it starts.
    """

    folder: str
    socket: str
    now: str


class Step(TypedDict):
    """What the parent wants.

    Attributes:
        now: the time of the machine, which may be wrong.
        elapsed: seconds that have truly passed.
        pages: most pages of the database; 0: no limit.
        reload: send SIGHUP to yourself, and wait until it was obeyed.
    """

    now: str
    elapsed: float
    pages: int
    reload: bool


class VirtualTime:
    """The clock of the machine, and true seconds for those who wait."""

    def __init__(self, now: datetime) -> None:
        self.changed = Condition()
        self._ends: list[float] = []
        self._now = now
        self._elapsed = 0.0

    def __call__(self) -> datetime:
        return self._now

    @property
    def waiting(self) -> int:
        """How many wait for it to go on."""
        with self.changed:
            return sum(end > self._elapsed for end in self._ends)

    def set(self, now: datetime, elapsed: float) -> None:
        """Time goes on."""
        with self.changed:
            self._now, self._elapsed = now, elapsed
            self.changed.notify_all()

    def wait(self, seconds: float, over: Callable[[], bool]) -> bool:
        """Waits so long unless ``over`` comes true; returns whether it did."""
        with self.changed:
            end = self._elapsed + seconds
            self._ends.append(end)
            self.changed.wait_for(lambda: over() or self._elapsed >= end)
            self._ends.remove(end)
            return over()


class VirtualStop(Event):
    """The wish to end; whoever waits for it waits in virtual time."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self._time = time

    @override
    def set(self) -> None:
        super().set()
        with self._time.changed:
            self._time.changed.notify_all()

    @override
    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        return self._time.wait(timeout, self.is_set)


class _Job(Thread):
    """Runs a job whenever it is wanted, as often as it was wanted while it ran: once."""

    def __init__(self, interval: timedelta, job: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.interval = interval
        self.elapsed = 0.0  # since it was wanted last
        self._job = job
        self._changed = Condition()
        self._wanted = self._runs = False

    @override
    def run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted)
                self._wanted, self._runs = False, True
            try:
                self._job()
            except Exception:  # noqa: BLE001  # as the scheduler does; the parent reads the log
                traceback.print_exc()
            with self._changed:
                self._runs = False
                self._changed.notify_all()

    def want(self) -> None:
        """Runs it, or once more."""
        with self._changed:
            self._wanted = True
            self._changed.notify_all()

    def is_idle(self) -> bool:
        """Whether it has nothing to do."""
        with self._changed:
            return not (self._wanted or self._runs)

    def wait(self) -> None:
        """Until it is idle."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._wanted or self._runs))


class Stepping:
    """What runs the jobs: at each step, all at once, until nothing is due."""

    def __init__(self, vitals: Vitals, time: VirtualTime, path: str) -> None:
        self.daemon: SteppedDaemon
        self._vitals = vitals
        self._time = time
        self._path = path
        self._jobs: dict[str, _Job] = {}

    def every(self, interval: timedelta, name: str, job: Callable[[], None]) -> None:
        """Adds a job."""
        self._jobs[name] = _Job(interval, partial(self._guarded, name, job))

    def start(self) -> None:
        """Obeys the parent from now on."""
        for job in self._jobs.values():
            job.start()
        Thread(target=self._live, daemon=True).start()

    def wake(self, name: str) -> None:
        """Runs a job now, or once more if it runs."""
        if name in self._jobs:
            self._jobs[name].want()

    def shutdown(self) -> None:
        """Ends, once the jobs under way have."""
        for job in self._jobs.values():
            job.wait()

    def _guarded(self, name: str, job: Callable[[], None]) -> None:
        Ticker._guarded(cast("Any", self), name, job)

    def _live(self) -> None:
        try:
            self._obey()
        except BaseException:  # noqa: BLE001  # the parent reads the log
            traceback.print_exc()
        os._exit(1)  # the parent is gone, or waits in vain

    def _obey(self) -> None:
        with socket.socket(socket.AF_UNIX) as parent:
            parent.connect(self._path)
            lines = parent.makefile("rw")
            lines.write(f"{os.getpid()}\n")
            lines.flush()
            for line in lines:
                self._step(cast("Step", json.loads(line)))
                lines.write("done\n")
                lines.flush()

    def _step(self, step: Step) -> None:
        _Disk.pages = step["pages"]
        before, now = self._time(), datetime.fromisoformat(step["now"])
        self._time.set(now, step["elapsed"])
        if step["reload"]:
            self.daemon.reload()
        for job in self._jobs.values():
            if step["elapsed"] - job.elapsed >= job.interval.total_seconds() or now < before:
                job.elapsed = step["elapsed"]
                job.want()
        self._settle()

    def _settle(self) -> None:
        jobs = self._jobs.values()
        while True:
            for job in jobs:
                job.wait()
            self.daemon.drain(self._time)
            if all(job.is_idle() for job in jobs) and not self.daemon.is_busy(self._time):
                return


class SteppedDaemon(Daemon):
    """The daemon, with what its parent has to know of it."""

    _reloads = 0

    def __init__(
        self,
        wishes: Plan,
        *arguments: Any,  # noqa: ANN401  # as it comes
        time: VirtualTime,
        path: str,
        **more: Any,  # noqa: ANN401  # as it comes
    ) -> None:
        self._reloaded = Condition()
        fetch = replace(wishes.settings.fetch, timeout=_TIMEOUT)
        wishes = replace(wishes, settings=replace(wishes.settings, fetch=fetch))

        def ticker(vitals: Vitals, _: Callable[[], datetime]) -> Stepping:
            self._stepping = Stepping(vitals, time, path)
            return self._stepping

        clockwork = Clockwork(now=time, ticker=ticker, stop=lambda: VirtualStop(time))
        super().__init__(wishes, *arguments, clockwork=clockwork, **more)
        self._stepping.daemon = self

    def drain(self, time: VirtualTime) -> None:
        """Until polls, pages and sends are at an end, or wait for time to go on."""
        self._poller.drain()
        self._extraction.drain()
        look = Event()
        while self._sending() > time.waiting:
            look.wait(_LOOK)

    def is_busy(self, time: VirtualTime) -> bool:
        """Whether it has something to do before time goes on."""
        return self._poller._in_flight > 0 or self._sending() > time.waiting

    def _sending(self) -> int:
        return sum(thread.is_alive() for thread in list(self._outbox._threads.values()))

    def reload(self) -> None:
        """Sends SIGHUP, and waits until it was obeyed."""
        with self._reloaded:
            count = self._reloads
            os.kill(os.getpid(), signal.SIGHUP)
            self._reloaded.wait_for(lambda: self._reloads > count)

    @override
    def _reload(self, reread: Any) -> None:
        try:
            super()._reload(reread)
        finally:
            with self._reloaded:
                self._reloads += 1
                self._reloaded.notify_all()


class _Disk:
    """A disk that may be full, where there is no small one: the database may not grow."""

    pages = 0

    @classmethod
    def install(cls) -> None:
        def limit(_connection: object, cursor: Any, statement: str, *_: object) -> None:  # noqa: ANN401  # of the driver
            if statement == "BEGIN IMMEDIATE":
                pages = cls.pages or 2**32 - 2
                cursor.connection.execute(f"PRAGMA max_page_count = {pages}")

        sa.event.listen(sa.Engine, "before_cursor_execute", limit)


def serve() -> None:
    """Runs what is asked for, each in a fork, until there is no more input."""
    for module in _PRELOADED:
        import_module(module)
    restore_rules({"first.toml": "[rules.first]\nquery = 'flood'\n"})  # builds the grammar
    gc.freeze()  # a fork need not copy what it never frees
    for line in sys.stdin:
        job = cast("Job", json.loads(line))
        child = os.fork()
        if child == 0:
            _run(job)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(job: Job) -> None:
    os.chdir(job["folder"])
    log = os.open("log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for target in (1, 2):
        os.dup2(log, target)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    time = VirtualTime(datetime.fromisoformat(job["now"]))
    _Disk.install()
    composition.Daemon = partial(SteppedDaemon, time=time, path=job["socket"])  # type: ignore[assignment, misc]
    sys.argv = ["monitor", "run"]
    main()
    sys.exit(0)
