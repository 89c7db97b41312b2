"""``monitor feeds find`` and ``add`` against a real server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.config.load import load_settings
from monitor.errors import ConfigError, MonitorError
from monitor.model.feed import FeedSpec
from tests.support.http_server import Answer, HttpServer
from tests.unit.cli.conftest import Run

PAGE = (
    "<!doctype html><html><head>"
    '<link rel="alternate" type="application/rss+xml" href="/world/rss">'
    '<link rel="alternate" type="application/rss+xml" href="/comments/rss">'
    "</head></html>"
)


def rss(title: str) -> Answer:
    body = (
        f'<rss version="2.0"><channel><title>{title}</title><language>en-gb</language><item>'
        "<title>One</title><link>https://paper.example/1</link>"
        "<pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"
    )
    return Answer(body=body.encode())


@pytest.fixture(name="server")
def _server(desk: Path) -> Iterator[HttpServer]:
    """A site with two feeds that the configuration of the desk may reach."""
    config = desk / "config.toml"
    text = config.read_text(encoding="utf-8")
    allowed = '[fetch]\ngap = "0s"\nallow_private = ["127.0.0.1/32"]'
    config.write_text(text.replace("[fetch]", allowed), encoding="utf-8")
    with HttpServer() as server:
        server.answers["/"] = Answer(body=PAGE.encode(), headers={"Content-Type": "text/html"})
        server.answers["/world/rss"] = rss("Paper: World")
        server.answers["/comments/rss"] = rss("Comments")
        yield server


def feeds_of(desk: Path) -> list[FeedSpec]:
    settings = load_settings(desk / "config.toml", {}, desk, need_secrets=False).settings
    return [feed for feed in settings.feeds.values() if feed.url.startswith("http")]


# --- find ------------------------------------------------------------------------------------


def test_find_shows_the_feeds_of_a_page_and_how_to_subscribe(
    desk: Path, server: HttpServer, run: Run
) -> None:
    result = run("feeds", "find", server.url("/"))

    assert desk.exists()
    assert result.exit_code == 0
    heading, first, second, hint = result.stdout.splitlines()
    assert heading.split() == [
        "title", "entries", "newest", "full", "text", "found", "subscribed", "url",
    ]  # fmt: skip
    assert first.startswith("Paper: World")
    assert first.rstrip().endswith(server.url("/world/rss"))
    assert "named by the page" in first
    assert second.startswith("Comments")
    assert hint == f"subscribe:  monitor feeds add {server.url('/world/rss')}"


def test_find_tells_programs_everything(desk: Path, server: HttpServer, run: Run) -> None:
    run("feeds", "add", server.url("/world/rss"))

    result = run("feeds", "find", server.url("/"), "--json")

    assert desk.exists()
    assert json.loads(result.stdout.splitlines()[0]) == {
        "url": server.url("/world/rss"),
        "title": "Paper: World",
        "via": "named by the page",
        "language": "en-GB",
        "entries": 1,
        "newest": "2026-11-24T10:00:00Z",
        "full_text": False,
        "subscribed": True,
    }


def test_find_says_that_there_is_none_and_why(desk: Path, server: HttpServer, run: Run) -> None:
    server.answers["/world/rss"] = Answer(status=500)
    server.answers["/comments/rss"] = Answer(body=PAGE.encode())

    result = run("feeds", "find", server.url("/"))

    assert desk.exists()
    assert result.exit_code == 1
    assert result.stdout == f"no feed found at {server.url('/')}\n"
    assert f"not read: {server.url('/world/rss')}: HTTP 500" in result.stderr
    assert "this is an HTML page, not a feed" in result.stderr


def test_find_can_not_reach_what_is_private(desk: Path, run: Run) -> None:
    result = run("feeds", "find", "http://127.0.0.1:9/")

    assert desk.exists()
    assert isinstance(result.exception, MonitorError)
    assert str(result.exception) == (
        "http://127.0.0.1:9/: 127.0.0.1 is a private address; "
        'add "127.0.0.1/32" to allow_private in [fetch] to permit it'
    )


PASSING = ["find {}", "add {}", "import {}", "find {} --json"]


@pytest.mark.parametrize("command", PASSING)
def test_nothing_is_fetched_past_a_proxy_that_is_not_at_hand(
    desk: Path, server: HttpServer, run: Run, command: str
) -> None:
    config = desk / "config.toml"
    text = config.read_text(encoding="utf-8")
    with_proxy = '[fetch]\nproxy = "env:NOT_SET_ANYWHERE"'
    config.write_text(text.replace("[fetch]", with_proxy), encoding="utf-8")

    result = run("feeds", *command.format(server.url("/world/rss")).split())

    assert isinstance(result.exception, MonitorError)
    assert str(result.exception) == (
        'what proxy = "env:NOT_SET_ANYWHERE" names is not there now; set it'
    )
    assert server.requests == []


def test_a_site_is_looked_at_through_the_proxy(
    desk: Path, server: HttpServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = desk / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("[fetch]", '[fetch]\nproxy = "env:PROXY"'), encoding="utf-8")
    with HttpServer() as proxy:
        url = server.url("/world/rss")
        proxy.answers[url] = rss("Through the proxy")
        monkeypatch.setenv("PROXY", proxy.url(""))
        result = run("feeds", "find", url)

    assert "Through the proxy" in result.stdout
    assert server.requests == []


def test_find_is_for_sites(desk: Path, run: Run) -> None:
    (desk / "own.xml").touch()

    assert str(run("feeds", "find", "own.xml").exception) == (
        "own.xml is a file; `monitor feeds add own.xml` subscribes to it"
    )


# --- add -------------------------------------------------------------------------------------


def test_a_feed_that_is_added_has_its_title_as_name(
    desk: Path, server: HttpServer, run: Run
) -> None:
    url = server.url("/world/rss")

    result = run("feeds", "add", url, "--tag", "europe")

    assert result.exit_code == 0
    assert result.stdout == f"{url} (Paper: World, 1 entry) added to {desk / 'feeds.toml'}\n"
    (feed,) = feeds_of(desk)
    assert (feed.url, feed.name, feed.tags) == (url, "Paper: World", ("europe",))


def test_two_feeds_of_one_title_have_two_names(desk: Path, server: HttpServer, run: Run) -> None:
    server.answers["/sport/rss"] = rss("Paper: World")
    run("feeds", "add", server.url("/world/rss"))
    run("feeds", "add", server.url("/sport/rss"))

    assert [feed.name for feed in feeds_of(desk)] == ["Paper: World", "Paper: World (127.0.0.1)"]


def test_a_page_that_is_added_means_its_best_feed(
    desk: Path, server: HttpServer, run: Run
) -> None:
    result = run("feeds", "add", server.url("/"), "--name", "Paper")
    again = run("feeds", "add", server.url("/"))

    (feed,) = feeds_of(desk)
    assert (feed.url, feed.name) == (server.url("/world/rss"), "Paper")
    assert result.stderr == (
        f"{server.url('/')} is a page that leads to this feed; "
        f"1 more: monitor feeds find {server.url('/')}\n"
    )
    assert str(again.exception) == f"{server.url('/world/rss')} is subscribed already"


def test_programs_get_what_was_added_and_removed(desk: Path, server: HttpServer, run: Run) -> None:
    added = run("feeds", "add", server.url("/"), "--tag", "x", "--json")
    removed = run("feeds", "remove", "Paper: World", "--json")

    assert json.loads(added.stdout) == {
        "url": server.url("/world/rss"),
        "name": "Paper: World",
        "tags": ["x"],
        "title": "Paper: World",
        "entries": 1,
        "via": "named by the page",
    }
    assert json.loads(removed.stdout) == {"url": server.url("/world/rss"), "removed": True}
    assert feeds_of(desk) == []


REFUSED = {
    "/none": "HTTP 404 (not found: check the address); --as-is subscribes without looking",
    "/plain": "no feed found at",
    "/broken": "not a feed: ",
    "/locked": "HTTP 401 (wants a password: set auth for this feed)",
}


@pytest.mark.parametrize(("path", "message"), REFUSED.items(), ids=REFUSED)
def test_what_is_no_feed_is_not_added(
    desk: Path, server: HttpServer, run: Run, path: str, message: str
) -> None:
    html = {"Content-Type": "text/html"}
    server.answers["/plain"] = Answer(body=b"<html></html>", headers=html)
    server.answers["/broken"] = Answer(body=b"<x>" * 10)
    server.answers["/locked"] = Answer(status=401)

    result = run("feeds", "add", server.url(path))

    assert isinstance(result.exception, MonitorError)
    assert message in str(result.exception)
    assert server.url(path) in str(result.exception)
    assert not (desk / "feeds.toml").exists()


def test_an_address_that_is_wrong_names_the_feed_of_its_site(
    desk: Path, server: HttpServer, run: Run
) -> None:
    server.answers["/feed"] = rss("Paper")

    result = run("feeds", "add", server.url("/typo.xml"))

    assert str(result.exception) == (
        f"{server.url('/typo.xml')}: HTTP 404 (not found: check the address); "
        f"its site has a feed at {server.url('/feed')}"
    )
    assert not (desk / "feeds.toml").exists()


def test_a_feed_is_added_as_it_stands_on_request(desk: Path, server: HttpServer, run: Run) -> None:
    result = run("feeds", "add", server.url("/none"), "--as-is")

    assert result.stdout == f"{server.url('/none')} added to {desk / 'feeds.toml'}\n"
    assert [feed.name for feed in feeds_of(desk)] == ["127.0.0.1"]
    assert server.requests == []


def test_a_feed_that_can_not_be_reached_now_is_added_with_a_word(
    desk: Path, server: HttpServer, run: Run
) -> None:
    server.answers["/off"] = Answer(drop=True)

    result = run("feeds", "add", server.url("/off"))

    assert result.exit_code == 0
    assert result.stderr.startswith("not looked at, the daemon will try again: ")
    assert [feed.url for feed in feeds_of(desk)] == [server.url("/off")]


def test_a_password_is_named_and_used_but_never_written(
    desk: Path, server: HttpServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER", "me:s3cret")
    url = server.url("/world/rss")

    result = run("feeds", "add", url, "--auth", "env:PAPER")

    assert server.requests[0].headers["Authorization"].startswith("Basic ")
    assert 'auth = "env:PAPER"' in (desk / "feeds.toml").read_text(encoding="utf-8")
    assert "s3cret" not in result.output + (desk / "feeds.toml").read_text(encoding="utf-8")


def test_a_password_that_is_not_there_now_is_told(
    desk: Path, server: HttpServer, run: Run
) -> None:
    result = run("feeds", "add", server.url("/world/rss"), "--auth", "env:NOT_SET_ANYWHERE")

    assert result.exit_code == 0
    assert "what --auth env:NOT_SET_ANYWHERE names is not there now" in result.stderr
    assert server.requests == []
    assert len(feeds_of(desk)) == 1


SECRETS = {
    "in the address": (
        ["https://me:s3cret@paper.example/rss"],
        "credentials don't belong in a URL: write it without them and add --auth env:NAME, "
        "with user:password in the environment variable NAME",
    ),
    "on the command line": (
        ["https://paper.example/rss", "--auth", "me:s3cret"],
        "--auth takes env:NAME or file:PATH, not the secret itself: "
        "others see the arguments of a program, and the shell keeps them",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), SECRETS.values(), ids=SECRETS)
def test_an_open_secret_is_refused_and_not_repeated(
    desk: Path, run: Run, arguments: list[str], message: str
) -> None:
    result = run("feeds", "add", *arguments)

    assert str(result.exception) == message
    assert not (desk / "feeds.toml").exists()


def test_what_the_configuration_refuses_is_not_added(desk: Path, run: Run) -> None:
    result = run("feeds", "add", "--as-is", "https://paper.example/", "--name", "a\nb")

    assert isinstance(result.exception, ConfigError)
    assert str(result.exception).endswith("name: must be one line of text")
    assert not (desk / "feeds.toml").exists()


def test_a_host_alone_is_an_address(desk: Path, run: Run) -> None:
    run("feeds", "add", "--as-is", "paper.example/rss?x=1")

    assert [feed.url for feed in feeds_of(desk)] == ["https://paper.example/rss?x=1"]


FILES = {
    "no feed": (b"root:x:0:0", "own.xml: not a feed: "),
    "a page": (b"<html></html>", "own.xml: this is an HTML page, not a feed"),
    "nothing": (b"", "own.xml: empty document; --as-is subscribes without looking"),
}


@pytest.mark.parametrize(("body", "message"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_feed_is_not_added(
    desk: Path, run: Run, body: bytes, message: str
) -> None:
    (desk / "own.xml").write_bytes(body)

    result = run("feeds", "add", "own.xml")

    assert isinstance(result.exception, MonitorError)
    assert str(result.exception).startswith(message)
    assert not (desk / "feeds.toml").exists()


def test_a_folder_can_be_added(desk: Path, run: Run) -> None:
    (desk / "texts").mkdir()

    assert run("feeds", "add", "texts").exit_code == 0
    assert 'url = "texts"' in (desk / "feeds.toml").read_text(encoding="utf-8")


# --- remove ----------------------------------------------------------------------------------

NAMES = {
    "its address": "https://paper.example/rss",
    "other words for it": "http://www.paper.example/rss/",
    "its name": "Paper",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_feed_is_removed_by(desk: Path, run: Run, name: str) -> None:
    run("feeds", "add", "--as-is", "https://paper.example/rss", "--name", "Paper")

    result = run("feeds", "remove", name)

    assert result.stdout.startswith(f"removed https://paper.example/rss from {desk}/feeds.toml")
    assert feeds_of(desk) == []


def test_a_slip_in_a_removal_is_answered_with_the_nearest(desk: Path, run: Run) -> None:
    run("feeds", "add", "--as-is", "https://paper.example/rss", "--name", "Paper")

    result = run("feeds", "remove", "https://paper.example/rs")

    assert 'did you mean "https://paper.example/rss"?' in str(result.exception)
    assert len(feeds_of(desk)) == 1
