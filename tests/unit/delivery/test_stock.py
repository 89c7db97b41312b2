"""Services that stock Apprise delivers to, on stand-ins that listen here."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from unittest.mock import patch
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.google_chat import NotifyGoogleChat
from apprise.plugins.telegram import NotifyTelegram

from monitor.model.alert import Message, Shorter
from tests.support.http_server import Answer, HttpServer, Request
from tests.support.outbox import MESSAGE
from tests.unit.delivery.channels import claim, sender

ANSWER = Answer(body=b"{}")
TOKEN = "3ccdd113474722377935511fc85d3dd4"
TELEGRAM = "123456789:abcdefg_hijklmnopqrstuvwxyzabcdefg"


@dataclass(frozen=True, slots=True)
class Service:
    """A service as the tests see it.

    Attributes:
        url: of a channel; ``{at}`` is host and port of the server.
        path: where its messages come.
        body: what a reader gets to see of a request.
    """

    url: str
    path: str
    body: Callable[[Request], str]
    answer: Answer = ANSWER


def of_json(*keys: str | int) -> Callable[[Request], str]:
    def body(request: Request) -> str:
        found = json.loads(request.body)
        for key in keys:
            found = found[key]
        return str(found)

    return body


def of_form(key: str) -> Callable[[Request], str]:
    return lambda request: parse_qs(request.body.decode())[key][0]


def of_xml(request: Request) -> str:
    return "".join(
        node.text or ""
        for node in ET.fromstring(request.body).iter()  # noqa: S314  # Apprise's own
        if node.tag.endswith("Message")
    )


SERVICES = {
    "json": Service("json://{at}/hook", "/hook", of_json("message")),
    "form": Service("form://{at}/hook", "/hook", of_form("message")),
    "xml": Service("xml://{at}/hook", "/hook", of_xml),
    "ntfy": Service("ntfy://{at}/news", "/", of_json("message")),
    "gotify": Service("gotify://{at}/token", "/message", of_json("message")),
    "mattermost": Service("mmost://{at}/" + TOKEN, f"/hooks/{TOKEN}", of_json("text")),
    "apprise": Service("apprise://{at}/token", "/notify", of_form("body")),
    "nctalk": Service(
        "nctalk://user:password@{at}/room",
        "/ocs/v2.php/apps/spreed/api/v1/chat/room",
        of_json("message"),
        Answer(status=201, body=b"{}"),
    ),
    "discord": Service(
        f"discord://123456789012345678/{TOKEN}{TOKEN}",
        f"/discord/123456789012345678/{TOKEN}{TOKEN}",
        of_json("content"),
        Answer(status=204),
    ),
    "telegram": Service(f"tgram://{TELEGRAM}/111", f"/bot{TELEGRAM}/sendMessage", of_json("text")),
    "google chat": Service(
        "gchat://space/key/token", "/v1/spaces/space/messages", of_json("text")
    ),
}
EVERY = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())
LIMITED = pytest.mark.parametrize(
    "service", [pytest.param(SERVICES[name], id=name) for name in SERVICES if name != "json"]
)
LINK = re.compile(r"https?://[^\s)\"<|]+")


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with (
        HttpServer() as server,
        patch.object(NotifyDiscord, "notify_url", server.url("/discord")),
        patch.object(NotifyTelegram, "notify_url", server.url("/bot")),
        patch.object(
            NotifyGoogleChat, "notify_url", server.url("/v1/spaces/{workspace}/messages")
        ),
    ):
        yield server


def told(server: HttpServer, service: Service, message: Message = MESSAGE) -> str:
    """What a reader sees of a message."""
    server.answers[service.path] = service.answer
    url = service.url.format(at=f"127.0.0.1:{server.port}")
    sender(url).send(claim(), message)
    (request,) = server.requests
    return service.body(request).replace("&amp;", "&")


@EVERY
def test_no_service_loses_a_link(server: HttpServer, service: Service) -> None:
    shown = told(server, service)
    assert set(LINK.findall(MESSAGE.text)) <= set(LINK.findall(shown))


@LIMITED
def test_of_a_long_digest_a_service_shows_as_much_as_it_takes(
    server: HttpServer, service: Service
) -> None:
    sizes = (20_000, 5_000, 1_700)
    less = [
        Shorter(text=f"{size} " * (size // 6), markdown=f"{size} " * (size // 6)) for size in sizes
    ]
    long = "long words " * 7000
    message = replace(MESSAGE, text=long, markdown=long, shorter=tuple(less))
    shown = told(server, service, message)
    assert any(f"{size} {size}" in shown for size in sizes)
    assert "long words" not in shown


@LIMITED
def test_a_message_that_is_too_long_keeps_the_link_of_its_article(
    server: HttpServer, service: Service
) -> None:
    long = "long words " * 7000
    shown = told(server, service, replace(MESSAGE, text=long, markdown=long))
    assert MESSAGE.url in LINK.findall(shown)
    assert "long words" not in shown


@EVERY
@pytest.mark.parametrize(
    "call",
    [
        *("@everyone", "@here", "@channel", "@all", "@room", "@user123"),
        *("<!channel>", "<!here|x>", "<@U123>", "<@&42>", "<#C123>", "<users/all>"),
    ],
)
def test_no_headline_rings_anybody(server: HttpServer, service: Service, call: str) -> None:
    words = f"Look {call} now"
    forms = {"subject": words, "text": words, "markdown": words, "short": words}
    told(server, service, replace(MESSAGE, **forms))  # type: ignore[arg-type]
    sent = server.requests[0].body.decode()
    form = parse_qs(sent) if "=Look" in sent else {}
    shown = [sent, *(value for values in form.values() for value in values)]
    for text in shown:
        assert call not in json_text(text)


def json_text(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_a_service_that_shows_markdown_gets_it(server: HttpServer) -> None:
    shown = told(server, SERVICES["google chat"])  # which Apprise translates for
    assert "Also: <https://other.example/docks|Docks at a Standstill>" in shown


def test_a_headline_makes_no_link_of_its_own(server: HttpServer) -> None:
    trap = "[Our bank](https://evil.example/)"
    message = replace(MESSAGE, subject=trap, markdown="long " * 2000, short=trap)
    assert "<https://evil" not in told(server, SERVICES["google chat"], message)


def test_no_service_shows_pictures_of_others(server: HttpServer) -> None:
    told(server, SERVICES["mattermost"])
    assert b"github" not in server.requests[0].body
