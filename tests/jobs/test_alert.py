from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from monitor.jobs.alert import Alerting
from monitor.model.alert import Alert, Notice
from monitor.model.article import Arrival
from monitor.model.channel import ChannelPolicy, Route, Routing
from monitor.model.delivery import DeliveryState
from monitor.model.source import EventKind, FeedEvent
from monitor.store import alerts, deliveries, delivery_list, feed_events, hit_list
from monitor.store.engine import Store
from tests.support.stored import DAY, MINUTE, NOW, entry, feed_id, hit, store_entries

DESK = ChannelPolicy(name="desk", url="json://localhost", group_wait=MINUTE)
PRESS = ChannelPolicy(name="press", url="json://localhost", group_wait=timedelta())
TARGETS = {"desk": ("",), "press": ("a@news.example", "b@news.example")}


def routing(*channels: ChannelPolicy, routes: tuple[Route, ...] = ()) -> Routing:
    return Routing(channels={policy.name: policy for policy in channels}, routes=routes)


def job(store: Store, *channels: ChannelPolicy, routes: tuple[Route, ...] = ()) -> Alerting:
    numbers = count(1)
    return Alerting(
        store,
        routing(*channels, routes=routes),
        targets=TARGETS.__getitem__,
        new_key=lambda: f"alert-{next(numbers)}",
    )


def add_hits(store: Store, *names: str, arrival: Arrival = Arrival.LIVE) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()], arrival=arrival)
        for name in names:
            hit(connection, rule=name)


def outbox(store: Store) -> list[tuple[str, str, DeliveryState]]:
    with store.read() as connection:
        lines = delivery_list.lines(connection)
    return [(line.channel, line.target, line.state) for line in reversed(lines)]


def fates(store: Store) -> dict[str, dict[str, str]]:
    with store.read() as connection:
        found = hit_list.recent(connection)
    return {
        line.rule.id: {name: fate.reason for name, fate in line.channels.items()} for line in found
    }


def told(store: Store) -> list[list[str]]:
    """The rules that each sealed alert tells."""
    with store.read() as connection:
        found = [alerts.get(connection, number) for number in range(1, 99)]
    return [
        [hit.rule.id for hit in alert.story.hits] for alert in found if isinstance(alert, Alert)
    ]


def notices(store: Store) -> dict[str, list[list[str]]]:
    """What sealed system alerts say, by channel."""
    said: dict[str, list[list[str]]] = {}
    with store.read() as connection:
        for number in range(1, 99):
            alert = alerts.get(connection, number)
            if isinstance(alert, Notice):
                said.setdefault(alert.channel, []).append([line.text for line in alert.lines])
    return said


def happens(store: Store, *texts: str, told: bool = True) -> None:
    with store.write() as connection:
        feed = feed_id(connection)
        feed_events.add(
            connection,
            [
                FeedEvent(feed=feed, kind=EventKind.HEALTH, at=NOW, text=text, told=told)
                for text in texts
            ],
        )


def test_hits_wait_together_and_are_told_in_one_alert(store: Store) -> None:
    alerting = job(store, DESK)
    add_hits(store, "a", "b")
    assert alerting.run(NOW) == 2
    add_hits(store, "c")
    assert alerting.run(NOW + MINUTE / 2) == 1
    assert outbox(store) == []
    assert alerting.run(NOW + MINUTE) == 1
    assert told(store) == [["a", "b", "c"]]
    assert outbox(store) == [("desk", "", DeliveryState.PENDING)]
    assert alerting.run(NOW + MINUTE) == 0


def test_every_target_gets_a_delivery_with_a_key_of_its_own(store: Store) -> None:
    add_hits(store, "a")
    assert job(store, PRESS).run(NOW) == 2  # no wait: decided and sealed
    assert [target for _, target, _ in outbox(store)] == ["a@news.example", "b@news.example"]
    with store.write() as connection:
        keys = set()
        while claim := deliveries.claim_one(connection, "press", NOW, NOW + MINUTE):
            keys.add(claim.key)
    assert keys == {"alert-1", "alert-2"}


def test_every_channel_has_its_own_decision_and_time(store: Store) -> None:
    add_hits(store, "a", "b")
    routes = (Route(rules=("a",), channels=("desk", "press")), Route(channels=("press",)))
    job(store, DESK, PRESS, routes=routes).run(NOW)
    assert fates(store) == {
        "a": {"desk": "first", "press": "first"},
        "b": {"desk": "no-route", "press": "more"},
    }
    assert outbox(store) == [
        ("press", "a@news.example", DeliveryState.PENDING),
        ("press", "b@news.example", DeliveryState.PENDING),
    ]


@pytest.mark.parametrize("arrival", [Arrival.BACKLOG, Arrival.FLOOD])
def test_backlog_and_flood_are_decided_and_not_told(store: Store, arrival: Arrival) -> None:
    add_hits(store, "a", arrival=arrival)
    assert job(store, PRESS).run(NOW) == 1
    assert fates(store) == {"a": {"press": arrival.value}}
    assert outbox(store) == []


def test_a_hit_after_the_alert_is_told_as_more_in_the_next(store: Store) -> None:
    alerting = job(store, PRESS)
    add_hits(store, "a")
    alerting.run(NOW)
    add_hits(store, "b")
    alerting.run(NOW)
    assert told(store) == [["a"], ["b"]]
    assert fates(store) == {"a": {"press": "first"}, "b": {"press": "more"}}


def test_one_pass_need_not_wait_for_more_hits(store: Store) -> None:
    add_hits(store, "a")
    assert job(store, DESK).run(NOW, skip_wait=True) == 2
    assert told(store) == [["a"]]


def test_an_open_alert_waits_while_its_channel_is_switched_off(store: Store) -> None:
    add_hits(store, "a")
    alerting = job(store, DESK)
    alerting.run(NOW)
    alerting.routing = routing(ChannelPolicy(name="desk", url="x://", enabled=False))
    assert alerting.run(NOW + MINUTE) == 0
    alerting.routing = routing(DESK)
    assert alerting.run(NOW + MINUTE) == 1
    assert outbox(store) == [("desk", "", DeliveryState.PENDING)]


def test_an_open_alert_of_a_channel_that_left_ends_with_that_reason(store: Store) -> None:
    add_hits(store, "a")
    alerting = job(store, DESK)
    alerting.run(NOW)
    alerting.routing = routing()
    assert alerting.run(NOW + MINUTE) == 1
    assert outbox(store) == [("desk", "", DeliveryState.DEAD)]
    with store.read() as connection:
        fate = hit_list.recent(connection)[0].channels["desk"]
    assert (fate.decision, fate.reason) == ("not-told", "channel-removed")


def test_what_happens_to_sources_is_told_together(store: Store) -> None:
    alerting = job(store, DESK, PRESS)
    happens(store, "one", "two")
    happens(store, "no news", told=False)
    assert alerting.run(NOW) == 3  # two events; the press does not wait
    happens(store, "three")
    alerting.run(NOW + MINUTE / 2)
    alerting.run(NOW + MINUTE)
    assert notices(store) == {
        "press": [["one", "two"], ["three"]],
        "desk": [["one", "two", "three"]],
    }
    assert alerting.run(NOW + DAY) == 0
    with store.read() as connection:
        assert {line.headline for line in delivery_list.lines(connection)} == {
            "2 notices on sources",
            "3 notices on sources",
            "News: three",
        }


def test_system_alerts_go_where_the_configuration_says(store: Store) -> None:
    alerting = job(store, DESK, PRESS)
    alerting.routing = replace(routing(DESK, PRESS), system=("press",))
    happens(store, "one")
    alerting.run(NOW + MINUTE)
    alerting.routing = replace(routing(DESK, PRESS), system=())
    happens(store, "two")
    alerting.run(NOW + MINUTE)
    assert notices(store) == {"press": [["one"]]}


def test_a_system_alert_of_a_channel_that_left_ends_with_that_reason(store: Store) -> None:
    alerting = job(store, DESK)
    happens(store, "one")
    alerting.run(NOW)
    alerting.routing = routing()
    alerting.run(NOW + MINUTE)
    assert outbox(store) == [("desk", "", DeliveryState.DEAD)]


def test_without_any_channel_hits_are_decided(store: Store) -> None:
    add_hits(store, "a")
    assert job(store).run(NOW) == 1
    assert fates(store) == {"a": {}}


def test_a_clock_that_was_set_back_does_not_hold_an_alert(store: Store) -> None:
    alerting = job(store, DESK)
    add_hits(store, "a")
    alerting.run(NOW)
    back = NOW - 365 * DAY
    assert alerting.run(back) == 0
    assert alerting.run(back + MINUTE) == 1


def test_two_workers_tell_every_hit_once(store: Store) -> None:
    second = Store.open(store.url)
    names = [f"rule-{number}" for number in range(12)]
    numbers = count(1)

    def run(which: Store) -> None:
        alerting = Alerting(
            which,
            routing(PRESS),
            targets=TARGETS.__getitem__,
            new_key=lambda: f"alert-{next(numbers)}",
        )
        for _ in range(8):
            alerting.run(NOW)

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(run, store), pool.submit(run, second)]
        running += [pool.submit(add_hits, store, name) for name in names]
        for future in running:
            future.result()
    run(store)
    second.close()
    assert sorted(rule for rules in told(store) for rule in rules) == sorted(names)


def test_a_failure_in_the_middle_of_sealing_changes_nothing(store: Store) -> None:
    add_hits(store, "a")

    def broken(_: str) -> tuple[str, ...]:
        raise ZeroDivisionError

    alerting = Alerting(store, routing(PRESS), targets=broken, new_key=str)
    with pytest.raises(ZeroDivisionError):
        alerting.run(NOW)
    assert outbox(store) == []
    assert fates(store) == {"a": {"press": "first"}}
    assert job(store, PRESS).run(NOW) == 1
    assert told(store) == [["a"]]


def at(minutes: float) -> datetime:
    return NOW + minutes * MINUTE


def test_an_alert_that_can_not_be_sealed_holds_up_no_other(store: Store) -> None:
    alerting = job(store, replace(DESK, name="broken", group_wait=timedelta()), PRESS)
    add_hits(store, "rule-a")
    with pytest.raises(KeyError, match="broken"):
        alerting.run(NOW)
    assert {channel for channel, *_ in outbox(store)} == {"press"}
    alerting.routing = routing(PRESS)
    alerting.run(NOW)
    assert fates(store) == {"rule-a": {"broken": "channel-removed", "press": "first"}}


def test_a_joining_hit_does_not_put_an_alert_off(store: Store) -> None:
    alerting = job(store, DESK)
    for number in range(4):
        add_hits(store, f"rule-{number}")
        alerting.run(at(number / 4))
    alerting.run(at(1))
    assert len(told(store)) == 1
