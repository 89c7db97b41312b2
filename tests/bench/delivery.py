"""Measures the outbox: pending mails to a local mail server, beside plain ``smtplib``.

``python -m tests.bench.delivery`` prints one JSON line; times in seconds. The outbox claims,
renders, sends and records each mail, the plain loop composes and sends mails of the same content, one
connection each; they take turns of a tenth of all mails, so that a busy machine does the same to both. The server is a process of its
own. ``waited`` is how long another channel's delivery took meanwhile, at worst.
"""

import argparse
import json
import smtplib
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.headerregistry import Address
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from threading import Event

from typing_extensions import override

from monitor.delivery.mail import compose
from monitor.delivery.sender import Sender
from monitor.jobs.deliver import ChannelWorker, DeliveryReport
from monitor.model.channel import ChannelPolicy, DeliveryPolicy
from monitor.model.delivery import Claim, Outcome
from monitor.store import delivery_list
from monitor.store.engine import Store
from tests.support.fakes import dice
from tests.support.outbox import put
from tests.support.smtp_server import SmtpServer
from tests.support.stored import open_store
from tests.unit.alerts.samples import ALERT, RENDERER

ROUNDS = 10
RENDERED = RENDERER.render(ALERT, UTC)
DESK, FROM = "desk@news.example", "monitor@news.example"


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def serve(pipe: Pipe) -> None:
    """A mail server; says its port, and at the end what came: mails, different ids, connections."""
    with SmtpServer() as server:
        pipe.send(server.port)
        pipe.recv()
        ids = {received.message["Message-ID"] for received in server.messages}
        pipe.send((len(server.messages), len(ids), server.connections))


@contextmanager
def mail_server() -> Iterator[Pipe]:
    """The other end of a server's pipe."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(theirs,))
    process.start()
    yield ours
    process.join()


def worker(
    store: Store, sender: Sender, name: str, on_done: Callable[[DeliveryReport], None]
) -> ChannelWorker:
    """The job of a channel."""
    return ChannelWorker(
        name,
        store,
        sender=sender,
        render=lambda _: RENDERER.render(ALERT, UTC),
        policy=DeliveryPolicy(),
        random=dice(),
        on_done=on_done,
    )


def fill(store: Store, first: int, count: int, channel: str = "desk") -> None:
    """Puts so many alerts into the outbox of a channel."""
    with store.write() as connection:
        for number in range(first, first + count):
            put(connection, number, channel, [DESK])


def plainly(port: int, count: int) -> None:
    """The same mails without an outbox."""
    to, sender = Address(addr_spec=DESK), Address(addr_spec=FROM)
    for number in range(count):
        claim = Claim(
            id=number,
            alert=number,
            channel="plain",
            target=DESK,
            key=f"plain-{number}-{time.monotonic_ns()}",
            attempt=1,
            created=now(),
        )
        mail = compose(claim, RENDERED, sender=sender, to=to, extra={})
        with smtplib.SMTP("127.0.0.1", port, local_hostname="[127.0.0.1]") as smtp:
            smtp.send_message(mail)


class Beside(threading.Thread):
    """Another channel that delivers again and again; notes how long each delivery takes."""

    def __init__(self, store: Store, sender: Sender) -> None:
        super().__init__()
        self.store, self.worker = store, worker(store, sender, "press", lambda _: None)
        self.ended, self.waited = Event(), list[float]()

    @override
    def run(self) -> None:
        """Until it is ended."""
        number = 1
        while not self.ended.wait(0.5):
            began = time.monotonic()
            fill(self.store, number, 1, "press")
            self.worker.run_until_idle(now, Event())
            self.waited.append(time.monotonic() - began)
            number += 1


def measure(store: Store, port: int, mails: int) -> dict[str, float]:
    """Seconds of the outbox and of plain sends, and the longest wait of another channel."""
    url = f"mailto://127.0.0.1:{port}?from={FROM}&to={DESK}"
    policies = {name: ChannelPolicy(name=name, url=url) for name in ("desk", "press")}
    sender, sent = Sender(policies), list[Outcome]()
    desk = worker(store, sender, "desk", lambda report: sent.append(report.verdict.outcome))
    beside = Beside(store, sender)
    spent = dict.fromkeys(("outbox", "plain", "outbox_cpu", "plain_cpu"), 0.0)
    fill(store, 1, mails)
    beside.start()
    share = mails // ROUNDS
    for _ in range(ROUNDS):
        with timed("outbox", spent):
            desk.run_until_idle(now, After(sent, len(sent) + share))
        with timed("plain", spent):
            plainly(port, share)
    beside.ended.set()
    beside.join()
    assert sent == [Outcome.SENT] * share * ROUNDS
    return {**spent, "waited": max(beside.waited)}


@contextmanager
def timed(name: str, spent: dict[str, float]) -> Iterator[None]:
    """Adds the seconds of a block, and those of the processor in its thread."""
    began, worked = time.monotonic(), time.thread_time()
    yield
    spent[name] += time.monotonic() - began
    spent[f"{name}_cpu"] += time.thread_time() - worked


class After:
    """The wish to end after so many sends."""

    def __init__(self, sent: list[Outcome], end: int) -> None:
        self._sent, self._end = sent, end

    def is_set(self) -> bool:
        """Whether they are sent."""
        return len(self._sent) >= self._end

    def wait(self, timeout: float) -> bool:
        """Never waited for here."""
        raise AssertionError(timeout)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    mails = parser.parse_args().mails
    with tempfile.TemporaryDirectory() as folder, mail_server() as server:
        store = open_store(Path(folder))
        seconds = measure(store, server.recv(), mails)
        server.send("end")
        came, different, connections = server.recv()
        with store.read() as connection:
            left = len(delivery_list.lines(connection)) - came + mails
        store.close()
    figures = {
        "mails": mails,
        **{name: round(value, 2) for name, value in seconds.items()},
        "ratio": round(seconds["outbox"] / seconds["plain"], 2),
        "repeats": came - different,
        "missing": left,
        "connections": connections,
    }
    sys.stdout.write(f"{json.dumps(figures)}\n")


if __name__ == "__main__":
    main()
