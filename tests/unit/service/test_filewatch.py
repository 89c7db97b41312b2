"""Changes of files are noticed however editors make them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from monitor.service.filewatch import FileWatch, fingerprint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules" / "deep").mkdir(parents=True)
    (tmp_path / "rules" / "one.toml").write_text("a", encoding="utf-8")
    (tmp_path / "config.toml").write_text("a", encoding="utf-8")
    return tmp_path


@pytest.fixture
def changed(folder: Path) -> Iterator[Event]:
    event = Event()
    files = (folder / "config.toml", folder / "feeds.toml")
    watch = FileWatch(files, (folder / "rules",), event.set, pytest.fail)
    yield event
    watch.close()


def write(path: Path) -> None:
    path.write_text("b", encoding="utf-8")


def replace(path: Path) -> None:
    other = path.with_name(".new")
    other.write_text("b", encoding="utf-8")
    other.replace(path)


@pytest.mark.parametrize("change", [write, replace])
@pytest.mark.parametrize(
    "name", ["config.toml", "feeds.toml", "rules/one.toml", "rules/deep/new.toml"]
)
def test_a_change_is_noticed(
    folder: Path, changed: Event, name: str, change: Callable[[Path], None]
) -> None:
    assert not changed.is_set()
    for _ in range(300):  # what is changed before the watch stands may be missed
        change(folder / name)
        if changed.wait(0.1):
            return
    pytest.fail("never noticed")


def test_a_deleted_rule_file_is_noticed(folder: Path, changed: Event) -> None:
    for _ in range(300):
        write(folder / "rules" / "gone.toml")
        (folder / "rules" / "gone.toml").unlink()
        if changed.wait(0.1):
            return
    pytest.fail("never noticed")


def test_the_database_beside_the_configuration_is_not_news(folder: Path, changed: Event) -> None:
    for name in ("monitor.db-wal", "other.toml", "rules/.one.toml.swp", "rules/notes.md"):
        write(folder / name)
    write(folder / "config.toml")  # what came before has been looked at once this is noticed
    for _ in range(300):
        write(folder / "config.toml")
        if changed.wait(0.1):
            break
    changed.clear()
    for name in ("monitor.db-wal", "other.toml", "rules/.one.toml.swp", "rules/notes.md"):
        write(folder / name)
    assert not changed.wait(2.5)  # more than the watch takes its time


def test_a_fingerprint_differs_when_a_file_does(folder: Path) -> None:
    files, trees = (folder / "config.toml", folder / "feeds.toml"), (folder / "rules",)
    before = fingerprint(files, trees)
    assert fingerprint(files, trees) == before
    os.utime(folder / "rules" / "one.toml", ns=(1, 1))
    after = fingerprint(files, trees)
    assert after != before
    (folder / "feeds.toml").touch()
    assert fingerprint(files, trees) != after
