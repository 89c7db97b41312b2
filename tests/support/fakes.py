"""The outside world as tests write it down: a clock, a web, a receiver of messages."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random
from types import TracebackType
from typing import Self

from typing_extensions import override

from monitor.feeds.fetch import Fetched
from monitor.feeds.pace import Pauses
from monitor.feeds.room import Room
from monitor.model.alert import Message, RuleFacts
from monitor.model.article import Article
from monitor.model.delivery import Claim
from monitor.model.feed import Entry, FeedSpec, Validators
from monitor.model.hit import PartialVerdict, RuleFailure, Verdict
from monitor.store import deliveries, feed_claims
from monitor.store.engine import Connection, Store
from tests.support.stored import NOW, REVISION, facts, match


def dice() -> Random:
    """The same numbers every time."""
    return Random(1)  # noqa: S311  # spreads retries


class Clock:
    """Stands still unless a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


# What a fetch gives; None: it never ends.
Page = Fetched | Exception | Callable[[Validators], Fetched] | None


class Web:
    """A fetcher that answers with what a test put under an address."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[FeedSpec, Validators]] = []
        self.caps: list[int | None] = []
        self.closed = False
        self.pauses = Pauses()
        self.room = Room()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closed = True

    async def fetch(
        self, feed: FeedSpec, validators: Validators, *, cap: int | None = None
    ) -> Fetched:
        self.caps.append(cap)
        self.requests.append((feed, validators))
        found = self.pages[feed.location]
        if found is None:
            await asyncio.Event().wait()
        if isinstance(found, Exception):
            raise found
        assert found is not None
        return found(validators) if callable(found) else found


def page(
    *entries: Entry, url: str = "https://news.example/feed", etag: str | None = None
) -> Fetched:
    """A document that holds these entries."""
    body = rss(*entries)
    return Fetched(body=body, url=url, validators=Validators(etag=etag, body_hash=str(hash(body))))


def unchanged(url: str = "https://news.example/feed") -> Fetched:
    return Fetched(body=None, url=url, validators=Validators())


def rss(*entries: Entry) -> bytes:
    items = "".join(_item(entry) for entry in entries)
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0">'
        f"<channel><title>The News</title>{items}</channel></rss>"
    ).encode()


def _item(entry: Entry) -> str:
    date = f"<pubDate>{format_datetime(entry.published)}</pubDate>" if entry.published else ""
    link = f"<link>{entry.url}</link>" if entry.url else ""
    guid = f'<guid isPermaLink="false">{entry.guid}</guid>' if entry.guid else ""
    text = f"<description>{entry.text}</description>"
    return f"<item><title>{entry.title}</title>{link}{guid}{date}{text}</item>"


class Words:
    """A matcher whose rules are words; a word may also be a defect."""

    revision = REVISION

    def __init__(self, *words: str, defects: Mapping[str, BaseException] | None = None) -> None:
        self.facts: Mapping[str, RuleFacts] = {word: facts(word) for word in words}
        self.defects = defects or {}
        self.seen: list[Article] = []

    def match_batch(self, articles: Sequence[Article]) -> list[Verdict]:
        return list(map(self.match, articles))

    def match_partly(self, articles: Sequence[Article]) -> list[PartialVerdict]:
        return list(map(self.match_without_text, articles))

    def match_without_text(self, article: Article) -> PartialVerdict:
        found = self.match(replace(article, text=""))
        hit = {each.rule for each in found.matches}
        return PartialVerdict(
            matches=found.matches,
            undecided=hit < set(self.facts),
            failures=found.failures,
        )

    def match(self, article: Article) -> Verdict:
        self.seen.append(article)
        for word, defect in self.defects.items():
            if word in article.title:
                raise defect
        texts = f"{article.title} {article.lead} {article.text}"
        return Verdict(
            matches=tuple(match(word) for word in self.facts if word in texts),
            failures=(RuleFailure(rule="bad", error="boom"),) if "bad" in texts else (),
        )


class Receiver:
    """A sender that remembers what arrived, and does before and after it what a test wants."""

    def __init__(self) -> None:
        self.arrived: dict[str, list[int]] = defaultdict(list)  # key -> attempts
        self.messages: list[Message] = []
        self.before: Callable[[Claim], None] = lambda _: None
        self.after: Callable[[Claim], None] = lambda _: None

    def send(self, claim: Claim, message: Message) -> str:
        self.before(claim)
        self.arrived[claim.key].append(claim.attempt)
        self.messages.append(message)
        self.after(claim)
        return "accepted"

    def rest(self, channel: str) -> None:
        """Nothing is kept open."""


class KilledError(BaseException):
    """The process ends here: no code of ours handles it."""


class MortalStore(Store):
    """A store whose process dies at a chosen write, just before or just after its commit.

    Attributes:
        lives: writes until the end; None: for ever.
        before_commit: on which side of that commit the end is.
    """

    lives: int | None = None
    before_commit = True

    @override
    @contextmanager
    def write(self, *, sharing: bool = False) -> Iterator[Connection]:
        if self.lives == 0:
            raise KilledError
        with super().write(sharing=sharing) as connection:
            yield connection
            self.lives = None if self.lives is None else self.lives - 1
            if self.lives == 0 and self.before_commit:
                raise KilledError
        if self.lives == 0:
            raise KilledError


def restart(store: Store) -> None:
    """What a daemon does first: the process before it is dead, and what it held is free."""
    with store.write() as connection:
        feed_claims.release_leases(connection)
        deliveries.release_leases(connection)


class AcknowledgedFeed:
    """A feed that shows an item only until a client names a version that had it."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._versions: dict[str, set[str]] = {}
        self._fetches = 0

    def add(self, *entries: Entry) -> None:
        self.entries |= {entry.url: entry for entry in entries}

    def __call__(self, validators: Validators) -> Fetched:
        for url in self._versions.pop(validators.etag or "", ()):
            self.entries.pop(url, None)
        self._fetches += 1
        etag = f'"{self._fetches}"'
        self._versions[etag] = set(self.entries)
        return page(*self.entries.values(), etag=etag)
