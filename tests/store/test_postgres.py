"""What only PostgreSQL has: a server that may be away, locks by name, texts it refuses."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from monitor.errors import StoreBusy, StoreConflict, StoreError
from monitor.store import feed_claims, feeds, schema
from monitor.store.backup import backup
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from monitor.store.tables import CHANNEL_HEALTH, METADATA
from monitor.store.transfer import size
from tests.support import postgres
from tests.support.stored import BACKENDS, FEED, HOUR, MINUTE, NOW, OTHER, make_database, sealed

pytestmark = pytest.mark.skipif("postgresql" not in BACKENDS, reason="no PostgreSQL here")
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
DOCUMENTED = re.compile(r"postgresql://monitor@db\.example/news(2?)$")
ROW = {"channel": "desk", "state": "up"}
HOLD = (
    "import sys; from monitor.store.engine import Store\n"
    "with Store.open(sys.argv[1]).alone(): print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return make_database(tmp_path, "postgresql")


@pytest.fixture
def database(url: str) -> Iterator[Store]:
    store = Store.open(url)
    yield store
    store.close()


def add(store: Store, *, sharing: bool = False, **values: object) -> None:
    with store.write(sharing=sharing) as connection:
        connection.execute(sa.insert(CHANNEL_HEALTH).values(**(ROW | values)))


def test_the_database_is_named_without_a_password() -> None:
    store = Store.open("postgresql://desk:secret@db.example/news?sslmode=require")
    assert store.name == "postgresql://desk:***@db.example/news?sslmode=require"
    with pytest.raises(StoreError, match="is not a file"):
        _ = store.path


def test_a_server_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    store = Store.open(f"postgresql://desk@/news?host={tmp_path}")
    for use in (lambda: add(store), store.is_new, store.holder):
        with pytest.raises(StoreError) as caught:
            use()
        assert "can't be reached: " in str(caught.value)
        assert "check that the server runs and has the database" in str(caught.value)
    with pytest.raises(StoreError, match="can't be reached"), store.alone():
        pass


def test_a_database_that_is_not_there_is_said_so(url: str) -> None:
    store = Store.open(str(sa.make_url(url).set(database="nowhere")))
    with pytest.raises(StoreError, match=r'database "nowhere" does not exist; check that'):
        add(store)


def test_a_server_that_was_restarted_is_used_again(database: Store, url: str) -> None:
    add(database)
    with database.read() as connection:
        connection.scalar(sa.select(CHANNEL_HEALTH.c.state))
    postgres.end_connections(url)
    with pytest.raises(StoreError, match=r"is not there|can't be reached"):
        add(database, channel="press")
    add(database, channel="press")


def test_a_read_can_not_write(database: Store) -> None:
    with pytest.raises(StoreError, match="is read-only"), database.read() as connection:
        connection.execute(sa.insert(CHANNEL_HEALTH).values(ROW))


def test_who_may_not_write_is_said_so(database: Store) -> None:
    def write() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("SET LOCAL ROLE pg_monitor")
            connection.execute(sa.insert(CHANNEL_HEALTH).values(ROW))

    with pytest.raises(StoreError, match="may not be used: permission denied"):
        write()


def test_a_defect_of_ours_is_no_matter_of_the_database(database: Store) -> None:
    add(database)
    with pytest.raises(IntegrityError):
        add(database)


def test_one_who_shares_and_was_slower_is_told_to_do_it_again(database: Store) -> None:
    add(database)
    with pytest.raises(StoreConflict):
        add(database, sharing=True)


def test_two_that_wait_for_each_other_are_told_to_do_it_again(database: Store, url: str) -> None:
    for name in ("a", "b"):
        add(database, channel=name)
    other = Store.open(url)

    def touch(connection: sa.Connection, name: str) -> None:
        row = CHANNEL_HEALTH.c.channel == name
        connection.execute(sa.update(CHANNEL_HEALTH).where(row).values(failures=1))

    def second() -> None:
        with other.write(sharing=True) as connection:
            touch(connection, "b")
            touch(connection, "a")

    def first(pool: ThreadPoolExecutor) -> Future[None]:
        with database.write(sharing=True) as connection:
            touch(connection, "a")
            waiting = pool.submit(second)
            wait([waiting], timeout=0.1)
            touch(connection, "b")
        return waiting

    # The one that began to wait first notices it, after a second.
    with ThreadPoolExecutor(1) as pool, pytest.raises(StoreConflict):
        first(pool).result()
    other.close()


def test_leases_that_are_just_taken_over_are_not_waited_for_by_who_renews_them(
    url: str, database: Store
) -> None:
    impatient = Store.open(url, busy_timeout=0.05)
    with database.write() as connection:
        feeds.sync(connection, [FEED, OTHER], NOW)
        ids = [each.id for each in feed_claims.reserve(connection, NOW, NOW, 9, token=1)]
    with database.write(sharing=True) as connection:
        feed_claims.take(connection, ids[:1], 1, NOW, 2)
        with impatient.write(sharing=True) as other:  # each in its own order: they would deadlock
            feed_claims.renew(other, [1], NOW + HOUR)
    with database.write() as connection:
        free = feed_claims.reserve(connection, NOW + MINUTE, NOW, 9, token=3)
    assert [each.id for each in free] == ids[:1]


def test_a_write_waits_for_one_that_shares(url: str, database: Store) -> None:
    impatient, other = (Store.open(url, busy_timeout=0.05) for _ in range(2))
    with database.write(sharing=True):
        with impatient.write(sharing=True):
            pass
        with pytest.raises(StoreBusy, match=r"is busy .*try again later"):
            add(impatient)
    add(impatient)
    with impatient.write(), pytest.raises(StoreBusy):
        add(other, sharing=True)
    impatient.close()
    other.close()


def test_texts_are_stored_without_what_no_database_keeps(database: Store) -> None:
    add(database, last_error="a\0b\ud800c 🪖")
    with database.read() as connection:
        assert connection.scalar(sa.select(CHANNEL_HEALTH.c.last_error)) == "ab?c 🪖"


def test_a_second_daemon_is_refused_with_the_process_of_the_first(database: Store) -> None:
    assert database.holder() is None
    with database.alone():
        with pytest.raises(StoreBusy) as caught, database.alone():
            pass
        assert database.holder() == os.getpid()
        with database.alone("matcher"):
            assert database.holder("matcher") == os.getpid()
    assert str(caught.value) == (
        f"{database.name} is in use by a running daemon (process {os.getpid()}); "
        "stop it first, or work beside it with the other commands"
    )
    assert database.holder() is None
    with database.alone():
        pass


def test_a_killed_daemon_leaves_no_lock(database: Store, url: str) -> None:
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == b"held\n"
        assert database.holder() == daemon.pid
        daemon.kill()
        daemon.wait()
    postgres.wait_until_alone(url)
    with database.alone():
        pass


def test_a_new_database_gets_all_tables() -> None:
    store = Store.open(postgres.new_database())
    assert store.is_new()
    assert schema.upgrade(store) is None
    assert not store.is_new()
    assert schema.current(store) == schema.head()
    with store.read() as connection:
        assert partial_indexes(connection) == {
            index.name: True
            for table in METADATA.sorted_tables
            for index in table.indexes
            if index.dialect_options["postgresql"]["where"] is not None
        }
    store.close()


def partial_indexes(connection: sa.Connection) -> dict[str, bool]:
    rows = connection.exec_driver_sql(
        "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indpred IS NOT NULL"
    )
    return {row.name: True for row in rows}


def test_an_upgrade_that_fails_leaves_the_database_as_it_was() -> None:
    store = Store.open(postgres.new_database())
    with store.write() as connection:
        connection.exec_driver_sql("CREATE TABLE hit (id int)")  # in the way of ours
    with pytest.raises(sa.exc.ProgrammingError, match='"hit" already exists'):
        schema.upgrade(store)
    with store.read() as connection:
        assert sa.inspect(connection).get_table_names() == ["hit"]
    store.close()


def test_a_dump_is_restored_as_the_documents_say(
    database: Store, url: str, tmp_path: Path
) -> None:
    with database.write() as connection:
        sealed(connection)
    new = postgres.new_database()
    commands = re.findall(r"^pg_(?:dump|restore) .*$", OPERATIONS.read_text(), re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        name, *words = command.replace("news.dump", str(tmp_path / "dump")).split()
        arguments = [
            DOCUMENTED.sub(lambda found: new if found[1] else url, word) for word in words
        ]
        subprocess.run([postgres.program(name), *arguments], check=True)
    restored = Store.open(new)
    assert schema.current(restored) == schema.head()
    assert integrity(restored) == []
    assert size(restored) == size(database)
    with restored.write() as connection:
        sealed(connection, 2)
    restored.close()


def test_its_backup_is_left_to_its_own_program(database: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="has a backup program of its own: pg_dump"):
        backup(database, tmp_path / "copy.db")
