"""Those who are told: a mail server and a web hook with moods, and what arrived at them."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from random import Random
from threading import Lock
from typing import Final

from typing_extensions import override

from tests.soak.world import HOUR, Span, World
from tests.support.http_server import Answer, HttpServer, Request
from tests.support.smtp_server import OK, Drop, Received, SmtpServer

DESK: Final = "desk"  # by mail, at once
PRESS: Final = "press"  # by mail, a digest four times a day
HOOK: Final = "hook"  # by HTTP, at most twelve an hour
CHANNELS: Final = (DESK, PRESS, HOOK)
_FAILING = 2 * HOUR
_ALERT = re.compile(r"\balert (\d+)\b")
_MORE = re.compile(r"\band (\d+) more\b")
_LINK = re.compile(r"http://127\.[\d.:]+/[\d/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A message as it arrived, perhaps once more.

    Attributes:
        links: of the articles it names.
        unnamed: how many more it says there are.
    """

    identity: str
    attempt: int
    links: frozenset[str]
    unnamed: int


@dataclass(slots=True)
class Arrived:
    """What came, by channel and alert."""

    got: dict[str, dict[int, list[Copy]]] = field(
        default_factory=lambda: {channel: defaultdict(list) for channel in CHANNELS}
    )
    _lock: Lock = field(default_factory=Lock)

    def take(self, channel: str, alert: int, copy: Copy) -> None:
        """Notes a message."""
        with self._lock:
            self.got[channel][alert].append(copy)


@dataclass(slots=True)
class Moods:
    """How receivers behave: well, most of the time.

    Attributes:
        away: when nothing is taken at all.
        asked: called when a message was handed over, before the reply.
        counts: what was refused, dropped, and kept without a word.
    """

    world: World
    random: Random
    away: list[Span] = field(default_factory=list)
    asked: Callable[[], None] = lambda: None
    counts: Counter[str] = field(default_factory=Counter)

    def mood(self) -> str:
        """What happens to the message at hand."""
        now = self.world.now
        self.asked()
        mood = "takes" if now >= self.world.profile.ends else self._now()
        for span in self.away:
            if now in span:  # a server that fails slowly: what it took last may have arrived
                mood = "swallows" if now < span.start + _FAILING else "away"
        self.counts[mood] += 1
        return mood

    def _now(self) -> str:
        chance = self.random.random()
        if chance < 0.03:
            return "swallows"
        if chance < 0.06:
            return "drops"
        return "refuses" if chance < 0.11 else "takes"


class Postbox(SmtpServer):
    """A mail server for the desk and the press."""

    def __init__(self, arrived: Arrived, moods: Moods) -> None:
        super().__init__()
        self._noted = arrived
        self._moods = moods
        self.on_data = self._reply

    def _reply(self, _: EmailMessage) -> str | Drop:
        match self._moods.mood():
            case "swallows":
                return Drop.STORED
            case "drops":
                return Drop.LOST
            case "refuses":
                return "451 4.3.0 try again later"
            case "away":
                return "421 4.3.2 shutting down"
            case _:
                return OK

    @override
    def keep(self, received: Received) -> None:
        """Notes what it says; the message itself is forgotten."""
        message = received.message
        body = message.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        copy = Copy(
            identity=str(message["Message-ID"]),
            attempt=int(message["X-Monitor-Attempt"]),
            links=frozenset(_LINK.findall(text)),
            unnamed=sum(map(int, _MORE.findall(text))),
        )
        channel = received.to[0].partition("@")[0]
        self._noted.take(channel, int(_ALERT.findall(text)[-1]), copy)


class Hook(HttpServer):
    """A service that takes JSON."""

    def __init__(self, arrived: Arrived, moods: Moods) -> None:
        super().__init__()
        self._noted = arrived
        self._moods = moods

    @override
    def answer(self, request: Request) -> Answer:
        """Notes what it says; a kill in the middle of a post leaves a beginning, no message."""
        if not request.body.endswith(b"}"):
            return Answer(status=400)
        mood = self._moods.mood()
        if mood in {"takes", "swallows"}:
            self._take(request.body)
        if mood in {"drops", "swallows"}:
            return Answer(drop=True)
        return Answer(status=200 if mood == "takes" else 503)

    def _take(self, body: bytes) -> None:
        post = json.loads(body)
        copy = Copy(
            identity=post["key"],
            attempt=post["attempt"],
            links=frozenset(_LINK.findall(post["message"])),
            unnamed=sum(map(int, _MORE.findall(post["message"]))),
        )
        self._noted.take(HOOK, post["alert"], copy)
