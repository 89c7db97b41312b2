from datetime import timedelta

import pytest

from monitor.model.channel import ChannelPolicy, Routing
from monitor.model.delivery import ChannelHealth, ChannelState, Outcome
from monitor.store import alerts, channels, clamp, deliveries
from monitor.store.deliveries import Result
from monitor.store.engine import Store
from tests.support.stored import DAY, HOUR, MINUTE, NOW, entry, sealed, store_entries, told_hit


def routing(group_wait: timedelta) -> Routing:
    desk = ChannelPolicy(name="desk", url="", group_wait=group_wait)
    return Routing(channels={"press": ChannelPolicy(name="press", url=""), "desk": desk})


BACK = NOW - 365 * DAY  # the clock was a year fast


def test_an_open_alert_waits_no_longer_than_its_channel_lets_it(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        alert = told_hit(connection)
        clamp.alerts(connection, routing(MINUTE), BACK)
        assert list(alerts.due(connection, BACK, 9)) == []
        assert list(alerts.due(connection, BACK + MINUTE, 9)) == [alert]


def test_an_alert_that_is_due_soon_keeps_its_time(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        told_hit(connection)
        clamp.alerts(connection, routing(HOUR), NOW)
        assert list(alerts.due(connection, NOW + MINUTE, 9)) != []


@pytest.mark.parametrize("state", ["retry", "lease", "probe"])
def test_a_delivery_does_not_wait_for_a_time_of_a_fast_clock(store: Store, state: str) -> None:
    later = BACK + clamp.LONGEST_PROBE
    with store.write() as connection:
        sealed(connection)
        if state == "lease":
            deliveries.claim_one(connection, "desk", NOW, NOW + HOUR)
        if state == "probe":
            health = ChannelHealth(channel="desk", state=ChannelState.DOWN, next_probe=NOW)
            channels.save(connection, health)
        assert not deliveries.is_due(connection, "desk", later)
        clamp.deliveries(connection, "desk", HOUR, BACK)
        assert deliveries.is_due(connection, "desk", later)


def test_a_pause_of_reasonable_length_stays(store: Store) -> None:
    with store.write() as connection:
        sealed(connection)
        claim = deliveries.claim_one(connection, "desk", NOW, NOW + HOUR)
        assert claim is not None
        later = Result(outcome=Outcome.RETRY, next_try=NOW + HOUR, error="451")
        deliveries.record(connection, claim, later, NOW)
        clamp.deliveries(connection, "desk", HOUR, NOW)
        assert not deliveries.is_due(connection, "desk", NOW + HOUR - MINUTE)
