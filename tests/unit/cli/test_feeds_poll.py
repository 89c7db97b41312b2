"""``monitor feeds poll``: alone, and beside a daemon."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from monitor.config.load import load_settings
from monitor.errors import ConfigError, MonitorError
from monitor.feeds.fetch import Fetcher
from monitor.jobs.poll import Poller
from monitor.model.feed import Pause
from monitor.store import feeds, hosts
from monitor.store.engine import Store
from monitor.store.lock import DaemonLock
from tests.support.stored import NOW, open_store
from tests.unit.cli.conftest import Run

SEED = "seeds/kurdistan24.xml"


@pytest.fixture(name="store")
def _store(desk: Path) -> Store:
    return open_store(desk)


def append(desk: Path, text: str) -> None:
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def add_other(desk: Path) -> None:
    """A second feed, of a file that is there."""
    (desk / "other.xml").write_bytes((desk / SEED).read_bytes())
    append(desk, '\n[[feeds]]\nurl = "other.xml"\nname = "Other"\n')


# --- alone -----------------------------------------------------------------------------------


def test_a_poll_without_a_daemon_stores_and_tells(desk: Path, run: Run) -> None:
    first, second = run("feeds", "poll", SEED), run("feeds", "poll", SEED)

    assert desk.exists()
    assert first.exit_code == 0
    report, hint = first.stdout.splitlines()
    assert report.startswith("Kurdistan24 (seed): 1 article stored; next poll 20")
    assert hint == "`monitor run` matches them against the rules"
    assert second.stdout.startswith("Kurdistan24 (seed): nothing new, 1 article; next poll 20")


def test_a_first_poll_is_quiet_and_says_so(desk: Path, run: Run) -> None:
    add_other(desk)

    (report, _) = run("feeds", "poll", "Other").stdout.splitlines()

    assert report.startswith(
        'Other: 1 article stored, quiet (first poll; backlog = "alert" tells them); next poll '
    )


def test_only_the_feed_that_is_named_is_polled(desk: Path, store: Store, run: Run) -> None:
    add_other(desk)

    run("feeds", "poll", "other.xml")

    with store.read() as connection:
        polled = {url: plan.polled_at for url, plan in feeds.next_polls(connection).items()}
    assert polled[SEED] is None
    assert polled["other.xml"] is not None


SITEMAP = (
    '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>'
    "<loc>https://paper.example/1</loc><news:news><news:title>One</news:title></news:news>"
    "</url></urlset>"
)


def test_a_folder_of_texts_and_a_news_sitemap_are_feeds(desk: Path, run: Run) -> None:
    (desk / "texts").mkdir()
    (desk / "texts" / "one.txt").write_text("A title\n\nIts text.\n", encoding="utf-8")
    (desk / "map.xml").write_text(SITEMAP, encoding="utf-8")

    for url in ("texts", "map.xml"):
        assert run("feeds", "add", url).exit_code == 0
        assert json.loads(run("feeds", "poll", url, "--json").stdout)["new"] == 1


def test_programs_get_one_object(desk: Path, run: Run) -> None:
    result = run("feeds", "poll", SEED, "--json")

    assert desk.exists()
    line = json.loads(result.stdout)
    assert line.pop("next_poll").endswith("Z")
    assert line == {
        "url": SEED,
        "name": "Kurdistan24 (seed)",
        "new": 1,
        "articles": 1,
        "quiet": False,
        "error": None,
    }


def test_a_poll_that_fails_is_told_with_its_reason(desk: Path, run: Run) -> None:
    (desk / SEED).write_text("<html></html>", encoding="utf-8")

    result = run("feeds", "poll", SEED)

    assert result.exit_code == 1
    assert result.stdout.startswith(
        "Kurdistan24 (seed): failed: this is an HTML page, not a feed; "
    )


def test_a_feed_that_is_not_wished_is_not_polled(desk: Path, run: Run) -> None:
    append(desk, '\n[[feeds]]\nurl = "https://off.example/rss"\nenabled = false\n')

    unknown, disabled = run("feeds", "poll", "x"), run("feeds", "poll", "https://off.example/rss")

    assert str(unknown.exception) == ("x is not subscribed; `monitor feeds list` shows what is")
    assert str(disabled.exception).startswith("https://off.example/rss is disabled")


def test_a_poll_needs_the_secret_of_its_feed(desk: Path, run: Run) -> None:
    append(desk, '\n[[feeds]]\nurl = "https://a.example/rss"\nauth = "env:NOT_SET_ANYWHERE"\n')

    result = run("feeds", "poll", "https://a.example/rss")

    assert isinstance(result.exception, ConfigError)
    assert "NOT_SET_ANYWHERE" in str(result.exception)


def test_a_server_that_asked_for_time_gets_it(desk: Path, store: Store, run: Run) -> None:
    append(desk, '\n[[feeds]]\nurl = "https://a.example/rss"\nname = "A"\n')
    now = datetime.now(UTC)
    pause = Pause(host="a.example", began=now, until=now + timedelta(hours=1), strikes=1)
    with store.write() as connection:
        hosts.pause(connection, pause)

    result = run("feeds", "poll", "A")

    assert isinstance(result.exception, MonitorError)
    assert str(result.exception).startswith("A: its server asked to be left alone until 20")


# --- beside a daemon -------------------------------------------------------------------------


@pytest.fixture(name="poller")
def _poller(desk: Path, store: Store) -> Iterator[Poller]:
    """What a daemon polls with; it knows the feeds and has polled them."""
    settings = load_settings(desk / "config.toml", {}, desk).settings
    poller = Poller(
        store,
        Fetcher(settings.fetch),
        now=lambda: datetime.now(UTC),
        random=Random(1),  # noqa: S311 - spreads polls
        on_done=lambda _: None,
    )
    try:
        poller.use(settings.feeds.values())
        poller.start_due(datetime.now(UTC))
        poller.drain()
        yield poller
    finally:
        poller.close()


def test_a_daemon_polls_and_its_result_is_told(
    desk: Path, poller: Poller, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tick(_: float) -> None:
        poller.start_due(datetime.now(UTC))
        poller.drain()

    monkeypatch.setattr("monitor.cli.feeds_poll.sleep", tick)
    with DaemonLock(desk / "monitor.db"):
        result = run("feeds", "poll", SEED)

    assert result.exit_code == 0
    assert result.stdout.startswith("Kurdistan24 (seed): nothing new, 1 article; next poll 20")
    assert "monitor run" not in result.stdout


def test_a_daemon_that_does_not_come_to_it_is_not_waited_for_for_ever(
    desk: Path, poller: Poller, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(poller, Poller)  # it has polled before
    waits: list[float] = []
    monkeypatch.setattr("monitor.cli.feeds_poll.sleep", waits.append)
    with DaemonLock(desk / "monitor.db"):
        result = run("feeds", "poll", SEED)

    assert result.exit_code == 75
    assert 30 < sum(waits) < 300
    assert "`monitor feeds list` tells how it went" in result.stderr


def test_a_feed_that_the_daemon_does_not_know_needs_a_reload(
    desk: Path, store: Store, run: Run
) -> None:
    with store.write() as connection:
        feeds.sync(connection, [], NOW)
    with DaemonLock(desk / "monitor.db"):
        result = run("feeds", "poll", SEED)

    assert str(result.exception) == (
        f"the running daemon does not know it yet: kill -HUP {os.getpid()}"
    )
