"""``monitor check`` tries the rules on articles that are already stored, and leaves them alone."""

import sqlite3
from pathlib import Path

import pytest

from monitor.cli.sampled import stored_articles
from tests.support.stored import entry, open_store, store_entries
from tests.unit.cli.conftest import Run

RULES = "[rules.all]\nquery = 'news'\n[rules.half]\nquery = 'odd'\n"


def fill(desk: Path, number: int) -> None:
    store = open_store(desk)
    entries = [entry(n, text=f"News that is {'odd' if n % 2 else 'even'}") for n in range(number)]
    with store.write() as connection:
        store_entries(connection, entries)
    store.close()


def warnings(run: Run) -> list[str]:
    return [line for line in run("check").stdout.splitlines() if "stored articles" in line]


@pytest.fixture
def rules(desk: Path) -> Path:
    file = desk / "rules" / "mine.toml"
    file.write_text(RULES, encoding="utf-8")
    return file


@pytest.mark.usefixtures("rules")
def test_a_rule_that_hits_most_articles_is_named(desk: Path, run: Run) -> None:
    fill(desk, 20)

    assert warnings(run) == [
        'rules/mine.toml:1:8: warning: rule "all" hits 20 of the latest 20 stored articles: '
        "it tells of most of what comes; ask for more, or exclude something"
    ]


@pytest.mark.usefixtures("rules")
def test_few_articles_say_nothing(desk: Path, run: Run) -> None:
    fill(desk, 19)

    assert warnings(run) == []


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def test_what_is_no_database_of_this_version_is_passed_over(tmp_path: Path) -> None:
    missing, garbage, foreign = (tmp_path / name for name in ("missing", "garbage", "foreign"))
    garbage.write_bytes(b"no database at all" * 100)
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")

    assert [stored_articles(url(path)) for path in (missing, garbage, foreign)] == [[], [], []]
    assert not missing.exists()
    assert foreign.with_name("foreign-wal").exists() is False


def test_a_locked_database_is_passed_over(desk: Path) -> None:
    fill(desk, 1)
    path = desk / "monitor.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("BEGIN IMMEDIATE")

    assert stored_articles(url(path)) == []

    connection.close()
    assert len(stored_articles(url(path))) == 1


def test_a_sample_writes_nothing(desk: Path) -> None:
    fill(desk, 1)
    path = desk / "monitor.db"
    before = path.read_bytes()
    path.chmod(0o444)

    assert len(stored_articles(url(path))) == 1
    assert path.read_bytes() == before


def test_a_path_with_odd_signs_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "50% of #1 & more"
    folder.mkdir()
    fill(folder, 1)

    assert len(stored_articles(url(folder / "monitor.db"))) == 1
