"""What is wrong outside gives one clear message each, and the rest goes on."""

import gzip
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest

from monitor.errors import StoreBusy
from tests.e2e.newsroom import SETTINGS, open_store, problems, set_up
from tests.support.http_server import Answer, HttpServer
from tests.support.news import AcknowledgedFeed, headline, rss
from tests.support.process import MONITOR, Program, eventually, run_monitor

pytestmark = pytest.mark.slow

CONSOLE = 'url = "console://"'
MEGABYTE = bytes(1_000_000)
HTML = b"<!DOCTYPE html><html><head><title>News</title></head><body><p>Hello</p></body></html>"
BAD_RULES = """\
[rules.one]
title = "One"
query = 'flood AND'

[rules.two]
title   = "Two"
query   = 'flood'
severty = "high"

[rules.three]
title    = "Three"
entities = ["nobody"]
"""
REFUSED = "rules refused; the last good set runs"
BAD_RULE_MESSAGES = [
    'rules/flood.toml:3:16: "AND" needs an operand after it\n    flood AND\n          ^',
    'rules/flood.toml:8:1: unknown key "severty"; did you mean "severity"?',
    'rules/flood.toml:12:14: unknown entity "nobody"; define it under [entities.nobody]',
]


def _bomb(megabytes: int) -> bytes:
    return gzip.compress(MEGABYTE, compresslevel=1) * megabytes


def _redirect(target: str) -> Answer:
    return Answer(status=302, headers={"Location": target})


BAD_FEEDS = {
    "cut-off": (Answer(body=rss([1])[:-20]), "cut off before its end"),
    "garbage": (
        Answer(body=b"\x00\x01 nothing at all"),
        "not a feed: not well-formed at line 1: syntax error",
    ),
    "html-page": (
        Answer(body=HTML, headers={"Content-Type": "text/html"}),
        "this is an HTML page, not a feed; look for the address of its RSS or Atom feed",
    ),
    "bomb": (
        Answer(body=_bomb(300), headers={"Content-Encoding": "gzip"}),
        "body is larger than 10 MB",
    ),
    "redirect-to-this-machine": (
        _redirect("http://127.0.0.2:80/"),
        '127.0.0.2 is a private address; add "127.0.0.2/32" to allow_private in [fetch] to permit it',
    ),
    "redirect-to-a-file": (
        _redirect("file:///etc/passwd"),
        "redirects to file:, which is neither http nor https",
    ),
    "missing": (Answer(status=404), "HTTP 404 (not found: check the address)"),
}


def test_each_bad_feed_has_its_message_and_the_healthy_one_is_told(tmp_path: Path) -> None:
    with HttpServer() as http:
        http.answers["/healthy"] = AcknowledgedFeed([7])
        for name, (answer, _) in BAD_FEEDS.items():
            http.answers[f"/{name}"] = answer
        paths = [f"/{name}" for name in [*BAD_FEEDS, "healthy"]]
        set_up(tmp_path, feeds=map(http.url, paths), channels=[CONSOLE])
        done = run_monitor(tmp_path, "run", "--once")
        listed = run_monitor(tmp_path, "feeds", "list", "--json")
        unhealthy = run_monitor(tmp_path, "status")
        expected = {http.url(f"/{name}"): message for name, (_, message) in BAD_FEEDS.items()}
        healthy = http.url("/healthy")
    assert done.code == 0, done.errors
    assert headline(7) in _plain(done.output)
    feeds = {feed["url"]: feed for feed in map(json.loads, listed.output.splitlines())}
    assert feeds.pop(healthy)["health"] == "ok"
    assert {url: feed["error"] for url, feed in feeds.items()} == expected
    assert {feed["health"] for feed in feeds.values()} == {"failing"}
    assert {(log["url"], log["problem"]) for log in _logs(done.errors, "feed problem")} == set(
        expected.items()
    )
    assert unhealthy.code == 1
    assert f"feeds: {len(BAD_FEEDS)} failing; `monitor feeds list` tells why" in unhealthy.output


def test_a_rule_file_with_three_errors_is_refused_with_all_three(tmp_path: Path) -> None:
    set_up(tmp_path, feeds=[], channels=[CONSOLE])
    (tmp_path / "rules" / "flood.toml").write_text(BAD_RULES, encoding="utf-8")
    checked = run_monitor(tmp_path, "check")
    started = run_monitor(tmp_path, "run", "--once")
    for message in BAD_RULE_MESSAGES:
        assert message in checked.output
        assert message in started.errors
    assert (checked.code, started.code) == (1, 78)


def test_bad_rules_at_a_reload_are_reported_and_the_running_ones_go_on(tmp_path: Path) -> None:
    feed = AcknowledgedFeed()
    with HttpServer() as http:
        http.answers["/feed"] = feed
        set_up(tmp_path, feeds=[http.url("/feed")], channels=[CONSOLE])
        with Program(tmp_path, "run") as daemon:
            http.wait_for_requests(1)
            (tmp_path / "rules" / "flood.toml").write_text(BAD_RULES, encoding="utf-8")
            daemon.reload()
            daemon.wait_for_error('"event": "reloaded"')
            feed.publish(3)
            eventually(lambda: headline(3) in _plain("".join(daemon.output)), 30, daemon.changed)
            assert daemon.end() == 0
    assert [log["problem"] for log in _logs(daemon.errors, REFUSED)] == BAD_RULE_MESSAGES


def test_with_bad_rules_a_restart_goes_on_with_the_last_good_set(tmp_path: Path) -> None:
    feed = AcknowledgedFeed([1])
    with HttpServer() as http:
        http.answers["/feed"] = feed
        set_up(tmp_path, feeds=[http.url("/feed")], channels=[CONSOLE])
        assert run_monitor(tmp_path, "run", "--once").code == 0
        (tmp_path / "rules" / "flood.toml").write_text(BAD_RULES, encoding="utf-8")
        feed.publish(2)
        done = run_monitor(tmp_path, "run", "--once", "--all")
    assert done.code == 0
    assert headline(2) in _plain(done.output)
    assert [log["problem"] for log in _logs(done.errors, REFUSED)] == BAD_RULE_MESSAGES


@pytest.mark.parametrize(
    ("settings", "channel", "message"),
    [
        pytest.param(
            SETTINGS.replace("every =", "intervall ="),
            CONSOLE,
            'config.toml:10:1: unknown key "intervall"; did you mean "every"?',
            id="unknown-key",
        ),
        pytest.param(
            SETTINGS,
            'url = "env:DESK_SLACK_URL"',
            "config.toml:22:7: environment variable DESK_SLACK_URL of [channels.ch0] is not set; "
            "set it, or write enabled = false there",
            id="missing-secret",
        ),
        pytest.param(
            SETTINGS,
            'url = "file:slack.txt"',
            "config.toml:22:7: file slack.txt of [channels.ch0] can't be read: "
            "No such file or directory; put it there, or write enabled = false there",
            id="missing-secret-file",
        ),
    ],
)
@pytest.mark.parametrize("command", ["check", "run"])
def test_a_wrong_configuration_is_refused_with_place_and_way_out(
    tmp_path: Path, command: str, settings: str, channel: str, message: str
) -> None:
    set_up(tmp_path, feeds=["feed.xml"], channels=[channel], settings=settings)
    done = run_monitor(tmp_path, command)
    assert message in (done.output + done.errors).splitlines()
    assert done.code == {"check": 1, "run": 78}[command]


def test_a_database_that_another_program_locks_delays_and_loses_nothing(tmp_path: Path) -> None:
    locked = Event()
    with HttpServer() as http:
        http.answers["/feed"] = Answer(body=rss([5]), delay_until=locked)
        set_up(tmp_path, feeds=[http.url("/feed")], channels=[CONSOLE])
        with Program(tmp_path, "run") as daemon:
            http.wait_for_requests(1)
            with _locked(tmp_path):
                locked.set()  # so the daemon must store what it now gets
                beside = run_monitor(tmp_path, "articles", "--json")
                assert (beside.code, beside.output) == (0, "")
                assert daemon.output == []
            eventually(lambda: headline(5) in _plain("".join(daemon.output)), 30, daemon.changed)
            assert daemon.end() == 0
    assert problems(tmp_path) == []


def test_a_locked_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    set_up(tmp_path, feeds=[], channels=[CONSOLE])
    assert run_monitor(tmp_path, "db", "upgrade").code == 0
    with (
        _locked(tmp_path),
        open_store(tmp_path, busy_timeout=0.1) as store,
        pytest.raises(StoreBusy) as caught,
        store.write(),
    ):
        pass
    assert str(caught.value) == (
        f"{tmp_path / 'monitor.db'} is locked by another program (database is locked); "
        "end it or try again later"
    )


def test_a_read_only_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    set_up(tmp_path, feeds=[], channels=[CONSOLE])
    assert run_monitor(tmp_path, "run", "--once").code == 0
    database = tmp_path / "monitor.db"
    database.chmod(0o444)
    with Program(tmp_path, "run", "--once", command=(*_unprivileged(), *MONITOR)) as program:
        assert program.wait(30) == 1
    assert program.errors[-1] == (
        f"monitor: {database} is read-only: attempt to write a readonly database; "
        "check the owner and permissions of the file and its folder\n"
    )


def test_a_database_that_can_not_be_opened_is_refused_with_what_to_do(tmp_path: Path) -> None:
    set_up(tmp_path, feeds=[], channels=[CONSOLE])
    database = tmp_path / "monitor.db"
    database.mkdir()
    done = run_monitor(tmp_path, "run", "--once")
    assert done.code == 1
    assert done.errors.splitlines()[-1] == (
        f"monitor: {database} can't be opened: unable to open database file; "
        "check that its folder exists and may be written"
    )


def _unprivileged() -> tuple[str, ...]:
    """What makes permission bits count for root as well (root is found on Linux in containers)."""
    drop = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
    return drop if os.geteuid() == 0 else ()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Another program holds the database."""
    with closing(sqlite3.connect(folder / "monitor.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def _logs(lines: str | Iterable[str], event: str) -> list[dict[str, str]]:
    lines = lines.splitlines() if isinstance(lines, str) else lines
    logs = [json.loads(line) for line in lines if line.startswith("{")]
    return [log for log in logs if log["event"] == event]


def _plain(text: str) -> str:
    """An alert without its highlights."""
    return text.replace("*", "")
