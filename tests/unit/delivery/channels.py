"""Claims, channels and sends for tests."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Thread
from unittest.mock import patch

from monitor.delivery.plugins import MonitorSlack
from monitor.delivery.sender import Sender
from monitor.errors import DeliveryError
from monitor.model.alert import Message
from monitor.model.channel import ChannelPolicy
from monitor.model.delivery import Claim
from tests.support.http_server import HttpServer
from tests.support.outbox import MESSAGE
from tests.support.smtp_server import SmtpServer

PRESS = "press@desk.example"
PASSWORD = "hunter2-s3cret"
CREATED = datetime(2026, 3, 2, 8, 6, tzinfo=UTC)
HOOK = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7"


def claim(target: str = "", attempt: int = 1) -> Claim:
    return Claim(
        id=1,
        alert=7,
        channel="desk",
        target=target,
        key=f"7-desk-{target or 'all'}",
        attempt=attempt,
        created=CREATED,
    )


SENDERS: list[Sender] = []
"""Those a test made; they rest when it ends."""


def sender(url: str, *recipients: str) -> Sender:
    SENDERS.append(Sender({"desk": ChannelPolicy(name="desk", url=url, recipients=recipients)}))
    return SENDERS[-1]


def mail_url(server: SmtpServer, *, login: str = "", query: str = "") -> str:
    """A channel to the server; sender and one recipient are fixed."""
    at = f"{login}@" if login else ""
    addresses = f"from=monitor@news.example&name=Media%20Monitor&to={PRESS}"
    return f"mailto://{at}127.0.0.1:{server.port}?{addresses}{query}"


def send_mail(server: SmtpServer, *, attempt: int = 1, message: Message = MESSAGE) -> str:
    return sender(mail_url(server)).send(claim(PRESS, attempt), message)


def fault_of(sender: Sender, target: str = "") -> DeliveryError:
    """The error a send ends with."""
    try:
        sender.send(claim(target), MESSAGE)
    except DeliveryError as error:
        return error
    raise AssertionError("the message was taken")


@contextmanager
def dripping(start: bytes) -> Iterator[int]:
    """The port of a server that says this and then one byte after the other, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_drip, args=(listener, start))
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def _drip(listener: socket.socket, start: bytes) -> None:
    end = time.monotonic() + 20
    connection, _ = listener.accept()
    with connection, suppress(OSError):  # the client has gone
        connection.sendall(start)
        while time.monotonic() < end:
            connection.sendall(b"2")
            Event().wait(0.02)


@contextmanager
def slack_at(server: HttpServer) -> Iterator[None]:
    """Points Slack's addresses at a local server."""
    with (
        patch.object(MonitorSlack, "webhook_url", server.url("/services")),
        patch.object(MonitorSlack, "api_url", server.url("/api/{}")),
    ):
        yield
