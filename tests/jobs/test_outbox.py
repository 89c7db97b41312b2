"""The threads of the outbox: one a channel, none waits for another."""

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from queue import Empty, SimpleQueue
from threading import Event

import pytest

from monitor.delivery.sender import Sender
from monitor.jobs.deliver import ChannelWorker
from monitor.jobs.outbox import Outbox
from monitor.model.channel import ChannelPolicy, DeliveryPolicy
from monitor.model.delivery import Outcome
from monitor.store.engine import Store
from tests.support.fakes import Clock, dice
from tests.support.http_server import Answer, HttpServer
from tests.support.outbox import MESSAGE, put

HANGING = [f"hanging-{number}" for number in range(6)]
TICK = 0.05  # seconds


class Newsroom:
    """Six channels whose services do not answer before they are released, and a seventh."""

    def __init__(self, store: Store, http: HttpServer) -> None:
        self.store, self.http = store, http
        self.released = Event()
        http.answers = {f"/{name}": Answer(delay_until=self.released) for name in HANGING}
        http.answers["/prompt"] = Answer()
        self.done: SimpleQueue[tuple[str, Outcome]] = SimpleQueue()
        self.crashes: list[Exception] = []
        self.outbox = Outbox(
            store,
            {name: self.worker(name) for name in (*HANGING, "prompt")},
            now=Clock(),
            stop=Event(),
            on_crash=lambda _, error: self.crashes.append(error),
            turn=lambda _: nullcontext(lambda: True),
        )

    def worker(self, name: str) -> ChannelWorker:
        url = f"json://127.0.0.1:{self.http.port}/{name}"
        return ChannelWorker(
            name,
            self.store,
            sender=Sender({name: ChannelPolicy(name=name, url=url)}),
            render=lambda _: MESSAGE,
            policy=DeliveryPolicy(),
            random=dice(),
            on_done=lambda report: self.done.put((report.claim.channel, report.verdict.outcome)),
        )

    def put(self, number: int, *names: str) -> None:
        with self.store.write() as connection:
            for name in names:
                put(connection, number, name)

    def next_done(self) -> tuple[str, Outcome]:
        """How the next attempt ends; ticks as the daemon does."""
        while True:
            self.outbox.start_due()
            with suppress(Empty):
                return self.done.get(timeout=TICK)


@pytest.fixture
def newsroom(store: Store) -> Iterator[Newsroom]:
    with HttpServer() as http:
        room = Newsroom(store, http)
        yield room
        room.released.set()
        room.outbox.wait()
        assert room.crashes == []


def test_channels_that_hang_delay_no_other(newsroom: Newsroom) -> None:
    newsroom.put(1, *HANGING)
    assert newsroom.outbox.start_due() == 6
    newsroom.http.wait_for_requests(6)  # they hang now
    for number in (1, 2):
        newsroom.put(number, "prompt")
        assert newsroom.next_done() == ("prompt", Outcome.SENT)
    assert newsroom.done.empty()
    newsroom.released.set()
    newsroom.outbox.wait()
    rest = {newsroom.next_done() for _ in HANGING}
    assert rest == {(name, Outcome.SENT) for name in HANGING}


def test_a_channel_that_is_sending_is_not_started_again(newsroom: Newsroom) -> None:
    newsroom.put(1, *HANGING)
    newsroom.outbox.start_due()
    newsroom.http.wait_for_requests(6)
    newsroom.put(2, *HANGING)
    assert newsroom.outbox.start_due() == 0
    newsroom.released.set()
    newsroom.outbox.wait()
    assert len(newsroom.http.requests) == 12
