import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from monitor.errors import (
    AccessDenied,
    ChannelDown,
    DeliveryError,
    PermanentDeliveryError,
    StoreError,
)
from monitor.jobs.deliver import Aftermath, ChannelWorker, DeliveryReport
from monitor.model.alert import Message
from monitor.model.channel import DeliveryPolicy
from monitor.model.delivery import (
    ChannelChange,
    ChannelHealth,
    ChannelState,
    Claim,
    DeliveryState,
    Outcome,
)
from monitor.model.payload import Payload
from monitor.store import channels, deliveries, delivery_list
from monitor.store.delivery_list import DeliveryLine
from monitor.store.engine import Connection, DatabaseError, Store
from monitor.store.tables import DELIVERY_ATTEMPT
from tests.support.fakes import Clock, Receiver, dice
from tests.support.outbox import message, put, title
from tests.support.stored import DAY, HOUR, MINUTE, NOW, open_store

POLICY = DeliveryPolicy()


class Stop:
    """A wish to end that a test controls; ``waiting`` is called instead of waiting."""

    def __init__(self) -> None:
        self.wished = False
        self.waited: list[float] = []
        self.waiting: Callable[[], None] = lambda: None

    def is_set(self) -> bool:
        return self.wished

    def wait(self, timeout: float) -> bool:
        self.waited.append(timeout)
        self.waiting()
        return self.wished


def render(alert: Payload) -> Message:
    return message(f"alert {alert.id}: {title(alert)}")


class Delivering:
    """The job of channel desk with its world."""

    def __init__(self, store: Store, alerts: int = 1) -> None:
        self.store = store
        self.receiver = Receiver()
        self.clock = Clock()
        self.stop = Stop()
        self.reports: list[DeliveryReport] = []
        self.rendered: list[int] = []
        self.worker = self.new_worker()
        with store.write() as connection:
            for number in range(1, alerts + 1):
                put(connection, number)

    def new_worker(self, aftermath: Aftermath | None = None) -> ChannelWorker:
        return ChannelWorker(
            "desk",
            self.store,
            sender=self.receiver,
            render=self.render,
            policy=POLICY,
            random=dice(),
            on_done=self.reports.append,
            aftermath=aftermath,
        )

    def keep_a_diary(self) -> "Diary":
        diary = Diary()
        self.worker = self.new_worker(diary)
        return diary

    def render(self, alert: Payload) -> Message:
        self.rendered.append(alert.id)
        return render(alert)

    def run(self, *errors: Exception) -> int:
        """Sends what is due; the first sends fail with these errors."""
        left = list(errors)

        def fail(_: Claim) -> None:
            if left:
                raise left.pop(0)

        self.receiver.before = fail
        return self.worker.run_until_idle(self.clock, self.stop)

    def lines(self) -> list[DeliveryLine]:
        with self.store.read() as connection:
            return delivery_list.lines(connection)[::-1]

    def only(self) -> DeliveryLine:
        (line,) = self.lines()
        return line

    def health(self) -> ChannelHealth:
        with self.store.read() as connection:
            return channels.get(connection, "desk")


@pytest.fixture
def delivering(store: Store) -> Delivering:
    return Delivering(store)


def test_everything_due_is_sent_in_order_and_only_once(store: Store) -> None:
    delivering = Delivering(store, alerts=3)
    assert delivering.run() == 3
    assert delivering.run() == 0
    texts = [item.text for item in delivering.receiver.messages]
    assert texts == [f"alert {number}: Title {number}" for number in (1, 2, 3)]
    assert [line.state for line in delivering.lines()] == [DeliveryState.SENT] * 3
    assert delivering.lines()[0].receipt == "accepted"
    assert delivering.health() == ChannelHealth(channel="desk", last_ok=NOW)
    assert [report.verdict.outcome for report in delivering.reports] == [Outcome.SENT] * 3


def test_a_claim_is_on_disk_before_the_send(delivering: Delivering) -> None:
    def look(claim: Claim) -> None:
        line = delivering.only()
        assert (line.state, line.attempt, claim.attempt) == (DeliveryState.SENDING, 1, 1)
        with delivering.store.read() as connection:
            attempt = connection.execute(sa.select(DELIVERY_ATTEMPT)).one()
            assert deliveries.message(connection, claim.id) == delivering_message
        assert (attempt.started, attempt.ended) == (NOW, None)

    delivering_message = message("alert 1: Title 1")
    delivering.receiver.after = look
    assert delivering.run() == 1


def test_a_message_that_failed_is_tried_again_later_and_says_the_same(
    delivering: Delivering,
) -> None:
    assert delivering.run(DeliveryError("451 try later", code=451)) == 1
    line = delivering.only()
    assert (line.state, line.last_error) == (DeliveryState.PENDING, "451 try later")
    assert NOW + POLICY.first_retry / 2 <= line.next_try <= NOW + POLICY.first_retry * 1.5
    assert delivering.health().state is ChannelState.UP
    delivering.clock.now = line.next_try
    assert delivering.run() == 1
    assert list(delivering.receiver.arrived.values()) == [[2]]
    assert delivering.rendered == [1]


def test_a_receiver_that_asks_to_wait_is_obeyed(delivering: Delivering) -> None:
    delivering.run(DeliveryError("HTTP 429", code=429, retry_after=7200))
    assert delivering.only().next_try == NOW + 2 * HOUR


def test_a_refused_message_is_dead_and_the_next_one_goes_on(store: Store) -> None:
    delivering = Delivering(store, alerts=2)
    assert delivering.run(PermanentDeliveryError("550 no such user", code=550)) == 2
    first, second = delivering.lines()
    assert (first.state, first.last_error) == (DeliveryState.DEAD, "550 no such user")
    assert second.state is DeliveryState.SENT


def test_a_channel_that_is_down_keeps_its_rows_young_and_its_probe_brings_it_back(
    store: Store,
) -> None:
    delivering = Delivering(store, alerts=3)
    attempts = 0
    for _ in range(40):  # many days
        attempts += delivering.run(ChannelDown("connection refused"))
        health = delivering.health()
        assert health.next_probe is not None
        assert health.next_probe - delivering.clock.now <= timedelta(minutes=23)
        assert delivering.run() == 0  # nothing goes out before the probe
        delivering.clock.now = max(health.next_probe, delivering.clock.now + HOUR)
    assert attempts == 40  # one probe at a time
    went_down = NOW + 4 * HOUR  # with the fifth failure
    assert (delivering.health().failures, delivering.health().since) == (40, went_down)
    assert [line.state for line in delivering.lines()] == [DeliveryState.PENDING] * 3
    assert delivering.run() == 3
    assert sorted(delivering.receiver.arrived.values()) == [[14], [14], [15]]  # in turns
    assert delivering.health().state is ChannelState.UP


class Diary:
    """An aftermath that writes down what it is told, and what it sees then in the store."""

    def __init__(self) -> None:
        self.entries: list[object] = []
        self.pending: list[int] = []

    def on_health(self, connection: Connection, change: ChannelChange) -> None:
        stored = channels.get(connection, change.channel)
        assert stored.state is change.state
        self.entries.append((change.state, change.down_since))
        if change.state is ChannelState.UP:
            waiting = delivery_list.lines(connection, DeliveryState.PENDING)
            self.pending = [line.id for line in waiting]
            for line in waiting:
                delivery_list.drop(connection, line.id)

    def on_dead(self, connection: Connection, claim: Claim, reason: str, now: datetime) -> None:
        (line,) = delivery_list.lines(connection, DeliveryState.DEAD)
        self.entries.append((line.id == claim.id, reason, now))


def test_an_outage_is_told_when_it_begins_and_when_it_ends(store: Store) -> None:
    delivering = Delivering(store, alerts=3)
    diary = delivering.keep_a_diary()
    delivering.run(AccessDenied("535"))
    delivering.clock.pass_by(DAY)
    delivering.run(AccessDenied("535"))
    delivering.clock.pass_by(DAY)
    assert delivering.run() == 1  # what the aftermath took away is not sent
    assert diary.entries == [(ChannelState.DOWN, None), (ChannelState.UP, NOW)]
    assert diary.pending == [2, 1]
    assert [report.change is not None for report in delivering.reports] == [True, False, True]


def test_a_delivery_that_ends_unsent_is_told(store: Store) -> None:
    delivering = Delivering(store, alerts=2)
    diary = delivering.keep_a_diary()
    delivering.run(PermanentDeliveryError("550"))
    assert diary.entries == [(True, "550", NOW)]


def test_what_follows_from_an_outcome_is_stored_with_it_or_not_at_all(store: Store) -> None:
    delivering = Delivering(store)
    diary = delivering.keep_a_diary()

    def fail(*_: object) -> None:
        delivering.stop.wished = True
        raise StoreError("disk full")

    diary.on_dead = fail  # type: ignore[method-assign,assignment]
    assert delivering.run(PermanentDeliveryError("550")) == 0
    assert delivering.only().state is DeliveryState.SENDING


def test_the_health_of_a_channel_outlives_the_process(delivering: Delivering) -> None:
    delivering.run(ChannelDown("connection refused"))
    delivering.worker = delivering.new_worker()
    assert delivering.run() == 0


def test_a_message_that_keeps_failing_is_given_up_if_others_went_out(store: Store) -> None:
    delivering = Delivering(store, alerts=2)
    delivering.receiver.before = refuse_first
    worker, clock, stop = delivering.worker, delivering.clock, delivering.stop
    worker.run_until_idle(clock, stop)
    first, second = delivering.lines()
    assert (first.state, second.state) == (DeliveryState.PENDING, DeliveryState.SENT)
    with store.write() as connection:  # later ones go out too
        clock.pass_by(MINUTE)
        put(connection, 3)
    worker.run_until_idle(clock, stop)
    clock.pass_by(DAY)
    worker.run_until_idle(clock, stop)
    first = delivering.lines()[0]
    assert first.state is DeliveryState.DEAD
    assert first.last_error == "given up after 3 attempts: 451 greylisted"


def refuse_first(claim: Claim) -> None:
    if claim.id == 1:
        raise DeliveryError("451 greylisted", code=451)


def test_a_message_that_keeps_failing_alone_is_not_given_up(delivering: Delivering) -> None:
    for _ in range(5):
        delivering.run(DeliveryError("timed out"))
        delivering.clock.pass_by(DAY)
    assert delivering.only().state is DeliveryState.PENDING


def test_an_uncertain_end_is_kept_as_such(delivering: Delivering) -> None:
    delivering.run(DeliveryError("connection lost after DATA", uncertain=True))
    assert delivering.only().uncertain


def test_a_defect_of_the_sender_puts_the_delivery_off_and_is_raised(
    delivering: Delivering,
) -> None:
    with pytest.raises(ZeroDivisionError):
        delivering.run(ZeroDivisionError("token=secret"))
    line = delivering.only()
    assert (line.state, line.uncertain) == (DeliveryState.PENDING, True)
    assert line.last_error == "unexpected ZeroDivisionError while sending"
    assert line.next_try > NOW


def test_a_defect_of_the_renderer_puts_the_delivery_off_and_is_raised(store: Store) -> None:
    delivering = Delivering(store)

    def broken(_: Payload) -> Message:
        raise ZeroDivisionError

    worker = ChannelWorker(
        "desk",
        store,
        sender=delivering.receiver,
        render=broken,
        policy=POLICY,
        random=dice(),
        on_done=delivering.reports.append,
    )
    with pytest.raises(ZeroDivisionError):
        worker.run_until_idle(delivering.clock, delivering.stop)
    line = delivering.only()
    assert (line.state, line.uncertain) == (DeliveryState.PENDING, False)
    assert line.last_error == "unexpected ZeroDivisionError while rendering"
    assert delivering.health().failures == 0
    assert delivering.receiver.messages == []
    delivering.clock.now = line.next_try
    assert delivering.run() == 1  # and once it is mended


def test_a_wish_to_end_is_heeded_between_two_sends(store: Store) -> None:
    delivering = Delivering(store, alerts=2)

    def end(_: Claim) -> None:
        delivering.stop.wished = True

    delivering.receiver.after = end
    assert delivering.run() == 1
    assert [line.state for line in delivering.lines()] == [
        DeliveryState.SENT,
        DeliveryState.PENDING,
    ]


def locked_after_send(delivering: Delivering) -> ExitStack:
    """Another program that takes the database during the first send and keeps it."""
    other = ExitStack()
    store = Store.open(delivering.store.url)
    other.callback(store.close)

    def lock(claim: Claim) -> None:
        if claim.id == 1:
            other.enter_context(store.write())

    delivering.receiver.after = lock
    return other


@pytest.fixture
def impatient(tmp_path_factory: pytest.TempPathFactory, backend: str) -> Delivering:
    store = open_store(tmp_path_factory.mktemp("impatient"), backend, busy_timeout=0.01)
    return Delivering(store, alerts=2)


def test_an_outcome_that_can_not_be_stored_is_stored_once_it_can(impatient: Delivering) -> None:
    other = locked_after_send(impatient)

    def unlock() -> None:
        assert len(impatient.receiver.messages) == 1  # nothing more is sent meanwhile
        if len(impatient.stop.waited) == 7:
            other.close()

    impatient.stop.waiting = unlock
    assert impatient.run() == 2
    assert impatient.stop.waited == [1, 2, 4, 8, 16, 30, 30]
    assert sorted(impatient.receiver.arrived.values()) == [[1], [1]]
    assert [line.state for line in impatient.lines()] == [DeliveryState.SENT] * 2
    impatient.store.close()


def test_an_outcome_that_was_never_stored_is_a_possible_repeat(impatient: Delivering) -> None:
    other = locked_after_send(impatient)

    def end() -> None:
        impatient.stop.wished = True

    impatient.stop.waiting = end
    assert impatient.run() == 0
    other.close()
    impatient.stop = Stop()
    impatient.receiver.after = lambda _: None
    with impatient.store.write() as connection:
        assert deliveries.release_leases(connection) == 1
    assert impatient.run() == 2
    assert sorted(impatient.receiver.arrived.values()) == [[1], [1, 2]]
    assert [line.uncertain for line in impatient.lines()] == [True, False]
    impatient.store.close()


def test_a_message_that_can_not_be_fixed_is_not_sent(
    delivering: Delivering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("INSERT", None, sqlite3.OperationalError("disk full"))

    monkeypatch.setattr("monitor.jobs.deliver.deliveries.freeze", fail)
    with pytest.raises(StoreError, match="disk full"):
        delivering.run()
    assert delivering.receiver.messages == []
    line = delivering.only()
    assert (line.state, line.attempt) == (DeliveryState.PENDING, 0)


def test_a_clock_that_was_set_back_does_not_hold_the_outbox(delivering: Delivering) -> None:
    delivering.run(DeliveryError("451"))
    delivering.clock.now = NOW - 365 * DAY
    assert delivering.run() == 1
    assert delivering.only().state is DeliveryState.SENT


def test_a_slow_send_is_timed_by_its_end(delivering: Delivering) -> None:
    def take_time(_: Claim) -> None:
        delivering.clock.pass_by(MINUTE)

    delivering.receiver.after = take_time
    delivering.run()
    ended: datetime | None = delivering.health().last_ok
    assert ended == NOW + MINUTE


def test_a_message_the_receiver_refuses_for_its_content_delays_no_other(store: Store) -> None:
    delivering = Delivering(store, alerts=4)
    poisoned = delivering.lines()[0].id

    def refuse(claim: Claim) -> None:
        if claim.id == poisoned:
            raise ChannelDown("403 forbidden words")

    delivering.receiver.before = refuse
    for _ in range(4):
        delivering.worker.run_until_idle(delivering.clock, delivering.stop)
        delivering.clock.pass_by(HOUR)
    states = {line.id: line.state for line in delivering.lines()}
    assert states.pop(poisoned) is DeliveryState.PENDING
    assert set(states.values()) == {DeliveryState.SENT}
