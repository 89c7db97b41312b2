from datetime import datetime

import pytest
import sqlalchemy as sa

from monitor.errors import StoreError
from monitor.model.alert import AlertKind
from monitor.model.delivery import ChannelHealth, ChannelState, Claim, DeliveryState, Outcome
from monitor.store import channels, deliveries, delivery_list
from monitor.store.deliveries import Result
from monitor.store.delivery_list import DeliveryLine
from monitor.store.engine import Connection, Store
from monitor.store.tables import ALERT, DELIVERY, DELIVERY_ATTEMPT
from tests.support.outbox import message, put
from tests.support.stored import DAY, HOUR, MINUTE, NOW

SENT = Result(outcome=Outcome.SENT, receipt="250 queued as 7")
AGAIN = Result(outcome=Outcome.RETRY, next_try=NOW + HOUR, error="451 try later")
REFUSED = Result(outcome=Outcome.PERMANENT, error="550 no such user")
DOWN = Result(outcome=Outcome.CHANNEL_DOWN, error="connection refused")


def claim(connection: Connection, *, now: datetime = NOW, channel: str = "desk") -> Claim | None:
    return deliveries.claim_one(connection, channel, now, now + 2 * MINUTE)


def taken(connection: Connection, *, now: datetime = NOW) -> Claim:
    found = claim(connection, now=now)
    assert found is not None
    return found


def only(connection: Connection) -> DeliveryLine:
    (line,) = delivery_list.lines(connection)
    return line


def attempts(connection: Connection) -> list[tuple[int, str | None, bool]]:
    rows = connection.execute(sa.select(DELIVERY_ATTEMPT).order_by(DELIVERY_ATTEMPT.c.n))
    return [(row.n, row.outcome, row.uncertain) for row in rows]


def set_down(connection: Connection, probe: datetime) -> None:
    health = ChannelHealth(channel="desk", state=ChannelState.DOWN, next_probe=probe)
    channels.save(connection, health)


def test_a_claim_counts_the_attempt_and_takes_the_oldest(store: Store) -> None:
    with store.write() as connection:
        first, second = put(connection, 1), put(connection, 2)
        assert claim(connection) == Claim(
            id=1,
            alert=first,
            channel="desk",
            target="",
            key=f"alert-{first}-",
            attempt=1,
            created=NOW,
        )
        assert taken(connection).alert == second
        assert claim(connection) is None
        assert [line.state for line in delivery_list.lines(connection)] == [
            DeliveryState.SENDING
        ] * 2


def test_channels_do_not_take_from_one_another(store: Store) -> None:
    with store.write() as connection:
        put(connection)
        assert claim(connection, channel="press") is None
        assert not deliveries.is_due(connection, "press", NOW)
        assert deliveries.is_due(connection, "desk", NOW)


@pytest.mark.parametrize(
    ("result", "state"),
    [
        pytest.param(SENT, DeliveryState.SENT, id="sent"),
        pytest.param(AGAIN, DeliveryState.PENDING, id="to be tried again"),
        pytest.param(REFUSED, DeliveryState.DEAD, id="refused"),
        pytest.param(DOWN, DeliveryState.PENDING, id="channel down"),
    ],
)
def test_an_outcome_ends_the_attempt_and_moves_the_delivery(
    store: Store, result: Result, state: DeliveryState
) -> None:
    with store.write() as connection:
        put(connection)
        deliveries.record(connection, taken(connection), result, NOW)
        line = only(connection)
        assert attempts(connection) == [(1, result.outcome, False)]
    assert line.state is state
    assert (line.last_error or "") == result.error
    assert (line.receipt or "") == result.receipt
    assert line.next_try == (result.next_try or NOW)


def test_a_delivery_that_failed_waits_for_its_next_try(store: Store) -> None:
    with store.write() as connection:
        put(connection)
        deliveries.record(connection, taken(connection), AGAIN, NOW)
        assert claim(connection, now=NOW + 59 * MINUTE) is None
        assert taken(connection, now=NOW + HOUR).attempt == 2


def test_a_delivery_keeps_its_key_over_all_attempts(store: Store) -> None:
    with store.write() as connection:
        put(connection)
        keys = set()
        for _ in range(3):
            found = taken(connection)
            keys.add(found.key)
            deliveries.record(connection, found, DOWN, NOW)
    assert len(keys) == 1


def sent_as(connection: Connection, receipt: str) -> None:
    result = Result(outcome=Outcome.SENT, receipt=receipt)
    deliveries.record(connection, taken(connection), result, NOW)


def test_a_follow_up_knows_what_its_target_called_the_first_message(store: Store) -> None:
    first, later = AlertKind.FIRST, AlertKind.FOLLOW_UP
    with store.write() as connection:
        put(connection, 1, targets=["a", "b"], kind=first, subject="story:1")
        for receipt in ("a1", "b1"):
            sent_as(connection, receipt)
        put(connection, 2, targets=["a"], kind=first, subject="story:2")
        assert taken(connection).thread_receipt == ""
        put(connection, 3, "press", ["a"], kind=later, subject="story:1")
        assert claim(connection, channel="press") == Claim(
            id=4, alert=3, channel="press", target="a", key="alert-3-a", attempt=1, created=NOW
        )
        put(connection, 4, targets=["b"], kind=later, subject="story:1")
        assert taken(connection).thread_receipt == "b1"
        put(connection, 5, targets=["b"], kind=later, subject="story:1")
        assert taken(connection).thread_receipt == "b1"
        put(connection, 6, targets=["a"], kind=AlertKind.DIGEST, subject="story:1")
        assert taken(connection).thread_receipt == ""


def test_nothing_is_claimed_on_a_channel_that_is_down_before_the_probe(store: Store) -> None:
    with store.write() as connection:
        put(connection, 1)
        put(connection, 2)
        set_down(connection, NOW + MINUTE)
        assert claim(connection) is None
        assert not deliveries.is_due(connection, "desk", NOW)
        assert taken(connection, now=NOW + MINUTE).id == 1


def test_the_probe_is_the_oldest_row_whenever_its_own_try_is(store: Store) -> None:
    with store.write() as connection:
        put(connection)
        deliveries.record(connection, taken(connection), AGAIN, NOW)
        set_down(connection, NOW)
        assert taken(connection).attempt == 2


def test_the_message_is_fixed_at_the_first_try(store: Store) -> None:
    with store.write() as connection:
        put(connection)
        assert deliveries.message(connection, 1) is None
        deliveries.freeze(connection, 1, message("as first told"))
        assert deliveries.message(connection, 1) == message("as first told")


def test_what_a_dead_process_was_sending_is_sent_again_as_a_possible_repeat(store: Store) -> None:
    with store.write() as connection:
        put(connection, 1)
        put(connection, 2)
        taken(connection)
        assert deliveries.release_leases(connection) == 1
        assert attempts(connection) == [(1, None, True)]
        again = taken(connection)
        assert (again.id, again.attempt) == (1, 2)
        assert [line.uncertain for line in delivery_list.lines(connection)] == [False, True]
        assert taken(connection).attempt == 1  # the other one never left


def test_a_lease_that_ran_out_makes_a_possible_repeat_too(store: Store) -> None:
    with store.write() as connection:
        put(connection)
        lost = taken(connection)
        assert claim(connection, now=NOW + MINUTE) is None
        again = taken(connection, now=NOW + 2 * MINUTE)
        assert again.attempt == 2
        assert attempts(connection) == [(1, None, True), (2, None, False)]
        deliveries.record(connection, lost, REFUSED, NOW + HOUR)  # too late to count
        assert only(connection).state is DeliveryState.SENDING


def test_an_uncertain_outcome_is_kept(store: Store) -> None:
    lost = Result(outcome=Outcome.RETRY, error="connection lost", uncertain=True)
    with store.write() as connection:
        put(connection)
        deliveries.record(connection, taken(connection), lost, NOW)
        assert only(connection).uncertain


def test_what_waits_for_a_removed_channel_ends_with_that_reason(store: Store) -> None:
    with store.write() as connection:
        put(connection, 1, "desk")
        put(connection, 2, "press")
        assert deliveries.retire(connection, {"press"}) == 1
        lines = delivery_list.lines(connection)
    assert [(line.channel, line.state, line.last_error) for line in lines] == [
        ("press", DeliveryState.PENDING, None),
        ("desk", DeliveryState.DEAD, "channel-removed"),
    ]


def test_a_dead_delivery_can_be_retried_at_once(store: Store) -> None:
    with store.write() as connection:
        put(connection)
        deliveries.record(connection, taken(connection), REFUSED, NOW)
        delivery_list.retry(connection, 1, NOW + DAY, {"desk"})
        assert claim(connection) is None
        assert taken(connection, now=NOW + DAY).attempt == 2


def test_a_dropped_delivery_is_never_sent(store: Store) -> None:
    with store.write() as connection:
        put(connection)
        delivery_list.drop(connection, 1)
        assert claim(connection, now=NOW + DAY) is None
        delivery_list.retry(connection, 1, NOW, {"desk"})
        assert claim(connection) is not None


@pytest.mark.parametrize(
    ("state", "retry", "drop"),
    [
        pytest.param("pending", None, None, id="pending"),
        pytest.param("dead", None, None, id="dead"),
        pytest.param("held", None, None, id="held"),
        pytest.param(
            "dropped",
            None,
            "delivery 1 is dropped; only pending, dead, held ones can be dropped",
            id="dropped",
        ),
        pytest.param(
            "sent",
            "delivery 1 is sent; only pending, dead, held, dropped ones can be retried",
            "delivery 1 is sent; only pending, dead, held ones can be dropped",
            id="sent",
        ),
        pytest.param(
            None,
            "there is no delivery 1; `monitor outbox` lists them",
            "there is no delivery 1; `monitor outbox` lists them",
            id="missing",
        ),
    ],
)
def test_what_can_not_be_retried_or_dropped_is_refused_with_its_state(
    store: Store, state: str | None, retry: str | None, drop: str | None
) -> None:
    def refusal(act: str) -> str | None:
        with store.write() as connection:
            if state is not None:
                put(connection)
                values = {"id": 1, "state": state, "attempt": 1}
                connection.execute(sa.update(DELIVERY).values(values))
            try:
                if act == "retry":
                    delivery_list.retry(connection, 1, NOW, {"desk"})
                else:
                    delivery_list.drop(connection, 1)
            except StoreError as error:
                return str(error)
            finally:
                connection.rollback()
        return None

    assert refusal("retry") == retry
    assert refusal("drop") == drop


def test_a_list_shows_the_newest_first_and_can_be_cut_by_state(store: Store) -> None:
    with store.write() as connection:
        for number in (1, 2, 3):
            put(connection, number)
        deliveries.record(connection, taken(connection), REFUSED, NOW)
        assert [line.id for line in delivery_list.lines(connection)] == [3, 2, 1]
        dead = delivery_list.lines(connection, DeliveryState.DEAD)
        assert [line.id for line in dead] == [1]
        assert [line.id for line in delivery_list.lines(connection, limit=1)] == [3]


def test_a_delivery_of_a_channel_that_is_not_in_use_is_not_retried(store: Store) -> None:
    with store.write() as connection:
        put(connection)
        deliveries.record(connection, taken(connection), REFUSED, NOW)
        with pytest.raises(StoreError) as caught:
            delivery_list.retry(connection, 1, NOW, {"press"})
        assert only(connection).state is DeliveryState.DEAD
    assert str(caught.value) == (
        'channel "desk" is not in the configuration, or disabled; put it back first'
    )


@pytest.mark.parametrize(
    ("state", "channel", "dropped"),
    [
        pytest.param(DeliveryState.DEAD, None, [1], id="dead"),
        pytest.param(DeliveryState.DEAD, "press", [], id="of a channel"),
        pytest.param(DeliveryState.PENDING, None, [2, 3], id="pending"),
        pytest.param(DeliveryState.PENDING, "press", [3], id="pending of a channel"),
        pytest.param(DeliveryState.SENT, None, [], id="what can not be dropped"),
    ],
)
def test_all_deliveries_in_a_state_can_be_dropped(
    store: Store, state: DeliveryState, channel: str | None, dropped: list[int]
) -> None:
    with store.write() as connection:
        put(connection, 1)
        put(connection, 2)
        put(connection, 3, "press")
        deliveries.record(connection, taken(connection), REFUSED, NOW)
        assert delivery_list.drop_all(connection, state, channel) == len(dropped)
        gone = delivery_list.lines(connection, DeliveryState.DROPPED)
        assert sorted(line.id for line in gone) == dropped


def test_a_list_names_the_headline_and_what_waits_for_its_channel(store: Store) -> None:
    with store.write() as connection:
        put(connection, 1)
        put(connection, 2)
        put(connection, 3, "press")
        deliveries.record(connection, taken(connection), REFUSED, NOW)
        set_down(connection, NOW + HOUR)
        lines = delivery_list.lines(connection)
    assert [(line.headline, line.waits_for_channel) for line in lines] == [
        ("Title 3", False),
        ("Title 2", True),
        ("Title 1", False),
    ]


def test_all_in_a_state_are_retried_but_what_another_alert_tells(store: Store) -> None:
    dead = Result(outcome=Outcome.PERMANENT, error="550")
    with store.write() as connection:
        for number in (1, 2):
            put(connection, number)
            deliveries.record(connection, taken(connection), dead, NOW)
        put(connection, 3)
        connection.execute(sa.update(ALERT).where(ALERT.c.id == 1).values(folded_into=3))
        retried = delivery_list.retry_all(connection, DeliveryState.DEAD, NOW, ["desk"])
        states = {line.id: line.state for line in delivery_list.lines(connection)}
    assert retried == 1
    assert (states[1], states[2]) == (DeliveryState.DEAD, DeliveryState.PENDING)
