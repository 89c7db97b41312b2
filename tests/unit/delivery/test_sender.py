import io
import logging
import re
import socket
import time
from collections.abc import Iterator
from threading import Event

import pytest

from monitor.delivery.redact import Redactor
from monitor.delivery.sender import Sender, check_channel
from monitor.errors import (
    AccessDenied,
    ChannelDown,
    ConfigError,
    DeliveryError,
    PermanentDeliveryError,
)
from monitor.model.channel import ChannelPolicy
from tests.support.http_server import Answer, HttpServer
from tests.unit.delivery.channels import (
    HOOK,
    PASSWORD,
    dripping,
    fault_of,
    sender,
    slack_at,
)

PATH = f"/services/{HOOK}"
BOT = "xoxb-1234567890-1234567890-abcdefghijklmnopqrstuvwx"


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer() as server, slack_at(server):
        yield server


def ntfy(server: HttpServer) -> str:
    """A service we have no plugin of our own for."""
    return f"ntfy://user:{PASSWORD}@127.0.0.1:{server.port}/news"


# the services we have no plugin of our own for: what they get is in test_stock


@pytest.mark.parametrize(
    ("answer", "kind", "retry_after"),
    [
        pytest.param(Answer(status=401), AccessDenied, None, id="401"),
        pytest.param(Answer(status=403), ChannelDown, None, id="403"),
        pytest.param(Answer(status=413), PermanentDeliveryError, None, id="413"),
        pytest.param(
            Answer(status=429, headers={"Retry-After": "7"}), DeliveryError, 7.0, id="429"
        ),
        pytest.param(
            Answer(status=503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
            DeliveryError,
            0.0,
            id="503 until a past date",
        ),
        pytest.param(
            Answer(status=503, headers={"Retry-After": "soon"}), DeliveryError, None, id="nonsense"
        ),
        pytest.param(Answer(drop=True), DeliveryError, None, id="dropped"),
    ],
)
@pytest.mark.parametrize("schema", ["json", "ntfy", "gotify"])
def test_status_and_wait_of_every_http_service_are_known(
    server: HttpServer, schema: str, answer: Answer, kind: type[DeliveryError], retry_after: float
) -> None:
    at = f"127.0.0.1:{server.port}"
    url = {
        "json": f"json://{at}/hook",
        "ntfy": ntfy(server),
        "gotify": f"gotify://{at}/AbCdEf123",
    }[schema]
    server.answers = dict.fromkeys(["/hook", "/", "/message"], answer)
    fault = fault_of(sender(url))
    assert type(fault) is kind
    assert fault.retry_after == retry_after
    assert fault.code == (None if answer.drop else answer.status)


@pytest.mark.parametrize("url", ["json://{}/hook", "ntfy://{}/news", "slack"])
def test_a_refused_connection_is_a_channel_that_is_down(url: str) -> None:
    with HttpServer() as gone:
        at = f"127.0.0.1:{gone.port}"
    with slack_at(gone):
        fault = fault_of(sender(f"slack://{HOOK}" if url == "slack" else url.format(at)))
    assert type(fault) is ChannelDown
    assert str(fault) == "no connection to the service (ConnectionError)"


def endless(piece: bytes, pause: float = 0.0) -> Iterator[bytes]:
    """An answer without an end (but for the sake of the test run)."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        yield piece
        Event().wait(pause)


def test_no_more_of_an_endless_answer_is_read_than_may_explain_a_refusal(
    server: HttpServer,
) -> None:
    server.answers["/"] = Answer(status=500, body=endless(b"x" * 65_536))
    started = time.monotonic()
    fault = fault_of(sender(ntfy(server)))
    assert (type(fault), fault.code, fault.uncertain) == (DeliveryError, 500, False)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "99999"}], ids=["open", "known"])
def test_an_answer_that_comes_drop_by_drop_is_given_up_and_uncertain(
    server: HttpServer, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr("monitor.delivery.exchange._PATIENCE", 0.3)
    server.answers["/"] = Answer(body=endless(b"x", pause=0.02), headers=headers)
    started = time.monotonic()
    fault = fault_of(sender(ntfy(server)))
    assert (type(fault), fault.uncertain) == (DeliveryError, True)
    assert str(fault) == "the service did not answer (ReadTimeout)"
    assert time.monotonic() - started < 10


def test_headers_that_come_drop_by_drop_are_given_up_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("monitor.delivery.exchange._PATIENCE", 0.3)
    with dripping(b"HTTP/1.1 200 OK\r\nX: ") as port:
        fault = fault_of(sender(f"json://127.0.0.1:{port}/hook"))
    assert (type(fault), fault.uncertain) == (DeliveryError, True)
    assert str(fault) == "the service did not answer (ReadTimeout)"


def test_a_service_without_http_is_explained_by_what_it_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    fault = fault_of(sender(f"irc://127.0.0.1:{port}/#news"))
    assert type(fault) is DeliveryError
    assert str(fault).startswith("Failed to send IRC notification to 127.0.0.1")


# secrets


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """What a program logs that shows everything (caplog would look behind our curtain)."""
    for name in (None, "apprise", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


SECRETS = [PASSWORD, *HOOK.split("/"), BOT, "p4th-token", "h3ader-token", "query-t0ken"]


@pytest.mark.parametrize(
    "url",
    [
        f"slack://{HOOK}",
        f"slack://{BOT}/#news",
        "ntfy://user:{password}@{at}/news",
        "json://user:{password}@{at}/p4th-token?+X-Token=h3ader-token&-key=query-t0ken",
        "gotify://{at}/p4th-token",
    ],
    ids=["hook", "bot", "ntfy", "json", "gotify"],
)
@pytest.mark.parametrize("gone", [False, True], ids=["refused", "unreachable"])
def test_no_secret_is_ever_shown(
    server: HttpServer, log: io.StringIO, url: str, *, gone: bool
) -> None:
    echo = Answer(status=403, body=" ".join(SECRETS).encode())
    server.answers = dict.fromkeys(
        [PATH, "/api/chat.postMessage", "/p4th-token", "/", "/message"], echo
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    at = f"127.0.0.1:{closed if gone else server.port}"
    desk = sender(url.format(password=PASSWORD, at=at))
    fault = fault_of(desk, desk.targets("desk")[0])
    shown = [str(fault), repr(fault.__context__), repr(fault.__cause__), desk.describe("desk")]
    own = [secret for secret in SECRETS if secret in url.format(password=PASSWORD, at="")]
    assert own
    for secret in own:
        assert all(secret not in text for text in [*shown, log.getvalue()])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("console://", "console://"),
        (f"slack://{HOOK}", "slack://T...2"),
        ("mailto://u:hunter2-s3cret@m.example:99?to=a@x.org", "mailto://u:****@m.example:99"),
        ("json://host.example:99/p4th-token", "json://host.example:99"),
    ],
)
def test_a_channel_is_described_without_its_secrets(url: str, shown: str) -> None:
    assert sender(url).describe("desk") == shown


@pytest.mark.parametrize(
    ("url", "public", "text"),
    [
        pytest.param(
            "tgram://123456789:abcdefg_hijklmnop/12315544/",
            "tgram://1...p/",
            "https://api.telegram.org/bot123456789%3Aabcdefg_hijklmnop/sendMessage",
            id="encoded token",
        ),
        pytest.param(
            "tgram://123456789:abcdefg_hijklmnop/", "", "bot abcdefg_hijklmnop", id="one half"
        ),
        pytest.param(
            "tgram://host/123456789%3Aabcdefg_hijklmnop/",
            "",
            "bot abcdefg_hijklmnop",
            id="half of a path",
        ),
        pytest.param(
            "json://user:abcdefg_hijklmnop@host/x",
            "json://user:****@host",
            "Basic dXNlcjphYmNkZWZnX2hpamtsbW5vcA==",
            id="basic authentication",
        ),
        pytest.param("json://u:abc%2Fdef%3F@host", "json://u:****@host", "abc/def?", id="plain"),
        pytest.param("json://u:abc!def@host", "json://u:****@host", "abc%21def", id="quoted"),
    ],
)
def test_secrets_are_hidden_in_every_writing(url: str, public: str, text: str) -> None:
    told = Redactor(url, public)(text)
    assert "***" in told
    assert not {"abcdefg_hijklmnop", "dXNlcjphYmN", "abc/def?", "abc%21def"} & set(
        re.split(r"[ /]|%3A", told)
    )


def test_what_is_public_in_a_url_is_shown() -> None:
    redact = Redactor(
        "mailto://desk%40x.org:s3cret@m.example:2525", "mailto://desk%40x.org:****@m.example:2525"
    )
    text = "mail server m.example:2525 refused the login of desk@x.org"
    assert redact(text) == text


# bad channels


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("nonsense", "not a URL Apprise can send to (expected e.g.", id="no URL"),
        pytest.param("foo://x", "not a URL Apprise can send to (foo://…)", id="unknown service"),
        pytest.param("slack://T1JJ3T3L2", "An invalid Slack (second) Token", id="half a token"),
        pytest.param("growl://host", "Growl needs a library that is not", id="missing library"),
        pytest.param("json://host?retry=3", "retry= is not for URLs", id="retry"),
        pytest.param("json://host?optional=yes", "optional= would hide failures", id="optional"),
        pytest.param("json://host?overflow=split", "overflow=split is not", id="split"),
        pytest.param("json://host?redirect=yes", "redirect= is not", id="redirect"),
        pytest.param(
            "mailto://u:p@m.example?to=a@x.org&cc=b@x.org", "cc= and bcc= are not", id="cc"
        ),
        pytest.param("mailto://u:p@m.example?to=a@x.org&pgp=encrypt", "pgp= is not", id="pgp"),
        pytest.param("mailto://u:p@m.example?to=nobody", "no valid address in to=", id="address"),
        pytest.param("mailto://m.example?to=a@x.org", "Invalid ~From~ email", id="no sender"),
        pytest.param("ntfy://m.example/good/bad", "names several targets", id="two topics"),
        pytest.param(
            "tgram://123456789:abcdefg_hijklmnopqrstuvwxyzabcdefg/111/222",
            "names several targets",
            id="two chats",
        ),
    ],
)
def test_a_bad_url_is_refused_with_its_reason(url: str, reason: str) -> None:
    told = check_channel(ChannelPolicy(name="desk", url=url))
    assert told is not None
    assert told.startswith(reason)


@pytest.mark.parametrize(
    "url",
    [
        "console://",
        "ntfy://m.example/news",
        f"slack://{HOOK}/#a/#b",
        "mailto://m.example?from=m@m.example&to=a@x.example,b@x.example",
    ],
)
def test_a_good_url_has_no_reason(url: str) -> None:
    assert check_channel(ChannelPolicy(name="desk", url=url)) is None


@pytest.mark.parametrize(
    ("url", "recipients", "reason"),
    [
        ("console://", ("a@x.org",), "only e-mail channels have recipients"),
        ("mailto://u:p@m.example", ("a@x.org", "a b"), "not a mail address: 'a b'"),
    ],
)
def test_recipients_are_checked(url: str, recipients: tuple[str, ...], reason: str) -> None:
    policy = ChannelPolicy(name="desk", url=url, recipients=recipients)
    assert check_channel(policy) == reason


def test_all_that_is_wrong_with_a_channel_is_told_at_once() -> None:
    url = "mailto://u:p@m.example?to=a@x.org&cc=b@x.org&retry=2"
    told = check_channel(ChannelPolicy(name="desk", url=url))
    assert told == (
        "retry= is not for URLs: the outbox repeats, with growing pauses; "
        "cc= and bcc= are not supported: name every address in to="
    )


def test_all_bad_channels_are_told_together_and_disabled_ones_are_left_alone() -> None:
    channels = {
        name: ChannelPolicy(name=name, url=url, enabled=name != "off")
        for name, url in {"a": "foo://x", "b": "console://", "c": "bar", "off": "bad"}.items()
    }
    with pytest.raises(ConfigError) as caught:
        Sender(channels)
    assert [problem.place.file for problem in caught.value.problems] == [
        "[channels.a]",
        "[channels.c]",
    ]


def test_the_reason_of_a_bad_url_holds_no_secret() -> None:
    url = f"slack://{HOOK.replace('A1BRTD4JD', 'se cret!')}"
    told = check_channel(ChannelPolicy(name="desk", url=url))
    assert told is not None
    assert "cret" not in told.replace("Secret", "")
    assert "T1JJ3T3L2" not in told
