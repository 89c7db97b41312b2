"""How polls ended: what the row of a feed keeps of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from monitor.alerts.health import Rhythm
from monitor.model.feed import NO_SKIPS, Move, Skips, Validators, host_of
from monitor.store.feed_claims import FeedClaim
from monitor.store.feeds import update_feed, update_feeds
from monitor.store.tables import FEED, LEASED


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a feed's row keeps of a document that was read to its end.

    Attributes:
        fetch_url: where a permanent redirect led, if one did.
        recent: dates of the newest entries, known ones included.
        seconds: that the feed takes to answer, smoothed.
        whole: every entry was read, not only those that the last document did not list.
        item_hashes: of all its items.
        rhythm: when the silence of the feed begins to mean something; None: as it was.
    """

    title: str
    validators: Validators
    fetch_url: str | None
    move: Move | None = None
    recent: Sequence[datetime] = ()
    ttl: timedelta | None = None
    skips: Skips = NO_SKIPS
    whole: bool = True
    seconds: float | None = None
    item_hashes: bytes = b""
    rhythm: Rhythm | None = None


ParsedPoll: TypeAlias = tuple[FeedClaim, datetime, datetime, Document]
"""A poll that found a document: its feed as it was, the time, that of the next poll."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A poll that found the document we know.

    Attributes:
        fetch_url: where a permanent redirect led, if one did.
        received: the document itself came, not only the news that it is unchanged.
        seconds: that the feed takes to answer, smoothed.
    """

    claim: FeedClaim
    now: datetime
    next_poll: datetime
    validators: Validators
    fetch_url: str | None
    move: Move | None = None
    received: bool = False
    seconds: float | None = None

    @property
    def same_as_claimed(self) -> bool:
        """Whether all that is new is that it was polled."""
        claim = self.claim
        return (
            not self.received
            and self.validators == claim.validators
            and (self.fetch_url, self.move) == (claim.fetch_url, claim.move)
        )


def _wishes(document: Document) -> dict[str, Any] | None:
    """Only what there is: most feeds wish nothing."""
    skips, ttl = document.skips, document.ttl
    wishes = {
        "ttl": None if ttl is None else int(ttl.total_seconds()),
        "hours": sorted(skips.hours) or None,
        "days": sorted(skips.days) or None,
    }
    return {name: value for name, value in wishes.items() if value is not None} or None


def record_unchanged(connection: sa.Connection, polls: Iterable[Unchanged]) -> None:
    """Their documents are those we know."""
    same, other = list[dict[str, object]](), list[dict[str, object]]()
    for poll in polls:
        is_same = poll.same_as_claimed
        (same if is_same else other).append(_times(poll) | ({} if is_same else _other(poll)))
    # Most have nothing to say but the time; of the others a few more columns are written.
    for rows in filter(None, (same, other)):
        connection.execute(_UNCHANGED, rows)


_UNCHANGED = (
    sa.update(FEED)
    .where(FEED.c.id == sa.bindparam("feed"))
    .values(
        failures=sa.literal_column("0"),
        unreadable=sa.false(),
        **dict.fromkeys(
            ("last_error", "failing_since", "gone_since", "not_before", "lease_until"), sa.null()
        ),
    )
)


def _times(poll: Unchanged) -> dict[str, object]:
    return {
        "feed": poll.claim.id,
        "last_ok": poll.now,
        "polled_at": poll.now,
        "next_poll_at": poll.next_poll,
        "seconds": poll.seconds,
    }


def _other(poll: Unchanged) -> dict[str, object]:
    return {
        "body_at": poll.now if poll.received else poll.claim.body_at,
        **_address(poll.claim, poll.fetch_url),
        **_columns(poll.validators),
        **_moved(poll.move),
    }


def record_parsed(connection: sa.Connection, polls: Iterable[ParsedPoll]) -> None:
    """Documents were read to their end: the next fetches may be conditional on them.

    Args:
        connection: of a write.
        polls: those that found them.
    """
    rows = [_parsed(*poll) for poll in polls]
    with_rhythm = [row for row in rows if "silent_at" in row]
    without = [row for row in rows if "silent_at" not in row]
    for alike in filter(None, (with_rhythm, without)):
        update_feeds(connection, alike)


def _parsed(
    claim: FeedClaim, now: datetime, next_poll: datetime, document: Document
) -> dict[str, object]:
    return {
        "feed": claim.id,
        "title": document.title or None,
        **_address(claim, document.fetch_url),
        **_columns(document.validators),
        **_moved(document.move),
        "recent": [int(when.timestamp()) for when in document.recent],
        "wishes": _wishes(document),
        "first_polled_at": claim.first_polled_at or now,
        "parsed_at": now if document.whole else claim.parsed_at,
        "item_hashes": document.item_hashes,
        "body_at": now,
        "seconds": document.seconds,
        "last_ok": now,
        **_rhythm(document.rhythm),
        **_healthy(now, next_poll),
    }


def _rhythm(rhythm: Rhythm | None) -> dict[str, object]:
    if rhythm is None:
        return {}
    return {"longest_pause": rhythm.longest.total_seconds(), "silent_at": rhythm.silent_at}


def _address(claim: FeedClaim, fetch_url: str | None) -> dict[str, object]:
    host = host_of(fetch_url or claim.url)
    return {"fetch_url": fetch_url, "host": host}


def _columns(validators: Validators) -> dict[str, object]:
    return {
        "validators_url": validators.url,
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "body_hash": validators.body_hash,
    }


def _moved(move: Move | None) -> dict[str, object]:
    return {
        "moved_to": move.to if move else None,
        "moved_since": move.since if move else None,
        "moved_count": move.count if move else 0,
    }


def record_incomplete(
    connection: sa.Connection, claim: FeedClaim, now: datetime, next_poll: datetime, problem: str
) -> None:
    """The document was cut off: no validators, so that the next poll fetches it again."""
    update_feed(
        connection,
        claim.id,
        first_polled_at=claim.first_polled_at or now,
        failures=claim.failures + 1,
        failing_since=claim.failing_since or now,
        unreadable=False,
        last_error=problem,
        gone_since=None,
        **_polled(now, next_poll),
    )


def record_failure(
    connection: sa.Connection,
    claim: FeedClaim,
    now: datetime,
    next_poll: datetime,
    error: str,
    *,
    asked_to_wait: bool = False,
) -> None:
    """The document could not be had; ``asked_to_wait`` if the server named the time."""
    # What another address said of its document is not true of the one we return to.
    validators = claim.validators if claim.fetch_url is None else Validators()
    update_feed(
        connection,
        claim.id,
        failures=claim.failures + 1,
        failing_since=claim.failing_since or now,
        unreadable=False,
        last_error=error,
        # The address of the configuration redirects again if it still holds.
        **_address(claim, None),
        **_moved(claim.move if claim.fetch_url is None else None),
        **_columns(validators),
        **_polled(now, next_poll, next_poll if asked_to_wait else None),
    )


def remember(connection: sa.Connection, claim: FeedClaim, *, guid_doubt: int, hurry: int) -> None:
    """Keeps what a document taught of its feed."""
    if (guid_doubt, hurry) != (claim.guid_doubt, claim.hurry):
        update_feed(connection, claim.id, guid_doubt=guid_doubt, hurry=hurry)


def record_unreadable(connection: sa.Connection, claim: FeedClaim) -> None:
    """What came instead of the document that could not be had is no feed."""
    update_feed(connection, claim.id, unreadable=True)


def record_gone(
    connection: sa.Connection, claim: FeedClaim, now: datetime, *, for_good: bool
) -> None:
    """The server says that the document is gone; ``for_good``: it is not asked again."""
    update_feed(connection, claim.id, gone_since=claim.gone_since or now, gone=for_good)


def record_postponed(connection: sa.Connection, claim: FeedClaim, next_poll: datetime) -> None:
    """The host was not asked: nothing is known that was not known before."""
    update_feed(connection, claim.id, next_poll_at=next_poll, lease_until=None)


def postpone(connection: sa.Connection, ids: Collection[int], token: int, until: datetime) -> None:
    """Gives up polls that could not be made or stored here; they are due again later."""
    mine = sa.and_(LEASED, FEED.c.lease_token == token)
    connection.execute(
        sa.update(FEED)
        .where(FEED.c.id.in_(ids), mine)
        .values(lease_until=None, next_poll_at=until)
    )


def _healthy(now: datetime, next_poll: datetime) -> dict[str, object]:
    return {
        "failures": 0,
        "failing_since": None,
        "unreadable": False,
        "last_error": None,
        "gone_since": None,
        **_polled(now, next_poll),
    }


def _polled(
    now: datetime, next_poll: datetime, not_before: datetime | None = None
) -> dict[str, object]:
    return {
        "polled_at": now,
        "next_poll_at": next_poll,
        "not_before": not_before,
        "lease_until": None,
    }
