"""Daemons and workers of several machines on one PostgreSQL, and feeds that count who asks.

Every machine has a folder of its own; its polls bear its name as their user agent.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import Condition, Event, Lock
from typing import Self

import sqlalchemy as sa

from monitor.model.delivery import DeliveryState
from monitor.store import delivery_list
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from monitor.store.tables import ARTICLE, HIT
from tests.e2e.newsroom import AT_ONCE, set_up
from tests.e2e.told import Telling, by_json
from tests.support.http_server import Answer, HttpServer, Request
from tests.support.news import AcknowledgedFeed
from tests.support.process import Program, eventually

_CHANNELS = 2
_NOTED_LATE = 1.0  # seconds after a request was sent, on a busy machine; no process starts so fast
_SETTINGS = """\
[store]
url = "{url}"

[runtime]
engine = "{engine}"

[rules]
path = ["rules"]

[fetch]
gap = "0s"
per_host = 8
allow_private = ["127.0.0.0/8"]
user_agent = "{name}"

[feed_defaults]
every = "{every}s"
backlog = "alert"

[delivery]
first_retry = "1s"
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a feed: when, on the clock of the test, and by which machine."""

    at: float
    by: str


@dataclass
class Newspapers:
    """Feeds on many hosts, which note every request; a machine that is held waits for its answers."""

    feeds: list[AcknowledgedFeed]
    asked: dict[int, list[Asked]] = field(default_factory=lambda: defaultdict(list))
    changed: Condition = field(default_factory=Condition)
    _held: Mapping[str, Event] = field(default_factory=dict)
    _out: int = 0
    _lock: Lock = field(default_factory=Lock)

    def publish(self, count: int) -> None:
        """Brings out so many more items, each in the next feed."""
        with self._lock:
            for number in range(self._out, self._out + count):
                self.feeds[number % len(self.feeds)].publish(number)
            self._out += count

    @property
    def out(self) -> set[int]:
        """The numbers of all items so far."""
        return set(range(self._out))

    def answer(self, number: int, request: Request) -> Answer:
        """Answers the poll of a feed."""
        name = request.headers["User-Agent"]
        with self.changed:
            self.asked[number].append(Asked(time.monotonic(), name))
            held = self._held.get(name)
            self.changed.notify_all()
        if held is not None:
            held.wait(60)
        return self.feeds[number](request)

    def wait_for_all(self, times: int, timeout: float) -> None:
        """Returns once every feed was asked for so often."""
        eventually(
            lambda: all(len(self.asked[n]) >= times for n in range(len(self.feeds))),
            timeout,
            self.changed,
        )

    @contextmanager
    def holding(self, names: Collection[str]) -> Iterator[None]:
        """Lets the polls of machines wait for their answers."""
        self._held = dict.fromkeys(names, Event())
        yield
        released, self._held = self._held, {}
        for event in released.values():
            event.set()

    def next_of(self, names: Collection[str], timeout: float) -> str:
        """Returns once one of some machines asks for something; its name."""
        began = time.monotonic()

        def found() -> list[str]:
            asked = [each for all_ in self.asked.values() for each in all_]
            return [each.by for each in asked if each.by in names and each.at >= began]

        eventually(found, timeout, self.changed)
        return found()[0]


class Machines:
    """A database, newspapers, a receiver, and the programs that run.

    Args:
        folder: of all their folders.
        url: of the database.
        feeds: how many, on half as many hosts.
        every: seconds between polls.
    """

    def __init__(self, folder: Path, url: str, *, feeds: int, every: int) -> None:
        self.every = every
        self.url = url
        self.news = Newspapers([AcknowledgedFeed() for _ in range(feeds)])
        self.programs: dict[str, Program] = {}
        self.http = HttpServer(address="0.0.0.0")  # noqa: S104 - hosts of the loopback network
        self._folder = folder
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self.http)
        for number in range(len(self.news.feeds)):
            self.http.answers[f"/{number}"] = partial(self.news.answer, number)
        for channel in range(_CHANNELS):
            self.http.answers[f"/hook{channel}"] = Answer()
        return self

    def __exit__(self, *_: object) -> None:
        for program in self.programs.values():
            program.kill()
        self._stack.close()

    def start(
        self, name: str, *arguments: str, engine: str = "procrastinate", channels: int = 1
    ) -> Program:
        """Starts a program, or starts it again, on the machine of this name."""
        folder = self._folder / name
        if not folder.exists():
            folder.mkdir()
            hook = f'url = "json://127.0.0.1:{self.http.port}/hook'
            set_up(
                folder,
                feeds=[
                    self.http.url(f"/{n}", f"127.0.1.{n // 2 + 1}")
                    for n in range(len(self.news.feeds))
                ],
                channels=[f'{hook}{channel}"' for channel in range(channels)],
                settings=_SETTINGS.format(
                    url=self.url, engine=engine, name=name, every=self.every
                ),
                policy=AT_ONCE,
            )
        program = self.programs[name] = Program(folder, *arguments)
        return program

    def told(self, channel: int) -> list[Telling]:
        """What a channel was told, in the order it came."""
        hook = f"/hook{channel}"
        return by_json(each for each in self.http.requests if each.path.startswith(hook))

    def end(self) -> list[int]:
        """Sends SIGTERM to all that run; their exit codes."""
        running = [program for program in self.programs.values() if program.runs]
        with ThreadPoolExecutor(len(running)) as pool:
            return list(pool.map(Program.end, running))

    def errors(self) -> str:
        """What all of them logged, for a test that fails."""
        return "\n".join(
            f"--- {name}\n{''.join(program.errors)}" for name, program in self.programs.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """SIGKILL of a machine, on the clock of the test."""

    name: str
    at: float


def soonest(every: float) -> float:
    """Seconds after which a feed may be polled again: the interval is spread by a tenth."""
    return every * 0.9 - 0.2  # and the request is noted a little late


def too_early(
    asked: dict[int, list[Asked]], every: float, kills: list[Kill]
) -> list[tuple[int, Asked, Asked]]:
    """Polls within the interval of the one before, but for one a kill, of what the dead had begun."""
    found = []
    for number, times in asked.items():
        excused: set[Kill] = set()
        for before, after in pairwise(times):
            if after.at - before.at >= soonest(every):
                continue
            by_kill = {
                kill
                for kill in kills
                if kill.name == before.by and before.at - _NOTED_LATE <= kill.at < after.at
            } - excused
            if by_kill:
                excused.add(min(by_kill, key=lambda kill: kill.at))
            else:
                found.append((number, before, after))
    return found


def longest_wait(asked: dict[int, list[Asked]], end: float) -> float:
    """Seconds that a feed was not polled for, after its first poll."""
    return max(
        after - before
        for times in asked.values()
        for before, after in zip(
            [each.at for each in times], [*(each.at for each in times[1:]), end], strict=True
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What is in the tables."""

    articles: int
    hits: int
    unsent: int


def counts(url: str) -> Counts:
    """Counts what is stored."""
    store = Store.open(url)
    try:
        with store.read() as connection:
            waiting = [
                delivery_list.lines(connection, state)
                for state in (DeliveryState.PENDING, DeliveryState.SENDING)
            ]
            return Counts(
                articles=connection.scalar(sa.select(sa.func.count()).select_from(ARTICLE)) or 0,
                hits=connection.scalar(sa.select(sa.func.count()).select_from(HIT)) or 0,
                unsent=sum(map(len, waiting)),
            )
    finally:
        store.close()


def problems(url: str) -> list[str]:
    """What is wrong with the database."""
    store = Store.open(url)
    try:
        return integrity(store)
    finally:
        store.close()
