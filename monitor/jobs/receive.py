"""Takes in a document: which articles its entries are, and whether the new ones are news."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from monitor.feeds import identity
from monitor.feeds.arrival import Situation, arriving
from monitor.model.feed import Entry, FeedSpec, ParsedFeed
from monitor.store import arrivals, feeds
from monitor.store.arrivals import Stored
from monitor.store.engine import Connection
from monitor.store.feeds import FeedClaim
from monitor.store.known import look_up, storable_entry, text_of


def receive(
    connection: Connection, claim: FeedClaim, spec: FeedSpec, parsed: ParsedFeed, now: datetime
) -> Stored:
    """Stores the entries of a document of a feed that is being polled.

    Args:
        connection: of the write that ends the poll.
        claim: the feed as it was before.
        spec: what is wished of it.
        parsed: its document.
        now: when it was read.
    """
    items = [identity.item_of(entry, spec.url) for entry in _entries(spec, parsed)]
    known = look_up(connection, claim.id, items, claim.parsed_at)
    identified = identity.identify(
        items,
        known,
        trusted=identity.are_trusted(claim.guid_doubt),
        text_of=partial(text_of, connection),
    )
    doubt = identity.doubt_after(claim.guid_doubt, identified.guids)
    if doubt != claim.guid_doubt:
        feeds.save_guid_doubt(connection, claim.id, doubt)
    situation = Situation(
        backlog=spec.backlog,
        now=now,
        first_polled_at=claim.first_polled_at,
        last_ok=claim.last_ok,
    )
    found = arriving(identified, known, situation)
    return arrivals.store_entries(connection, claim.id, found, now)


def _entries(spec: FeedSpec, parsed: ParsedFeed) -> Iterator[Entry]:
    for entry in parsed.entries:
        yield storable_entry(replace(entry, language=entry.language or spec.language))
