"""Whatever happens in which order: no delivery is lost, none comes twice without saying so."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from monitor.errors import ChannelDown, DeliveryError
from monitor.jobs.deliver import ChannelWorker
from monitor.model.channel import DeliveryPolicy
from monitor.model.delivery import Claim, DeliveryState
from monitor.store import delivery_list
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.support.fakes import Clock, KilledError, MortalStore, Receiver, dice, restart
from tests.support.outbox import message, put, title
from tests.support.stored import DAY, HOUR, open_store

POLICY = DeliveryPolicy(give_up=timedelta(days=9999))  # what is refused for good has its own test
ERRORS: dict[str, Callable[[], BaseException]] = {
    "refused for now": lambda: DeliveryError("451 try later"),
    "asked to wait": lambda: DeliveryError("HTTP 429", retry_after=3600),
    "channel down": lambda: ChannelDown("connection refused"),
    "killed": KilledError,
}


class Outbox(RuleBasedStateMachine):
    """One channel, one mailbox, and processes that die."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        open_store(Path(self.folder.name)).close()
        self.store = self.open()
        self.clock = Clock()
        self.receiver = Receiver()
        self.worker = self.new_worker()
        self.alerts = 0
        self.accepted_unseen = 0

    def open(self) -> MortalStore:
        return MortalStore.open(f"sqlite:///{self.folder.name}/monitor.db")

    def new_worker(self) -> ChannelWorker:
        return ChannelWorker(
            "desk",
            self.store,
            sender=self.receiver,
            render=lambda alert: message(title(alert)),
            policy=POLICY,
            random=dice(),
            on_done=lambda _: None,
        )

    def restart(self) -> None:
        self.store.close()
        self.store = self.open()
        self.worker = self.new_worker()
        restart(self.store)

    def deliver(self) -> None:
        try:
            self.worker.run_until_idle(self.clock, Event())
        except KilledError:
            self.restart()

    def no_more_trouble(self) -> None:
        self.receiver.before = self.receiver.after = lambda _: None
        self.store.lives = None

    @rule(number=st.integers(1, 2))
    def seal_an_alert(self, number: int) -> None:
        self.alerts += 1
        with self.store.write() as connection:
            put(connection, self.alerts, targets=[f"to-{n}" for n in range(number)])

    @rule()
    def send_all(self) -> None:
        self.deliver()

    @rule(error=st.sampled_from(sorted(ERRORS)), skip=st.integers(0, 2))
    def fail_before_it_is_accepted(self, error: str, skip: int) -> None:
        self.receiver.before = self.nth(skip, ERRORS[error])
        self.deliver()
        self.no_more_trouble()

    @rule(skip=st.integers(0, 2), killed=st.booleans())
    def fail_after_it_is_accepted(self, skip: int, *, killed: bool) -> None:
        def end() -> BaseException:
            self.accepted_unseen += 1
            return KilledError() if killed else DeliveryError("reply lost", uncertain=True)

        self.receiver.after = self.nth(skip, end)
        self.deliver()
        self.no_more_trouble()

    @rule(lives=st.integers(1, 7), before_commit=st.booleans())
    def die_at_a_write(self, lives: int, *, before_commit: bool) -> None:
        self.store.lives, self.store.before_commit = lives, before_commit
        self.accepted_unseen += 1  # at most: the write may have been the outcome
        self.deliver()
        self.no_more_trouble()

    @rule(hours=st.integers(1, 48))
    def time_passes(self, hours: int) -> None:
        self.clock.pass_by(hours * HOUR)

    @rule(hours=st.integers(1, 48))
    def the_clock_is_set_back(self, hours: int) -> None:
        self.clock.pass_by(-hours * HOUR)

    @precondition(lambda self: self.alerts)
    @rule()
    def the_process_is_killed_while_idle(self) -> None:
        self.restart()

    @invariant()
    def no_two_sends_carry_the_same_attempt(self) -> None:
        for attempts in self.receiver.arrived.values():
            assert attempts == sorted(set(attempts))

    @invariant()
    def what_is_called_sent_has_arrived(self) -> None:
        with self.store.read() as connection:
            sent = delivery_list.lines(connection, DeliveryState.SENT)
        assert len(sent) <= len(self.receiver.arrived)

    def nth(self, skip: int, error: Callable[[], BaseException]) -> Callable[[Claim], None]:
        left = [skip]

        def fail(_: Claim) -> None:
            left[0] -= 1
            if left[0] == -1:
                raise error()

        return fail

    @override
    def teardown(self) -> None:
        for _ in range(9):  # long enough for every pause
            self.clock.pass_by(2 * DAY)
            self.deliver()
        assert_all_told(self.store, self.receiver, self.accepted_unseen)
        self.store.close()
        self.folder.cleanup()


def assert_all_told(store: Store, receiver: Receiver, accepted_unseen: int) -> None:
    with store.read() as connection:
        lines = delivery_list.lines(connection)
    assert {line.state for line in lines} <= {DeliveryState.SENT}
    assert len(receiver.arrived) == len(lines)
    repeats = sum(len(attempts) - 1 for attempts in receiver.arrived.values())
    assert repeats <= accepted_unseen
    assert integrity(store) == []


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=40, stateful_step_count=20)
