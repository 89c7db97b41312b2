"""A world of news, in virtual time: what its feeds publish, and what troubles it has.

Everything follows from a seed, so the ledger can work out what a flawless monitor knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from random import Random

from tests.soak.words import Story, write

BEGAN = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BUSY = timedelta(hours=2)  # what a server that is asked too often asks for
_MOOD, _CYCLE = 12 * HOUR, 36 * HOUR  # how long a server misbehaves, and how often
_SLOW_ONES = 4
_COPIED = 20 * timedelta(minutes=1)  # later than the original


class Fault(StrEnum):
    """What a server does wrong while it is in a bad mood."""

    DEAD = "dead"  # no answer at all
    RESETS = "resets"  # breaks off in the middle of the document
    SLOW = "slow"  # answers after we have given up
    FAILS = "fails"  # 500
    BUSY = "busy"  # 429 with Retry-After
    GARBAGE = "garbage"  # a page instead of a feed
    SAME_ALWAYS = "same always"  # says 304 to whoever has any validator
    OTHER_ALWAYS = "other always"  # another ETag at each answer, never 304
    STUCK_ETAG = "stuck ETag"  # one ETag for all its documents, yet no 304
    NEW_GUIDS = "new GUIDs"  # other guids at each answer


HIDES = frozenset(Fault) - {Fault.OTHER_ALWAYS, Fault.STUCK_ETAG, Fault.NEW_GUIDS}
"""Those in which no new article can be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How large the world is, and how long it lasts.

    Attributes:
        hits: share of the articles that fulfil a rule.
        step: of virtual time.
        settles: without faults and new articles, at the end.
    """

    days: int
    feeds: int
    rules: int
    hits: float
    step: timedelta
    settles: timedelta = 2 * DAY
    seed: int = 7

    @property
    def ends(self) -> datetime:
        """When the last article comes out."""
        return BEGAN + self.days * DAY


@dataclass(frozen=True, slots=True)
class Span:
    """Some time, its end not included."""

    start: datetime
    end: datetime

    def __contains__(self, when: datetime) -> bool:
        return self.start <= when < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a feed published; ``name`` is what was written, which copies share."""

    link: str
    name: str
    published: datetime
    gone: datetime

    def story(self, profile: Profile) -> Story:
        """What it says, and which rules it fulfils."""
        return _written(self.name, profile.rules, profile.hits)


_written = lru_cache(100_000)(write)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed on a host of its own.

    Attributes:
        port: of its server.
        first: when its first article came out; it is still listed when all begins.
        rhythm: time between two articles.
        listed: how long it lists one.
        copies: the feed whose every fifth article it prints instead of its own.
    """

    number: int
    port: int
    first: datetime
    rhythm: timedelta
    listed: timedelta
    fault: Fault | None = None
    copies: "Feed | None" = None

    @property
    def host(self) -> str:
        """A loopback address; each feed has its own."""
        number = self.number + 256
        return f"127.{1 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"

    @property
    def teases(self) -> bool:
        """Whether it lists only how articles begin; what they say is on their pages."""
        return self.number % 12 == 5

    def moods(self, until: datetime) -> Iterator[Span]:
        """When its server misbehaves."""
        if self.fault is None:
            return
        start = BEGAN + 5 * HOUR + (self.number % 7) * HOUR
        while start < until:
            yield Span(start, min(start + _MOOD, until))
            start += _CYCLE

    def fault_at(self, now: datetime, until: datetime) -> Fault | None:
        """What is wrong now."""
        since = (now - BEGAN - 5 * HOUR - (self.number % 7) * HOUR) % _CYCLE
        early = now < BEGAN + 5 * HOUR + (self.number % 7) * HOUR
        return None if early or now >= until or since >= _MOOD else self.fault

    def at(self, path: str) -> Article:
        """The article that has its page there."""
        published = datetime.strptime(path, "/%Y/%m/%d/%H%M%S").replace(tzinfo=UTC)
        return self.article(round((published - self.first) / self.rhythm))

    def published(self, since: datetime, until: datetime) -> list[Article]:
        """What came out in that time, the end included."""
        start = max(-(-(since - self.first) // self.rhythm), 0)
        count = (until - self.first) // self.rhythm
        return [self.article(n) for n in range(start, count + 1)]

    def article(self, number: int) -> Article:
        """One of its articles."""
        published = self.first + number * self.rhythm
        name = f"{self.number}-{number}"
        if self.copies is not None and number % 5 == 4:
            other = self.copies
            number = max((published - _COPIED - other.first) // other.rhythm, 0)
            name = f"{other.number}-{number}"
        link = f"http://{self.host}:{self.port}/{published:%Y/%m/%d/%H%M%S}"
        return Article(link=link, name=name, published=published, gone=published + self.listed)


@dataclass(slots=True)
class World:
    """Feeds, and virtual time.

    Attributes:
        port: of its servers.
        now: the true time.
        answers: given so far.
    """

    profile: Profile
    port: int = 80
    now: datetime = BEGAN
    answers: int = 0
    feeds: dict[str, Feed] = field(init=False)

    def __post_init__(self) -> None:
        """Founds the papers."""
        random = Random(self.profile.seed)  # noqa: S311  # repeatable, not secret
        self.feeds = {}
        last: Feed | None = None
        for number in range(self.profile.feeds):
            feed = _found(number, self.port, random, last)
            self.feeds[feed.host] = feed
            last = feed

    def listed(self, feed: Feed) -> list[Article]:
        """What a feed lists now."""
        until = min(self.now, self.profile.ends)
        since = self.now - feed.listed
        found = feed.published(since, until)
        return [article for article in found if article.gone > self.now]

    def fault(self, feed: Feed) -> Fault | None:
        """What is wrong with its server now."""
        return feed.fault_at(self.now, self.profile.ends)

    def published(self) -> Iterator[tuple[Feed, Article]]:
        """All that ever came out."""
        for feed in self.feeds.values():
            for article in feed.published(feed.first, self.profile.ends):
                yield feed, article


def _found(number: int, port: int, random: Random, last: Feed | None) -> Feed:
    """Every third has a fault, every tenth lists articles only for a short time."""
    rhythm = timedelta(minutes=random.randrange(240, 600))
    brief = number % 10 == 3
    listed = 6 * HOUR if brief else timedelta(hours=random.randrange(48, 96))
    return Feed(
        number=number,
        port=port,
        first=BEGAN - listed * 0.9 * random.random(),
        rhythm=4 * HOUR if brief else rhythm,
        listed=listed,
        fault=_fault(number // 3) if number % 3 == 1 else None,
        copies=last if number % 5 == 4 else None,
    )


def _fault(number: int) -> Fault:
    """All kinds in turn; a few slow ones are enough, for each of them costs true time."""
    fault = list(Fault)[number % len(Fault)]
    return Fault.DEAD if fault is Fault.SLOW and number > _SLOW_ONES * len(Fault) else fault
