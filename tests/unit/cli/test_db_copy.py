"""Moving to PostgreSQL by command, and working there."""

from pathlib import Path

import pytest

from monitor.errors import StoreBusy, StoreError
from monitor.store.engine import Store
from monitor.store.lock import DaemonLock
from tests.support import postgres
from tests.support.stored import BACKENDS, NOW, entry, open_store, sealed, store_entries
from tests.unit.cli.conftest import Run

pytestmark = pytest.mark.skipif("postgresql" not in BACKENDS, reason="no PostgreSQL here")


@pytest.fixture
def used(desk: Path) -> Path:
    """A database with an alert and more articles."""
    store = open_store(desk)
    with store.write() as connection:
        sealed(connection)
        store_entries(connection, [entry(2), entry(3)], now=NOW)
    store.close()
    return desk


@pytest.fixture
def url() -> str:
    """A database without tables."""
    return postgres.new_database()


def move(desk: Path, url: str) -> None:
    config = desk / "config.toml"
    text = config.read_text(encoding="utf-8").replace("sqlite:///monitor.db", url)
    config.write_text(text, encoding="utf-8")


def test_a_database_moves_with_all_its_rows(used: Path, url: str, run: Run) -> None:
    before = run("hits").stdout, run("outbox", "list").stdout
    assert "Title 1" in before[0]
    assert "pending" in before[1]
    copied = run("db", "copy", url)
    assert copied.exit_code == 0, copied.exception
    assert "           3 article\n" in copied.stdout
    assert copied.stdout.endswith(f'copied; now set [store] url = "{url}"\n')
    move(used, url)
    (used / "monitor.db").unlink()
    assert (run("hits").stdout, run("outbox", "list").stdout) == before
    assert run("db", "check").stdout == "sound\n"
    assert run("db", "upgrade").stdout.startswith(f"{Store.open(url).name} is at version ")
    refused = run("db", "backup", "copy.db").exception
    assert isinstance(refused, StoreError)
    assert "pg_dump" in str(refused)


def test_a_new_database_is_made_without_asking(desk: Path, url: str, run: Run) -> None:
    move(desk, url)
    assert run("hits").exit_code == 0
    assert not (desk / "monitor.db").exists()


def test_nothing_is_copied_while_a_daemon_runs(used: Path, url: str, run: Run) -> None:
    with DaemonLock(used / "monitor.db"):
        assert isinstance(run("db", "copy", url).exception, StoreBusy)
    target = Store.open(url)
    assert target.is_new()
    with target.alone():
        assert isinstance(run("db", "copy", url).exception, StoreBusy)
    target.close()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://h/db", 'must be "sqlite:///FILE"'),
        ("postgresql://u:pw@h/db", "must not hold a password"),
    ],
)
def test_a_url_that_is_none_is_refused(used: Path, run: Run, url: str, problem: str) -> None:
    assert used.exists()
    result = run("db", "copy", url)
    assert result.exit_code == 2
    assert problem in " ".join(result.stderr.replace("│", "").split())
