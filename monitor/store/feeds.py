"""Feeds: when each is polled next, and how its last polls went."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model.feed import FeedSpec, Validators
from monitor.store.tables import ARTICLE, ARTICLE_FEED, FEED
from monitor.store.types import AnyRow, insert_new

_RHYTHM = 30  # articles tell the rhythm of a feed
_LONGEST_WAIT = timedelta(hours=30)  # no server is granted more; later was set by a fast clock


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedClaim:
    """A feed that is being polled; its lease is on disk.

    Attributes:
        fetch_url: where a permanent redirect led, if one did.
        failures: polls that failed since the last that didn't.
        first_polled_at: the first poll that gave entries, perhaps cut off.
        parsed_at: when the last whole document was read.
        last_ok: the last poll that saw the whole document, or that it is unchanged.
        guid_doubt: how much its GUIDs are doubted.
    """

    id: int
    url: str
    fetch_url: str | None
    validators: Validators
    failures: int
    first_polled_at: datetime | None
    parsed_at: datetime | None
    last_ok: datetime | None
    guid_doubt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a feed's row keeps of a document that was read to its end.

    Attributes:
        fetch_url: where a permanent redirect led, if one did.
    """

    title: str
    validators: Validators
    fetch_url: str | None


def sync(connection: sa.Connection, specs: Iterable[FeedSpec], now: datetime) -> None:
    """Makes the feeds of the database those of the configuration.

    New ones are due at once; those no longer wished are retired, and return if they are again.
    """
    wished = {spec.url: spec for spec in specs if spec.enabled}
    rows = connection.execute(sa.select(FEED.c.id, FEED.c.url, FEED.c.retired)).all()
    for row in rows:
        if row.url in wished:
            _refresh(connection, row.id, wished[row.url])
        elif not row.retired:
            _update(connection, row.id, retired=True, lease_until=None)
    fresh = [
        {"url": spec.url, "name": spec.name, "tags": list(spec.tags), "next_poll_at": now}
        for spec in wished.values()
    ]
    if fresh:
        connection.execute(insert_new(FEED), fresh)


def _refresh(connection: sa.Connection, feed: int, spec: FeedSpec) -> None:
    _update(connection, feed, name=spec.name, tags=list(spec.tags), retired=False)


def release_leases(connection: sa.Connection) -> None:
    """Voids the leases of a process that is dead (the lock of the daemon proves it)."""
    held = FEED.c.lease_until.is_not(None)
    connection.execute(sa.update(FEED).where(held).values(lease_until=None))


def is_due(connection: sa.Connection, now: datetime, *, everything: bool = False) -> bool:
    """Whether ``claim_due`` would claim a feed, asked without the writer's lock."""
    return connection.scalar(sa.select(sa.exists().where(*_due(now, everything)))) or False


def claim_due(
    connection: sa.Connection,
    now: datetime,
    lease_until: datetime,
    limit: int | None,
    *,
    everything: bool = False,
) -> list[FeedClaim]:
    """Takes the lease of feeds that are due, those that wait longest first.

    Args:
        connection: of a write.
        now: the time.
        lease_until: when others may take them again.
        limit: how many at most; None for all.
        everything: also those that are not due, unless their server asked us to wait.
    """
    chosen = (
        sa.select(FEED.c.id)
        .where(*_due(now, everything))
        .order_by(FEED.c.next_poll_at, FEED.c.id)
        .limit(limit)
    )
    rows = connection.execute(
        sa.update(FEED)
        .where(FEED.c.id.in_(chosen.scalar_subquery()))
        .values(lease_until=lease_until)
        .returning(*FEED.c)
    )
    claimed = [(row.next_poll_at, row.id, _claim(row)) for row in rows]
    return [claim for _, _, claim in sorted(claimed, key=lambda item: item[:2])]


def _due(now: datetime, everything: bool) -> tuple[sa.ColumnElement[bool], ...]:  # noqa: FBT001
    polite = sa.or_(FEED.c.not_before.is_(None), FEED.c.not_before <= now)
    return (
        FEED.c.retired.is_(sa.false()),
        polite,
        sa.true() if everything else FEED.c.next_poll_at <= now,
        sa.or_(FEED.c.lease_until.is_(None), FEED.c.lease_until <= now),
    )


def _claim(row: AnyRow) -> FeedClaim:
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
        first_polled_at=row.first_polled_at,
        parsed_at=row.parsed_at,
        last_ok=row.last_ok,
        guid_doubt=row.guid_doubt,
    )


def published_times(connection: sa.Connection, feed: int) -> Sequence[datetime]:
    """When the newest articles of a feed were published, newest first: its rhythm."""
    return connection.scalars(
        sa.select(ARTICLE.c.published)
        .join(ARTICLE_FEED, ARTICLE_FEED.c.article == ARTICLE.c.id)
        .where(ARTICLE_FEED.c.feed == feed, ARTICLE.c.published.is_not(None))
        .order_by(ARTICLE.c.published.desc())
        .limit(_RHYTHM)
    ).all()


def record_unchanged(
    connection: sa.Connection, feed: int, now: datetime, next_poll: datetime
) -> None:
    """The document is the one we know."""
    _update(connection, feed, last_ok=now, **_healthy(next_poll))


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
        fetch_url=document.fetch_url,
        **_columns(document.validators),
        first_polled_at=claim.first_polled_at or now,
        parsed_at=now,
        last_ok=now,
        **_healthy(next_poll),
    )


def _columns(validators: Validators) -> dict[str, object]:
    return {
        "validators_url": validators.url,
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "body_hash": validators.body_hash,
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
        last_error=problem,
        next_poll_at=next_poll,
        not_before=None,
        lease_until=None,
    )


def record_failure(
    connection: sa.Connection,
    claim: FeedClaim,
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
        last_error=error,
        next_poll_at=next_poll,
        not_before=next_poll if asked_to_wait else None,
        lease_until=None,
        fetch_url=None,  # the address of the configuration redirects again if it still holds
        **_columns(validators),
    )


def save_guid_doubt(connection: sa.Connection, feed: int, doubt: int) -> None:
    """Keeps how much the GUIDs of a feed are doubted."""
    _update(connection, feed, guid_doubt=doubt)


def postpone(connection: sa.Connection, ids: Collection[int], until: datetime) -> None:
    """Gives up polls whose end could not be stored; they are due again later."""
    connection.execute(
        sa.update(FEED).where(FEED.c.id.in_(ids)).values(lease_until=None, next_poll_at=until)
    )


def _healthy(next_poll: datetime) -> dict[str, object]:
    return {
        "failures": 0,
        "last_error": None,
        "next_poll_at": next_poll,
        "not_before": None,
        "lease_until": None,
    }


def _update(connection: sa.Connection, feed: int, **values: object) -> None:
    connection.execute(sa.update(FEED).where(FEED.c.id == feed).values(**values))


def next_polls(connection: sa.Connection) -> dict[str, datetime]:
    """When each feed of the configuration is due, by URL."""
    rows = connection.execute(
        sa.select(FEED.c.url, FEED.c.next_poll_at).where(FEED.c.retired.is_(sa.false()))
    )
    return {row.url: row.next_poll_at for row in rows}


def reschedule(connection: sa.Connection, url: str, next_poll: datetime) -> None:
    """Moves the next poll of a feed; a time that its server asked for is heeded all the same."""
    feed = FEED.c.url == url
    latest = next_poll + _LONGEST_WAIT
    connection.execute(sa.update(FEED).where(feed).values(next_poll_at=next_poll))
    connection.execute(
        sa.update(FEED).where(feed, FEED.c.not_before > latest).values(not_before=latest)
    )
