import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from monitor.errors import StoreError
from monitor.store import feed_claims, migrations, schema
from monitor.store.engine import Connection, Store
from monitor.store.tables import METADATA
from tests.support.stored import ON_SQLITE, open_store


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def differences(connection: Connection) -> list[object]:
    """Between the tables there are and those of the program, without the parts of the index."""

    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not (name or "").startswith("article_words")

    context = MigrationContext.configure(connection, opts={"include_name": is_ours})
    return list(compare_metadata(context, METADATA))


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'monitor.db'}")


def test_a_new_database_gets_all_tables_and_needs_no_copy(empty: Store) -> None:
    assert schema.current(empty) is None
    assert schema.needs_upgrade(empty)
    assert schema.upgrade(empty) is None
    assert schema.current(empty) == schema.head()
    assert not schema.needs_upgrade(empty)
    assert [path.name for path in empty.path.parent.glob("*before*")] == []


def test_the_migrations_make_the_tables_that_the_program_uses(store: Store) -> None:
    with store.read() as connection:
        assert differences(connection) == []


@ON_SQLITE
def test_the_partial_indexes_and_lasting_ids_are_those_of_the_program(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "direct.db"
    direct = Store.open(f"sqlite:///{path}")
    with direct.write() as connection:
        METADATA.create_all(connection)
    direct.close()
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
        "UNION SELECT name, sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' "
        "AND name != 'alembic_version' AND name NOT LIKE 'article_words%' ORDER BY name"
    )
    assert rows(store.path, query) == rows(path, query)


def test_the_known_version_is_that_of_the_newest_migration() -> None:
    folder = Path(migrations.__file__).parent
    assert ScriptDirectory(str(folder)).get_current_head() == schema.head()


def test_a_second_upgrade_does_nothing(store: Store) -> None:
    assert schema.upgrade(store) is None


def test_a_start_on_a_current_database_does_not_load_alembic(store: Store) -> None:
    program = (
        "import sys; from monitor.store import schema; from monitor.store.engine import Store; "
        f"schema.upgrade(Store.open('{store.url}')); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_what_was_in_the_file_before_an_upgrade_is_copied_beside_it(empty: Store) -> None:
    with closing(sqlite3.connect(empty.path)) as other, other:
        other.execute("CREATE TABLE notes (text)")
        other.execute("INSERT INTO notes VALUES ('kept')")
    copy = schema.upgrade(empty)
    assert copy == empty.path.with_name(f"monitor.db.before-{schema.head()}")
    assert rows(copy, "SELECT name FROM sqlite_master") == [("notes",)]
    assert rows(copy, "SELECT text FROM notes") == [("kept",)]
    assert schema.current(empty) == schema.head()


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(empty: Store) -> None:
    with closing(sqlite3.connect(empty.path)) as other, other:
        other.execute("CREATE TABLE hit (id)")  # in the way of ours
    with pytest.raises(StoreError, match="table hit already exists"):
        schema.upgrade(empty)
    assert schema.current(empty) is None
    assert rows(empty.path, "SELECT name FROM sqlite_master") == [("hit",)]


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(StoreError) as caught:
        schema.upgrade(store)
    assert str(caught.value) == (
        f"{store.path} was written by a newer version of this program (tables 0099, "
        f"known here: {schema.head()}); install that version again or restore a backup"
    )


def at_version_1(tmp_path: Path) -> Store:
    """A database as the first version of the program left it, with a feed and its articles."""
    store = Store.open(f"sqlite:///{tmp_path / 'old.db'}")
    with store.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO feed (id, url, fetch_url, name, tags, etag, next_poll_at, parsed_at) VALUES "
            "(1, 'https://Old.example/feed', 'https://new.example/feed', 'News', '[\"a\"]', '\"1\"', "
            "'2026-11-24 12:00:00.000000', '2026-11-24 11:00:00.000000'), "
            "(2, '/srv/seed.xml', NULL, 'File', '[]', NULL, '2026-11-24 12:00:00.000000', NULL)"
        )
        for n in range(1, 31):
            connection.exec_driver_sql(
                "INSERT INTO article (id, url_key, url, arrival, stage, published, seen) VALUES "
                "(?, ?, '', 'live', 'matched', ?, '2026-11-24 12:00:00.000000')",
                (n, f"k{n}", f"2026-11-{n:02} 10:00:00.000000"),
            )
            connection.exec_driver_sql(
                "INSERT INTO article_feed VALUES (1, ?, NULL, '2026-11-24 12:00:00.000000', "
                "'2026-11-24 12:00:00.000000')",
                (n,),
            )
    return store


def test_an_upgrade_keeps_the_feeds_and_fills_what_their_articles_tell(tmp_path: Path) -> None:
    store = at_version_1(tmp_path)
    schema.upgrade(store)
    with store.write() as connection:
        assert differences(connection) == []
        now = datetime(2026, 11, 24, 12, tzinfo=UTC)
        news, file = feed_claims.claim_due(connection, now, now, None)
    assert news.recent == tuple(datetime(2026, 11, n, 10, tzinfo=UTC) for n in range(30, 10, -1))
    assert (news.validators.etag, news.body_at) == ('"1"', now - timedelta(hours=1))
    assert (news.parsed_at, news.item_hashes) == (now - timedelta(hours=1), b"")
    assert (file.recent, file.body_at, file.move) == ((), None, None)
    assert rows(store.path, "SELECT host FROM feed ORDER BY id") == [("new.example",), ("",)]
    store.close()
