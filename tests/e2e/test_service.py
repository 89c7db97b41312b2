"""As a service: files are watched, systemd and Prometheus are told, matching outlives its process."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from tests.e2e.newsroom import SETTINGS, open_store, problems, set_up
from tests.support.http_server import HttpServer
from tests.support.news import RULE, AcknowledgedFeed, headline
from tests.support.process import PATIENCE, Program, eventually

pytestmark = pytest.mark.slow

CONSOLE = 'url = "console://"'
SERVED = SETTINGS + '\n[http]\nlisten = "127.0.0.1:0"\n'


def logs(daemon: Program, event: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in daemon.errors if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


def told(daemon: Program, number: int) -> bool:
    return headline(number) in "".join(daemon.output).replace("*", "")


@contextmanager
def systemd(folder: Path) -> Iterator[tuple[socket.socket, dict[str, str]]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(folder / "notify"))
        listening.settimeout(PATIENCE)
        yield (
            listening,
            {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "3000000"},
        )


def next_message(listening: socket.socket) -> str:
    """What systemd is told next, signs for the watchdog aside."""
    while (message := listening.recv(4096).decode()) == "WATCHDOG=1":
        pass
    return message


def get(port: object, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", int(str(port)), timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def test_systemd_and_prometheus_are_told_of_start_reloads_and_end(tmp_path: Path) -> None:
    set_up(tmp_path, feeds=[], channels=[CONSOLE], settings=SERVED)
    rule = tmp_path / "rules" / "flood.toml"
    with systemd(tmp_path) as (listening, environ):
        with Program(tmp_path, "run", environ=environ) as daemon:
            assert next_message(listening) == "READY=1\nSTATUS=0 feeds, 1 rules"
            assert listening.recv(100) == b"WATCHDOG=1"
            port = logs(daemon, "serving health and metrics")[0]["port"]
            assert get(port, "/livez") == (200, "ok\n")
            assert get(port, "/readyz") == (200, "ok\n")
            assert "monitor_config_last_reload_successful 1.0" in get(port, "/metrics")[1]

            rule.write_text(RULE + '\n[rules.more]\nquery = "fire"\n', encoding="utf-8")
            assert next_message(listening).startswith("RELOADING=1\nMONOTONIC_USEC=")
            assert next_message(listening) == "READY=1\nSTATUS=0 feeds, 2 rules"

            rule.write_text("[rules.more]\nquery = 'fire AND'\n", encoding="utf-8")
            assert next_message(listening).startswith("RELOADING=1")
            assert next_message(listening) == "READY=1\nSTATUS=0 feeds, 2 rules"
            assert "monitor_config_last_reload_successful 0.0" in get(port, "/metrics")[1]

            assert daemon.end() == 0
        assert next_message(listening).startswith("STOPPING=1")
    assert "rules/flood.toml:2:15" in str(
        logs(daemon, "rules refused; the last good set runs")[0]["problem"]
    )


def test_a_changed_file_is_taken_up_without_a_signal_and_hits_name_their_revision(
    tmp_path: Path,
) -> None:
    feed = AcknowledgedFeed([1])
    with HttpServer() as http:
        http.answers["/feed"] = feed
        set_up(tmp_path, feeds=[http.url("/feed")], channels=[CONSOLE])
        with Program(tmp_path, "run") as daemon:
            eventually(lambda: told(daemon, 1), changed=daemon.changed)
            other = tmp_path / "rules" / ".new"
            other.write_text(f"# another revision\n{RULE}", encoding="utf-8")
            other.replace(tmp_path / "rules" / "flood.toml")
            daemon.wait_for_error('"event": "reloaded"')
            feed.publish(2)
            eventually(lambda: told(daemon, 2), changed=daemon.changed)
            assert daemon.end() == 0
    with open_store(tmp_path) as store, store.read() as connection:
        revisions = connection.exec_driver_sql(
            "SELECT rule_revision FROM hit ORDER BY article"
        ).scalars()
        known = connection.exec_driver_sql(
            "SELECT sha256 FROM rule_revision ORDER BY loaded_at"
        ).scalars()
        assert list(revisions) == list(known)
    assert problems(tmp_path) == []


def test_the_process_that_matches_may_die_and_no_article_is_lost(tmp_path: Path) -> None:
    feed = AcknowledgedFeed([1])
    with HttpServer() as http:
        http.answers["/feed"] = feed
        set_up(tmp_path, feeds=[http.url("/feed")], channels=[CONSOLE])
        with Program(tmp_path, "run") as daemon:
            eventually(lambda: told(daemon, 1), changed=daemon.changed)
            for child in psutil.Process(daemon.pid).children(recursive=True):
                if len(child.children()) == 0 and "forkserver" in " ".join(child.cmdline()):
                    os.kill(child.pid, signal.SIGKILL)  # whoever parses or matches
            feed.publish(2)
            daemon.wait_for_error("the process that matches died (SIGKILL)")
            feed.publish(3)
            eventually(lambda: told(daemon, 2) and told(daemon, 3), changed=daemon.changed)
            assert daemon.end() == 0
    assert problems(tmp_path) == []
