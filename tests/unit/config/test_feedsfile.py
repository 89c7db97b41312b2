"""feeds.toml is edited without losing a line that the user wrote."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.feedsfile import NewFeed, add_feeds, remove_feed
from monitor.errors import ConfigError, Problem

WRITTEN = """\
# my feeds

# about a
[[feeds]]
url = "https://a.example/"   # the first
tags = [
  "x",  # why
]

# about b
[[feeds]]
url = "https://b.example/"
[feeds.headers]
Accept = "text/xml"

# about c
[[feeds]]
url = "https://c.example/"
# the end
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "feeds.toml"


def test_the_first_feed_makes_the_file(file: Path) -> None:
    add_feeds(file, [NewFeed(url="https://a.example/", name='The "A"', tags=("x", "é"))])
    assert file.read_text(encoding="utf-8") == (
        "# Read together with config.toml; `monitor feeds add` and `remove` write here.\n"
        "\n"
        "[[feeds]]\n"
        'url = "https://a.example/"\n'
        'name = "The \\"A\\""\n'
        'tags = ["x", "é"]\n'
    )


def test_an_added_feed_stands_at_the_end_and_the_rest_stays(file: Path) -> None:
    file.write_text(WRITTEN, encoding="utf-8")
    add_feeds(file, [NewFeed(url="https://d.example/")])
    assert file.read_text(encoding="utf-8") == (
        WRITTEN + '\n[[feeds]]\nurl = "https://d.example/"\n'
    )


@pytest.mark.parametrize(
    ("url", "gone"),
    [
        pytest.param(
            "https://a.example/",
            '[[feeds]]\nurl = "https://a.example/"   # the first\ntags = [\n  "x",  # why\n]\n',
            id="first",
        ),
        pytest.param(
            "https://b.example/",
            '[[feeds]]\nurl = "https://b.example/"\n[feeds.headers]\nAccept = "text/xml"\n',
            id="middle",
        ),
        pytest.param("https://c.example/", '[[feeds]]\nurl = "https://c.example/"\n', id="last"),
    ],
)
def test_only_the_lines_of_a_removed_feed_go(file: Path, url: str, gone: str) -> None:
    file.write_text(WRITTEN, encoding="utf-8")
    assert remove_feed(file, url)
    assert file.read_text(encoding="utf-8") == WRITTEN.replace(gone, "")


def test_removing_what_is_not_there_changes_nothing(file: Path) -> None:
    assert not remove_feed(file, "https://a.example/")
    assert not file.exists()
    file.write_text(WRITTEN, encoding="utf-8")
    assert not remove_feed(file, "https://z.example/")
    assert file.read_text(encoding="utf-8") == WRITTEN


@pytest.mark.parametrize(
    ("before", "url", "problem"),
    [
        pytest.param(
            WRITTEN,
            "https://b.example/",
            "feeds.toml:11:3: this feed is there already",
            id="a feed twice",
        ),
        pytest.param(
            "# mine\n",
            "gopher://a.example/",
            'feeds.toml:7:7: url: "gopher:" can\'t be fetched; '
            "write an http(s) URL, or a path relative to this file",
            id="not a feed URL",
        ),
        pytest.param(
            "feeds = []\n",
            "https://a.example/",
            "feeds.toml:1:1: this file can't be edited by the program; "
            "write each feed as a [[feeds]] table",
            id="a list in brackets",
        ),
        pytest.param(
            "[[feeds]\n",
            "https://a.example/",
            "feeds.toml:1:8: not TOML: Expected ']]' at the end of an array declaration",
            id="broken",
        ),
    ],
)
def test_a_refused_edit_leaves_the_file_alone(
    file: Path, before: str, url: str, problem: str
) -> None:
    file.write_text(before, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        add_feeds(file, [NewFeed(url="https://new.example/"), NewFeed(url=url)])
    assert str(caught.value) == problem
    assert file.read_text(encoding="utf-8") == before


def test_a_feed_in_a_list_in_brackets_is_not_half_removed(file: Path) -> None:
    before = 'feeds = [{ url = "a.xml" }, { url = "b.xml" }]\n'
    file.write_text(before, encoding="utf-8")
    with pytest.raises(ConfigError, match="can't be edited by the program"):
        remove_feed(file, "a.xml")
    assert file.read_text(encoding="utf-8") == before


def test_a_linked_file_stays_linked_and_keeps_its_mode(file: Path) -> None:
    target = file.with_name("elsewhere.toml")
    target.write_text(WRITTEN, encoding="utf-8")
    target.chmod(0o640)
    file.symlink_to(target)
    add_feeds(file, [NewFeed(url="https://d.example/")])
    assert file.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert "https://d.example/" in target.read_text(encoding="utf-8")
    assert sorted(path.name for path in file.parent.iterdir()) == ["elsewhere.toml", "feeds.toml"]


def test_a_folder_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        add_feeds(file.parent / "none" / "feeds.toml", [NewFeed(url="https://a.example/")])
    assert str(caught.value) == (
        f"{file.parent}/none/feeds.toml:1:1: can't be written: No such file or directory"
    )


def test_several_feeds_are_added_in_one_step(file: Path) -> None:
    file.write_text(WRITTEN, encoding="utf-8")
    new = [
        NewFeed(url="https://d.example/", language="de", auth="env:D"),
        NewFeed(url="https://e.example/"),
    ]
    add_feeds(file, new)
    assert file.read_text(encoding="utf-8") == (
        WRITTEN + '\n[[feeds]]\nurl = "https://d.example/"\nlanguage = "de"\nauth = "env:D"\n'
        '\n[[feeds]]\nurl = "https://e.example/"\n'
    )


@pytest.mark.parametrize("before", ["# mine\r\n", None], ids=["a file", "no file"])
def test_what_the_check_refuses_is_taken_back(file: Path, before: str | None) -> None:
    if before:
        file.write_bytes(before.encode())
    seen = []

    def refuse() -> None:
        seen.append(file.read_text(encoding="utf-8"))
        raise ConfigError([])

    with pytest.raises(ConfigError):
        add_feeds(file, [NewFeed(url="https://d.example/")], refuse)

    assert "https://d.example/" in seen[0]
    assert (file.read_bytes().decode() if file.exists() else None) == before


def test_edits_at_the_same_time_lose_nothing(file: Path) -> None:
    urls = [f"https://{number}.example/" for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda url: add_feeds(file, [NewFeed(url=url)]), urls))
        list(pool.map(lambda url: remove_feed(file, url), urls[:10]))

    kept = tomllib.loads(file.read_text(encoding="utf-8"))["feeds"]
    assert sorted(feed["url"] for feed in kept) == sorted(urls[10:])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(TEXT, st.lists(TEXT, max_size=3))
def test_any_name_is_written_as_it_is_or_refused_in_plain_words(
    name: str, tags: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "feeds.toml"
        problems: tuple[Problem, ...] = ()
        try:
            add_feeds(path, [NewFeed(url="https://a.example/", name=name, tags=tuple(tags))])
        except ConfigError as error:
            problems = error.problems
        assert all("must be one line of text" in each.message for each in problems)
        if not problems:
            (feed,) = tomllib.loads(path.read_text(encoding="utf-8"))["feeds"]
            assert (feed["name"], feed.get("tags", [])) == (name, tags)
