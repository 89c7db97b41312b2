"""``monitor work`` and what ``monitor run`` refuses where several machines work together."""

import re
import sys
from pathlib import Path

import pytest

from monitor.errors import MonitorError, StoreError
from tests.unit.cli.conftest import Run

TOGETHER = """
[runtime]
engine = "procrastinate"
"""


@pytest.fixture
def together(desk: Path) -> Path:
    config = desk / "config.toml"
    text = config.read_text(encoding="utf-8")
    url = f'url = "postgresql://desk@/news?host={desk}"'
    text, found = re.subn(r'url = "sqlite:[^"]*"', url, text)
    assert found == 1
    config.write_text(text + TOGETHER, encoding="utf-8")
    return desk


@pytest.mark.usefixtures("desk")
def test_a_worker_is_refused_where_one_process_does_everything(run: Run) -> None:
    error = run("work").exception
    assert isinstance(error, MonitorError)
    assert 'set [runtime] engine = "procrastinate"' in str(error)


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("option", ["--once", "--dry-run"])
def test_one_pass_and_a_dry_run_are_for_one_process(run: Run, option: str) -> None:
    result = run("run", option)
    assert result.exit_code == 2
    assert f'{option} is for [runtime] engine = "embedded"' in result.stderr


@pytest.mark.usefixtures("together")
def test_a_missing_library_is_named_with_what_installs_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "monitor.service.taskqueue", raising=False)
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    error = run("work").exception
    assert isinstance(error, StoreError)
    assert "install media-monitor[procrastinate]" in str(error)


@pytest.mark.usefixtures("together")
def test_a_worker_without_its_database_ends_and_says_why(run: Run) -> None:
    error = run("work", "--parsers", "0").exception
    assert isinstance(error, StoreError)
    assert "can't be reached" in str(error)
