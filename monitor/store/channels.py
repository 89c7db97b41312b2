"""What is known of each channel; kept over restarts."""

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from monitor.model.delivery import ChannelHealth, ChannelState
from monitor.store.tables import CHANNEL_HEALTH
from monitor.store.types import AnyRow, insert_or_replace

_ONE = sa.select(CHANNEL_HEALTH).where(CHANNEL_HEALTH.c.channel == sa.bindparam("named"))


def get(connection: sa.Connection, channel: str) -> ChannelHealth:
    """The health of a channel; up, if nothing is known."""
    row = connection.execute(_ONE, {"named": channel}).one_or_none()
    return ChannelHealth(channel=channel) if row is None else _health(row)


def all_health(connection: sa.Connection) -> list[ChannelHealth]:
    """Every channel that was ever used, by name."""
    rows = connection.execute(sa.select(CHANNEL_HEALTH).order_by(CHANNEL_HEALTH.c.channel))
    return [_health(row) for row in rows]


def save(connection: sa.Connection, health: ChannelHealth) -> None:
    """Stores the health of a channel."""
    connection.execute(insert_or_replace(CHANNEL_HEALTH, asdict(health)))


def _health(row: AnyRow) -> ChannelHealth:
    values = row._asdict()
    return ChannelHealth(**values | {"state": ChannelState(row.state)})


def probe_by(connection: sa.Connection, channel: str, latest: datetime) -> None:
    """Pulls a probe back that lies too far ahead: the clock was set back."""
    connection.execute(
        sa.update(CHANNEL_HEALTH)
        .where(CHANNEL_HEALTH.c.channel == channel, CHANNEL_HEALTH.c.next_probe > latest)
        .values(next_probe=latest)
    )
