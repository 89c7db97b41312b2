from datetime import datetime

from monitor.model.delivery import ChannelHealth, ChannelState
from monitor.store import channels
from monitor.store.engine import Store
from tests.support.stored import HOUR, MINUTE, NOW


def down(probe: datetime) -> ChannelHealth:
    return ChannelHealth(
        channel="desk",
        state=ChannelState.DOWN,
        since=NOW,
        failures=3,
        next_probe=probe,
        last_ok=NOW - HOUR,
        last_error="connection refused",
    )


def test_a_channel_of_which_nothing_is_known_is_up(store: Store) -> None:
    with store.read() as connection:
        assert channels.get(connection, "desk") == ChannelHealth(channel="desk")
        assert channels.all_health(connection) == []


def test_the_health_of_a_channel_outlives_the_process(store: Store) -> None:
    with store.write() as connection:
        channels.save(connection, ChannelHealth(channel="desk", last_ok=NOW))
        channels.save(connection, down(NOW + MINUTE))
        channels.save(connection, ChannelHealth(channel="a"))
    reopened = Store.open(store.url)
    with reopened.read() as connection:
        assert channels.get(connection, "desk") == down(NOW + MINUTE)
        assert [health.channel for health in channels.all_health(connection)] == ["a", "desk"]
    reopened.close()
