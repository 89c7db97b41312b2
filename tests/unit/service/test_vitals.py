"""Alive is who completes ticks; ready is who can do its work. Over real HTTP."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.errors import MonitorError
from monitor.model.settings import HttpPolicy
from monitor.service.health import Ticks
from monitor.service.notify import Notifier
from monitor.service.vitals import ESSENTIAL, Vitals
from monitor.store import feeds, schema
from monitor.store.engine import Store
from tests.support.stored import FEED

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Clock:
    """Monotonic seconds that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Desk:
    """Vitals that are served, with clocks of the test."""

    def __init__(self, store: Store, notifier: Notifier) -> None:
        self.store = store
        self.clock = Clock()
        self.now = NOW
        self.vitals = Vitals(store, notifier, lambda: self.now, self.clock)
        self.port = self.vitals.serve(HttpPolicy(port=0))

    def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path)
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found

    def figures(self) -> dict[str, float]:
        families = text_string_to_metric_families(self.ask("/metrics")[1])
        return {
            ":".join([sample.name, *sample.labels.values()]): sample.value
            for family in families
            for sample in family.samples
        }


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'monitor.db'}", busy_timeout=0.1)
    schema.upgrade(store)
    one = Desk(store, Notifier({}))
    yield one
    one.vitals.close()
    store.close()


def test_a_daemon_whose_ticks_complete_is_alive_and_ready(desk: Desk) -> None:
    assert desk.ask("/livez") == (200, "ok\n")
    assert desk.ask("/readyz") == (200, "ok\n")
    assert desk.ask("/livez", "HEAD") == (200, "")


def test_a_job_that_hangs_is_named_and_the_others_do_not_hide_it(desk: Desk) -> None:
    desk.clock.seconds += 61
    for name in ("poll", "alert", "prune"):
        desk.vitals.ticks.completed(name)

    assert desk.ask("/livez") == (503, "deliver hangs\n")
    assert desk.ask("/readyz") == (503, "deliver hangs\n")
    desk.vitals.ticks.completed("deliver")
    assert desk.ask("/livez") == (200, "ok\n")


def test_a_daemon_that_polls_late_is_alive_but_not_ready(desk: Desk) -> None:
    with desk.store.write() as connection:
        feeds.sync(connection, [FEED], NOW)
    desk.now = NOW + timedelta(minutes=6)

    assert desk.ask("/readyz") == (503, "polling is late by 0:06:00\n")
    assert desk.ask("/livez")[0] == 200
    assert desk.figures()["monitor_poll_lag_seconds"] == 360


def test_a_database_that_another_program_holds_is_not_ready_but_can_be_read(desk: Desk) -> None:
    other = Store.open(f"sqlite:///{desk.store.path}")
    with other.write():
        status, text = desk.ask("/readyz")
        figures = desk.figures()
    other.close()

    assert status == 503
    assert "locked by another program" in text
    assert figures["monitor_database_readable"] == 1


def test_paths_that_do_not_exist_and_other_methods_are_refused(desk: Desk) -> None:
    assert desk.ask("/etc/passwd")[0] == 404
    assert desk.ask("/metrics", "POST")[0] == 501


def test_metrics_tell_reloads_and_the_outbox(desk: Desk) -> None:
    desk.vitals.metrics.reloaded(NOW)
    figures = desk.figures()
    assert figures["monitor_config_last_reload_successful"] == 1
    assert figures["monitor_config_last_reload_success_timestamp_seconds"] == NOW.timestamp()
    assert figures["monitor_deliveries_dead"] == 0
    assert figures["monitor_feeds:ok"] == 0

    desk.vitals.metrics.refused()
    desk.vitals.metrics.scheduler("missed")
    figures = desk.figures()
    assert figures["monitor_config_last_reload_successful"] == 0
    assert figures["monitor_config_last_reload_success_timestamp_seconds"] == NOW.timestamp()
    assert figures["monitor_scheduler_events_total:missed"] == 1


def test_an_address_in_use_is_refused_with_its_reason(desk: Desk) -> None:
    with pytest.raises(MonitorError, match=rf"127\.0\.0\.1 port {desk.port}: Address already"):
        desk.vitals.serve(HttpPolicy(port=desk.port))


def test_nothing_is_served_unless_it_is_wished(desk: Desk) -> None:
    assert Vitals(desk.store, Notifier({}), lambda: NOW).serve(HttpPolicy()) is None


def test_the_watchdog_is_fed_only_while_every_essential_job_completes_ticks(
    desk: Desk, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as far:
        far.bind(str(tmp_path / "notify"))
        far.setblocking(False)  # noqa: FBT003 - of the socket
        environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000"}
        clock = Clock()
        vitals = Vitals(desk.store, Notifier(environ), lambda: NOW, clock)
        clock.seconds += 29
        vitals.feed_watchdog()
        assert far.recv(100) == b"WATCHDOG=1"
        for name in ESSENTIAL[:-1]:
            vitals.ticks.completed(name)
        clock.seconds += 2
        vitals.feed_watchdog()
        with pytest.raises(BlockingIOError):
            far.recv(100)


def test_ticks_of_unknown_jobs_do_not_count() -> None:
    clock = Clock()
    ticks = Ticks(("poll",), clock)
    clock.seconds += 5
    ticks.completed("prune")
    assert ticks.hung(4) == ["poll"]
