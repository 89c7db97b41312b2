"""Feeds: when each is polled next, and how its last polls went."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.model.feed import NO_SKIPS, FeedSpec, Move, Skips, Validators, host_of
from monitor.store.tables import FEED, HOST_PAUSE
from monitor.store.types import AnyRow, insert_new

_NO_LIMIT = 2**31 - 1
_CLAIMED = (
    *(
        FEED.c[name]
        for name in (
            "id", "url", "fetch_url", "validators_url", "etag", "last_modified", "body_hash",
            "failures", "next_poll_at", "body_at", "wishes", "moved_to", "moved_since",
            "moved_count", "gone_since", "first_polled_at", "parsed_at", "last_ok", "item_hashes",
            "guid_doubt", "hurry", "failing_since", "seconds", "longest_pause",
        )
    ),
    sa.cast(FEED.c.recent, sa.Text).label("recent"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedClaim:
    """A feed that is being polled; its lease is on disk.

    Attributes:
        fetch_url: where a permanent redirect led, if one did.
        failures: polls that failed since the last that didn't.
        due: when the poll should have begun.
        body_at: when the document itself was last received.
        recent_json: dates of its newest entries as they are stored.
        ttl: how long its last document asked to be left alone.
        skips: hours and days it wants to be skipped.
        move: permanent redirects that are not believed yet.
        gone_since: the first 410, if the last answers were such.
        first_polled_at: the first poll that gave entries, perhaps cut off.
        parsed_at: when the last whole document was read.
        last_ok: the last poll that saw the whole document, or that it is unchanged.
        guid_doubt: how much its GUIDs are doubted.
        failing_since: the first of the failures.
        seconds: that it takes to answer, smoothed.
        longest_pause: between two of its entries, as far as known.
        hurry: how often its interval is halved, since it lists less than comes between polls.
        item_hashes: of the items of its last document; empty if the next one is to be read whole.
    """

    id: int
    url: str
    fetch_url: str | None
    validators: Validators
    failures: int
    due: datetime
    body_at: datetime | None
    recent_json: str | None
    ttl: timedelta | None
    skips: Skips
    move: Move | None
    gone_since: datetime | None
    first_polled_at: datetime | None
    parsed_at: datetime | None
    last_ok: datetime | None
    guid_doubt: int = 0
    hurry: int = 0
    failing_since: datetime | None = None
    seconds: float | None = None
    longest_pause: timedelta = timedelta()
    item_hashes: bytes = b""

    @property
    def recent(self) -> tuple[datetime, ...]:
        """Dates of its newest entries; made when asked for, which is not at every poll."""
        known = json.loads(self.recent_json) if self.recent_json else ()
        return tuple(datetime.fromtimestamp(seconds, UTC) for seconds in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a feed's row keeps of a document that was read to its end.

    Attributes:
        fetch_url: where a permanent redirect led, if one did.
        recent: dates of the newest entries, known ones included.
        seconds: that the feed takes to answer, smoothed.
        whole: every entry was read, not only those that the last document did not list.
        item_hashes: of all its items.
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


def sync(connection: sa.Connection, specs: Iterable[FeedSpec], now: datetime) -> None:
    """Makes the feeds of the database those of the configuration.

    New ones are due at once; those no longer wished are retired, and return if they are again.
    """
    wished = {spec.url: spec for spec in specs if spec.enabled}
    columns = ("id", "url", "name", "tags", "host", "fetch_url", "retired")
    rows = connection.execute(sa.select(*(FEED.c[name] for name in columns))).all()
    for row in rows:
        if row.url in wished:
            _refresh(connection, row, wished[row.url])
        elif not row.retired:
            _update(connection, row.id, retired=True, lease_until=None)
    known = {row.url for row in rows}
    fresh = [
        {
            "url": spec.url,
            "host": host_of(spec.location),
            "name": spec.name,
            "tags": list(spec.tags),
            "next_poll_at": now,
        }
        for spec in wished.values()
        if spec.url not in known
    ]
    if fresh:
        connection.execute(insert_new(FEED), fresh)


def _refresh(connection: sa.Connection, row: AnyRow, spec: FeedSpec) -> None:
    host = host_of(row.fetch_url or spec.location)
    old = (row.name, row.tags, row.host, row.retired)
    if old != (spec.name, list(spec.tags), host, False):
        back = {"gone": False, "gone_since": None} if row.retired else {}
        values = {"name": spec.name, "tags": list(spec.tags), "host": host, "retired": False}
        _update(connection, row.id, **values, **back)


def release_leases(connection: sa.Connection) -> None:
    """Voids the leases of a process that is dead (the lock of the daemon proves it)."""
    held = FEED.c.lease_until.is_not(None)
    connection.execute(sa.update(FEED).where(held).values(lease_until=None))


def is_due(connection: sa.Connection, now: datetime, *, everything: bool = False) -> bool:
    """Whether ``claim_due`` would claim a feed, asked without the writer's lock."""
    return connection.scalar(_asks(everything), {"now": now}) or False


def claim_due(
    connection: sa.Connection,
    now: datetime,
    lease_until: datetime,
    limit: int | None,
    *,
    everything: bool = False,
    url: str | None = None,
) -> list[FeedClaim]:
    """Takes the lease of feeds that are due, those that wait longest first.

    Args:
        connection: of a write.
        now: the time.
        lease_until: when others may take them again.
        limit: how many at most; None for all.
        everything: also those that are not due, unless their server asked us to wait.
        url: of the only feed that is meant.
    """
    rows = connection.execute(
        _claims(everything, url is not None),
        {
            "now": now,
            "until": lease_until,
            "most": _NO_LIMIT if limit is None else limit,
            **({} if url is None else {"only": url}),
        },
    )
    claimed = [(row.next_poll_at, row.id, _claim(row)) for row in rows]
    return [claim for _, _, claim in sorted(claimed, key=lambda item: item[:2])]


# Made once: every second asks them, and making them takes longer than their answer.
@cache
def _asks(everything: bool) -> sa.Select[bool]:  # noqa: FBT001 - a key of the cache
    return sa.select(sa.exists().where(*_due(everything)))


@cache
def _claims(everything: bool, one: bool) -> sa.UpdateBase:  # noqa: FBT001 - a key of the cache
    chosen = (
        sa.select(FEED.c.id)
        .where(*_due(everything), FEED.c.url == sa.bindparam("only") if one else sa.true())
        .order_by(FEED.c.next_poll_at, FEED.c.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    return (
        sa.update(FEED)
        .where(FEED.c.id.in_(sa.select(chosen.c.id)))
        .values(lease_until=sa.bindparam("until"))
        .returning(*_CLAIMED)
    )


def _due(everything: bool) -> tuple[sa.ColumnElement[bool], ...]:  # noqa: FBT001
    now = sa.bindparam("now", type_=FEED.c.next_poll_at.type)
    polite = sa.or_(FEED.c.not_before.is_(None), FEED.c.not_before <= now)
    paused = sa.select(HOST_PAUSE.c.host).where(HOST_PAUSE.c.until > now)
    return (
        FEED.c.retired.is_(sa.false()),
        FEED.c.gone.is_(sa.false()),
        polite,
        FEED.c.host.not_in(paused),
        sa.true() if everything else FEED.c.next_poll_at <= now,
        sa.or_(FEED.c.lease_until.is_(None), FEED.c.lease_until <= now),
    )


def _claim(row: AnyRow) -> FeedClaim:
    wishes = row.wishes or {}
    return FeedClaim(
        id=row.id,
        url=row.url,
        fetch_url=row.fetch_url,
        validators=Validators(
            url=row.validators_url,
            etag=row.etag,
            last_modified=row.last_modified,
            body_hash=row.body_hash,
        ),
        failures=row.failures,
        due=row.next_poll_at,
        body_at=row.body_at,
        recent_json=row.recent,
        ttl=timedelta(seconds=wishes["ttl"]) if "ttl" in wishes else None,
        skips=_skips(wishes) if wishes else NO_SKIPS,
        move=_move(row),
        gone_since=row.gone_since,
        first_polled_at=row.first_polled_at,
        parsed_at=row.parsed_at,
        last_ok=row.last_ok,
        guid_doubt=row.guid_doubt,
        hurry=row.hurry,
        failing_since=row.failing_since,
        seconds=row.seconds,
        longest_pause=timedelta(seconds=row.longest_pause or 0),
        item_hashes=row.item_hashes or b"",
    )


def _move(row: AnyRow) -> Move | None:
    if row.moved_to is None:
        return None
    return Move(to=row.moved_to, since=row.moved_since, count=row.moved_count)


def _skips(wishes: dict[str, Any]) -> Skips:
    return Skips(frozenset(wishes.get("hours", ())), frozenset(wishes.get("days", ())))


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


def record_parsed(
    connection: sa.Connection,
    claim: FeedClaim,
    now: datetime,
    next_poll: datetime,
    document: Document,
) -> None:
    """The document was read to its end: the next fetch may be conditional on it."""
    _update(
        connection,
        claim.id,
        title=document.title or None,
        **_address(claim, document.fetch_url),
        **_columns(document.validators),
        **_moved(document.move),
        recent=[int(when.timestamp()) for when in document.recent],
        wishes=_wishes(document),
        first_polled_at=claim.first_polled_at or now,
        parsed_at=now if document.whole else claim.parsed_at,
        item_hashes=document.item_hashes,
        body_at=now,
        seconds=document.seconds,
        last_ok=now,
        **_healthy(now, next_poll),
    )


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
    _update(
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
    _update(
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
        _update(connection, claim.id, guid_doubt=guid_doubt, hurry=hurry)


def record_rhythm(
    connection: sa.Connection, feed: int, longest_pause: timedelta, silent_at: datetime | None
) -> None:
    """Keeps when the silence of a feed begins to mean something."""
    seconds = longest_pause.total_seconds()
    _update(connection, feed, longest_pause=seconds, silent_at=silent_at)


def record_unreadable(connection: sa.Connection, claim: FeedClaim) -> None:
    """What came instead of the document that could not be had is no feed."""
    _update(connection, claim.id, unreadable=True)


def record_gone(
    connection: sa.Connection, claim: FeedClaim, now: datetime, *, for_good: bool
) -> None:
    """The server says that the document is gone; ``for_good``: it is not asked again."""
    _update(connection, claim.id, gone_since=claim.gone_since or now, gone=for_good)


def record_postponed(connection: sa.Connection, claim: FeedClaim, next_poll: datetime) -> None:
    """The host was not asked: nothing is known that was not known before."""
    _update(connection, claim.id, next_poll_at=next_poll, lease_until=None)


def postpone(connection: sa.Connection, ids: Collection[int], until: datetime) -> None:
    """Gives up polls whose end could not be stored; they are due again later."""
    connection.execute(
        sa.update(FEED).where(FEED.c.id.in_(ids)).values(lease_until=None, next_poll_at=until)
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


_ONE_FEED = sa.update(FEED).where(FEED.c.id == sa.bindparam("feed"))
"""Made once; what is set are the other parameters, for making statements takes long."""


def _update(connection: sa.Connection, feed: int, **values: object) -> None:
    connection.execute(_ONE_FEED, {"feed": feed, **values})


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """When a feed is polled next, and when that was planned.

    Attributes:
        not_before: what its server asked for.
        gone: it is not polled at all.
    """

    next_poll: datetime
    not_before: datetime | None
    polled_at: datetime | None
    gone: bool


def next_polls(connection: sa.Connection) -> dict[str, Planned]:
    """When each feed of the configuration is due, by URL."""
    columns = (
        FEED.c.url, FEED.c.next_poll_at, FEED.c.not_before, FEED.c.polled_at, FEED.c.gone
    )  # fmt: skip
    rows = connection.execute(sa.select(*columns).where(FEED.c.retired.is_(sa.false())))
    return {
        row.url: Planned(
            next_poll=row.next_poll_at,
            not_before=row.not_before,
            polled_at=row.polled_at,
            gone=row.gone,
        )
        for row in rows
    }


def reschedule(connection: sa.Connection, url: str, next_poll: datetime) -> None:
    """Moves the next poll of a feed, also of one that is gone.

    A time that its server asked for is heeded all the same.
    """
    feed = FEED.c.url == url
    connection.execute(sa.update(FEED).where(feed).values(next_poll_at=next_poll, gone=False))


def replan(
    connection: sa.Connection, url: str, next_poll: datetime, not_before: datetime | None
) -> None:
    """Moves the next poll of a feed and what its server asked for: the clock was set back."""
    feed = FEED.c.url == url
    values = {"next_poll_at": next_poll, "not_before": not_before}
    connection.execute(sa.update(FEED).where(feed).values(**values))
