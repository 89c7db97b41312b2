"""SIGKILL at any moment, with a mail server that refuses, drops and swallows: nothing is lost.

5 kills over 60 alerts; ``MONITOR_LONG=1 pytest tests/e2e/test_random_kills.py`` makes it 30 over 300.
"""

import os
import signal
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from random import Random
from threading import Event, Lock

import pytest

from monitor.model.delivery import DeliveryState
from monitor.store import delivery_list
from tests.e2e.newsroom import mail_to, open_store, problems, set_up
from tests.e2e.told import by_mail, repeats
from tests.support.http_server import Answer, HttpServer, Request
from tests.support.news import AcknowledgedFeed
from tests.support.process import Program, eventually
from tests.support.smtp_server import OK, Drop, SmtpServer

KILLS, ALERTS = (30, 300) if os.environ.get("MONITOR_LONG") == "1" else (5, 60)
FEEDS = 3
LIFE = 1.5  # seconds after the first poll within which the kill comes


class Agency:
    """Feeds that go on growing while they are polled, until all items are out."""

    def __init__(self, random: Random) -> None:
        self.feeds = [AcknowledgedFeed() for _ in range(FEEDS)]
        self._random = random
        self._lock = Lock()
        self._out = self._allowed = 0

    def allow(self, more: int) -> None:
        """Lets so many more items come out."""
        with self._lock:
            self._allowed = min(ALERTS, self._allowed + more)

    def answer(self, feed: AcknowledgedFeed, request: Request) -> Answer:
        """Answers a poll, perhaps with news."""
        with self._lock:
            fresh = min(self._random.randint(1, 5), self._allowed - self._out)
            feed.publish(*range(self._out, self._out + fresh))
            self._out += fresh
        return feed(request)


class Unreliable:
    """A mail server's mood: 5 % refused, 3 % dropped, 3 % taken without a reply."""

    def __init__(self, random: Random) -> None:
        self.swallowed = 0
        self._random = random

    def __call__(self, _: EmailMessage) -> str | Drop:
        """The reply to DATA."""
        chance = self._random.random()
        if chance < 0.03:
            self.swallowed += 1
            return Drop.STORED
        if chance < 0.06:
            return Drop.LOST
        return "451 4.3.0 try again later" if chance < 0.11 else OK


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_random_kills_and_a_bad_mail_server_lose_nothing(tmp_path: Path) -> None:
    random = Random(20261124)  # noqa: S311  # repeatable, not secret
    agency, mood = Agency(random), Unreliable(random)
    with SmtpServer() as mail, HttpServer() as http:
        mail.on_data = mood
        for n, feed in enumerate(agency.feeds):
            http.answers[f"/{n}"] = partial(agency.answer, feed)
        urls = [http.url(f"/{n}") for n in range(FEEDS)]
        set_up(tmp_path, feeds=urls, channels=[mail_to(mail.port)])
        for _ in range(KILLS):
            agency.allow(ALERTS // KILLS)
            _live_and_die(tmp_path, http, random.uniform(0, LIFE))
        with Program(tmp_path, "run") as daemon:
            eventually(lambda: len({one.number for one in by_mail(mail.messages)}) == ALERTS, 120)
            eventually(lambda: _waiting(tmp_path) == 0, 60)
            assert daemon.end() == 0
        tellings = by_mail(mail.messages)
    twice = repeats(tellings)
    print(f"{ALERTS} alerts, {KILLS} kills, {mood.swallowed} replies swallowed, {twice} repeats")
    assert {telling.number for telling in tellings} == set(range(ALERTS))
    assert twice <= KILLS + mood.swallowed
    assert problems(tmp_path) == []


def _live_and_die(folder: Path, http: HttpServer, life: float) -> None:
    polls = len(http.requests)
    with Program(folder, "run") as daemon:
        http.wait_for_requests(polls + 1)
        Event().wait(life)
        assert daemon.kill() == -signal.SIGKILL


def _waiting(folder: Path) -> int:
    """Deliveries that are neither sent nor dead."""
    with open_store(folder) as store, store.read() as connection:
        pending = delivery_list.lines(connection, DeliveryState.PENDING, ALERTS)
        sending = delivery_list.lines(connection, DeliveryState.SENDING, ALERTS)
    return len(pending) + len(sending)
