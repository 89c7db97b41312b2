import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.main import monitor

ROOT = Path(__file__).parents[3]

Run = Callable[..., Result]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the example as it ships, and the working directory."""
    for name in ("rules", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copyfile(ROOT / "config.example.toml", tmp_path / "config.toml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run() -> Run:
    def call(*arguments: str, input_: str | None = None) -> Result:
        return CliRunner().invoke(monitor, arguments, input=input_, catch_exceptions=True)

    return call
