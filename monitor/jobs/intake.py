"""The end of a poll: what its document or its failure changes in the store, in one transaction."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from monitor.errors import FetchError, MonitorError
from monitor.feeds import schedule
from monitor.feeds.fetch import Fetched
from monitor.feeds.identity import entry_key
from monitor.feeds.redirect import is_same_site
from monitor.model.article import Arrival
from monitor.model.feed import Entry, FeedSpec, ParsedFeed, Quiet
from monitor.store import arrivals, feeds
from monitor.store.arrivals import Received, Stored
from monitor.store.engine import Store
from monitor.store.feeds import Document, FeedClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """How a poll went.

    Attributes:
        feed: as configured.
        first: no poll of this feed had seen a whole document before.
        stored: what became of its entries.
        problem: what was wrong with the document, or why there is none.
        error: what was raised, if there is no document.
        next_poll: when the feed is due again; None if that could not be stored.
    """

    feed: FeedSpec
    outcome: Literal["stored", "incomplete", "unchanged", "failed"]
    first: bool
    stored: Stored = field(default_factory=Stored)
    problem: str | None = None
    error: Exception | None = None
    next_poll: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A poll that has ended, as storing sees it.

    Attributes:
        jitter: a random number from -1 to 1 that spreads the next poll.
    """

    claim: FeedClaim
    spec: FeedSpec
    now: datetime
    jitter: float

    @property
    def first(self) -> bool:
        """Whether no poll of this feed had seen a whole document before."""
        return self.claim.last_ok is None


def target(claim: FeedClaim, spec: FeedSpec) -> FeedSpec:
    """The feed with the address to fetch: the one a permanent redirect led to, if it did."""
    return spec if claim.fetch_url is None else replace(spec, location=claim.fetch_url)


def store_unchanged(store: Store, poll: Poll, fetched: Fetched) -> PollReport:
    """Notes that the document is the one we know.

    Raises:
        StoreError: it could not be stored.
    """
    next_poll = schedule.after_success(
        poll.spec,
        published=_known_times(store, poll),
        fresh_for=fetched.fresh_for,
        ttl=None,
        now=poll.now,
        jitter=poll.jitter,
    )
    with store.write() as connection:
        feeds.record_unchanged(connection, poll.claim.id, poll.now, next_poll)
    return PollReport(feed=poll.spec, outcome="unchanged", first=poll.first, next_poll=next_poll)


def store_parsed(store: Store, poll: Poll, fetched: Fetched, parsed: ParsedFeed) -> PollReport:
    """Stores the entries, and with them what makes the next fetch conditional.

    Raises:
        StoreError: it could not be stored.
    """
    claim, now = poll.claim, poll.now
    next_poll = schedule.after_success(
        poll.spec,
        published=_times(_known_times(store, poll), parsed),
        fresh_for=fetched.fresh_for,
        ttl=parsed.ttl,
        now=now,
        jitter=poll.jitter,
    )
    with store.write() as connection:
        stored = arrivals.store_entries(connection, claim.id, _received(poll, parsed), now)
        if parsed.complete:
            document = Document(
                title=parsed.title,
                validators=fetched.validators,
                fetch_url=_fetch_url(claim, poll.spec, fetched),
            )
            feeds.record_parsed(connection, claim, now, next_poll, document)
        else:
            problem = parsed.problem or "the document was cut off"
            feeds.record_incomplete(connection, claim, now, next_poll, problem)
    return PollReport(
        feed=poll.spec,
        outcome="stored" if parsed.complete else "incomplete",
        first=poll.first,
        stored=stored,
        problem=parsed.problem,
        next_poll=next_poll,
    )


def store_failure(store: Store, poll: Poll, error: MonitorError) -> PollReport:
    """Notes why there is no document, and when to try again.

    Raises:
        StoreError: it could not be stored.
    """
    next_poll = schedule.after_failure(
        error,
        poll.spec,
        failures=poll.claim.failures + 1,
        now=poll.now,
        jitter=poll.jitter,
    )
    asked = isinstance(error, FetchError) and (error.gone or error.retry_after is not None)
    with store.write() as connection:
        feeds.record_failure(connection, poll.claim, next_poll, str(error), asked_to_wait=asked)
    return PollReport(
        feed=poll.spec,
        outcome="failed",
        first=poll.first,
        problem=str(error),
        error=error,
        next_poll=next_poll,
    )


def _known_times(store: Store, poll: Poll) -> Sequence[datetime]:
    """When articles of the feed were published; read before the write, for it takes long."""
    if poll.spec.every is not None:  # then nobody asks for the rhythm
        return ()
    with store.read() as connection:
        return feeds.published_times(connection, poll.claim.id)


def _times(known: Sequence[datetime], parsed: ParsedFeed) -> list[datetime]:
    """Dates of articles known and received; what is both counts once."""
    received = (entry.published for entry in parsed.entries if entry.published is not None)
    return list((Counter(known) | Counter(received)).elements())


def _received(poll: Poll, parsed: ParsedFeed) -> Iterator[Received]:
    for entry in parsed.entries:
        key = entry_key(entry)
        yield Received(
            # Without a link an entry is known in its own feed only.
            key=key if entry.url and entry.own_url else f"{poll.spec.url} {key}",
            entry=replace(entry, language=entry.language or poll.spec.language),
            arrival=_arrival(poll, entry),
        )


def _arrival(poll: Poll, entry: Entry) -> Arrival:
    """Whether an entry that is new to us is news: a first poll finds mostly what is not."""
    backlog = poll.spec.backlog
    if not _is_old(poll.claim, entry) or backlog is Quiet.ALERT:
        return Arrival.LIVE
    if backlog is Quiet.QUIET or entry.published is None:
        return Arrival.BACKLOG
    return Arrival.LIVE if entry.published >= poll.now - backlog else Arrival.BACKLOG


def _is_old(claim: FeedClaim, entry: Entry) -> bool:
    if claim.last_ok is not None:
        return False
    if claim.first_polled_at is None:
        return True
    # So far every document was cut off: what is dated before the first is what was missing.
    return entry.published is not None and entry.published < claim.first_polled_at


def _fetch_url(claim: FeedClaim, spec: FeedSpec, fetched: Fetched) -> str | None:
    """Where to fetch from now on; a feed's password never moves to another site."""
    moved = fetched.moved_to
    if moved is None:
        return claim.fetch_url
    secret = spec.auth is not None or bool(spec.headers)
    return None if secret and not is_same_site(spec.location, moved) else moved
