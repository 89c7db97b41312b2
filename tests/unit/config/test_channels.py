"""``[channels.NAME]`` -> Apprise URLs and recipients; secrets are resolved and never shown."""

import warnings
from datetime import UTC, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from apprise import Apprise
from apprise.plugins.email.base import NotifyEmail
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import channel_url, hours
from monitor.config.hours import machine_zone
from monitor.config.load import load_settings
from monitor.errors import ConfigError
from monitor.model.channel import ChannelPolicy, DigestTimes, Mode, QuietHours
from monitor.model.rule import Severity

FEED = '[[feeds]]\nurl = "a.xml"\n'


def channels_of(
    folder: Path, config: str, environ: dict[str, str] | None = None
) -> dict[str, ChannelPolicy]:
    (folder / "config.toml").write_text(FEED + config, encoding="utf-8")
    loaded = load_settings(Path("config.toml"), environ or {}, folder)
    return dict(loaded.settings.routing.channels)


def mail_plugin(url: str) -> NotifyEmail:
    plugin = Apprise.instantiate(url, suppress_exceptions=False)
    assert isinstance(plugin, NotifyEmail)
    return plugin


def test_the_console_tells_at_once_and_others_wait_for_more_hits(tmp_path: Path) -> None:
    channels = channels_of(
        tmp_path,
        '[channels.a]\nurl = "console://"\n[channels.b]\nurl = "json://localhost"\n'
        '[channels.c]\nurl = "console://"\ngroup_wait = "5s"\n',
    )
    waits = [channel.group_wait.total_seconds() for channel in channels.values()]
    assert waits == [0, 60, 5]


def test_the_console_is_told_everything_and_others_a_bearable_number(tmp_path: Path) -> None:
    channels = channels_of(
        tmp_path,
        '[channels.a]\nurl = "console://"\n[channels.b]\nurl = "json://localhost"\n'
        '[channels.c]\nurl = "console://"\nmax_per_hour = 3\n'
        '[channels.d]\nurl = "json://localhost"\nmax_per_hour = "off"\n',
    )
    assert [channel.max_per_hour for channel in channels.values()] == [None, 12, 3, None]


def test_every_key_of_a_channel_reaches_its_policy(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    config = """
    [channels.desk]
    url = "json://localhost"
    enabled = false
    mode = "both"
    group_wait = "2m"
    follow_up = "1h"
    max_per_hour = 5
    digest = { at = ["17:00", "7:00", "17:00"], days = "mon-fri", send_empty = true }
    quiet = { from = "22:00", to = "06:30", except = ["urgent", "high"] }
    timezone = "Europe/Brussels"
    templates = "mine"
    """
    assert channels_of(tmp_path, config)["desk"] == ChannelPolicy(
        name="desk",
        url="json://localhost",
        enabled=False,
        mode=Mode.BOTH,
        group_wait=timedelta(minutes=2),
        follow_up=timedelta(hours=1),
        max_per_hour=5,
        digest=DigestTimes(at=(time(7), time(17)), days=frozenset(range(5)), send_empty=True),
        quiet=QuietHours(
            start=time(22), end=time(6, 30), but=frozenset({Severity.URGENT, Severity.HIGH})
        ),
        zone=ZoneInfo("Europe/Brussels"),
        templates=str(tmp_path / "mine"),
    )


def test_a_channel_that_says_nothing_has_the_documented_defaults(tmp_path: Path) -> None:
    channel = channels_of(tmp_path, '[channels.a]\nurl = "json://localhost"\n')["a"]
    assert channel == ChannelPolicy(name="a", url="json://localhost", zone=machine_zone())


def test_follow_ups_can_be_turned_off(tmp_path: Path) -> None:
    config = '[channels.a]\nurl = "json://localhost"\nfollow_up = "off"\n'
    assert channels_of(tmp_path, config)["a"].follow_up is None


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param('"daily"', {0, 1, 2, 3, 4, 5, 6}, id="daily"),
        pytest.param('"mon-fri"', {0, 1, 2, 3, 4}, id="span"),
        pytest.param('"fri-mon"', {4, 5, 6, 0}, id="span over the weekend"),
        pytest.param('"sat, sun"', {5, 6}, id="two in one text"),
        pytest.param('["mon", "wed-thu"]', {0, 2, 3}, id="list"),
        pytest.param('"tue"', {1}, id="one"),
        pytest.param('"wed-wed"', {2}, id="span of a day"),
    ],
)
def test_days_of_digests_are_written_in_several_ways(
    tmp_path: Path, days: str, expected: set[int]
) -> None:
    config = (
        '[channels.a]\nurl = "console://"\nmode = "digest"\n'
        f'digest = {{ at = ["07:00"], days = {days} }}\n'
    )
    digest = channels_of(tmp_path, config)["a"].digest
    assert digest
    assert digest.days == expected


def test_templates_of_all_channels_are_those_of_the_alerts_unless_one_has_its_own(
    tmp_path: Path,
) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "one").mkdir()
    config = (
        '[alerts]\ntemplates = "all"\n[channels.a]\nurl = "console://"\n'
        '[channels.b]\nurl = "console://"\ntemplates = "one"\n'
    )
    folders = [channel.templates for channel in channels_of(tmp_path, config).values()]
    assert folders == [str(tmp_path / "all"), str(tmp_path / "one")]


def test_a_digest_that_never_comes_is_worth_a_warning(tmp_path: Path) -> None:
    config = '[channels.a]\nurl = "console://"\ndigest = { at = ["07:00"] }\n'
    (tmp_path / "config.toml").write_text(FEED + config, encoding="utf-8")
    loaded = load_settings(Path("config.toml"), {}, tmp_path)
    assert str(loaded.warnings[-1]) == (
        "config.toml:5:1: warning: digest: is not used, since mode is "
        '"instant"; write mode = "both" or "digest"'
    )
    assert loaded.settings.routing.channels["a"].digest is None


def test_a_machine_without_a_time_zone_is_in_utc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> tzinfo:
        warnings.warn("Can not find any timezone configuration", stacklevel=1)
        return UTC

    monkeypatch.setattr(hours, "get_localzone", nowhere)
    assert channels_of(tmp_path, '[channels.a]\nurl = "console://"\n')["a"].zone is UTC


def test_a_machine_that_contradicts_itself_must_be_told_its_time_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def undecided() -> tzinfo:
        raise ZoneInfoNotFoundError("conflicting")

    monkeypatch.setattr(hours, "get_localzone", undecided)
    told = '[channels.b]\nurl = "console://"\ntimezone = "Asia/Kabul"\n'
    with pytest.raises(ConfigError) as caught:
        channels_of(tmp_path, f'[channels.a]\nurl = "console://"\n{told}')
    assert str(caught.value) == (
        "config.toml:3:11: the time zone of this machine can't be told; "
        'write for example timezone = "Europe/Brussels" under [channels.a]'
    )


def test_secrets_come_from_the_environment_and_from_files(tmp_path: Path) -> None:
    (tmp_path / "hook").write_text("slack://file/secret/url\n", encoding="utf-8")
    channels = channels_of(
        tmp_path,
        '[channels.a]\nurl = "env:HOOK"\n[channels.b]\nurl = "file:hook"\n',
        {"HOOK": "json://env"},
    )
    assert [channel.url for channel in channels.values()] == [
        "json://env",
        "slack://file/secret/url",
    ]
    assert "secret" not in repr(channels)


def test_a_disabled_channel_does_not_need_its_secret(tmp_path: Path) -> None:
    config = '[channels.a]\nurl = "env:NONE"\nenabled = false\n'
    channel = channels_of(tmp_path, config)["a"]
    assert channel == ChannelPolicy(name="a", url="", enabled=False, zone=channel.zone)


@pytest.mark.parametrize(
    ("channel", "recipients"),
    [
        pytest.param('url = "env:NONE"', (), id="variable"),
        pytest.param('url = "file:none"', (), id="file"),
        pytest.param(
            'email = { host = "h", from = "a@b", to = ["c@d"], user = "u", password = "env:PW" }',
            ("c@d",),
            id="password",
        ),
    ],
)
def test_without_need_of_secrets_a_channel_that_lacks_its_own_has_no_url(
    tmp_path: Path, channel: str, recipients: tuple[str, ...]
) -> None:
    (tmp_path / "config.toml").write_text(f"{FEED}[channels.a]\n{channel}\n", encoding="utf-8")
    loaded = load_settings(Path("config.toml"), {}, tmp_path, need_secrets=False)
    policy = loaded.settings.routing.channels["a"]
    assert (policy.url, policy.recipients, policy.enabled) == ("", recipients, True)


def test_an_email_table_becomes_a_url_that_apprise_reads_the_same_way(tmp_path: Path) -> None:
    config = """
    [channels.press]
    email = { host = "smtp.example.org", port = 2525, user = "monitor@example.org", \
password = "env:PW", from = "Media Desk <monitor@example.org>", to = ["a@x.org", "b+c@x.org"] }
    """
    channel = channels_of(tmp_path, config, {"PW": "p:a/s@s%w?rd&#"})["press"]
    assert channel.recipients == ("a@x.org", "b+c@x.org")
    plugin = mail_plugin(channel.url)
    assert (plugin.smtp_host, plugin.port) == ("smtp.example.org", 2525)
    assert (plugin.user, plugin.password) == ("monitor@example.org", "p:a/s@s%w?rd&#")
    assert tuple(plugin.from_addr) == ("Media Desk", "monitor@example.org")
    assert plugin.secure_mode == "starttls"


@pytest.mark.parametrize(
    ("tls", "mode", "port"),
    [
        pytest.param("starttls", "starttls", 587, id="starttls"),
        pytest.param("ssl", "ssl", 465, id="ssl"),
        pytest.param("none", "insecure", 25, id="none"),
    ],
)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "smtp.gmail.com"])
def test_a_mail_server_is_reached_as_the_table_says(
    tls: channel_url.Tls, mode: str, port: int, host: str
) -> None:
    url = channel_url.from_email(
        host=host, port=None, tls=tls, user=None, password=None, sender="me@example.org"
    )
    plugin = mail_plugin(url)
    assert (plugin.smtp_host, plugin.port, plugin.secure_mode) == (host, port, mode)
    assert (plugin.user, plugin.password) == (None, None)


SECRETS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1).filter(
    lambda text: text.strip() == text
)


@given(user=SECRETS, password=SECRETS)
def test_any_login_survives_the_way_through_the_url(user: str, password: str) -> None:
    url = channel_url.from_email(
        host="h.example", port=None, tls="ssl", user=user, password=password, sender="a@b.example"
    )
    plugin = mail_plugin(url)
    assert (plugin.user, plugin.password) == (user, password)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("json://host/path?a=b", ("json://host/path?a=b", ()), id="no e-mail"),
        pytest.param(
            "mailtos://u:p@h?to=a@x.org,b%40x.org&mode=ssl",
            ("mailtos://u:p@h?mode=ssl", ("a@x.org", "b@x.org")),
            id="to=",
        ),
        pytest.param(
            "mailto://u:p@h/a@x.org/b@x.org/?to=a@x.org",
            ("mailto://u:p@h", ("a@x.org", "b@x.org")),
            id="path and to=",
        ),
        pytest.param(
            "mailto://h?TO=Desk%20%3Ca@x.org%3E;from=me@x.org",
            ("mailto://h?from=me@x.org", ("a@x.org",)),
            id="with a name",
        ),
        pytest.param("mailto://u:p@h", ("mailto://u:p@h", ()), id="to the sender itself"),
    ],
)
def test_recipients_in_a_mail_url_become_deliveries_of_their_own(
    url: str, expected: channel_url.Address
) -> None:
    assert channel_url.from_url(url) == expected


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        pytest.param(
            'url = "env:DESK_SLACK_URL"',
            "config.toml:4:7: environment variable DESK_SLACK_URL of [channels.desk] is not set; "
            "set it, or write enabled = false there",
            id="missing variable",
        ),
        pytest.param(
            'url = "file:none"',
            "config.toml:4:7: file none of [channels.desk] can't be read: "
            "No such file or directory; put it there, or write enabled = false there",
            id="missing file",
        ),
        pytest.param(
            'url = "file:empty"',
            "config.toml:4:7: file empty of [channels.desk] is empty; "
            "fill it, or write enabled = false there",
            id="empty file",
        ),
        pytest.param(
            'email = { host = "h", from = "a@b", to = ["c@d"], user = "u", password = "env:PW" }',
            "config.toml:4:74: environment variable PW of [channels.desk] is not set; "
            "set it, or write enabled = false there",
            id="missing password",
        ),
        pytest.param(
            "enabled = true",
            'config.toml:3:11: [channels.desk] needs "url" or "email", one of the two',
            id="neither url nor email",
        ),
        pytest.param(
            'url = "console://"\nemail = { host = "h", from = "a@b", to = ["c@d"] }',
            'config.toml:3:11: [channels.desk] needs "url" or "email", one of the two',
            id="url and email",
        ),
        pytest.param(
            'webhook = "json://s3cret"\nurl = "console://"',
            'config.toml:4:1: unknown key "webhook"; did you mean "url"?',
            id="webhook",
        ),
        pytest.param(
            'url = "s3cret"',
            "config.toml:4:7: url: is not an Apprise URL; "
            'write SERVICE://…, for example "console://"',
            id="no URL",
        ),
        pytest.param(
            'url = "mailto://h?to=s3cret"',
            "config.toml:4:7: url: one of the recipients in the URL is not an e-mail address",
            id="no address",
        ),
        pytest.param(
            'url = "json://s3cret?Retry=3"',
            'config.toml:4:7: url: "retry=" must not be in the URL: '
            "the outbox tries again by itself, with growing waits and over restarts",
            id="retry",
        ),
        pytest.param(
            'url = "mailto://s3cret?to=a@b&bcc=c@d"',
            'config.toml:4:7: url: "bcc=" must not be in the URL: '
            'it would hide who got the message; name all recipients in "to"',
            id="bcc",
        ),
        pytest.param(
            'url = "json://s3cret?optional=yes"',
            'config.toml:4:7: url: "optional=" must not be in the URL: '
            "it would hide that a message was not delivered",
            id="optional",
        ),
        pytest.param(
            'url = "json://s3cret?overflow=split"',
            'config.toml:4:7: url: "overflow=" must not be in the URL: '
            "messages are made to fit; parts of one would come again after a fault",
            id="split",
        ),
        pytest.param(
            'url = "json://s3cret?redirect=yes"',
            'config.toml:4:7: url: "redirect=" must not be in the URL: '
            "a message that is redirected may go nowhere and still count as sent",
            id="redirect",
        ),
        pytest.param(
            'email = { host = "h", from = "a@b", to = ["c@d"], user = "u" }',
            'config.toml:4:9: [channels.desk.email] needs both "user" and "password", or neither',
            id="user without password",
        ),
        pytest.param(
            'email = { host = "h:25", from = "a@b", to = ["c@d"] }',
            'config.toml:4:18: host: must be a host name or an address; a port goes into "port"',
            id="port in the host",
        ),
        pytest.param(
            'email = { host = "h", from = "desk", to = ["c"] }',
            'config.toml:4:30: from: "desk" is not an e-mail address\n'
            'config.toml:4:44: to: "c" is not an e-mail address',
            id="no addresses",
        ),
        pytest.param(
            'url = "console://"\nmode = "both"',
            'config.toml:5:8: mode: "both" needs hours; add digest = { at = ["07:00"] }',
            id="no hours of digests",
        ),
        pytest.param(
            'url = "console://"\nmode = "digests"',
            'config.toml:5:8: mode: "digests" is none of "instant", "digest", "both"; '
            'did you mean "digest"?',
            id="mode",
        ),
        pytest.param(
            'url = "console://"\nfollow_up = "never"\nmax_per_hour = "none"',
            'config.toml:5:13: follow_up: "never" is not a duration; '
            'write for example "10m", or "off"\n'
            'config.toml:6:16: max_per_hour: must be a whole number from 1 to 10000, or "off"',
            id="never and none",
        ),
        pytest.param(
            'url = "console://"\nmax_per_hour = 0',
            'config.toml:5:16: max_per_hour: must be a whole number from 1 to 10000, or "off"',
            id="no message at all",
        ),
        pytest.param(
            'url = "console://"\ndigest = { at = ["7", "24:00", "7.30"] }',
            'config.toml:5:18: at: "7" is not an hour; write for example "07:00", in quotes\n'
            'config.toml:5:23: at: "24:00" is not an hour; write for example "07:00", in quotes\n'
            'config.toml:5:32: at: "7.30" is not an hour; write for example "07:00", in quotes',
            id="no hours",
        ),
        pytest.param(
            'url = "console://"\nquiet = { from = 22:00:00, to = "06:00" }',
            'config.toml:5:18: from: 22:00:00 is not an hour; write for example "07:00", in quotes',
            id="hour of TOML",
        ),
        pytest.param(
            'url = "console://"\ndigest = { at = [] }',
            "config.toml:5:17: at: must not be empty",
            id="empty list of hours",
        ),
        pytest.param(
            'url = "console://"\ndigest = { days = "daily" }',
            'config.toml:5:1: [channels.desk.digest] needs "at"',
            id="days without hours",
        ),
        pytest.param(
            'url = "console://"\ndigest = { at = ["07:00"], days = ["monday"] }',
            'config.toml:5:35: days: "monday" is not a day; did you mean "mon"?',
            id="long name of a day",
        ),
        pytest.param(
            'url = "console://"\ndigest = { at = ["07:00"], days = "Mon-Fri" }',
            'config.toml:5:35: days: "Mon" is not a day; did you mean "mon"?',
            id="capital",
        ),
        pytest.param(
            'url = "console://"\ndigest = { at = ["07:00"], days = "weekend" }',
            'config.toml:5:35: days: "weekend" is not a day; '
            'days are mon, tue, wed, thu, fri, sat, sun, or "daily"',
            id="no day",
        ),
        pytest.param(
            'url = "console://"\ndigest = { at = ["07:00"], days = 5 }',
            "config.toml:5:35: days: must name days; "
            'write for example "mon-fri", "daily" or ["mon", "wed"]',
            id="number as days",
        ),
        pytest.param(
            'url = "console://"\ndigest = { at = ["07:00"], days = [1] }',
            'config.toml:5:35: days: 1 is not a day; write its name, like "mon"',
            id="numbers as days",
        ),
        pytest.param(
            'url = "console://"\nquiet = { from = "22:00", to = "22:00" }',
            'config.toml:5:32: to: is the same hour as "from"; '
            "write two hours, or enabled = false for ever",
            id="quiet for ever",
        ),
        pytest.param(
            'url = "console://"\nquiet = { start = "22:00", to = "06:00", but = ["urgent"] }',
            'config.toml:5:1: [channels.desk.quiet] needs "from"\n'
            'config.toml:5:11: unknown key "start"; did you mean "from"?\n'
            'config.toml:5:42: unknown key "but"; did you mean "except"?',
            id="other words",
        ),
        pytest.param(
            'url = "console://"\nquiet = { from = "22:00", to = "06:00", except = ["worst"] }',
            'config.toml:5:51: except: "worst" is none of "low", "normal", "high", "urgent"',
            id="no severity",
        ),
        pytest.param(
            'url = "console://"\ntimezone = "Europe/Brusels"',
            'config.toml:5:12: timezone: "Europe/Brusels" is not a time zone; '
            'did you mean "Europe/Brussels"?',
            id="no time zone",
        ),
        pytest.param(
            'url = "console://"\ntemplates = "mine"',
            'config.toml:5:13: templates: there is no folder "mine" beside this file',
            id="no folder of templates",
        ),
        pytest.param(
            'url = "console://"\n[alerts]\ntemplates = "mine"',
            'config.toml:6:13: templates: there is no folder "mine" beside this file',
            id="no folder of templates for all",
        ),
        pytest.param(
            'email = { host = "h", from = "a@b", to = ["c@d"], tls = true }',
            'config.toml:4:57: tls: true is none of "starttls", "ssl", "none"',
            id="tls",
        ),
    ],
)
def test_a_wrong_channel_is_refused_and_no_secret_is_shown(
    tmp_path: Path, config: str, problem: str
) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(ConfigError) as caught:
        channels_of(tmp_path, f"[channels.desk]\n{config}\n")
    assert str(caught.value) == problem


def test_the_name_of_a_channel_is_checked(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        channels_of(tmp_path, '[channels.Desk]\nurl = "console://"\n')
    assert str(caught.value) == (
        'config.toml:3:11: "Desk" is not a name; names are made of a-z, 0-9, - and _ '
        "and begin with a letter or digit"
    )
