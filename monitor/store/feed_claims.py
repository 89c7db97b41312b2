"""Feeds that are due, and the leases of those that are being polled."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.model.feed import NO_SKIPS, Move, Skips, Validators
from monitor.store.tables import FEED, HOST_PAUSE, LEASED
from monitor.store.types import AnyRow, among, list_of

_NO_LIMIT = 2**31 - 1

_CLAIMED = (
    *(
        FEED.c[name]
        for name in (
            "id", "url", "fetch_url", "validators_url", "etag", "last_modified", "body_hash",
            "failures", "next_poll_at", "body_at", "wishes", "moved_to", "moved_since",
            "moved_count", "gone_since", "first_polled_at", "parsed_at", "last_ok", "item_hashes",
            "guid_doubt", "hurry", "failing_since", "seconds", "longest_pause", "lease_token",
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
        token: whose the lease is.
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
    token: int = 0

    @property
    def recent(self) -> tuple[datetime, ...]:
        """Dates of its newest entries; made when asked for, which is not at every poll."""
        known = json.loads(self.recent_json) if self.recent_json else ()
        return tuple(datetime.fromtimestamp(seconds, UTC) for seconds in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """A feed whose lease waits for the process that will poll it."""

    id: int
    host: str


def release_leases(connection: sa.Connection, token: int | None = None) -> None:
    """Voids the leases of a process that is dead; its lock proves it.

    Args:
        connection: of a write.
        token: of the process; None for the leases of all.
    """
    mine = sa.true() if token is None else FEED.c.lease_token == token
    connection.execute(sa.update(FEED).where(LEASED, mine).values(lease_until=None))


def is_due(connection: sa.Connection, now: datetime, *, everything: bool = False) -> bool:
    """Whether ``claim_due`` would claim a feed, asked without the writer's lock."""
    return connection.scalar(_asks(everything), {"now": now}) or False


def claim_due(  # noqa: PLR0913 - each narrows what is claimed
    connection: sa.Connection,
    now: datetime,
    lease_until: datetime,
    limit: int | None,
    *,
    token: int = 0,
    everything: bool = False,
    url: str | None = None,
) -> list[FeedClaim]:
    """Takes the lease of feeds that are due and polls them here, those that wait longest first.

    Args:
        connection: of a write.
        now: the time.
        lease_until: when others may take them again.
        limit: how many at most; None for all.
        token: whose the lease is.
        everything: also those that are not due, unless their server asked us to wait.
        url: of the only feed that is meant.
    """
    rows = connection.execute(
        _claims(everything, url is not None),
        {
            "now": now,
            "until": lease_until,
            "token": token,
            "most": _NO_LIMIT if limit is None else limit,
            **({} if url is None else {"only": url}),
        },
    )
    return _in_order(rows)


def reserve(
    connection: sa.Connection, now: datetime, lease_until: datetime, limit: int, *, token: int
) -> list[Reserved]:
    """Takes the lease of feeds that are due, for the process that will ``take`` it over.

    Hosts that are at work are left out: whoever polls them keeps their pace.

    Args:
        connection: of a write that is alone, else two may reserve feeds of one host.
        now: the time.
        lease_until: when others may take them again.
        limit: how many at most.
        token: whose the lease is until it is taken over.

    Returns:
        The feeds, those that wait longest first.
    """
    wishes = {"now": now, "until": lease_until, "token": token, "most": limit}
    rows = sorted(connection.execute(_RESERVED, wishes), key=lambda row: (row[0], row[1]))
    return [Reserved(id=row.id, host=row.host) for row in rows]


def renew(connection: sa.Connection, tokens: Collection[int], until: datetime) -> None:
    """Lets leases that wait to be taken over last longer; not those that just are."""
    connection.execute(_RENEWED, {"tokens": list_of(tokens), "until": until})


def take(
    connection: sa.Connection, ids: Collection[int], held: int, until: datetime, token: int
) -> list[FeedClaim]:
    """Takes over leases, to poll the feeds here; those that were lost meanwhile are left out.

    Args:
        connection: of a write.
        ids: of the feeds.
        held: the token that has the leases.
        until: when others may take them again.
        token: whose the leases are from now on.
    """
    values = {"ids": list_of(ids), "held": held, "until": until, "token": token}
    return _in_order(connection.execute(_TAKEN, values))


def still_held(connection: sa.Connection, claims: Sequence[FeedClaim]) -> set[int]:
    """The feeds, by id, whose lease nobody took; they stay so until the end of the write."""
    rows = connection.execute(_HOLDERS, {"ids": list_of(claim.id for claim in claims)})
    holders = {row.id: row.lease_token for row in rows}
    return {claim.id for claim in claims if holders.get(claim.id) == claim.token}


def _in_order(rows: Iterable[AnyRow]) -> list[FeedClaim]:
    claimed = [(row.next_poll_at, row.id, _claim(row)) for row in rows]
    return [claim for _, _, claim in sorted(claimed, key=lambda item: item[:2])]


# Made once: every second asks them, and making them takes longer than their answer.
@cache
def _asks(everything: bool) -> sa.Select[bool]:  # noqa: FBT001 - a key of the cache
    return sa.select(sa.exists().where(*_due(everything)))


@cache
def _claims(everything: bool, one: bool) -> sa.UpdateBase:  # noqa: FBT001 - a key of the cache
    only = FEED.c.url == sa.bindparam("only") if one else sa.true()
    return _leasing(*_due(everything), only).returning(*_CLAIMED)


def _leasing(*conditions: sa.ColumnElement[bool]) -> sa.Update:
    chosen = (
        sa.select(FEED.c.id)
        .where(*conditions)
        .order_by(FEED.c.next_poll_at, FEED.c.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .with_for_update(skip_locked=True)
        .cte("chosen")  # read once, however the update is planned
    )
    return (
        sa.update(FEED)
        .where(FEED.c.id.in_(sa.select(chosen.c.id)))
        .values(lease_until=sa.bindparam("until"), lease_token=sa.bindparam("token"))
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


def _host_is_idle() -> sa.ColumnElement[bool]:
    other = FEED.alias("other")
    now = sa.bindparam("now", type_=FEED.c.next_poll_at.type)
    leased = sa.text("other.lease_until IS NOT NULL")  # as the index has it
    at_work = sa.select(other.c.host).where(leased, other.c.lease_until > now)
    return sa.or_(FEED.c.host == "", FEED.c.host.not_in(at_work))


_RESERVED = _leasing(*_due(everything=False), _host_is_idle()).returning(
    FEED.c.next_poll_at, FEED.c.id, FEED.c.host
)
_WAITING = (
    sa.select(FEED.c.id)
    .where(LEASED, among(FEED.c.lease_token, "tokens"))
    .with_for_update(skip_locked=True)
    .cte("waiting")
)
_RENEWED = (
    sa.update(FEED)
    .where(FEED.c.id.in_(sa.select(_WAITING.c.id)))
    .values(lease_until=sa.bindparam("until"))
)
_MINE = (
    sa.select(FEED.c.id)
    .where(among(FEED.c.id, "ids"), LEASED, FEED.c.lease_token == sa.bindparam("held"))
    .order_by(FEED.c.id)  # the same batch twice at once: one waits for the other
    .with_for_update()
    .cte("mine")
)
_TAKEN = (
    sa.update(FEED)
    .where(FEED.c.id.in_(sa.select(_MINE.c.id)))
    .values(lease_until=sa.bindparam("until"), lease_token=sa.bindparam("token"))
    .returning(*_CLAIMED)
)
_HOLDERS = (
    sa.select(FEED.c.id, FEED.c.lease_token)
    .where(among(FEED.c.id, "ids"), LEASED)
    .order_by(FEED.c.id)  # two that wait for each other would be one too many
    .with_for_update()
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
        token=row.lease_token,
    )


def _move(row: AnyRow) -> Move | None:
    if row.moved_to is None:
        return None
    return Move(to=row.moved_to, since=row.moved_since, count=row.moved_count)


def _skips(wishes: dict[str, Any]) -> Skips:
    return Skips(frozenset(wishes.get("hours", ())), frozenset(wishes.get("days", ())))
