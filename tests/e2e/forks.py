"""Runs the program many times at the price of one start: ``launch.py serve`` forks for each run."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.e2e.launch import Hooks, Job
from tests.support.process import ROOT, environment

LAUNCH = ROOT / "tests" / "e2e" / "launch.py"


class Forks:
    """Starts programs from entering to leaving the context."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(LAUNCH), "serve"],
            env=environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()  # closes its input, which ends it

    def run(self, folder: Path, *arguments: str, hooks: Hooks | None = None) -> int:
        """Runs the program in ``folder``; returns its exit code, or minus the signal."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        job = Job(folder=str(folder), arguments=list(arguments), hooks=hooks or Hooks())
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())
