"""The figures of the status screen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model.article import Stage
from monitor.model.delivery import ChannelHealth, DeliveryState
from monitor.model.mute import Mute
from monitor.model.source import EventKind, Health
from monitor.store import channels, mutes, rhythms
from monitor.store.alerts import OPEN
from monitor.store.articles import IS_UNDECIDED
from monitor.store.feed_health import counts
from monitor.store.tables import (
    ALERT,
    ARTICLE,
    DELIVERY,
    FEED,
    FEED_EVENT,
    HAS_REASON,
    HIT,
    TO_MATCH,
)

_DAY = timedelta(hours=24)
_WISHED = FEED.c.retired.is_(sa.false())


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the daemon does.

    Attributes:
        feeds: number of feeds by health.
        gaps: documents within 24 hours that went on from nothing we knew.
        hits: found within 24 hours.
        spikes: of rules, within 24 hours.
        silent: rules that people know to be silent.
        unmatched: articles that wait to be matched.
        wanted: articles whose page is to be fetched.
        undecided: articles that rules are undecided about, those that are wanted included.
        open_hits: hits that wait to be decided.
        open_alerts: alerts that wait for more hits.
        outbox: number of deliveries by state.
        oldest_pending: when the delivery that waits longest was made.
        channels: health of the enabled channels that were ever used.
        mutes: that are on.
        poll_lag: how long the feed that waits longest is overdue; zero if none is.
        overdue: number of feeds that are.
    """

    feeds: dict[Health, int]
    gaps: int
    hits: int
    spikes: int
    silent: tuple[str, ...]
    unmatched: int
    wanted: int
    undecided: int
    open_hits: int
    open_alerts: int
    outbox: dict[DeliveryState, int]
    oldest_pending: datetime | None
    channels: tuple[ChannelHealth, ...]
    mutes: tuple[Mute, ...]
    poll_lag: timedelta
    overdue: int


def status(connection: sa.Connection, now: datetime, enabled: Collection[str]) -> Status:
    """Reads all figures of one moment; ``enabled`` names the channels that are in use."""
    return Status(
        feeds=counts(connection, now),
        gaps=_events(connection, EventKind.GAP, now),
        hits=_count(connection, HIT, HIT.c.seen > now - _DAY),
        spikes=_events(connection, EventKind.SPIKE, now),
        silent=tuple(rhythms.silent(connection)),
        unmatched=_count(connection, ARTICLE, TO_MATCH),
        wanted=_count(connection, ARTICLE, ARTICLE.c.stage == Stage.WANTED),
        undecided=_count(connection, ARTICLE, sa.and_(HAS_REASON, IS_UNDECIDED)),
        open_hits=_count(connection, HIT, HIT.c.decided_at.is_(None)),
        open_alerts=_count(connection, ALERT, ALERT.c.state == OPEN),
        outbox=_outbox(connection),
        oldest_pending=_oldest_pending(connection),
        channels=tuple(
            health for health in channels.all_health(connection) if health.channel in enabled
        ),
        mutes=mutes.active(connection, now),
        poll_lag=poll_lag(connection, now),
        overdue=_count(connection, FEED, sa.and_(_WISHED, FEED.c.next_poll_at < now)),
    )


def _count(
    connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool] | sa.TextClause
) -> int:
    counted = sa.select(sa.func.count()).select_from(table).where(condition)
    return connection.scalars(counted).one()


def _events(connection: sa.Connection, kind: EventKind, now: datetime) -> int:
    """Within 24 hours."""
    lately = sa.and_(FEED_EVENT.c.kind == kind, FEED_EVENT.c.at > now - _DAY)
    return _count(connection, FEED_EVENT, lately)


def _outbox(connection: sa.Connection) -> dict[DeliveryState, int]:
    rows = connection.execute(
        sa.select(DELIVERY.c.state, sa.func.count()).group_by(DELIVERY.c.state)
    )
    counts = {DeliveryState(state): number for state, number in rows}
    return dict.fromkeys(DeliveryState, 0) | counts


def _oldest_pending(connection: sa.Connection) -> datetime | None:
    oldest: datetime | None = connection.scalar(
        sa.select(sa.func.min(DELIVERY.c.created)).where(DELIVERY.c.state == DeliveryState.PENDING)
    )
    return oldest


def poll_lag(connection: sa.Connection, now: datetime) -> timedelta:
    """How long the feed that waits longest is overdue; zero if none is."""
    earliest = connection.scalar(sa.select(sa.func.min(FEED.c.next_poll_at)).where(_WISHED))
    return timedelta() if earliest is None else max(timedelta(), now - earliest)


def found_since(connection: sa.Connection, since: datetime) -> tuple[int, int]:
    """How many articles came and how many hits were found since a time."""
    return (
        _count(connection, ARTICLE, ARTICLE.c.seen > since),
        _count(connection, HIT, HIT.c.seen > since),
    )
