"""``monitor feeds import`` and ``export``: lists in and out."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from monitor.config.load import load_settings
from monitor.errors import MonitorError
from monitor.feeds.opml import read_opml
from monitor.model.feed import FeedSpec
from monitor.store.lock import DaemonLock
from tests.support.http_server import Answer, HttpServer
from tests.unit.cli.conftest import Run

LIST = """\
<opml version="1.0"><body>
<outline text="World & Co">
<outline text="Paper" xmlUrl="https://paper.example/rss?a=1&b=2" language="de"/>
<outline text="Paper" xmlUrl="https://other.example/rss"/>
<outline xmlUrl="https://nameless.example/rss" category="press"/>
</outline>
<outline text="Known" xmlUrl="http://www.known.example/feed/"/>
<outline text="Secret" xmlUrl="https://me:s3cret@paper.example/rss"/>
<outline text="File" xmlUrl="ftp://files.example/rss"/>
<outline text="Half" xmlUrl="https:///rss"/>
</body></opml>
"""


@pytest.fixture(name="list_")
def _list(desk: Path) -> Path:
    path = desk / "list.opml"
    path.write_text(LIST, encoding="utf-8")
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[feeds]]\nurl = "https://known.example/feed"\n')
    return path


def feeds_of(desk: Path) -> dict[str, FeedSpec]:
    settings = load_settings(desk / "config.toml", {}, desk).settings
    return {url: feed for url, feed in settings.feeds.items() if "example" in url}


def objects(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_list_becomes_feeds_with_its_folders_as_tags(desk: Path, list_: Path, run: Run) -> None:
    result = run("feeds", "import", "list.opml", "--tag", "new")

    assert list_.exists()
    assert result.exit_code == 0
    assert [(feed.url, feed.name, feed.tags) for feed in feeds_of(desk).values()] == [
        ("https://known.example/feed", "known.example", ()),
        ("https://paper.example/rss?a=1&b=2", "Paper", ("World & Co", "new")),
        ("https://other.example/rss", "Paper (other.example)", ("World & Co", "new")),
        ("https://nameless.example/rss", "nameless.example", ("World & Co", "press", "new")),
    ]
    assert feeds_of(desk)["https://paper.example/rss?a=1&b=2"].language == "de"
    assert result.stdout == (
        f"3 feeds added, 1 subscribed already, 3 skipped; see {desk / 'feeds.toml'}\n"
    )
    assert result.stderr.splitlines() == [
        'list.opml:8: skipped "Secret": credentials don\'t belong in a URL; write it without '
        'them, and auth = "env:NAME" with user:password in the environment variable NAME',
        'list.opml:9: skipped "File": its address is not an http(s) URL',
        'list.opml:10: skipped "Half": its address is not a URL; '
        'write for example "https://example.org/feed.xml"',
    ]


def test_a_list_read_twice_adds_nothing(desk: Path, list_: Path, run: Run) -> None:
    run("feeds", "import", str(list_))
    before = (desk / "feeds.toml").read_bytes()

    result = run("feeds", "import", str(list_))

    assert result.stdout == "0 feeds added, 4 subscribed already, 3 skipped\n"
    assert result.exit_code == 0
    assert (desk / "feeds.toml").read_bytes() == before


def test_programs_get_a_line_for_each_feed_and_never_a_password(
    desk: Path, list_: Path, run: Run
) -> None:
    result = run("feeds", "import", "list.opml", "--json")

    assert (desk / "feeds.toml").exists()
    assert list_.exists()
    lines = objects(result.stdout)
    assert [(line["outcome"], line["line"]) for line in lines] == [
        ("added", 3), ("added", 4), ("added", 5), ("known", 7),
        ("skipped", 8), ("skipped", 9), ("skipped", 10),
    ]  # fmt: skip
    assert lines[0] == {
        "url": "https://paper.example/rss?a=1&b=2",
        "name": "Paper",
        "tags": ["World & Co"],
        "outcome": "added",
        "reason": None,
        "line": 3,
    }
    assert lines[3]["url"] == "https://known.example/feed"
    assert lines[4]["url"] == "https://paper.example/rss"
    assert "s3cret" not in result.output


def test_a_list_comes_in_a_pipe(desk: Path, run: Run) -> None:
    result = run("feeds", "import", "-", input_=LIST)

    assert result.stdout.startswith("4 feeds added, 3 skipped; see ")
    assert len(feeds_of(desk)) == 4


def test_a_list_comes_over_http_from_where_it_may(desk: Path, run: Run) -> None:
    config = desk / "config.toml"
    text = config.read_text(encoding="utf-8")
    with HttpServer() as server:
        server.answers["/list.opml"] = Answer(body=LIST.encode())
        url = server.url("/list.opml")
        private = run("feeds", "import", url)
        allowed = '[fetch]\nallow_private = ["127.0.0.1/32"]'
        config.write_text(text.replace("[fetch]", allowed), encoding="utf-8")
        result = run("feeds", "import", url)

    assert "127.0.0.1 is a private address" in str(private.exception)
    assert result.stdout.startswith("4 feeds added, 3 skipped; see ")
    assert result.stderr.startswith(f'{url}:8: skipped "Secret": ')


def test_a_list_is_not_taken_for_a_feed(desk: Path, list_: Path, run: Run) -> None:
    result = run("feeds", "add", "list.opml")

    assert list_.exists()
    assert str(result.exception) == "list.opml is a list of feeds: monitor feeds import list.opml"
    assert not (desk / "feeds.toml").exists()


def test_a_list_of_which_nothing_can_be_taken_is_no_success(desk: Path, run: Run) -> None:
    result = run("feeds", "import", "-", input_='<outline text="x" xmlUrl="/rss"/>')

    assert result.exit_code == 1
    assert result.stdout == "0 feeds added, 1 skipped\n"
    assert not (desk / "feeds.toml").exists()


REFUSED = {
    "no such file": (None, "list.opml can't be read: No such file or directory"),
    "a feed": (b"<rss/>", "list.opml: this is a feed, not a list of feeds (OPML); "
                          "`monitor feeds add` subscribes to it"),
    "no outline": (b"", "list.opml: this is not a list of feeds (OPML): it has no outline"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_list_is_refused(
    desk: Path, run: Run, body: bytes | None, message: str
) -> None:
    if body is not None:
        (desk / "list.opml").write_bytes(body)

    result = run("feeds", "import", "list.opml")

    assert isinstance(result.exception, MonitorError)
    assert str(result.exception) == message


def test_a_running_daemon_is_named_after_an_import(desk: Path, list_: Path, run: Run) -> None:
    with DaemonLock(desk / "monitor.db"):
        first = run("feeds", "import", str(list_))
        again = run("feeds", "import", str(list_))

    assert f"kill -HUP {os.getpid()}" in first.stdout
    assert "kill" not in again.stdout


def test_an_export_is_what_an_import_would_read(desk: Path, list_: Path, run: Run) -> None:
    run("feeds", "import", str(list_))

    result = run("feeds", "export")

    exported = {each.url: each for each in read_opml(result.stdout.encode())}
    assert exported.keys() == feeds_of(desk).keys()
    for url, feed in feeds_of(desk).items():
        assert (exported[url].name, exported[url].tags) == (feed.name, feed.tags)
    assert result.stderr == "left out: 1 feed on this machine's disk\n"


def test_an_export_says_what_it_can_not_carry(desk: Path, run: Run) -> None:
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[feeds]]\nurl = "https://a.example/"\nauth = "me:s3cret"\n')

    result = run("feeds", "export")
    lines = objects(run("feeds", "export", "--json").stdout)

    assert "1 feed exported without auth, headers and proxy" in result.stderr
    assert "s3cret" not in result.output
    assert lines == [
        {"url": "https://a.example/", "name": "a.example", "tags": [], "language": None,
         "enabled": True}
    ]  # fmt: skip


def test_an_export_goes_into_a_new_file(desk: Path, list_: Path, run: Run) -> None:
    assert list_.exists()
    first, second = run("feeds", "export", "out.opml"), run("feeds", "export", "out.opml")

    assert first.stdout == "written to out.opml\n"
    assert "known.example" in (desk / "out.opml").read_text(encoding="utf-8")
    assert str(second.exception) == "out.opml exists already; name another file"
