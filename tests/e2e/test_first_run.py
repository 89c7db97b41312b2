"""What somebody sees who installs the program: the example as it is, and every command."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.support.process import ROOT, Program, run_monitor

pytestmark = pytest.mark.slow

SEED_RULES = {"troop-deployment", "sanctions-package", "eu-nato-leaders"}
LEADERS = {"@ursula-von-der-leyen", "@zelenskyy", "@putin", "@nato", "@eu"}
EXAMPLE = ("--config", "config.example.toml")
READING = [
    ("articles",),
    ("channels", "list"),
    ("check",),
    ("feeds", "list"),
    ("hits",),
    ("outbox", "list"),
    ("status",),
]


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder in which the example ran once, and what that printed."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copy(ROOT / "config.example.toml", folder)
    for name in ("rules", "seeds"):
        shutil.copytree(ROOT / name, folder / name)
    done = run_monitor(folder, "run", "--once", *EXAMPLE)
    assert done.code == 0, done.errors
    return folder, done.output


def _lines(output: str) -> list[dict[str, object]]:
    found = [json.loads(line) for line in output.splitlines()]
    assert all(isinstance(line, dict) for line in found)
    return found


def _counts(folder: Path) -> dict[str, int]:
    connection = sqlite3.connect(folder / "monitor.db")
    try:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND name NOT LIKE 'article_words%'"  # an index, which can't be listed
        ).fetchall()
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for (name,) in names
        }
    finally:
        connection.close()


def test_the_first_run_prints_the_alert_of_the_seed(first_run: tuple[Path, str]) -> None:
    _, output = first_run
    assert "Troop Deployment, Von der Leyen Reveals" in output.replace("*", "")  # highlights
    assert "Kurdistan24 (seed)" in output
    assert "“package of sanctions”" in output
    assert "https://www.kurdistan24.net/en" in output


def test_the_seed_hits_the_shipped_rules_at_the_named_passages(
    first_run: tuple[Path, str],
) -> None:
    done = run_monitor(first_run[0], "hits", "--json", *EXAMPLE)
    hits = {hit["rule"]: hit for hit in map(json.loads, done.output.splitlines())}
    assert set(hits) >= SEED_RULES
    leaders = hits["eu-nato-leaders"]
    assert {span["clause"] for span in leaders["spans"]} >= LEADERS
    assert leaders["article"]["published"] == "2025-09-01T12:00:00Z"
    assert leaders["channels"]["terminal"]["decision"] == "told"


def test_a_dry_run_writes_what_it_would_send_and_sends_nothing(tmp_path: Path) -> None:
    shutil.copy(ROOT / "config.example.toml", tmp_path)
    for name in ("rules", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)

    done = run_monitor(tmp_path, "run", "--once", "--dry-run", "--to", "shown", *EXAMPLE)

    assert done.code == 0, done.errors
    assert "Troop Deployment" not in done.output
    text = (tmp_path / "shown" / "1-terminal.txt").read_text(encoding="utf-8")
    assert "Troop Deployment, Von der Leyen Reveals" in text
    assert {file.name.partition(".")[2] for file in (tmp_path / "shown").iterdir()} == {
        "txt",
        "html",
        "md",
        "slack.json",
    }
    held = _lines(run_monitor(tmp_path, "outbox", "list", "--json", *EXAMPLE).output)
    assert {line["state"] for line in held} == {"held"}

    assert run_monitor(tmp_path, "run", "--once", *EXAMPLE).output == ""
    run_monitor(tmp_path, "outbox", "retry", "1", *EXAMPLE)
    sent = run_monitor(tmp_path, "run", "--once", *EXAMPLE).output.replace("*", "")
    assert "Troop Deployment, Von der Leyen Reveals" in sent


def test_a_second_run_tells_and_stores_nothing_again(first_run: tuple[Path, str]) -> None:
    folder, _ = first_run
    before = _counts(folder)
    second = run_monitor(folder, "run", "--once", "--all", *EXAMPLE)
    assert (second.code, second.output) == (0, "")
    assert _counts(folder) == before


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_reading_command_speaks_to_people_and_to_programs(
    first_run: tuple[Path, str], command: tuple[str, ...]
) -> None:
    people = run_monitor(first_run[0], *command, *EXAMPLE)
    programs = run_monitor(first_run[0], *command, "--json", *EXAMPLE)
    assert (people.code, programs.code) == (0, 0), people.errors + programs.errors
    assert people.output.strip()
    assert _lines(programs.output)


def test_a_backup_is_a_database_with_the_same_rows(first_run: tuple[Path, str]) -> None:
    folder, _ = first_run
    done = run_monitor(folder, "db", "backup", "copy.db", *EXAMPLE)
    assert done.code == 0, done.errors
    original = _counts(folder)
    (folder / "copied").mkdir()
    shutil.move(folder / "copy.db", folder / "copied" / "monitor.db")
    assert _counts(folder / "copied") == original


def test_help_names_every_command(tmp_path: Path) -> None:
    done = run_monitor(tmp_path, "--help")
    assert done.code == 0
    assert {command[0] for command in READING} | {"init", "run", "explain", "db"} <= set(
        done.output.split()
    )


def test_init_in_an_empty_folder_makes_what_run_needs(tmp_path: Path) -> None:
    assert run_monitor(tmp_path, "init").code == 0
    done = run_monitor(tmp_path, "run", "--once")
    assert done.code == 0, done.errors
    assert "Troop Deployment, Von der Leyen Reveals" in done.output.replace("*", "")
    again = run_monitor(tmp_path, "init")
    assert again.code == 1
    assert "nothing was written" in again.errors


def test_without_a_configuration_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    done = run_monitor(tmp_path, "run")
    assert done.code == 78
    assert "monitor init" in done.errors


def test_a_second_daemon_is_refused_and_names_the_first(first_run: tuple[Path, str]) -> None:
    folder, _ = first_run
    with Program(folder, "run", *EXAMPLE) as daemon:
        daemon.wait_for_error("started")
        second = run_monitor(folder, "run", "--once", *EXAMPLE)
        status = run_monitor(folder, "status", *EXAMPLE)
        assert daemon.end(timeout=10) == 0
    assert f"daemon  running (process {daemon.pid})" in status.output
    assert second.code == 75
    assert second.errors == (
        f"monitor: {folder / 'monitor.db'} is in use by a running daemon (process {daemon.pid}); "
        "stop it first, or work beside it with the other commands\n"
    )
