"""What follows from failed deliveries: hits come another way, and people are told."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from monitor.alerts.sample import sample_spike
from monitor.errors import ChannelDown, DeliveryError, PermanentDeliveryError
from monitor.jobs.aftermath import Aftermath
from monitor.jobs.deliver import ChannelWorker
from monitor.model.alert import Alert, AlertKind, Digest, Message, Notice, RuleFacts
from monitor.model.channel import ChannelPolicy, DeliveryPolicy, DigestTimes, Mode, QuietHours
from monitor.model.delivery import Claim, DeliveryState
from monitor.model.payload import Payload
from monitor.model.source import EventKind, FeedEvent
from monitor.model.spike import SpikeAlert
from monitor.store import alerts, delivery_list, feed_events, hit_list
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from monitor.store.outages import MOST_RETURNS
from monitor.store.tables import CHANNEL_HEALTH, DELIVERY
from tests.jobs.newsroom import FOREVER, Newsroom, named, quoted, tellings
from tests.support.fakes import Receiver, dice
from tests.support.outbox import message
from tests.support.stored import DAY, HOUR, MINUTE, ON_SQLITE, headline

DESK = ChannelPolicy(
    name="desk", url="json://localhost", group_wait=timedelta(), max_per_hour=None
)


class Never:
    def is_set(self) -> bool:
        return False

    def wait(self, timeout: float) -> bool:  # noqa: ARG002 - of a protocol
        return False


class Desk(Newsroom):
    """A newsroom whose messages go to a receiver that may be broken."""

    def __init__(self, store: Store, policy: ChannelPolicy = DESK, *others: ChannelPolicy) -> None:
        super().__init__(store, policy, *others)
        self.receiver = Receiver()
        self.receiver.before = self._fail
        self.broken: DeliveryError | None = None
        channels = {each.name: each for each in (policy, *others)}
        self._workers = [self._worker(name, Aftermath(channels.get)) for name in channels]

    def _worker(self, name: str, aftermath: Aftermath) -> ChannelWorker:
        return ChannelWorker(
            name,
            self.store,
            sender=self.receiver,
            render=render,
            policy=DeliveryPolicy(),
            random=dice(),
            on_done=lambda _: None,
            aftermath=aftermath,
        )

    def _fail(self, claim: Claim) -> None:
        if self.broken is not None and claim.channel == "desk":
            raise self.broken

    def live(self, how_long: timedelta) -> None:
        """Time goes by; alerts are made and sent whenever something is due."""
        end = self.now + how_long
        while True:
            self.wait()
            for worker in self._workers:
                worker.run_until_idle(lambda: self.now, Never())
            if self.now >= end:
                return
            self.now = min(end, self._next_due(), self._next_try())

    def _next_try(self) -> datetime:
        with self.store.read() as connection:
            tries = connection.scalars(
                sa.select(DELIVERY.c.next_try)
                .where(DELIVERY.c.state == DeliveryState.PENDING)
                .union_all(
                    sa.select(CHANNEL_HEALTH.c.next_probe).where(
                        CHANNEL_HEALTH.c.next_probe.is_not(None)
                    )
                )
            ).all()
        return min((each for each in tries if each > self.now), default=FOREVER)

    def states(self, channel: str = "desk") -> list[str]:
        """The state of each delivery, oldest first."""
        with self.store.read() as connection:
            lines = delivery_list.lines(connection)
        return [line.state.value for line in reversed(lines) if line.channel == channel]

    def sent(self) -> list[Alert | Digest]:
        """What desk got, in order."""
        with self.store.read() as connection:
            lines = delivery_list.lines(connection, DeliveryState.SENT)
            said = [alerts.get(connection, line.alert) for line in reversed(lines)]
        return [
            each for each in said if isinstance(each, Alert | Digest) and each.channel == "desk"
        ]

    def spike(self, rule: str) -> None:
        """A rule bursts."""
        facts = RuleFacts(id=rule, title=rule, channels=("desk",))
        evidence = sample_spike(facts, "desk", self.now).evidence[0]
        event = FeedEvent(kind=EventKind.SPIKE, at=self.now, text="", told=True, evidence=evidence)
        with self.store.write() as connection:
            feed_events.add(connection, [event])

    def spikes(self) -> list[SpikeAlert]:
        """What desk got of rules."""
        with self.store.read() as connection:
            lines = delivery_list.lines(connection, DeliveryState.SENT)
            said = [alerts.get(connection, line.alert) for line in reversed(lines)]
        return [each for each in said if isinstance(each, SpikeAlert)]

    def notices(self, channel: str) -> list[str]:
        """What a channel was told of channels."""
        with self.store.read() as connection:
            lines = delivery_list.lines(connection)
            said = [alerts.get(connection, line.alert) for line in reversed(lines)]
        return [
            f"{line.name}: {line.text}"
            for each in said
            if isinstance(each, Notice) and each.channel == channel
            for line in each.lines
        ]


def render(alert: Payload) -> Message:
    return message(headline(alert))


REFUSED = ChannelDown("connection refused")
TOO_LATE = PermanentDeliveryError("550 no")


@ON_SQLITE
def test_after_two_days_without_a_mail_server_one_catch_up_tells_all(store: Store) -> None:
    desk = Desk(store)
    desk.publish(1)
    desk.live(HOUR)
    desk.broken = REFUSED
    for story in range(2, 26):
        desk.publish(story)
        desk.live(2 * HOUR)
    desk.broken = None
    desk.live(HOUR)
    kinds = [message.kind.value for message in desk.sent()]
    assert kinds == ["first", "first", "catch-up"]  # the second one was the probe
    catch_up = desk.sent()[-1]
    assert isinstance(catch_up, Digest)
    assert catch_up.total == 23
    assert "down" in catch_up.occasion
    probe = quoted(desk.sent()[1])
    assert sorted(quoted(catch_up) + named(catch_up) + probe) == list(range(2, 26))
    assert tellings(store) == [1] * 25
    assert integrity(store) == []
    desk.publish(99)
    desk.live(HOUR)
    assert [message.kind.value for message in desk.sent()] == [*kinds, "first"]


def test_after_a_short_outage_messages_come_one_by_one(store: Store) -> None:
    desk = Desk(store)
    desk.broken = REFUSED
    desk.publish(1, 2, 3)
    desk.live(HOUR / 2)
    desk.broken = None
    desk.live(HOUR)
    assert [message.kind.value for message in desk.sent()] == ["first"] * 3


def test_spikes_of_an_outage_come_as_one_message_and_dead_ones_are_told(store: Store) -> None:
    desk = Desk(store, DESK, replace(DESK, name="ops"))
    desk.broken = REFUSED
    for rule in ("troops", "coup", "wages"):
        desk.spike(rule)
        desk.live(2 * HOUR)
    desk.broken = None
    desk.live(HOUR)
    told = [[each.rule.id for each in alert.evidence] for alert in desk.spikes()]
    assert sorted(rule for each in told for rule in each) == ["coup", "troops", "wages"]
    assert len(told) == 2  # the first one was the probe
    assert integrity(store) == []
    desk.broken = TOO_LATE
    desk.spike("floods")
    desk.live(HOUR)
    assert "see monitor outbox list" in desk.notices("ops")[-1]


def test_what_may_have_arrived_is_repeated_and_not_folded(store: Store) -> None:
    desk = Desk(store)
    desk.broken = DeliveryError("no reply", uncertain=True)
    desk.publish(1)
    desk.live(5 * MINUTE)
    desk.broken = REFUSED
    desk.publish(2, 3)
    desk.live(3 * HOUR)
    desk.broken = None
    desk.live(2 * HOUR)
    kinds = sorted(message.kind.value for message in desk.sent())
    assert kinds in (["catch-up", "first"], ["catch-up", "first", "first"])
    assert tellings(store) == [1] * 3


@ON_SQLITE
def test_the_catch_up_waits_for_the_end_of_quiet_hours(store: Store) -> None:
    night = QuietHours(start=time(22), end=time(6, 30))
    desk = Desk(store, replace(DESK, quiet=night))
    desk.broken = REFUSED
    for story in range(1, 5):
        desk.publish(story)
        desk.live(2 * HOUR)
    desk.live(3 * HOUR)  # 23:00
    desk.broken = None
    desk.live(HOUR)
    assert len(desk.sent()) == 1
    desk.live(8 * HOUR)
    assert [message.kind for message in desk.sent()[1:]] == [AlertKind.CATCH_UP]


@ON_SQLITE
def test_another_channel_is_told_of_an_outage_and_of_its_end(store: Store) -> None:
    desk = Desk(store, DESK, replace(DESK, name="ops"))
    desk.broken = REFUSED
    desk.publish(1)
    desk.live(6 * HOUR)
    desk.broken = None
    desk.live(HOUR)
    went, came = desk.notices("ops")
    assert went.startswith("desk: takes nothing at present (connection refused)")
    assert came.startswith("desk: takes messages again after")
    assert desk.notices("desk") == []


@ON_SQLITE
def test_the_only_channel_is_told_of_its_own_outage_when_it_is_over(store: Store) -> None:
    desk = Desk(store)
    desk.broken = REFUSED
    desk.publish(1)
    desk.live(6 * HOUR)
    desk.broken = None
    desk.live(2 * HOUR)
    assert len(desk.notices("desk")) == 2


def test_the_hits_of_a_dead_message_come_with_the_next_digest(store: Store) -> None:
    both = replace(DESK, mode=Mode.BOTH, digest=DigestTimes(at=(time(17),)))
    desk = Desk(store, both)
    desk.broken = TOO_LATE
    desk.publish(1)
    desk.live(5 * MINUTE)
    assert desk.states()[0] == "dead"
    desk.broken = None
    desk.live(6 * HOUR)
    (digest,) = desk.sent()
    assert (digest.kind, quoted(digest)) == (AlertKind.DIGEST, [1])
    assert tellings(store) == [1]
    assert integrity(store) == []


@ON_SQLITE
def test_the_hits_of_a_dead_digest_are_in_the_next_one(store: Store) -> None:
    daily = replace(DESK, mode=Mode.DIGEST, digest=DigestTimes(at=(time(17),)))
    desk = Desk(store, daily)
    desk.publish(1)
    desk.live(4 * HOUR)
    desk.broken = TOO_LATE
    desk.live(2 * HOUR)
    desk.publish(2)
    desk.broken = None
    desk.live(DAY)
    (digest,) = desk.sent()
    assert quoted(digest) == [1, 2]


def test_what_a_dead_digest_named_is_named_by_the_next_one(store: Store) -> None:
    daily = replace(DESK, mode=Mode.DIGEST, digest=DigestTimes(at=(time(17),)))
    desk = Desk(store, daily)
    desk.publish(1)
    desk.live(DAY)
    held = desk.publish(1, copy=True)
    desk.broken = TOO_LATE
    desk.live(DAY)
    assert desk.states()[:2] == ["sent", "dead"]
    desk.broken = None
    desk.live(DAY)
    assert [named(each) for each in desk.sent()] == [[], [held]]


@ON_SQLITE
def test_without_a_digest_they_come_within_the_hour_and_not_for_ever(store: Store) -> None:
    desk = Desk(store)
    desk.broken = TOO_LATE
    desk.publish(1)
    desk.live(DAY)
    stories = [each for each in desk.messages() if quoted(each) == [1]]
    assert [each.kind.value for each in stories] == ["first", *["catch-up"] * MOST_RETURNS]
    notices = MOST_RETURNS + 1
    assert desk.states() == ["dead"] * (len(stories) + notices)  # no notice of a dead notice
    with store.read() as connection:
        fate = hit_list.recent(connection)[0].channels["desk"]
    assert (fate.decision, fate.reason) == ("not-told", "550 no")
    assert integrity(store) == []


def test_a_dead_message_that_reached_one_of_its_targets_is_not_told_again(store: Store) -> None:
    desk = Desk(store)
    desk.alerting = desk.alerting_to("a@news.example", "b@news.example")
    desk.publish(1)
    desk.receiver.before = lambda claim: fail_at(claim, "b@news.example")
    desk.live(3 * HOUR)
    assert [each.kind.value for each in desk.messages()] == ["first"]


def test_what_may_have_arrived_and_is_then_refused_is_shown_and_not_told_again(
    store: Store,
) -> None:
    desk = Desk(store, DESK, replace(DESK, name="ops"))
    desk.broken = DeliveryError("no reply", uncertain=True)
    desk.publish(1)
    desk.live(timedelta())
    desk.broken = TOO_LATE
    desk.live(3 * HOUR)
    assert [each.kind.value for each in desk.messages()] == ["first"]
    assert desk.states() == ["dead"]
    (notice,) = desk.notices("ops")
    assert "it may have arrived" in notice
    assert integrity(store) == []


def fail_at(claim: Claim, target: str) -> None:
    if claim.target == target and claim.alert == 1:
        raise TOO_LATE
