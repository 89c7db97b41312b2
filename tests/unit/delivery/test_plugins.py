import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from monitor.errors import AccessDenied, ChannelDown, DeliveryError, PermanentDeliveryError
from tests.support.http_server import Answer, HttpServer
from tests.support.outbox import MESSAGE
from tests.unit.delivery.channels import HOOK, claim, fault_of, sender, slack_at

PATH = f"/services/{HOOK}"
BOT = "xoxb-1234567890-1234567890-abcdefghijklmnopqrstuvwx"


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer() as server, slack_at(server):
        yield server


# console://


def test_the_console_prints_the_text_in_one_write(capsys: pytest.CaptureFixture[str]) -> None:
    assert sender("console://").send(claim(), MESSAGE) == ""
    assert capsys.readouterr().out == MESSAGE.text.rstrip() + "\n\n"


def test_a_console_of_few_characters_shows_the_others_as_question_marks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="iso-8859-1"))
    sender("console://").send(claim(), replace(MESSAGE, text="Zürich: “strike”"))
    assert raw.getvalue().decode("iso-8859-1") == "Zürich: ?strike?\n\n"


def test_a_closed_terminal_is_a_channel_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stdout", closed)
    assert type(fault_of(sender("console://"))) is ChannelDown


# Slack


def test_slack_gets_top_level_text_and_blocks(server: HttpServer) -> None:
    server.answers[PATH] = Answer(body=b"ok")
    desk = sender(f"https://hooks.slack.com/services/{HOOK}")
    assert desk.targets("desk") == ("",)
    assert desk.send(claim(), MESSAGE) == ""
    (request,) = server.requests
    payload = json.loads(request.body)
    assert payload["text"] == MESSAGE.subject
    assert payload["blocks"] == list(MESSAGE.blocks)
    assert (payload["unfurl_links"], payload["unfurl_media"]) == (False, False)
    assert (request.method, request.headers["Content-Type"]) == ("POST", "application/json")


def test_no_headline_rings_everybody_in_slack(server: HttpServer) -> None:
    server.answers[PATH] = Answer(body=b"ok")
    hostile = "<!channel> <@U1> <!here|x>"
    message = replace(MESSAGE, subject=hostile)
    sender(f"slack://{HOOK}").send(claim(), message)
    body = server.requests[0].body.decode()
    assert "<!" not in body
    assert "<@" not in body


def test_channels_of_a_slack_url_are_deliveries_of_their_own(server: HttpServer) -> None:
    server.answers[PATH] = Answer(body=b"ok")
    desk = sender(f"slack://{HOOK}/#news/+C012AB")
    assert sorted(desk.targets("desk")) == ["#news", "+C012AB"]
    desk.send(claim("#news"), MESSAGE)
    desk.send(claim("+C012AB"), MESSAGE)
    sent = [json.loads(request.body)["channel"] for request in server.requests]
    assert sent == ["#news", "C012AB"]


def test_a_bot_posts_with_its_token_and_keeps_the_time_stamp(server: HttpServer) -> None:
    server.answers["/api/chat.postMessage"] = Answer(body=b'{"ok": true, "ts": "17.42"}')
    desk = sender(f"slack://{BOT}/#news:16.1")
    (target,) = desk.targets("desk")
    assert desk.send(claim(target), MESSAGE) == "17.42"
    (request,) = server.requests
    assert request.headers["Authorization"] == f"Bearer {BOT}"
    payload = json.loads(request.body)
    assert (payload["channel"], payload["thread_ts"]) == ("#news", "16.1")


FOLLOW_UP = replace(claim("#news"), thread_receipt="17.42")


def test_a_bot_answers_below_its_first_message_on_a_story(server: HttpServer) -> None:
    server.answers["/api/chat.postMessage"] = Answer(body=b'{"ok": true, "ts": "17.43"}')
    desk = sender(f"slack://{BOT}/#news")
    assert desk.send(FOLLOW_UP, MESSAGE) == "17.43"
    payload = json.loads(server.requests[0].body)
    assert (payload["channel"], payload["thread_ts"]) == ("#news", "17.42")


def test_a_follow_up_whose_thread_is_gone_stands_alone(server: HttpServer) -> None:
    answers = [b'{"ok": false, "error": "thread_not_found"}', b'{"ok": true, "ts": "18.1"}']
    server.answers["/api/chat.postMessage"] = lambda _: Answer(body=answers.pop(0))
    assert sender(f"slack://{BOT}/#news").send(FOLLOW_UP, MESSAGE) == "18.1"
    threads = [json.loads(request.body).get("thread_ts") for request in server.requests]
    assert threads == ["17.42", None]


def test_a_webhook_has_no_threads(server: HttpServer) -> None:
    server.answers[PATH] = Answer(body=b"ok")
    sender(f"slack://{HOOK}/#news").send(FOLLOW_UP, MESSAGE)
    assert "thread_ts" not in json.loads(server.requests[0].body)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("invalid_auth", AccessDenied),
        ("channel_not_found", ChannelDown),
        ("msg_too_long", PermanentDeliveryError),
        ("ratelimited", DeliveryError),
    ],
)
def test_slack_says_no_with_status_200(
    server: HttpServer, error: str, kind: type[DeliveryError]
) -> None:
    body = json.dumps({"ok": False, "error": error}).encode()
    server.answers["/api/chat.postMessage"] = Answer(body=body)
    fault = fault_of(sender(f"slack://{BOT}/#news"), "#news")
    assert (type(fault), str(fault)) == (kind, f"Slack answered {error}")


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        pytest.param(
            Answer(status=403, body=b"invalid_token"), AccessDenied, "403 invalid_token", id="403"
        ),
        pytest.param(Answer(status=404, body=b"no_service"), AccessDenied, "no_service", id="404"),
        pytest.param(Answer(status=410, body=b"archived"), ChannelDown, "410 archived", id="410"),
        pytest.param(
            Answer(status=400, body=b"invalid_payload"),
            PermanentDeliveryError,
            "400 invalid_payload",
            id="400",
        ),
        pytest.param(Answer(status=500), DeliveryError, "answered 500", id="500"),
        pytest.param(Answer(body=b"<html>login</html>"), ChannelDown, "not Slack", id="portal"),
        pytest.param(Answer(drop=True), DeliveryError, "did not answer", id="dropped"),
    ],
)
def test_an_answer_of_slack_is_about_the_message_or_the_channel(
    server: HttpServer, answer: Answer, kind: type[DeliveryError], words: str
) -> None:
    server.answers[PATH] = answer
    fault = fault_of(sender(f"slack://{HOOK}"))
    assert type(fault) is kind
    assert words in str(fault)
    assert fault.uncertain == answer.drop


def test_slack_asks_to_wait(server: HttpServer) -> None:
    server.answers[PATH] = Answer(status=429, headers={"Retry-After": "30"})
    fault = fault_of(sender(f"slack://{HOOK}"))
    assert (type(fault), fault.code, fault.retry_after) == (DeliveryError, 429, 30.0)


def test_a_redirect_is_not_followed(server: HttpServer) -> None:
    server.answers[PATH] = Answer(status=302, headers={"Location": server.url("/elsewhere")})
    fault = fault_of(sender(f"slack://{HOOK}"))
    assert type(fault) is ChannelDown
    assert "redirects are not followed" in str(fault)
    assert [request.path for request in server.requests] == [PATH]


# json://


def test_a_json_receiver_gets_all_of_a_long_digest(server: HttpServer) -> None:
    server.answers["/hook"] = Answer()
    long = replace(MESSAGE, text="A headline and its link.\n" * 4_000)
    sender(f"json://127.0.0.1:{server.port}/hook").send(claim(), long)
    assert json.loads(server.requests[0].body)["message"] == long.text.rstrip()


def test_a_json_receiver_can_tell_a_repeat(server: HttpServer) -> None:
    server.answers["/hook"] = Answer()
    desk = sender(f"json://127.0.0.1:{server.port}/hook?:team=desk")
    desk.send(claim(), MESSAGE)
    desk.send(claim(attempt=2), MESSAGE)
    first, second = (json.loads(request.body) for request in server.requests)
    assert first == {
        "version": "1.0",
        "title": MESSAGE.subject,
        "message": MESSAGE.text.rstrip(),
        "attachments": [],
        "type": "info",
        "team": "desk",
        "key": "7-desk-all",
        "attempt": 1,
        "alert": 7,
        "url": MESSAGE.url,
    }
    assert second == first | {"attempt": 2}
