"""Whatever stands in a file: it is read, or it is refused with a list of problems."""

import string
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from monitor.config.load import load_settings
from monitor.config.rulefiles import book_of
from monitor.errors import ConfigError, Problem

CONFIG = """\
[store]
url = "sqlite:///monitor.db"
keep = "90d"
[rules]
path = ["rules"]
[fetch]
connections = 64
gap = "1s"
allow_private = ["127.0.0.1/32"]
proxy = "http://proxy.example:3128"
robots = true
pages_per_day = 200
[feed_defaults]
every = "auto"
headers = { Accept = "text/xml" }
[[feeds]]
url = "https://example.org/rss"
tags = ["x"]
auth = "env:AUTH"
full_text = "always"
timezone = "Asia/Baghdad"
proxy = ""
[channels.terminal]
url = "console://"
[channels.press]
email = { host = "h", from = "a@b.example", to = ["c@d.example"], port = 25 }
[[routes]]
severity = ["high"]
channels = ["terminal"]
continue = true
"""
RULES = """\
[entities.us]
name = "United States"
aliases = ["USA", { text = "US", case = "exact" }]
[topics.troops]
phrases = ["troop deployment"]
[rules.watch]
topics = ["troops"]
entities = ["us"]
query = 'title:troop*'
until = 2027-12-31
[[rules.watch.tests]]
title = "t"
match = true
"""
LONG = (
    "".join(f"[rules.r{n}]\nquery = 'a{n}'\n[topics.t{n}]\nqueries = ['b{n}']\n" for n in range(4))
    + RULES
)
ODDITIES = st.sampled_from(
    [
        "true",
        "nan",
        "-1",
        "0xffffffffffffffffffffff",
        "99999999999999999999",
        "1979-05-27",
        "07:32:00",
        '"env:X"',
        '"file:/dev/null/x"',
        '"file:/"',
        '"//["',
        '"http://[::1"',
        '"http://a:99999/"',
        '"mailto://?to="',
        '"mailto://h/a@b?cc"',
        '"\\u0000"',
        '"\\ud7ff"',
        '"é"',
        '"a:b@c"',
        '""',
        "[[]]",
        "{}",
        "{a=1}",
        "[1]",
        '[""]',
        '[{url="a"},5]',
        "'\\b'",
        '"\\b"',
        '"36500d"',
        '"99999999999d"',
    ]
)
SCRAPS = st.text(string.printable + "é\u2028\ufeff\x00", max_size=8) | ODDITIES


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """A good file with lines replaced, dropped, doubled or moved."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        key = lines[at].partition("=")[0]
        options = [[], [lines[at]] * 2, [f"{key}= {draw(ODDITIES)}"], [draw(SCRAPS), lines[at]]]
        lines[at : at + 1] = draw(st.sampled_from(options))
        lines = lines or [""]
    return "\n".join(lines)


def _problems(read: Callable[[], object]) -> Sequence[Problem] | None:
    try:
        read()
    except ConfigError as error:
        return error.problems
    return None


def _is_told(problems: Sequence[Problem] | None) -> bool:
    """Nothing is wrong, or what is wrong has a place and a message."""
    if problems is None:
        return True
    return len(problems) > 0 and all(
        each.place.line > 0 and each.place.column > 0 and each.message for each in problems
    )


def _load(config: str) -> Sequence[Problem] | None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.toml").write_text(config, encoding="utf-8")
        return _problems(lambda: load_settings(Path("config.toml"), {"AUTH": "a:b"}, folder))


def test_the_unmutated_files_are_good() -> None:
    assert _load(CONFIG) is None
    assert book_of({"r.toml": RULES}).problems == ()


@given(mutated(CONFIG) | st.text())
def test_any_configuration_is_read_or_refused_with_problems(config: str) -> None:
    assert _is_told(_load(config))


@given(mutated(LONG), st.lists(mutated(LONG), min_size=1, max_size=3))
def test_a_file_that_was_known_before_says_what_it_says_by_itself(
    first: str, later: list[str]
) -> None:
    reading = book_of({"r.toml": first})
    for text in later:
        reading = book_of({"r.toml": text}, reading.files)
        alone = book_of({"r.toml": text})
        assert reading.book == alone.book
        assert reading.problems == alone.problems
        assert reading.names == alone.names
        assert list(reading.book.rules) == list(alone.book.rules)


@given(mutated(RULES) | st.text())
def test_any_rule_file_is_read_or_refused_with_problems(rules: str) -> None:
    assert _is_told(book_of({"r.toml": rules}).problems or None)
