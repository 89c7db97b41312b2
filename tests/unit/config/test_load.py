"""config.toml and feeds.toml -> settings, or every problem with its place."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config.config_tables import USER_AGENT
from monitor.config.load import Loaded, load_settings
from monitor.errors import ConfigError
from monitor.model.channel import DeliveryPolicy, Route
from monitor.model.rule import Severity
from monitor.model.settings import FetchPolicy, LogPolicy, Retention

CONSOLE = '[channels.terminal]\nurl = "console://"\n'
FEED = '[[feeds]]\nurl = "https://example.org/rss"\n'
SMALLEST = CONSOLE + FEED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def settings_of(
    folder: Path,
    config: str,
    *,
    feeds: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    (folder / "config.toml").write_text(config, encoding="utf-8")
    if feeds is not None:
        (folder / "feeds.toml").write_text(feeds, encoding="utf-8")
    return load_settings(Path("config.toml"), environ or {}, folder)


def problems_of(
    folder: Path,
    config: str,
    *,
    feeds: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        settings_of(folder, config, feeds=feeds, environ=environ)
    return [str(problem) for problem in caught.value.problems]


def test_the_smallest_configuration_has_the_documented_defaults(folder: Path) -> None:
    loaded = settings_of(folder, SMALLEST)
    settings = loaded.settings
    assert loaded.warnings == ()
    assert settings.file == folder / "config.toml"
    assert settings.store_url == f"sqlite:///{folder}/monitor.db"
    assert settings.retention == Retention(articles=timedelta(days=90), hits=None)
    assert settings.rule_paths == (folder / "rules",)
    assert settings.fetch == FetchPolicy(user_agent=USER_AGENT)
    assert settings.delivery == DeliveryPolicy()
    assert settings.log == LogPolicy()
    assert settings.routing.routes == ()
    assert settings.routing.system is None


@pytest.mark.parametrize(
    ("written", "window"), [("", timedelta(days=1)), ('[rules]\nwindow = "off"', None)]
)
def test_new_rules_look_back_on_a_day_or_on_nothing(
    folder: Path, written: str, window: timedelta | None
) -> None:
    settings = settings_of(folder, f"{written}\n{SMALLEST}").settings
    assert settings.rule_window == window


def test_every_key_reaches_the_settings(folder: Path) -> None:
    loaded = settings_of(
        folder,
        f"""
        [store]
        url = "sqlite:////var/lib/news.db"
        keep = "forever"
        keep_hits = "365d"
        [rules]
        path = ["more", "/srv/rules/one.toml"]
        window = "7d"
        [fetch]
        user_agent = "desk/1"
        connections = 8
        per_host = 1
        gap = "0s"
        timeout = "1m"
        allow_private = ["127.0.0.1", "10.1.2.3/8", "::1"]
        [delivery]
        first_retry = "1s"
        lease = "3m"
        give_up = "2d"
        [alerts]
        system = ["terminal"]
        feeds = "../public/feeds"
        [log]
        level = "debug"
        format = "json"
        {SMALLEST}
        [[routes]]
        rules = ["a"]
        entities = ["b"]
        severity = ["high", "urgent"]
        tags = ["c"]
        feeds = ["tag:d"]
        channels = ["terminal"]
        continue = true
        """,
    )
    settings = loaded.settings
    assert settings.store_url == "sqlite:////var/lib/news.db"
    assert settings.retention == Retention(articles=None, hits=timedelta(days=365))
    assert settings.rule_paths == (folder / "more", Path("/srv/rules/one.toml"))
    assert settings.rule_window == timedelta(days=7)
    assert settings.fetch == FetchPolicy(
        user_agent="desk/1",
        connections=8,
        per_host=1,
        gap=timedelta(),
        timeout=timedelta(minutes=1),
        allow_private=("127.0.0.1/32", "10.0.0.0/8", "::1/128"),
    )
    assert settings.delivery == DeliveryPolicy(
        first_retry=timedelta(seconds=1), lease=timedelta(minutes=3), give_up=timedelta(days=2)
    )
    assert settings.log == LogPolicy(level="debug", format="json")
    assert settings.feed_folder == folder.parent / "public" / "feeds"
    assert settings.routing.system == ("terminal",)
    assert settings.routing.routes == (
        Route(
            rules=("a",),
            entities=("b",),
            severity=(Severity.HIGH, Severity.URGENT),
            tags=("c",),
            feeds=("tag:d",),
            channels=("terminal",),
            continues=True,
        ),
    )


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        pytest.param(
            '[feed_defaults]\nintervall = "5m"\n',
            'config.toml:2:1: unknown key "intervall"; did you mean "every"?',
            id="synonym",
        ),
        pytest.param(
            '[feed_defaults]\nevry = "5m"\n',
            'config.toml:2:1: unknown key "evry"; did you mean "every"?',
            id="typo",
        ),
        pytest.param(
            "[store]\nfoo = 1\n",
            'config.toml:2:1: unknown key "foo"; known here: url, keep, keep_hits, store_text',
            id="nothing near",
        ),
        pytest.param(
            "[chanels.x]\n",
            'config.toml:1:2: unknown key "chanels"; did you mean "channels"?',
            id="unknown table",
        ),
        pytest.param(
            '[feed_defaults]\nevery = "10 minutes"\n',
            'config.toml:2:9: every: "10 minutes" is not a duration; '
            'write for example "10m", or "auto"',
            id="no duration",
        ),
        pytest.param(
            "[fetch]\ntimeout = 30\n",
            'config.toml:2:11: timeout: 30 is not a duration; write for example "10m"',
            id="number as duration",
        ),
        pytest.param(
            '[fetch]\ntimeout = "0s"\n',
            'config.toml:2:11: timeout: "0s" is too short; the least is 1s',
            id="too short",
        ),
        pytest.param(
            '[store]\nkeep = "99999999d"\n',
            'config.toml:2:8: keep: "99999999d" is too long; the most is 36500d',
            id="too long",
        ),
        pytest.param(
            '[fetch]\nconnections = "64"\n',
            "config.toml:2:15: connections: must be a whole number, without quotes",
            id="text as number",
        ),
        pytest.param(
            "[fetch]\nper_host = 0\n",
            "config.toml:2:12: per_host: must be 1 or more",
            id="too small",
        ),
        pytest.param(
            "[fetch]\nconnections = 99999\n",
            "config.toml:2:15: connections: must be 10000 or less",
            id="too big",
        ),
        pytest.param(
            '[fetch]\nallow_private = ["::1", "local"]\n',
            'config.toml:2:25: allow_private: "local" is no address or network; '
            'write for example "192.168.1.0/24"',
            id="no network",
        ),
        pytest.param(
            '[rules]\npath = "rules"\n',
            "config.toml:2:8: path: must be a list",
            id="no list",
        ),
        pytest.param(
            "[rules]\npath = []\n",
            "config.toml:2:8: path: must not be empty",
            id="empty list",
        ),
        pytest.param(
            '[log]\nlevel = "warn"\n',
            'config.toml:2:9: level: "warn" is none of "debug", "info", "warning", "error"; '
            'did you mean "warning"?',
            id="no such level",
        ),
        pytest.param(
            '[store]\nurl = "sqlite:///:memory:"\n',
            'config.toml:2:7: url: must be "sqlite:///FILE", where FILE is a path without '
            'options, or "postgresql://user@host/database"',
            id="store that forgets",
        ),
        pytest.param(
            '[runtime]\nengine = "celery"\n',
            'config.toml:2:10: engine: "celery" is none of "embedded", "procrastinate"',
            id="no such engine",
        ),
        pytest.param(
            '[runtime]\nengine = "procrastinate"\n',
            'config.toml:2:10: engine "procrastinate" is for several machines on one PostgreSQL, '
            'and SQLite is a file; set [store] url = "postgresql://user@host/database"',
            id="several machines on a file",
        ),
        pytest.param(
            "[log]\nrules = 1\n",
            'config.toml:2:1: unknown key "rules"; known here: level, format',
            id="key of another table",
        ),
        pytest.param("log = 5\n", "config.toml:1:7: log: must be a table", id="no table"),
        pytest.param(
            "[routes]\nchannels = ['terminal']\n",
            "config.toml:1:2: [routes] is a list of tables; write [[routes]]",
            id="single brackets",
        ),
        pytest.param(
            "[[routes]]\nchannels = ['terminl']\n",
            'config.toml:2:13: unknown channel "terminl"; did you mean "terminal"?',
            id="unknown channel, near",
        ),
        pytest.param(
            "[[routes]]\nchannels = ['pager']\n",
            'config.toml:2:13: unknown channel "pager"; define it under [channels.pager]',
            id="unknown channel",
        ),
        pytest.param(
            "[alerts]\nsystem = ['terminal', 'pager']\n",
            'config.toml:2:23: unknown channel "pager"; define it under [channels.pager]',
            id="unknown channel of system alerts",
        ),
        pytest.param(
            "[[routes]]\ntags = ['x']\n",
            'config.toml:1:3: [[routes]] needs "channels"',
            id="route to nowhere",
        ),
        pytest.param(
            "[[routes]]\nchannels = ['terminal']\nseverity = ['High']\n",
            'config.toml:3:13: severity: "High" is none of "low", "normal", "high", "urgent"; '
            'did you mean "high"?',
            id="no such severity",
        ),
    ],
)
def test_a_wrong_setting_is_refused_with_what_was_expected(
    folder: Path, config: str, problem: str
) -> None:
    assert problems_of(folder, config + SMALLEST) == [problem]


def test_all_problems_of_both_files_are_told_at_once_in_file_order(folder: Path) -> None:
    config = f'{CONSOLE}[log]\nlevel = 3\n[[feeds]]\nurl = "a.xml"\n[store]\nkep = "1d"\n'
    feeds = '[[feeds]]\nurl = "a.xml"\n[[feeds]]\nname = "no address"\n[channels.x]\n'
    assert problems_of(folder, config, feeds=feeds) == [
        'config.toml:4:9: level: 3 is none of "debug", "info", "warning", "error"',
        'config.toml:8:1: unknown key "kep"; did you mean "keep"?',
        "feeds.toml:2:7: url: the feed at config.toml:6:7 has the same url; remove one",
        'feeds.toml:3:3: [[feeds]] needs "url"',
        'feeds.toml:5:2: unknown key "channels"; known here: feeds',
    ]


def test_a_broken_config_does_not_hide_the_problems_of_feeds_toml(folder: Path) -> None:
    assert problems_of(folder, "x", feeds="[[feeds]]\nurl = 5\n") == [
        "config.toml:1:2: not TOML: Expected '=' after a key in a key/value pair",
        "feeds.toml:2:7: url: must be a text in quotes",
    ]


def test_feeds_toml_is_read_after_the_config(folder: Path) -> None:
    loaded = settings_of(folder, SMALLEST, feeds='[[feeds]]\nurl = "https://b.example/"\n')
    assert list(loaded.settings.feeds) == ["https://example.org/rss", "https://b.example/"]


def test_no_channel_is_an_error_that_shows_one(folder: Path) -> None:
    assert problems_of(folder, FEED) == [
        "config.toml:1:1: there is no channel, so nobody would hear of a hit; "
        'add [channels.terminal] with url = "console://"'
    ]


@pytest.mark.parametrize(
    ("config", "warnings"),
    [
        pytest.param(
            CONSOLE,
            [
                "config.toml:1:1: warning: there are no feeds to watch; "
                "add one with `monitor feeds add URL`"
            ],
            id="no feeds",
        ),
        pytest.param(
            f"{SMALLEST}every = '10s'\n",
            ["config.toml:5:9: warning: every: below 1m few servers put up with; 5m is usual"],
            id="hurried feed",
        ),
        pytest.param(
            f"{SMALLEST}[feed_defaults]\nevery = '59s'\n",
            ["config.toml:6:9: warning: every: below 1m few servers put up with; 5m is usual"],
            id="hurried default",
        ),
        pytest.param(
            f"{FEED}[channels.a]\nurl = 'console://'\nenabled = false\n",
            [
                "config.toml:3:2: warning: every channel has enabled = false, "
                "so nobody hears of a hit"
            ],
            id="all channels off",
        ),
        pytest.param(
            f"{SMALLEST}[rules]\npath = ['.', 'rulez']\n",
            ['config.toml:6:14: warning: [rules] path: there is no "rulez" beside this file'],
            id="a folder of rules that is not there",
        ),
        pytest.param(
            f"{SMALLEST}[[routes]]\nchannels = ['terminal']\n"
            "[[routes]]\nchannels = ['terminal']\ntags = ['x']\n",
            [
                "config.toml:7:3: warning: this route is never reached: the one at "
                "config.toml:5:3 takes every hit; write continue = true there, "
                "or move this one above it"
            ],
            id="unreachable route",
        ),
        pytest.param(
            f"{SMALLEST}[[routes]]\nchannels = ['terminal']\ncontinue = true\n"
            "[[routes]]\nchannels = ['terminal']\n",
            [],
            id="catch-all that continues",
        ),
    ],
)
def test_what_is_odd_is_a_warning(folder: Path, config: str, warnings: list[str]) -> None:
    assert [str(warning) for warning in settings_of(folder, config).warnings] == warnings


def test_paths_are_relative_to_the_config_and_not_to_the_working_directory(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "my.toml").write_text(SMALLEST, encoding="utf-8")
    settings = load_settings(Path("sub/my.toml"), {}, folder).settings
    assert settings.file == folder / "sub" / "my.toml"
    assert settings.rule_paths == (folder / "sub" / "rules",)
    assert settings.store_url == f"sqlite:///{folder}/sub/monitor.db"


OPEN = {
    "a webhook": "[channels.a]\nurl = 'https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7'\n",
    "a login": "[channels.a]\nurl = 'json://me:pw@h.example/x'\n",
    "a password": "[channels.a]\nemail = { host = 'h', user = 'u', password = 'pw', from = 'a@b.example', to = ['c@d.example'] }\n",
    "a feed's login": "[[feeds]]\nurl = 'https://b.example/'\nauth = 'me:pw'\n",
}
CLOSED = {
    "a local hook": "[channels.a]\nurl = 'json://127.0.0.1:8080/hook'\n",
    "a secret elsewhere": "[[feeds]]\nurl = 'https://b.example/'\nauth = 'env:AUTH'\n",
    "a channel that is off": f"{OPEN['a login']}enabled = false\n",
}


@pytest.mark.parametrize(
    ("config", "told"),
    [*((each, 1) for each in OPEN.values()), *((each, 0) for each in CLOSED.values())],
    ids=[*OPEN, *CLOSED],
)
def test_a_secret_that_everybody_can_read_is_worth_a_warning(
    tmp_path: Path, config: str, told: int
) -> None:
    (tmp_path / "config.toml").write_text(f"{SMALLEST}{config}", encoding="utf-8")
    warnings = load_settings(tmp_path / "config.toml", {"AUTH": "me:pw"}, tmp_path).warnings

    found = [warning for warning in warnings if warning.message.startswith("a secret stands here")]
    assert len(found) == told
    assert "pw" not in "".join(map(str, found))
