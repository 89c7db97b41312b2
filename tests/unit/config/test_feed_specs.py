"""``[[feeds]]`` -> feed specs: names, locations, defaults and secrets."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config.load import load_settings
from monitor.errors import ConfigError
from monitor.model.feed import FeedSpec, Quiet

CONSOLE = '[channels.terminal]\nurl = "console://"\n'


def feeds_of(folder: Path, config: str, environ: dict[str, str] | None = None) -> list[FeedSpec]:
    (folder / "config.toml").write_text(CONSOLE + config, encoding="utf-8")
    loaded = load_settings(Path("config.toml"), environ or {}, folder)
    return list(loaded.settings.feeds.values())


def problems_of(folder: Path, config: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        feeds_of(folder, config)
    return [str(problem) for problem in caught.value.problems]


def test_a_feed_is_called_by_its_host_or_its_file(tmp_path: Path) -> None:
    feeds = feeds_of(
        tmp_path,
        '[[feeds]]\nurl = "https://News.example:8443/rss"\n[[feeds]]\nurl = "seeds/paper.xml"\n',
    )
    assert [feed.name for feed in feeds] == ["news.example", "paper"]
    assert [feed.location for feed in feeds] == [
        "https://News.example:8443/rss",
        f"{tmp_path}/seeds/paper.xml",
    ]
    assert [feed.url for feed in feeds] == ["https://News.example:8443/rss", "seeds/paper.xml"]


def test_two_feeds_of_one_host_may_share_its_name(tmp_path: Path) -> None:
    config = '[[feeds]]\nurl = "https://a.example/1"\n[[feeds]]\nurl = "https://a.example/2"\n'
    assert [feed.name for feed in feeds_of(tmp_path, config)] == ["a.example", "a.example"]


def test_every_key_reaches_the_spec(tmp_path: Path) -> None:
    config = """
    [[feeds]]
    url = "https://a.example/"
    name = "A"
    tags = ["x", "y"]
    enabled = true
    every = "10m"
    backlog = "24h"
    language = "pt-BR"
    user_agent = "desk"
    headers = { Accept = "text/xml", X-Key = "env:KEY" }
    auth = "env:AUTH"
    """
    (feed,) = feeds_of(tmp_path, config, {"KEY": "k3y", "AUTH": "me:secret"})
    assert feed == FeedSpec(
        url="https://a.example/",
        location="https://a.example/",
        name="A",
        tags=("x", "y"),
        every=timedelta(minutes=10),
        backlog=timedelta(hours=24),
        language="pt-BR",
        user_agent="desk",
        headers={"Accept": "text/xml", "X-Key": "k3y"},
        auth="me:secret",
    )


def test_a_feed_goes_before_the_defaults_even_where_it_says_the_usual(tmp_path: Path) -> None:
    config = """
    [feed_defaults]
    every = "1h"
    backlog = "alert"
    tags = ["all"]
    auth = "bearer t0ken"
    [[feeds]]
    url = "https://a.example/"
    [[feeds]]
    url = "https://b.example/"
    every = "auto"
    backlog = "quiet"
    tags = []
    """
    default, own = feeds_of(tmp_path, config)
    assert (default.every, default.backlog) == (timedelta(hours=1), Quiet.ALERT)
    assert (default.tags, default.auth) == (("all",), "bearer t0ken")
    assert (own.every, own.backlog, own.tags) == (None, Quiet.QUIET, ())


def test_a_disabled_feed_does_not_need_its_secret(tmp_path: Path) -> None:
    config = '[[feeds]]\nurl = "https://a.example/"\nenabled = false\nauth = "env:NONE"\n'
    (feed,) = feeds_of(tmp_path, config)
    assert not feed.enabled


def test_without_need_of_secrets_a_feed_goes_without_those_it_lacks(tmp_path: Path) -> None:
    config = """
    [feed_defaults]
    auth = "env:NONE"
    [[feeds]]
    url = "https://a.example/"
    headers = { Accept = "text/xml", X-Key = "file:none" }
    [[feeds]]
    url = "https://b.example/"
    auth = "env:AUTH"
    """
    (tmp_path / "config.toml").write_text(CONSOLE + config, encoding="utf-8")
    environ = {"AUTH": "me:secret"}
    loaded = load_settings(Path("config.toml"), environ, tmp_path, need_secrets=False)
    lacking, complete = loaded.settings.feeds.values()
    assert (lacking.auth, lacking.headers) == (None, {"Accept": "text/xml"})
    assert complete.auth == "me:secret"


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        pytest.param(
            '[[feeds]]\nurl = "https://me:pw@a.example/"\n',
            [
                "config.toml:4:7: url: credentials don't belong in a URL; write it without them, "
                'and auth = "env:NAME" with user:password in the environment variable NAME'
            ],
            id="credentials in the URL",
        ),
        pytest.param(
            '[[feeds]]\nurl = "ftp://a.example/"\n',
            [
                'config.toml:4:7: url: "ftp:" can\'t be fetched; '
                "write an http(s) URL, or a path relative to this file"
            ],
            id="another scheme",
        ),
        pytest.param(
            '[[feeds]]\nurl = "https:///rss"\n[[feeds]]\nurl = "http://[::1"\n'
            '[[feeds]]\nurl = "http://a:x/"\n[[feeds]]\nurl = "http://a b/"\n',
            [
                f"config.toml:{line}:7: url: is not a URL; "
                'write for example "https://example.org/feed.xml"'
                for line in (4, 6, 8, 10)
            ],
            id="no URL",
        ),
        pytest.param(
            '[[feeds]]\nurl = "a.xml"\nname = "A"\n[[feeds]]\nurl = "./x/../a.xml"\nname = "A"\n',
            [
                "config.toml:7:7: url: the feed at config.toml:4:7 has the same url; remove one",
                "config.toml:8:8: name: the feed at config.toml:5:8 has the same name; remove one",
            ],
            id="twins",
        ),
        pytest.param(
            '[[feeds]]\nurl = "a.xml"\nauth = "env:NONE"\n',
            [
                "config.toml:5:8: environment variable NONE of [[feeds]] is not set; "
                "set it, or write enabled = false there"
            ],
            id="missing secret",
        ),
        pytest.param(
            '[feed_defaults]\nauth = "env:NONE"\n[[feeds]]\nurl = "a.xml"\n'
            '[[feeds]]\nurl = "b.xml"\n',
            [
                "config.toml:4:8: environment variable NONE of [feed_defaults] is not set; "
                "set it, or write enabled = false there"
            ],
            id="missing secret of the defaults is told once",
        ),
        pytest.param(
            '[[feeds]]\nurl = "a.xml"\nauth = "s3cret"\n',
            ['config.toml:5:8: auth: must be "user:password" or "bearer TOKEN"'],
            id="auth of neither kind",
        ),
        pytest.param(
            '[[feeds]]\nurl = "a.xml"\nheaders = { X-A = "file:two-lines" }\n'
            '[[feeds]]\nurl = "b.xml"\nheaders = { "X:" = "a" }\n',
            [
                "config.toml:5:19: X-A: must be one line of text",
                'config.toml:8:13: headers: "X:" is not the name of an HTTP header',
            ],
            id="headers that would break the request",
        ),
        pytest.param(
            '[[feeds]]\nurl = "a.xml"\nlanguage = "English"\nbacklog = "loud"\n',
            [
                'config.toml:5:12: language: "English" is not a language; '
                'write its tag, like "en" or "pt-BR"',
                'config.toml:6:11: backlog: "loud" is not a duration; '
                'write for example "10m", or "quiet" or "alert"',
            ],
            id="no language, no backlog",
        ),
    ],
)
def test_a_wrong_feed_is_refused_and_no_secret_is_shown(
    tmp_path: Path, config: str, problems: list[str]
) -> None:
    (tmp_path / "two-lines").write_text("s3cret\nsecond", encoding="utf-8")
    assert problems_of(tmp_path, config) == problems


def test_a_feed_document_that_is_not_there_is_worth_a_warning(tmp_path: Path) -> None:
    (tmp_path / "there.xml").touch()
    (tmp_path / "config.toml").write_text(
        '[channels.t]\nurl = "console://"\n'
        '[[feeds]]\nurl = "there.xml"\n'
        '[[feeds]]\nurl = "gone.xml"\n'
        '[[feeds]]\nurl = "off.xml"\nenabled = false\n',
        encoding="utf-8",
    )
    warnings = load_settings(Path("config.toml"), {}, tmp_path).warnings
    assert [str(warning) for warning in warnings] == [
        f"config.toml:6:7: warning: url: there is no such file: {tmp_path / 'gone.xml'}"
    ]
