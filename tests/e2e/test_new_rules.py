"""A rule that is new at a start or a reload looks back on what was there before it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.process import ROOT, Program, eventually, run_monitor

pytestmark = pytest.mark.slow

CONFIG = """\
[[feeds]]
url = "seeds/kurdistan24.xml"
name = "Seed"
backlog = "alert"
[channels.terminal]
url = "console://"
"""


def hits(folder: Path) -> dict[str, str | None]:
    """What was decided of the hit of each rule; None while nothing is."""
    lines = map(json.loads, run_monitor(folder, "hits", "--json").output.splitlines())
    return {line["rule"]: line["channels"].get("terminal", {}).get("reason") for line in lines}


def test_a_new_rule_looks_back_at_a_start_and_at_a_reload(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "a.toml").write_text("[rules.first]\nquery = 'putin'\n", encoding="utf-8")
    assert run_monitor(tmp_path, "run", "--once").code == 0
    assert hits(tmp_path) == {"first": "first"}

    (rules / "b.toml").write_text("[rules.second]\nquery = 'zelenskyy'\n", encoding="utf-8")
    ended = run_monitor(tmp_path, "run", "--once")
    assert "second" not in ended.output
    assert hits(tmp_path) == {"first": "first", "second": "archive"}

    with Program(tmp_path, "run") as program:
        program.wait_for_error("started")
        (rules / "c.toml").write_text("[rules.third]\nquery = 'nato'\n", encoding="utf-8")
        program.reload()
        eventually(lambda: hits(tmp_path).get("third") == "archive")
