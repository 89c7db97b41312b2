"""The process dies at every write, just before and just after its commit, and around the send."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from monitor.jobs.alert import Alerting
from monitor.jobs.deliver import ChannelWorker
from monitor.jobs.match import Matching
from monitor.jobs.poll import Poller
from monitor.model.alert import Message
from monitor.model.channel import ChannelPolicy, DeliveryPolicy, Routing
from monitor.model.delivery import Claim
from monitor.model.feed import Entry, Quiet
from monitor.model.payload import Payload
from monitor.store import hit_list, rules
from monitor.store.integrity import integrity
from tests.support.fakes import (
    AcknowledgedFeed,
    Clock,
    KilledError,
    MortalStore,
    Receiver,
    Web,
    Words,
    dice,
    restart,
)
from tests.support.news import names
from tests.support.outbox import message
from tests.support.stored import FEED, HOUR, NOW, REVISION, entry, headline, make_database

SPEC = replace(FEED, every=HOUR, backlog=Quiet.ALERT)
CHANNEL = ChannelPolicy(name="desk", url="json://localhost", group_wait=timedelta())
ARTICLES = 3


class World:
    """What outlives every process: the database, the clock, the feed, the mailbox."""

    def __init__(self, folder: Path, backend: str) -> None:
        self.url = make_database(folder, backend)
        self.clock = Clock()
        self.feed = AcknowledgedFeed()
        self.receiver = Receiver()
        self.keys = count(1)
        self.feed.add(*map(report, range(1, ARTICLES + 1)))

    def process(self, prepare: Callable[[MortalStore], None] = lambda _: None) -> bool:
        """Runs one process until all is done or it is killed; returns whether it survived."""
        store = MortalStore.open(self.url)
        prepare(store)
        web = Web()
        web.pages[SPEC.location] = self.feed
        poller = Poller(store, web, now=self.clock, random=dice(), on_done=lambda _: None)
        try:
            self._run(store, poller)
        except KilledError:
            return False
        finally:
            poller.close()
            store.close()
        return store.lives != 0

    def _run(self, store: MortalStore, poller: Poller) -> None:
        restart(store)
        with store.write() as connection:
            rules.save(connection, REVISION, {}, NOW)
        poller.use([SPEC])
        poller.start_due(self.clock.now)
        poller.drain()
        matching = Matching(store, Words("Troops"), lambda _: None)
        while matching.run(self.clock.now):
            pass
        alerting = Alerting(
            store,
            Routing(channels={CHANNEL.name: CHANNEL}),
            targets=lambda _: ("",),
            new_key=lambda: f"alert-{next(self.keys)}",
        )
        while alerting.run(self.clock.now):
            pass
        worker = ChannelWorker(
            CHANNEL.name,
            store,
            sender=self.receiver,
            render=render,
            policy=DeliveryPolicy(),
            random=dice(),
            on_done=lambda _: None,
        )
        worker.run_until_idle(self.clock, Event())

    def check(self, *, repeats: int) -> None:
        """Nothing is lost; a repeat is marked as one, and there are no more than these."""
        told = {item.text for item in self.receiver.messages}
        assert told == {f"Title {number}" for number in range(1, ARTICLES + 1)}
        attempts = list(self.receiver.arrived.values())
        assert len(attempts) == ARTICLES
        for numbers in attempts:
            assert numbers == sorted(set(numbers))  # each repeat says that it is one
        assert sum(map(len, attempts)) <= ARTICLES + repeats
        store = MortalStore.open(self.url)
        assert integrity(store) == []
        with store.read() as connection:
            fates = [line.channels["desk"].decision for line in hit_list.recent(connection)]
        store.close()
        assert fates == ["told"] * ARTICLES


def report(number: int) -> Entry:
    """Each about something else."""
    return entry(number, text=f"Troops were deployed to {names(number, 30)}.")


def render(alert: Payload) -> Message:
    return message(headline(alert))


@pytest.mark.parametrize("before_commit", [True, False], ids=["before", "after"])
def test_a_kill_at_any_commit_loses_and_repeats_nothing(
    tmp_path: Path, backend: str, *, before_commit: bool
) -> None:
    for lives in count(1):
        folder = tmp_path / str(lives)
        folder.mkdir()
        world = World(folder, backend)

        def mortal(store: MortalStore, lives: int = lives) -> None:
            store.lives, store.before_commit = lives, before_commit

        survived = world.process(mortal)
        world.clock.pass_by(2 * HOUR)
        assert world.process()
        # Only between the send and its stored outcome nobody can know.
        world.check(repeats=int(before_commit))
        if survived:
            break
    assert lives > 5 + 3 * ARTICLES  # every kind of write had its turn


@pytest.mark.parametrize("number", range(1, ARTICLES + 1))
@pytest.mark.parametrize("accepted", [False, True], ids=["before", "after"])
def test_a_kill_around_a_send_repeats_that_message_at_most(
    tmp_path: Path, backend: str, number: int, *, accepted: bool
) -> None:
    world = World(tmp_path, backend)

    def kill(claim: Claim) -> None:
        if claim.id == number and claim.attempt == 1:
            raise KilledError

    world.receiver.before, world.receiver.after = (
        (lambda _: None, kill) if accepted else (kill, lambda _: None)
    )
    assert not world.process()
    world.clock.pass_by(2 * HOUR)
    assert world.process()
    world.check(repeats=int(accepted))
    attempts = sorted(world.receiver.arrived.values())
    assert ([1, 2] in attempts) is accepted
    assert ([2] in attempts) is not accepted


def test_a_second_process_has_nothing_to_tell(tmp_path: Path, backend: str) -> None:
    world = World(tmp_path, backend)
    assert world.process()
    world.clock.pass_by(2 * HOUR)
    assert world.process()
    world.check(repeats=0)
