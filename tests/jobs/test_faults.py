"""What becomes of a delivery and its channel for everything that may go wrong on the way."""

import io
import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.resources import files
from threading import Event

import pytest

from monitor.delivery.plugins import MonitorSlack
from monitor.delivery.sender import Sender
from monitor.delivery.smtp import MailServer
from monitor.jobs import journal
from monitor.jobs.deliver import ChannelWorker
from monitor.model.channel import ChannelPolicy, DeliveryPolicy
from monitor.model.delivery import ChannelState, DeliveryState, Outcome
from monitor.store import channels, delivery_list
from monitor.store.engine import Store
from tests.support.fakes import Clock, dice
from tests.support.http_server import Answer, HttpServer
from tests.support.outbox import MESSAGE, put
from tests.support.smtp_server import Drop, SmtpServer
from tests.support.stored import NOW, ON_SQLITE

PASSWORD, WRONG = "hunter2-s3cret", "wr0ng-password"
HOOK = ("T1JJ3T3L2", "A1BRTD4JD", "TIiajkdnlazkcOXrIdevi7")
BOT = "xoxb-1234567890-1234567890-abcdefghijklmnopqrstuvwx"
PATH, HEADER, QUERY = "p4th-token", "h3ader-token", "query-t0ken"
SECRETS = (PASSWORD, WRONG, *HOOK, BOT, PATH, HEADER, QUERY)
ECHO = " ".join(SECRETS)
DESK = "desk@news.example"

SENT, RETRY, PERMANENT, DOWN = (
    Outcome.SENT,
    Outcome.RETRY,
    Outcome.PERMANENT,
    Outcome.CHANNEL_DOWN,
)


class World:
    """The servers that the channels of the tests lead to."""

    def __init__(self, stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self.never = Event()
        stack.callback(self.never.set)
        self.http = stack.enter_context(HttpServer())
        self.smtp = stack.enter_context(SmtpServer(login=("monitor", PASSWORD)))
        self.tls = stack.enter_context(SmtpServer(tls=certificate()))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.closed: int = listener.getsockname()[1]
        monkeypatch.setattr(MonitorSlack, "webhook_url", self.http.url("/services"))
        monkeypatch.setattr(MonitorSlack, "api_url", self.http.url("/api/{}"))
        monkeypatch.setattr("monitor.delivery.exchange._PATIENCE", 0.3)
        patience = partial(MailServer, patience=0.3)
        monkeypatch.setattr("monitor.delivery.plugins.MailServer", patience)


def certificate() -> ssl.SSLContext:
    """A server's side of TLS; nobody vouches for it."""
    folder = files("aiosmtpd.tests.certs")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(folder / "server.crt"), str(folder / "server.key"))
    return context


Channel = Callable[[World], str]
Trouble = Callable[[World], None]


def mail(world: World, *, password: str = PASSWORD, port: int = 0) -> str:
    at = f"monitor:{password}@127.0.0.1:{port or world.smtp.port}"
    return f"mailto://{at}?from=monitor@news.example&to={DESK}"


def wrong_password(world: World) -> str:
    return mail(world, password=WRONG)


def mail_to_nobody(world: World) -> str:
    return mail(world, port=world.closed)


def mail_by_tls(world: World) -> str:
    return mail(world, port=world.tls.port).replace("mailto", "mailtos") + "&mode=starttls"


def json(world: World) -> str:
    at = f"user:{PASSWORD}@127.0.0.1:{world.http.port}"
    return f"json://{at}/{PATH}?+X-Token={HEADER}&-key={QUERY}"


def ntfy(world: World) -> str:
    return f"ntfy://user:{PASSWORD}@127.0.0.1:{world.http.port}/news"


def json_to_nobody(world: World) -> str:
    return f"json://user:{PASSWORD}@127.0.0.1:{world.closed}/{PATH}"


def hook(_: World) -> str:
    return "slack://" + "/".join(HOOK)


def bot(_: World) -> str:
    return f"slack://{BOT}/#news"


def nothing(_: World) -> None:
    """All is well."""


def rcpt(reply: str) -> Trouble:
    return lambda world: setattr(world.smtp, "on_rcpt", lambda _: reply)


def data(reply: str | Drop) -> Trouble:
    return lambda world: setattr(world.smtp, "on_data", lambda _: reply)


def sleepy(world: World) -> None:
    world.smtp.on_data = lambda _: "250 OK" if world.never.wait(2) else "250 late"


def http(status: int = 200, body: str = ECHO, *, wait: int = 0, drop: bool = False) -> Trouble:
    headers = {"Retry-After": str(wait)} if wait else {}
    answer = Answer(status=status, body=body.encode(), headers=headers, drop=drop)
    paths = (f"/{PATH}", "/", "/services/" + "/".join(HOOK), "/api/chat.postMessage")
    return lambda world: world.http.answers.update(dict.fromkeys(paths, answer))


def silent(world: World) -> None:
    late = Answer(delay_until=world.never)
    world.http.answers.update(dict.fromkeys((f"/{PATH}", "/"), late))


@dataclass(frozen=True, slots=True)
class Case:
    """A way it may go, and what follows.

    Attributes:
        wait: seconds before the next try, spread by half of it.
        failures: of the channel afterwards.
        down: it counts as down at once.
        uncertain: the receiver may have got the message.
    """

    channel: Channel
    trouble: Trouble
    outcome: Outcome
    told: str = ""
    wait: int = 30
    failures: int = 1
    down: bool = False
    uncertain: bool = False

    @property
    def state(self) -> DeliveryState:
        """Of the delivery."""
        match self.outcome:
            case Outcome.SENT:
                return DeliveryState.SENT
            case Outcome.PERMANENT:
                return DeliveryState.DEAD
            case _:
                return DeliveryState.PENDING


def permanent(channel: Channel, trouble: Trouble, told: str) -> Case:
    return Case(channel, trouble, PERMANENT, told, failures=0)


CASES = {
    "mail": Case(mail, nothing, SENT, failures=0),
    "RCPT 450": Case(mail, rcpt("450 busy"), RETRY, "450 busy"),
    "RCPT, talkative": Case(mail, rcpt(f"450 {PASSWORD} again"), RETRY, "450 *** again"),
    "RCPT 550": permanent(mail, rcpt("550 no such user"), "550 no such user"),
    "RCPT 421": Case(mail, rcpt("421 going down"), DOWN, "421 going down"),
    "DATA 451": Case(mail, data("451 later"), RETRY, "451 later"),
    "DATA 554": permanent(mail, data("554 spam"), "554 spam"),
    "DATA 452": Case(mail, data("452 full"), RETRY, "452 full"),
    "drop in DATA": Case(mail, data(Drop.LOST), RETRY, "did not confirm", uncertain=True),
    "kept, then dropped": Case(mail, data(Drop.STORED), RETRY, "did not confirm", uncertain=True),
    "slow mail server": Case(mail, sleepy, RETRY, "not done after 0.3 seconds", uncertain=True),
    "AUTH 535": Case(wrong_password, nothing, DOWN, "check user and password", down=True),
    "mail refused": Case(mail_to_nobody, nothing, DOWN, "connection refused"),
    "mail TLS": Case(mail_by_tls, nothing, DOWN, "CERTIFICATE_VERIFY_FAILED"),
    "json": Case(json, http(), SENT, failures=0),
    "json refused": Case(json_to_nobody, nothing, DOWN, "no connection to the service"),
    "302": Case(json, http(302), DOWN, "redirects are not followed"),
    "400": permanent(json, http(400), "service answered 400"),
    "401": Case(json, http(401), DOWN, "service answered 401", down=True),
    "403": Case(json, http(403), DOWN, "service answered 403"),
    "404": Case(json, http(404), DOWN, "service answered 404"),
    "410": Case(json, http(410), DOWN, "service answered 410"),
    "413": permanent(json, http(413), "service answered 413"),
    "429": Case(json, http(429), RETRY, "service answered 429"),
    "429 with a time": Case(json, http(429, wait=300), DOWN, "service answered 429", wait=300),
    "500": Case(json, http(500), RETRY, "service answered 500"),
    "503 with a time": Case(json, http(503, wait=300), DOWN, "service answered 503", wait=300),
    "dropped": Case(json, http(drop=True), RETRY, "did not answer", uncertain=True),
    "silent": Case(json, silent, RETRY, "did not answer", uncertain=True),
    "stock 401": Case(ntfy, http(401), DOWN, "service answered 401", down=True),
    "stock 500": Case(ntfy, http(500), RETRY, "service answered 500"),
    "stock silent": Case(ntfy, silent, RETRY, "did not answer", uncertain=True),
    "hook": Case(hook, http(body="ok"), SENT, failures=0),
    "hook gone": Case(hook, http(404, "no_service"), DOWN, "404 no_service", down=True),
    "hook 302": Case(hook, http(302), DOWN, "redirects are not followed"),
    "hook, bad blocks": permanent(hook, http(400, "invalid_blocks"), "400 invalid_blocks"),
    "hook 429": Case(hook, http(429, wait=300), DOWN, "service answered 429", wait=300),
    "hook, a portal": Case(hook, http(body="<html>login</html>"), DOWN, "not Slack"),
    "bot": Case(bot, http(body='{"ok": true, "ts": "1.2"}'), SENT, failures=0),
    "bot, token": Case(
        bot, http(body='{"ok": false, "error": "token_revoked"}'), DOWN, "token_revoked", down=True
    ),
    "bot, channel": Case(
        bot, http(body='{"ok": false, "error": "is_archived"}'), DOWN, "is_archived"
    ),
    "bot, too long": permanent(
        bot, http(body='{"ok": false, "error": "msg_too_long"}'), "msg_too_long"
    ),
}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with ExitStack() as stack:
        yield World(stack, monkeypatch)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """What a program logs that shows everything (caplog would look behind our curtain)."""
    for name in (None, "apprise", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: record.name != "mail.log")  # of the server
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def run(store: Store, url: str) -> str:
    """Delivers what is due on channel desk; returns what tables show of its URL."""
    sender = Sender({"desk": ChannelPolicy(name="desk", url=url)})
    with store.write() as connection:
        put(connection, targets=sender.targets("desk"))
    worker = ChannelWorker(
        "desk",
        store,
        sender=sender,
        render=lambda _: MESSAGE,
        policy=DeliveryPolicy(),
        random=dice(),
        on_done=journal.delivered,
    )
    assert worker.run_until_idle(Clock(), Event()) == 1
    return sender.describe("desk")


@ON_SQLITE
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_fault_has_its_consequences_and_shows_no_secret(
    store: Store,
    world: World,
    log: io.StringIO,
    capfd: pytest.CaptureFixture[str],
    case: Case,
) -> None:
    case.trouble(world)
    url = case.channel(world)
    shown = run(store, url)
    with store.read() as connection:
        (line,) = delivery_list.lines(connection)
        health = channels.get(connection, "desk")
    assert case.told in (line.last_error or "")
    assert (line.state, line.attempt, line.uncertain) == (case.state, 1, case.uncertain)
    assert (health.failures, health.state is ChannelState.DOWN) == (case.failures, case.down)
    assert (health.next_probe is not None) == (case.outcome is DOWN)
    if case.outcome in {RETRY, DOWN}:
        wait, spread = timedelta(seconds=case.wait), timedelta(seconds=15)
        assert NOW + wait - spread <= line.next_try <= NOW + wait + spread
        assert health.next_probe in {None, line.next_try}
    store.close()
    kept = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    told = [shown, log.getvalue(), *capfd.readouterr(), kept.decode("utf-8", "replace")]
    own = [secret for secret in SECRETS if secret in url]
    assert own
    assert [(secret, text) for secret in own for text in told if secret in text] == []
