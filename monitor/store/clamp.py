"""Times that lie further ahead than they could: written before a clock was set back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model.alert import WaitsFor
from monitor.model.channel import ChannelPolicy, Routing
from monitor.model.delivery import DeliveryState
from monitor.store import channels
from monitor.store.alerts import OPEN
from monitor.store.tables import ALERT, DELIVERY

# Retry-After counts up to a day, a probe waits 22.5 minutes at most (monitor.delivery.policy).
LONGEST_RETRY = timedelta(hours=24)
LONGEST_PROBE = timedelta(hours=24)


def alerts(connection: sa.Connection, routing: Routing, now: datetime) -> None:
    """Makes open alerts due within the longest wait of their channel."""
    for policy in routing.channels.values():
        for waits_for, longest in _longest_waits(policy).items():
            connection.execute(
                sa.update(ALERT)
                .where(
                    ALERT.c.state == OPEN,
                    ALERT.c.channel == policy.name,
                    ALERT.c.waits_for == waits_for,
                    ALERT.c.due_at > now + longest,
                )
                .values(due_at=now + longest)
            )


def _longest_waits(policy: ChannelPolicy) -> Mapping[WaitsFor, timedelta]:
    return {
        WaitsFor.GROUP: policy.group_wait,
        WaitsFor.FOLLOW_UP: max(policy.group_wait, policy.follow_up or timedelta()),
        WaitsFor.QUIET: timedelta(hours=24),
        WaitsFor.DIGEST: timedelta(days=8),  # some day of the week, and a clock change
        WaitsFor.LIMIT: timedelta(hours=1),
        WaitsFor.CHANNEL: timedelta(hours=1),
    }


def deliveries(connection: sa.Connection, channel: str, lease: timedelta, now: datetime) -> None:
    """Makes the deliveries of a channel, their leases and its probe due in reasonable time."""
    mine = DELIVERY.c.channel == channel
    connection.execute(
        sa.update(DELIVERY)
        .where(
            mine,
            DELIVERY.c.state == DeliveryState.PENDING,
            DELIVERY.c.next_try > now + LONGEST_RETRY,
        )
        .values(next_try=now)
    )
    connection.execute(
        sa.update(DELIVERY)
        .where(
            mine,
            DELIVERY.c.state == DeliveryState.SENDING,
            DELIVERY.c.lease_until > now + lease,
        )
        .values(lease_until=now + lease)
    )
    channels.probe_by(connection, channel, now + LONGEST_PROBE)
