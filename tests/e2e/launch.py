"""Starts the program with hooks that only tests want; the product knows nothing of them.

``launch.py HOOKS ARGUMENT…`` runs it once. ``launch.py serve`` reads jobs, one JSON object a line,
and runs each in a fork, which spares the imports; it answers with the exit code (minus a signal).
"""

import gc
import json
import os
import signal
import smtplib
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any, TypedDict, cast
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from apprise.plugins.slack import NotifySlack
from sqlalchemy.engine.default import DefaultDialect

from monitor.cli.main import main
from monitor.config.ruleset import restore_rules
from tests.support.news import RULE

# What a run imports late; a fork has it already.
PRELOADED = ("monitor.cli.run", "monitor.config.load", "monitor.daemon", "alembic.command")


class Hooks(TypedDict, total=False):
    """What is done to the program.

    Attributes:
        before_commit: SIGKILL instead of this commit of a write (from 1).
        after_commit: SIGKILL right after it.
        in_step: SIGKILL instead of the first commit of a write while this job is at work.
        after_250: SIGKILL once the mail server's 250 for this message was read (from 1).
        after_seconds: SIGKILL after so long.
        hours_ahead: of the clock by which the daemon works.
        slack: base URL that stands in for hooks.slack.com.
    """

    before_commit: int
    after_commit: int
    in_step: str
    after_250: int
    after_seconds: float
    hours_ahead: float
    slack: str


class Job(TypedDict):
    """One run of the program for ``serve``; output goes to files in its folder."""

    folder: str
    arguments: list[str]
    hooks: Hooks


def install(hooks: Hooks) -> None:
    """Applies hooks to this process."""
    if "slack" in hooks:
        NotifySlack.webhook_url = hooks["slack"]
    _kill_at_commit(
        hooks.get("before_commit", 0), hooks.get("after_commit", 0), hooks.get("in_step")
    )
    _kill_after_250(hooks.get("after_250", 0))
    if "after_seconds" in hooks:
        threading.Timer(hooks["after_seconds"], _die).start()
    if "hours_ahead" in hooks:
        _set_clock(timedelta(hours=hooks["hours_ahead"]))


def _set_clock(ahead: timedelta) -> None:
    daemon = import_module("monitor.daemon")
    daemon.now = lambda: datetime.now(UTC) + ahead  # type: ignore[attr-defined]


def _die() -> None:
    """Ends the process, and writes down which jobs were at work."""
    with open("kills.txt", "a", encoding="utf-8") as file:  # noqa: PTH123 - in its folder
        file.write(" ".join(sorted(set(_at_work()))) + "\n")
    os.kill(os.getpid(), signal.SIGKILL)


def _at_work() -> Iterator[str]:
    for frame in sys._current_frames().values():
        inner: FrameType | None = frame
        while inner is not None:
            path = Path(inner.f_code.co_filename)
            if path.parts[-3:-1] == ("monitor", "jobs"):
                yield path.stem
            inner = inner.f_back


def _kill_at_commit(before: int, after: int, step: str | None) -> None:
    commits, begun = count(1), threading.local()
    commit: Callable[[DefaultDialect, Any], None] = DefaultDialect.do_commit

    def note_begin(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("BEGIN"):
            begun.writing = statement == "BEGIN IMMEDIATE"

    def do_commit(self: DefaultDialect, connection: Any) -> None:  # noqa: ANN401  # of the driver
        number = next(commits) if begun.writing else 0
        if number and (number == before or (step and step in _at_work())):
            _die()
        commit(self, connection)
        if number and number == after:
            _die()

    sa.event.listen(sa.Engine, "before_cursor_execute", note_begin)
    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]


def _kill_after_250(at: int) -> None:
    accepted = count(1)
    getreply = smtplib.SMTP.getreply

    last_codes: WeakKeyDictionary[smtplib.SMTP, int] = WeakKeyDictionary()

    def watched(self: smtplib.SMTP) -> tuple[int, bytes]:
        answer = getreply(self)
        if (last_codes.get(self), answer[0]) == (354, 250) and next(accepted) == at:
            _die()
        last_codes[self] = answer[0]
        return answer

    smtplib.SMTP.getreply = watched  # type: ignore[method-assign]


def _serve() -> None:
    for module in PRELOADED:
        import_module(module)
    restore_rules({"flood.toml": RULE})  # builds the grammar
    gc.freeze()  # a fork need not copy what it never frees
    for line in sys.stdin:
        job = cast("Job", json.loads(line))
        child = os.fork()
        if child == 0:
            _run_in(job)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run_in(job: Job) -> None:
    os.chdir(job["folder"])
    for name, target in (("stdout.txt", 1), ("stderr.txt", 2)):
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(file, target)
    _run(job["hooks"], job["arguments"])


def _run(hooks: Hooks, arguments: list[str]) -> None:
    install(hooks)
    sys.argv = ["monitor", *arguments]
    main()
    sys.exit(0)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve()
    else:
        _run(cast("Hooks", json.loads(sys.argv[1])), sys.argv[2:])
