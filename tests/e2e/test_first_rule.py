"""The newcomer's path of docs/archive.md: every command works, one after the other."""

import re
import shlex
from pathlib import Path

import pytest

from tests.support.process import ROOT, run_monitor

_STEP = re.compile(r"```(sh|toml)\n(.*?)```", re.DOTALL)
SHOWS = {
    "search": "package of sanctions",
    "check": "0 failed",
    "explain": "match    new-sanctions",
    "backtest --rule": "new-sanctions  1 hit",
    "backtest --rules": "0 gained, 0 lost, 1 unchanged",
    "hits": "missile-strikes",
    "mark": "1 hit marked as useful",
    "stats": "sanctions-package",
    "trace": "Kurdistan24",
}


def path() -> str:
    text = (ROOT / "docs" / "archive.md").read_text(encoding="utf-8")
    return text.partition("## From an idea")[2].partition("\n## ")[0]


@pytest.mark.slow
def test_a_newcomer_gets_from_an_idea_to_a_live_rule(tmp_path: Path) -> None:
    folder, said = tmp_path, ""
    for kind, body in _STEP.findall(path()):
        if kind == "toml":
            file = folder / body.splitlines()[0].removeprefix("# ")
            file.parent.mkdir(exist_ok=True)
            file.write_text(body, encoding="utf-8")
            continue
        for line in body.replace(" && ", "\n").splitlines():
            command = shlex.split(line)
            if command[0] == "cd":
                folder /= command[1]
                continue
            assert command[0] == "monitor"
            ended = run_monitor(folder, *command[1:])
            assert ended.code == 0, f"{line}\n{ended.output}{ended.errors}"
            for step, shown in SHOWS.items():
                if line.startswith(f"monitor {step}"):
                    assert shown in ended.output.replace("*", ""), line
                    said += step
    assert all(step in said for step in SHOWS)
