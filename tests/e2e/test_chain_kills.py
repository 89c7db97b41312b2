"""SIGKILL anywhere between the feed and the mailbox, with mail servers that misbehave.

A ledger made of what the receivers got, and of nothing else of the program than its lists of hits
and of undecided articles, joins every hit to one message or to a reason. 8 kills over 40 articles;
``MONITOR_LONG=1 pytest -n 0 -s tests/e2e/test_chain_kills.py`` makes it 100 over 300.
"""

import json
import os
import re
import signal
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.e2e.forks import Forks
from tests.e2e.launch import Hooks
from tests.e2e.newsroom import problems, set_up
from tests.support.http_server import Answer, HttpServer, Request
from tests.support.news import AcknowledgedFeed
from tests.support.process import run_monitor
from tests.support.smtp_server import OK, Drop, SmtpServer

LONG = os.environ.get("MONITOR_LONG") == "1"
KILLS, ARTICLES = (100, 300) if LONG else (8, 40)
FEEDS = 3
MINUTES = 4  # of the daemon's clock from one life to the next
STEPS = {"poll", "match", "decide", "seal", "deliver"}
HELD_BACK = {"copy", "same-story"}
GIVEN_UP = "undecided: not matched, 3 tries ended with the process"
_ALERT = re.compile(r"\balert (\d+)\b")


class Agency:
    """Feeds that grow a little with each poll; every fifth item is printed by two of them."""

    def __init__(self, random: Random) -> None:
        self.feeds = [AcknowledgedFeed() for _ in range(FEEDS)]
        self._random = random
        self._out = 0

    def publish(self, most: int) -> None:
        """Lets more items come out, up to a number."""
        while self._out < min(most, ARTICLES):
            first = self._random.randrange(FEEDS)
            self.feeds[first].publish(self._out)
            self._out += 1


@dataclass
class Receivers:
    """What the world got: for each channel and alert, the identities and attempts that came."""

    got: dict[str, dict[int, list[tuple[str, int]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    texts: dict[tuple[str, int], str] = field(default_factory=dict)

    def take(self, channel: str, alert: int, identity: str, attempt: int, text: str) -> None:
        """Notes a message."""
        self.got[channel][alert].append((identity, attempt))
        self.texts[channel, alert] = text

    @property
    def repeats(self) -> int:
        """How many messages came more than once; fails on one that is not marked as a repeat."""
        for alerts in self.got.values():
            for alert, copies in alerts.items():
                attempts = [attempt for _, attempt in copies]
                assert len({identity for identity, _ in copies}) == 1, (alert, copies)
                assert attempts == sorted(set(attempts)), (alert, copies)
        return sum(len(copies) - 1 for alerts in self.got.values() for copies in alerts.values())


class Unreliable:
    """A mail server's mood: 5 % refused, 3 % dropped, 3 % taken without a reply."""

    def __init__(self, random: Random) -> None:
        self.swallowed = 0
        self.refuses_all = False
        self._random = random

    def __call__(self, _: EmailMessage) -> str | Drop:
        """The reply to DATA."""
        if self.refuses_all:
            return "421 4.3.2 shutting down"
        chance = self._random.random()
        if chance < 0.03:
            self.swallowed += 1
            return Drop.STORED
        if chance < 0.06:
            return Drop.LOST
        return "451 4.3.0 try again later" if chance < 0.11 else OK


class World:
    """Servers, feeds, and the folder the program runs in."""

    def __init__(self, folder: Path, forks: Forks, mail: SmtpServer, http: HttpServer) -> None:
        self.random = Random(20261125)  # noqa: S311  # repeatable, not secret
        self.folder, self.mail, self.http = folder, mail, http
        self.agency, self.mood = Agency(self.random), Unreliable(self.random)
        self.hours = 0.0
        self.codes: Counter[int] = Counter()
        self.aims = cycle(sorted(STEPS))  # some are over too soon to be hit by chance
        self._forks = forks
        mail.on_data = self.mood
        for number, feed in enumerate(self.agency.feeds):
            http.answers[f"/{number}"] = partial(_answer, feed)
        http.answers["/hook"] = Answer()
        set_up(
            folder,
            feeds=[http.url(f"/{number}") for number in range(FEEDS)],
            channels=[
                _mail(mail.port, "desk"),
                f'url = "json://127.0.0.1:{http.port}/hook"\nfollow_up = "off"',
                _mail(mail.port, "press")
                + '\nmode = "digest"\ndigest = { at = ["00:00", "06:00", "12:00", "18:00"] }',
            ],
            policy='group_wait = "0s"\n',
        )

    def live(self, hooks: Hooks | None = None) -> None:
        """The program runs until nothing is due, or until a kill."""
        self.hours += MINUTES / 60
        found = Hooks(hours_ahead=self.hours)
        found.update(hooks or {})
        self.codes[self._forks.run(self.folder, "run", "--once", "--all", hooks=found)] += 1

    @property
    def kills(self) -> int:
        """How many lives ended before their time."""
        return self.codes[-signal.SIGKILL]

    def settle(self) -> None:
        """The clock goes on until everything is told."""
        for _ in range(9):
            self.hours += 1
            self.live()

    def steps(self) -> Counter[str]:
        """The jobs at work when the program was killed."""
        found = (self.folder / "kills.txt").read_text(encoding="utf-8")
        return Counter(found.split())

    def received(self) -> Receivers:
        """What came so far."""
        receivers = Receivers()
        for mail in self.mail.messages:
            message = mail.message
            body = message.get_body(("plain",))
            assert body is not None
            text = body.get_content()
            receivers.take(
                {"desk": "ch0", "press": "ch2"}[mail.to[0].partition("@")[0]],
                int(_ALERT.findall(text)[-1]),
                str(message["Message-ID"]),
                int(message["X-Monitor-Attempt"]),
                text,
            )
        for request in self.http.requests:
            # A kill in the middle of a post leaves a beginning, which nobody takes for a message.
            if request.method == "POST" and request.body.endswith(b"}"):
                post = json.loads(request.body)
                receivers.take("ch1", post["alert"], post["key"], post["attempt"], post["message"])
        return receivers


def _answer(feed: AcknowledgedFeed, request: Request) -> Answer:
    return feed(request)


def _mail(port: int, to: str) -> str:
    return (
        f'email = {{ host = "127.0.0.1", port = {port}, tls = "none", '
        f'from = "monitor@flood.example", to = ["{to}@flood.example"] }}'
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    serving = tmp_path / "serve"
    folder = tmp_path / "run"
    serving.mkdir()
    folder.mkdir()
    with Forks(serving) as forks, SmtpServer() as mail, HttpServer() as http:
        yield World(folder, forks, mail, http)


def some_kill(world: World) -> Hooks:
    """A kill at a commit, at one of a certain step, at a mail, or at any time."""
    random = world.random
    match random.randrange(6):
        case 0:
            return Hooks(before_commit=random.randint(1, 40))
        case 1:
            return Hooks(after_commit=random.randint(1, 40))
        case 2:
            return Hooks(after_250=random.randint(1, 3))
        case 3:
            return Hooks(in_step=next(world.aims))
        case _:
            return Hooks(after_seconds=random.uniform(0.05, 1.2))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_hit_is_in_one_message_or_has_a_reason_whatever_is_killed(world: World) -> None:
    while world.kills < KILLS:
        world.agency.publish(ARTICLES * (world.kills + 1) // KILLS)
        world.live(some_kill(world))
    world.settle()
    assert_accounted(world)
    steps = world.steps()
    print(f"{ARTICLES} articles, {world.kills} kills in {dict(steps)}")
    if LONG:
        assert steps.keys() >= STEPS


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_two_days_without_a_mail_server_end_in_one_catch_up(world: World) -> None:
    while world.kills < KILLS:
        world.mood.refuses_all = world.kills >= KILLS // 4
        world.hours += 48 / KILLS
        world.agency.publish(ARTICLES * (world.kills + 1) // KILLS)
        world.live(some_kill(world))
        world.live()
    world.mood.refuses_all = False
    world.settle()
    receivers = assert_accounted(world)
    texts = [text for (channel, _), text in receivers.texts.items() if channel == "ch0"]
    catch_ups = [text for text in texts if "while this channel was down" in text]
    assert len(catch_ups) == 1


def assert_accounted(world: World) -> Receivers:
    """Every hit has one fate on every channel, and the receivers saw what was told."""
    receivers = world.received()
    hits = _listed(world.folder, "hits", "--json")
    # One whose every match was cut short by a kill is given up for a matcher's poison, and shown.
    given_up = _listed(world.folder, "articles", "--undecided", "--json")
    assert {each["reason"] for each in given_up} <= {GIVEN_UP}
    assert len(hits) + len(given_up) == ARTICLES
    assert len(given_up) <= world.kills // 3  # each takes three kills of its own
    led: Counter[tuple[str, str]] = Counter()
    for hit in hits:
        for channel, fate in hit["channels"].items():
            if fate["decision"] == "told":
                assert receivers.got[channel][fate["alert"]], (channel, hit["id"])
                led[channel, hit["article"]["url"]] += 1
            else:
                assert fate["decision"] == "not-told", (channel, hit)
                assert fate["reason"] in HELD_BACK, (channel, hit)
    assert max(led.values()) == 1
    repeats = receivers.repeats
    swallowed = world.mood.swallowed
    print(f"{swallowed} replies swallowed, {repeats} repeats, {len(given_up)} never matched")
    assert repeats <= 3 * world.kills + swallowed
    assert problems(world.folder) == []
    return receivers


def _listed(folder: Path, *command: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run_monitor(folder, *command).output.splitlines()]
