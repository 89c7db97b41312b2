"""Which configuration a command uses."""

from pathlib import Path

import pytest

from monitor.config import load
from monitor.config.load import find_config
from monitor.errors import ConfigError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_the_first_of_the_usual_places_is_the_configuration(folder: Path) -> None:
    user = folder / "xdg" / "monitor" / "config.toml"
    user.parent.mkdir(parents=True)
    user.touch()
    environ = {"XDG_CONFIG_HOME": str(folder / "xdg")}
    assert find_config(None, folder, environ) == user
    (folder / "config.toml").touch()
    assert find_config(None, folder, environ) == folder / "config.toml"
    assert find_config(Path("xdg/monitor/config.toml"), folder, environ) == Path(
        "xdg/monitor/config.toml"
    )


def test_no_configuration_at_all_says_how_to_make_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "SYSTEM_CONFIG", Path("/nowhere/monitor/config.toml"))
    with pytest.raises(ConfigError) as caught:
        find_config(None, folder, {"HOME": "/nobody"})
    assert str(caught.value) == (
        "config.toml:1:1: there is no configuration (looked for config.toml, "
        "/nobody/.config/monitor/config.toml, /nowhere/monitor/config.toml); "
        "make one with `monitor init`, or name one with --config FILE"
    )


def test_a_named_configuration_that_is_not_there_is_not_replaced_by_another(folder: Path) -> None:
    (folder / "config.toml").touch()
    with pytest.raises(ConfigError) as caught:
        find_config(Path("other.toml"), folder, {})
    assert str(caught.value) == (
        "other.toml:1:1: there is no such file; `monitor init` writes one to start from"
    )
