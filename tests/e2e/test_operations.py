"""The guide in docs/operations.md: back up a running daemon, lose the database, restore it."""

import json
from pathlib import Path

import pytest

from tests.e2e.newsroom import SETTINGS, problems, set_up
from tests.support.http_server import HttpServer
from tests.support.news import AcknowledgedFeed, headline
from tests.support.process import Program, eventually, run_monitor

pytestmark = pytest.mark.slow

CONSOLE = 'url = "console://"'


def stored(folder: Path) -> set[str]:
    done = run_monitor(folder, "articles", "list", "--json")
    return {json.loads(line)["title"] for line in done.output.splitlines()}


def test_a_backup_of_a_running_daemon_is_restored_after_the_database_was_lost(
    tmp_path: Path,
) -> None:
    feed = AcknowledgedFeed([1])
    with HttpServer() as http:
        http.answers["/feed"] = feed
        set_up(tmp_path, feeds=[http.url("/feed")], channels=[CONSOLE], settings=SETTINGS)
        with Program(tmp_path, "run") as daemon:
            eventually(
                lambda: headline(1) in "".join(daemon.output).replace("*", ""),
                changed=daemon.changed,
            )
            backed_up = run_monitor(tmp_path, "db", "backup", "copy.db")
            assert (backed_up.code, "wrote copy.db" in backed_up.output) == (0, True)
            refused = run_monitor(tmp_path, "db", "backup", "copy.db")
            assert refused.code != 0
            assert daemon.end() == 0
        for name in ("monitor.db", "monitor.db-wal", "monitor.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        (tmp_path / "copy.db").rename(tmp_path / "monitor.db")
        assert run_monitor(tmp_path, "db", "check").output == "sound\n"
        assert run_monitor(tmp_path, "db", "upgrade").code == 0
        feed.publish(2)
        again = run_monitor(tmp_path, "run", "--once", "--all")
    said = again.output.replace("*", "")
    assert headline(2) in said
    assert headline(1) not in said  # it was told before
    assert stored(tmp_path) == {headline(1), headline(2)}
    pruned = run_monitor(tmp_path, "db", "prune")
    assert (pruned.code, "deleted" in pruned.output) == (0, True)
    assert problems(tmp_path) == []


def test_a_deleted_article_is_gone_and_an_unknown_one_is_said_so(tmp_path: Path) -> None:
    with HttpServer() as http:
        http.answers["/feed"] = AcknowledgedFeed([1])
        set_up(tmp_path, feeds=[http.url("/feed")], channels=[CONSOLE], settings=SETTINGS)
        assert run_monitor(tmp_path, "run", "--once").code == 0
    done = run_monitor(tmp_path, "articles", "delete", "1", "9")
    assert done.code == 1
    assert "deleted article 1: 1 text, 1 hit, 1 stored message" in done.output
    assert "there is no article 9" in done.errors
    shown = run_monitor(tmp_path, "hits", "--json").output + "".join(stored(tmp_path))
    assert headline(1) not in shown
    assert problems(tmp_path) == []
