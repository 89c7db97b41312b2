import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.errors import StoreBusy, StoreError
from monitor.store.engine import Store
from monitor.store.tables import CHANNEL_HEALTH
from tests.support.stored import ON_SQLITE, open_store

ROW = {"channel": "desk", "state": "up", "failures": 0}


def add(store: Store) -> None:
    with store.write() as connection:
        connection.execute(sa.insert(CHANNEL_HEALTH).values(ROW))


def failures(store: Store) -> int | None:
    with store.read() as connection:
        return connection.scalar(sa.select(CHANNEL_HEALTH.c.failures))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program writes to the database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        pytest.param("journal_mode", "wal", id="readers don't wait"),
        pytest.param("synchronous", 2, id="a commit survives a power cut"),
        pytest.param("foreign_keys", 1, id="nothing points nowhere"),
        pytest.param("busy_timeout", 30000, id="patience with other programs"),
    ],
)
@ON_SQLITE
def test_every_connection_is_set_up(store: Store, pragma: str, value: object) -> None:
    with store.read() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_write_that_fails_half_way_changes_nothing(store: Store) -> None:
    def fail() -> None:
        with store.write() as connection:
            connection.execute(sa.insert(CHANNEL_HEALTH).values(ROW))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert failures(store) is None


def test_a_reader_sees_one_moment_while_others_write(store: Store) -> None:
    with store.read() as connection:
        before = connection.scalar(sa.select(sa.func.count()).select_from(CHANNEL_HEALTH))
        add(store)
        after = connection.scalar(sa.select(sa.func.count()).select_from(CHANNEL_HEALTH))
    assert (before, after) == (0, 0)
    assert failures(store) == 0


def test_threads_that_read_and_then_write_lose_no_update(store: Store) -> None:
    add(store)

    def count(_: int) -> None:
        with store.write() as connection:
            seen = connection.scalar(sa.select(CHANNEL_HEALTH.c.failures)) or 0
            connection.execute(sa.update(CHANNEL_HEALTH).values(failures=seen + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(40)))
    assert failures(store) == 40


def test_two_openings_of_one_database_lose_no_update(store: Store) -> None:
    add(store)
    second = Store.open(store.url)

    def count(which: Store) -> None:
        with which.write() as connection:
            seen = connection.scalar(sa.select(CHANNEL_HEALTH.c.failures)) or 0
            connection.execute(sa.update(CHANNEL_HEALTH).values(failures=seen + 1))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, [store, second] * 10))
    second.close()
    assert failures(store) == 20


def test_writers_of_one_process_wait_for_each_other_however_long(tmp_path: Path) -> None:
    store = open_store(tmp_path, busy_timeout=0.01)
    with ThreadPoolExecutor(1) as pool:
        with store.write():
            waiting = pool.submit(add, store)
            assert wait([waiting], timeout=0.2).not_done == {waiting}
        waiting.result()
    assert failures(store) == 0
    store.close()


def test_a_locked_database_is_said_to_be_locked(tmp_path: Path) -> None:
    store = open_store(tmp_path, busy_timeout=0.01)
    with locked(store.path), pytest.raises(StoreBusy) as caught:
        add(store)
    assert str(caught.value) == (
        f"{store.path} is locked by another program (database is locked); "
        "end it or try again later"
    )
    add(store)  # and works again afterwards
    store.close()


@ON_SQLITE
def test_a_read_only_database_is_said_to_be_read_only(store: Store) -> None:
    reader = Store.open(store.url, read_only=True)
    with pytest.raises(StoreError) as caught:
        add(reader)
    reader.close()
    assert str(caught.value).endswith(
        "is read-only: attempt to write a readonly database; "
        "check the owner and permissions of the file and its folder"
    )


@ON_SQLITE
def test_a_full_disk_is_said_to_be_full_and_what_was_stored_stays(store: Store) -> None:
    add(store)

    def grow() -> None:
        with store.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.execute(sa.update(CHANNEL_HEALTH).values(last_error="x" * 1_000_000))

    with pytest.raises(StoreError) as caught:
        grow()
    assert str(caught.value) == (
        f"{store.path} can't grow: database or disk is full; free some space on its disk"
    )
    assert failures(store) == 0


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "monitor.db"
    store = Store.open(f"sqlite:///{path}")
    with pytest.raises(StoreError) as caught:
        add(store)
    assert str(caught.value) == (
        f"{path} can't be opened: unable to open database file; "
        "check that its folder exists and may be written"
    )


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100)
    store = Store.open(f"sqlite:///{path}")
    with pytest.raises(StoreError) as caught:
        add(store)
    assert str(caught.value) == (
        f"{path} is not a database of this program: file is not a database; "
        "choose another file in [store]"
    )
    assert path.read_text().startswith("not a database")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("monitor.db", "[store] url is not a database URL", id="a path"),
        pytest.param("sqlite://", "[store] url sqlite:// is not a file of SQLite", id="memory"),
        pytest.param(
            "oracle://u:secret@host/db",
            "[store] url oracle://u:***@host/db is not a file of SQLite",
            id="another database",
        ),
    ],
)
def test_a_url_that_is_not_that_of_a_file_is_refused(url: str, message: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(url)
    assert (
        str(caught.value)
        == f'{message}; write for example "sqlite:///monitor.db" or "postgresql://user@host/database"'
    )
