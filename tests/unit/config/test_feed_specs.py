"""``[[feeds]]`` -> feed specs: names, locations, defaults and secrets."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config.load import load_settings
from monitor.errors import ConfigError
from monitor.model.feed import FeedSpec, FullText, Hints, Quiet

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
    backfill_pages = 3
    hints = "full"
    full_text = "always"
    language = "pt-BR"
    timezone = "America/Sao_Paulo"
    user_agent = "desk"
    headers = { Accept = "text/xml", X-Key = "env:KEY" }
    auth = "env:AUTH"
    proxy = "env:PROXY"
    """
    environ = {"KEY": "k3y", "AUTH": "me:secret", "PROXY": "http://me:pw@proxy.example:3128"}
    (feed,) = feeds_of(tmp_path, config, environ)
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
        timezone="America/Sao_Paulo",
        full_text=FullText.ALWAYS,
        hints=Hints.FULL,
        backfill_pages=3,
        proxy="http://me:pw@proxy.example:3128",
    )


def test_what_fetch_says_holds_for_every_feed_that_says_nothing_else(tmp_path: Path) -> None:
    config = """
    [fetch]
    proxy = "file:proxy"
    robots = false
    pages_per_day = 7
    [[feeds]]
    url = "https://a.example/"
    [[feeds]]
    url = "https://b.example/"
    proxy = "https://own.example"
    [[feeds]]
    url = "https://c.example/"
    proxy = ""
    """
    (tmp_path / "proxy").write_text("http://proxy.example:3128\n", encoding="utf-8")
    feeds = feeds_of(tmp_path, config)
    assert [feed.proxy for feed in feeds] == [
        "http://proxy.example:3128",
        "https://own.example",
        None,
    ]
    assert {(feed.robots, feed.pages_per_day) for feed in feeds} == {(False, 7)}


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
            '[[feeds]]\nurl = "a.xml"\nheaders = { X-A = "s3cret\\r\\nX-B: 1", Host = "b" }\n'
            '[[feeds]]\nurl = "b.xml"\nuser_agent = "a\\nb"\nauth = "s3cret:\\r\\nX: 1"\n',
            [
                "config.toml:5:19: X-A: must be one line of text",
                'config.toml:5:39: headers: "Host" is set by the program itself',
                "config.toml:8:14: user_agent: must be one line of text",
                "config.toml:9:8: auth: must be one line of text",
            ],
            id="a second header smuggled in",
        ),
        pytest.param(
            '[[feeds]]\nurl = "a.xml"\nproxy = "env:PROXY"\n'
            '[[feeds]]\nurl = "b.xml"\nproxy = "socks5://s3cret@p.example"\n'
            '[[feeds]]\nurl = "c.xml"\nproxy = "p.example:3128"\n'
            '[fetch]\nproxy = "env:NONE"\n',
            [
                "config.toml:5:9: environment variable PROXY of [[feeds]] is not set; "
                "set it, or write enabled = false there",
                *(
                    f"config.toml:{line}:9: proxy: must be the URL of an HTTP proxy, like "
                    '"http://proxy.example:3128"; SOCKS proxies are not supported'
                    for line in (8, 11)
                ),
                "config.toml:13:9: environment variable NONE of [fetch] is not set; set it",
            ],
            id="no proxy",
        ),
        pytest.param(
            '[[feeds]]\nurl = "a.xml"\nfull_text = "allways"\ntimezone = "Europe/Brussel"\n'
            'backfill_pages = 11\nhints = "on"\npassword = "s3cret"\n'
            "[fetch]\nrobots = 1\npages_per_day = 0\nconcurrency = 8\n",
            [
                'config.toml:5:13: full_text: "allways" is none of "auto", "always", "never"; '
                'did you mean "always"?',
                'config.toml:6:12: timezone: "Europe/Brussel" is not a time zone; '
                'did you mean "Europe/Brussels"?',
                "config.toml:7:18: backfill_pages: must be 10 or less",
                'config.toml:8:9: hints: "on" is none of "full", "capped", "off"',
                'config.toml:9:1: unknown key "password"; did you mean "auth"?',
                "config.toml:11:10: robots: must be true or false, without quotes",
                "config.toml:12:17: pages_per_day: must be 1 or more",
                'config.toml:13:1: unknown key "concurrency"; did you mean "connections"?',
            ],
            id="slips in the keys of feeds and fetch",
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
