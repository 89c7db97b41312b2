"""Takes in a document: which articles its entries are, and whether the new ones are news."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from monitor.feeds import gaps, identity
from monitor.feeds.arrival import Continuity, Situation, arriving, continuity
from monitor.model.feed import FeedSpec, ParsedFeed
from monitor.model.identity import Identified, Known
from monitor.model.source import EventKind, FeedEvent
from monitor.store import feed_events, feed_polls
from monitor.store.arrivals import Arrivals, Stored
from monitor.store.engine import Connection
from monitor.store.feed_claims import FeedClaim
from monitor.store.known import look_up, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of a document.

    Attributes:
        hurry: how often the interval of the feed is halved from now on.
        event: what happened beside that, in words; None if all is as always.
    """

    stored: Stored
    hurry: int
    event: str | None = None


def receive(
    arrivals: Arrivals, claim: FeedClaim, spec: FeedSpec, parsed: ParsedFeed, now: datetime
) -> Received:
    """Stores the entries of a document of a feed that is being polled.

    Args:
        arrivals: of the write that ends the poll.
        claim: the feed as it was before.
        spec: what is wished of it.
        parsed: its document, with its older pages if they were read.
        now: when it was read.
    """
    connection = arrivals.connection
    identified, known = _identify(arrivals, claim, parsed)
    situation = _situation(claim, spec, parsed, now)
    found = arriving(identified, known, situation)
    stored = arrivals.store(claim.id, found, now)
    goes_on = continuity(identified, known, situation)
    # Of a document that was cut off nobody knows what it would have listed.
    hurry = (
        gaps.hurry_after(claim.hurry, goes_on, parsed.pages) if parsed.complete else claim.hurry
    )
    doubt = identity.doubt_after(claim.guid_doubt, identified.guids)
    feed_polls.remember(connection, claim, guid_doubt=doubt, hurry=hurry)
    happened = gaps.event_of(goes_on, len(parsed.items), parsed.pages, stored.flood)
    if happened is None or not parsed.complete:
        return Received(stored=stored, hurry=hurry)
    event = _event(connection, claim, parsed, known, happened, now)
    feed_events.add(connection, [event])
    return Received(stored=stored, hurry=hurry, event=event.text)


def leaves_gap(
    connection: Connection, claim: FeedClaim, spec: FeedSpec, parsed: ParsedFeed, now: datetime
) -> bool:
    """Whether a document, not stored yet, lists nothing of what its feed listed before."""
    identified, known = _identify(Arrivals(connection, parsed.items), claim, parsed)
    situation = _situation(claim, spec, parsed, now)
    return continuity(identified, known, situation) is Continuity.GAP


def _identify(
    arrivals: Arrivals, claim: FeedClaim, parsed: ParsedFeed
) -> tuple[Identified, Known]:
    items = parsed.items
    trusted = identity.are_trusted(claim.guid_doubt)
    known = look_up(
        arrivals.connection,
        claim.id,
        items,
        claim.parsed_at,
        keys=arrivals.known(items),
        goes_on=_goes_on(parsed),
        trusted=trusted,
        lists_none=claim.first_polled_at is None and claim.last_ok is None,
    )
    identified = identity.identify(
        items,
        known,
        trusted=trusted,
        text_of=partial(text_of, arrivals.connection),
        whole=not parsed.known,
    )
    return identified, known


def _goes_on(parsed: ParsedFeed) -> bool | None:
    if parsed.pages > 1:
        return False  # older pages are read where it does not
    return True if parsed.known else None


def _situation(claim: FeedClaim, spec: FeedSpec, parsed: ParsedFeed, now: datetime) -> Situation:
    return Situation(
        backlog=spec.backlog,
        now=now,
        first_polled_at=claim.first_polled_at,
        last_ok=claim.last_ok,
        known=parsed.known,
        pages=parsed.pages,
    )


def _event(
    connection: Connection,
    claim: FeedClaim,
    parsed: ParsedFeed,
    known: Known,
    happened: tuple[EventKind, str],
    now: datetime,
) -> FeedEvent:
    """What happened to a feed, and whether people are told."""
    kind, text = happened
    told = gaps.is_told(
        kind,
        len(parsed.items),
        feed_events.told_last(connection, claim.id, kind),
        now,
        hole=gaps.is_hole(
            [one.published for one in known.listed if one.published],
            [one.entry.published for one in parsed.items if one.entry.published],
        ),
    )
    return FeedEvent(feed=claim.id, kind=kind, at=now, text=text, told=told)
