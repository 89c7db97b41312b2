"""The end of a poll: what its document or its failure changes in the store, in one transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.alerts.health import Rhythm, rhythm, smoothed
from monitor.errors import FetchError, HostPaused, MonitorError, ParseError
from monitor.feeds import schedule
from monitor.feeds.fetch import Fetched
from monitor.feeds.redirect import is_believed, is_same_site, next_move
from monitor.feeds.schedule import Moment, Wishes
from monitor.jobs.receive import receive
from monitor.model.feed import FeedSpec, Move, ParsedFeed, Pause
from monitor.store import feed_claims, feed_polls, hosts
from monitor.store.arrivals import Arrivals, Stored
from monitor.store.engine import Connection
from monitor.store.feed_claims import FeedClaim
from monitor.store.feed_polls import Document, ParsedPoll, Unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """How a poll went.

    *Postponed*: its host wants to be left alone and was not asked. *Outdated*: it lost its lease,
    somebody else polls the feed; nothing of it was stored.

    Attributes:
        feed: as configured.
        first: no poll of this feed had seen a whole document before.
        stored: what became of its entries.
        event: what happened to the feed beside that, in words.
        problem: what was wrong with the document, or why there is none.
        error: what was raised, if there is no document.
        next_poll: when the feed is due again; None if that could not be stored.
    """

    feed: FeedSpec
    outcome: Literal["stored", "incomplete", "unchanged", "failed", "postponed", "outdated"]
    first: bool
    stored: Stored = field(default_factory=Stored)
    event: str | None = None
    problem: str | None = None
    error: Exception | None = None
    next_poll: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A poll that has ended, as storing sees it.

    Attributes:
        began: when it was claimed.
        now: when it ended.
        jitter: a random number from -1 to 1 that spreads the next poll.
    """

    claim: FeedClaim
    spec: FeedSpec
    began: datetime
    now: datetime
    jitter: float

    @property
    def first(self) -> bool:
        """Whether no poll of this feed had seen a whole document before."""
        return self.claim.last_ok is None

    @property
    def moment(self) -> Moment:
        """When it was, for planning the next."""
        return Moment(
            due=self.claim.due,
            began=self.began,
            now=self.now,
            first=self.claim.first_polled_at is None,
            jitter=self.jitter,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a poll ended, to be stored: it was fetched, and perhaps parsed, or there is an error.

    Attributes:
        parsed: None if the document is the one we know.
        pause: the host is left alone from now on.
        size: characters of its texts, that are in memory until they are stored.
    """

    poll: Poll
    fetched: Fetched | None = None
    parsed: ParsedFeed | None = None
    error: MonitorError | None = None
    pause: Pause | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        """Counts once what is asked twice."""
        entries = (item.entry for item in self.parsed.items) if self.parsed else ()
        size = sum(len(entry.text) + len(entry.lead) for entry in entries)
        object.__setattr__(self, "size", size)

    @property
    def is_quiet(self) -> bool:
        """Whether nobody waits for it: it may be stored a little later."""
        return self.error is None and self.parsed is None


def store(connection: Connection, ends: Sequence[End]) -> list[PollReport]:
    """Stores how polls ended; their reports come in any order."""
    quiet, reports = list[tuple[Poll, Fetched]](), list[PollReport]()
    documents = list[tuple[Poll, Fetched, ParsedFeed]]()
    held = feed_claims.still_held(connection, [end.poll.claim for end in ends])
    for end in ends:
        if end.pause is not None:
            hosts.pause(connection, end.pause)
        if end.poll.claim.id not in held:
            reports.append(_outdated(end.poll))
        elif end.error is not None:
            reports.append(_store_failure(connection, end.poll, end.error))
        elif end.fetched is not None and end.parsed is not None:
            documents.append((end.poll, end.fetched, end.parsed))
        elif end.fetched is not None:
            quiet.append((end.poll, end.fetched))
    reports += _store_documents(connection, documents)
    return reports + _store_unchanged(connection, quiet)


def _outdated(poll: Poll) -> PollReport:
    return PollReport(feed=poll.spec, outcome="outdated", first=poll.first)


def target(claim: FeedClaim, spec: FeedSpec) -> FeedSpec:
    """The feed with the address to fetch: the one a permanent redirect led to, if it did."""
    return spec if claim.fetch_url is None else replace(spec, location=claim.fetch_url)


def _store_unchanged(
    connection: Connection, polls: Sequence[tuple[Poll, Fetched]]
) -> list[PollReport]:
    """Notes that the documents are those we know."""
    ends = [_unchanged(poll, fetched) for poll, fetched in polls]
    feed_polls.record_unchanged(connection, ends)
    return [
        PollReport(feed=poll.spec, outcome="unchanged", first=poll.first, next_poll=end.next_poll)
        for (poll, _), end in zip(polls, ends, strict=True)
    ]


def _unchanged(poll: Poll, fetched: Fetched) -> Unchanged:
    claim = poll.claim
    wishes = Wishes(fresh_for=fetched.fresh_for, ttl=claim.ttl, skips=claim.skips)
    fetch_url, move = _moved(poll, fetched)
    recent = () if poll.spec.every else claim.recent  # made only where it counts
    return Unchanged(
        claim=claim,
        now=poll.now,
        next_poll=schedule.after_success(
            poll.spec, poll.moment, published=recent, wishes=wishes, hurry=claim.hurry
        ),
        validators=fetched.validators,
        fetch_url=fetch_url,
        move=move,
        received=fetched.received,
        seconds=smoothed(claim.seconds, fetched.took),
    )


def _store_documents(
    connection: Connection, documents: Sequence[tuple[Poll, Fetched, ParsedFeed]]
) -> list[PollReport]:
    """Stores the entries, and with them what makes the next fetches conditional."""
    if not documents:
        return []
    items = (item for _, _, parsed in documents for item in parsed.items)
    arrivals = Arrivals(connection, items)
    stored = [_store_parsed(arrivals, *document) for document in documents]
    arrivals.insert()
    feed_polls.record_parsed(connection, [row for _, row in stored if row is not None])
    return [report for report, _ in stored]


def _store_parsed(
    arrivals: Arrivals, poll: Poll, fetched: Fetched, parsed: ParsedFeed
) -> tuple[PollReport, ParsedPoll | None]:
    """How it went, and what the row of the feed is to keep if the document was whole."""
    claim, now, row = poll.claim, poll.now, None
    recent = newest(claim.recent, parsed)
    wishes = Wishes(fresh_for=fetched.fresh_for, ttl=parsed.ttl, skips=parsed.skips)
    received = receive(arrivals, claim, poll.spec, parsed, now)
    next_poll = schedule.after_success(
        poll.spec, poll.moment, published=recent, wishes=wishes, hurry=received.hurry
    )
    if parsed.complete:
        fetch_url, move = _moved(poll, fetched)
        document = Document(
            title=parsed.title,
            validators=fetched.validators,
            fetch_url=fetch_url,
            move=move,
            recent=recent,
            ttl=parsed.ttl,
            skips=parsed.skips,
            seconds=smoothed(claim.seconds, fetched.took),
            whole=not parsed.known,
            item_hashes=parsed.item_hashes,
            rhythm=_rhythm(claim, recent, now) if received.stored.new else None,
        )
        row = (claim, now, next_poll, document)
    else:
        problem = parsed.problem or "the document was cut off"
        feed_polls.record_incomplete(arrivals.connection, claim, now, next_poll, problem)
    report = PollReport(
        feed=poll.spec,
        outcome="stored" if parsed.complete else "incomplete",
        first=poll.first,
        stored=received.stored,
        event=received.event,
        problem=parsed.problem,
        next_poll=next_poll,
    )
    return report, row


def _rhythm(claim: FeedClaim, recent: Sequence[datetime], now: datetime) -> Rhythm:
    return rhythm(
        recent,
        claim.longest_pause,
        faded_for=now - (claim.parsed_at or now),
        known_since=claim.first_polled_at or now,
        now=now,
    )


def _store_failure(connection: Connection, poll: Poll, error: MonitorError) -> PollReport:
    """Notes why there is no document, and when to try again."""
    if isinstance(error, HostPaused):
        return _store_postponed(connection, poll, error)
    next_poll = schedule.after_failure(
        error, poll.spec, poll.moment, failures=poll.claim.failures + 1
    )
    gone = isinstance(error, FetchError) and error.gone
    asked = isinstance(error, FetchError) and (error.gone or error.retry_after is not None)
    feed_polls.record_failure(
        connection,
        poll.claim,
        poll.now,
        next_poll,
        str(error),
        asked_to_wait=asked,
    )
    if isinstance(error, ParseError):
        feed_polls.record_unreadable(connection, poll.claim)
    if gone:
        for_good = schedule.is_gone(poll.claim.gone_since, poll.now)
        feed_polls.record_gone(connection, poll.claim, poll.now, for_good=for_good)
    return PollReport(
        feed=poll.spec,
        outcome="failed",
        first=poll.first,
        problem=str(error),
        error=error,
        next_poll=next_poll,
    )


def _store_postponed(connection: Connection, poll: Poll, error: HostPaused) -> PollReport:
    next_poll = poll.now + timedelta(seconds=error.retry_after or 0)
    feed_polls.record_postponed(connection, poll.claim, next_poll)
    return PollReport(feed=poll.spec, outcome="postponed", first=poll.first, next_poll=next_poll)


def newest(known: Sequence[datetime], parsed: ParsedFeed) -> tuple[datetime, ...]:
    """Dates of the newest entries, known and received, newest first; the rhythm of the feed.

    What is both counts once, so that the same document again does not quicken it.
    """
    dates = (item.entry.published for item in parsed.items)
    received = (date.replace(microsecond=0) for date in dates if date)  # as they are kept
    both = Counter(known) | Counter(received)
    return tuple(sorted(both.elements(), reverse=True)[: schedule.RHYTHM_ENTRIES])


def _moved(poll: Poll, fetched: Fetched) -> tuple[str | None, Move | None]:
    """Where to fetch from now on, and what is known of a move that is not believed yet."""
    claim, spec = poll.claim, poll.spec
    move = next_move(claim.move, fetched.moved_to, poll.now)
    if move is None:
        return claim.fetch_url, None
    secret = spec.auth is not None or bool(spec.headers)
    if secret and not is_same_site(spec.location, move.to):
        return None, None  # a feed's password never moves to another site
    if not is_believed(claim.fetch_url or spec.location, move, poll.now):
        return claim.fetch_url, move
    return move.to, None
