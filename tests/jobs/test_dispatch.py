from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import StoreError
from monitor.feeds.fetch import Fetched
from monitor.jobs.dispatch import BATCH, LEASE, WAITING, Batch, Dispatch, in_batches
from monitor.jobs.intake import PollReport
from monitor.jobs.poll import Poller
from monitor.model.feed import FeedSpec, Validators
from monitor.store import articles, feed_claims, feeds
from monitor.store.engine import Connection, Store
from monitor.store.feed_claims import Reserved
from tests.support.fakes import Clock, Web, dice, page
from tests.support.process import eventually
from tests.support.stored import FEED, MINUTE, NOW, OTHER, entry

MINE = 7


class Queue:
    """A queue that a test looks into."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.ahead: list[int] = []
        self.broken = False

    def waiting(self, _: Connection) -> list[int]:
        return self.ahead

    def defer(self, _: Connection, batches: Sequence[Batch]) -> None:
        if self.broken:
            raise StoreError("no")
        self.batches += batches


class Worker:
    """A poller that gets batches; ``ended`` counts those that did."""

    def __init__(self, store: Store) -> None:
        self.web, self.clock = Web(), Clock()
        self.reports: list[PollReport] = []
        self.ended = 0
        self.poller = Poller(
            store,
            self.web,
            now=self.clock,
            random=dice(),
            on_done=self.reports.append,
            token=MINE,
        )
        self.poller.know([FEED, OTHER])

    def poll(self, batch: Batch) -> int:
        return self.poller.start_batch(batch, self.clock(), self._end)

    def outcomes(self) -> list[str]:
        self.poller.drain()
        return [report.outcome for report in self.reports]

    def _end(self) -> None:
        self.ended += 1


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def dispatch(store: Store, queue: Queue) -> Dispatch:
    with store.write() as connection:
        feeds.sync(connection, [FEED, OTHER], NOW)
    tokens = count(1)
    return Dispatch(store, queue, lambda: next(tokens))


@pytest.fixture
def worker(store: Store, dispatch: Dispatch) -> Iterator[Worker]:  # noqa: ARG001 - has the feeds
    running = Worker(store)
    for spec in (FEED, OTHER):
        running.web.pages[spec.location] = page(entry(), url=spec.location)
    yield running
    running.poller.close()


def is_free(store: Store) -> bool:
    with store.read() as connection:
        return feed_claims.is_due(connection, NOW)


@given(st.lists(st.integers(0, 9), max_size=400))
def test_every_feed_is_in_one_batch_and_those_of_a_host_are_together(hosts: list[int]) -> None:
    names = {id_: f"{host}.example" if host else "" for id_, host in enumerate(hosts)}
    batches = list(in_batches(Reserved(id=id_, host=host) for id_, host in names.items()))
    assert sorted(id_ for batch in batches for id_ in batch) == list(names)
    homes = {(names[id_], n) for n, batch in enumerate(batches) for id_ in batch if names[id_]}
    assert len(homes) == len({host for host, _ in homes})
    most = max((hosts.count(host) for host in range(1, 10)), default=0)
    assert all(len(batch) <= max(BATCH, most) for batch in batches)


def test_what_is_due_waits_in_the_queue_and_is_claimed(
    store: Store, dispatch: Dispatch, queue: Queue
) -> None:
    assert dispatch.run(NOW) == 2
    assert [(len(each.feeds), each.token) for each in queue.batches] == [(2, 1)]
    assert dispatch.run(NOW) == 0
    assert not is_free(store)


def test_what_nobody_takes_is_handed_over_again_when_its_lease_is_over(
    dispatch: Dispatch, queue: Queue
) -> None:
    dispatch.run(NOW)
    assert dispatch.run(NOW + LEASE) == 2
    first, second = queue.batches
    assert set(first.feeds) == set(second.feeds)
    assert first.token != second.token


def test_what_waits_in_the_queue_is_not_handed_over_again(
    dispatch: Dispatch, queue: Queue
) -> None:
    dispatch.run(NOW)
    queue.ahead = [queue.batches[0].token]
    for seconds in range(30):
        assert dispatch.run(NOW + timedelta(seconds=seconds)) == 0
    queue.ahead = []  # somebody took it, and died before he took the leases
    assert dispatch.run(NOW + timedelta(seconds=35)) == 0
    assert dispatch.run(NOW + timedelta(seconds=29) + LEASE) == 2


def test_a_full_queue_gets_no_more(store: Store, dispatch: Dispatch, queue: Queue) -> None:
    queue.ahead = [99] * WAITING
    assert dispatch.run(NOW) == 0
    assert is_free(store)
    queue.ahead.pop()
    assert dispatch.run(NOW) == 2


def test_what_could_not_be_queued_is_not_claimed(
    store: Store, dispatch: Dispatch, queue: Queue
) -> None:
    queue.broken = True
    with pytest.raises(StoreError):
        dispatch.run(NOW)
    assert is_free(store)


def test_a_batch_is_polled_once_however_often_it_comes(
    dispatch: Dispatch, queue: Queue, worker: Worker
) -> None:
    dispatch.run(NOW)
    (batch,) = queue.batches
    assert worker.poll(batch) == 2
    assert worker.poll(batch) == 0
    assert worker.outcomes() == ["stored", "stored"]
    assert worker.poll(batch) == 0
    eventually(lambda: worker.ended == 1)
    assert len(worker.web.requests) == 2


def test_a_feed_that_this_machine_does_not_know_is_left_for_another_time(
    dispatch: Dispatch, queue: Queue, worker: Worker
) -> None:
    worker.poller.know([FEED])
    dispatch.run(NOW)
    assert worker.poll(*queue.batches) == 1
    assert worker.outcomes() == ["stored"]
    assert dispatch.run(NOW + MINUTE / 2) == 0
    assert dispatch.run(NOW + MINUTE) == 1


def test_a_poll_that_lost_its_lease_stores_nothing_and_leaves_the_lease_alone(
    store: Store, dispatch: Dispatch, queue: Queue, worker: Worker
) -> None:
    def after_a_theft(_: Validators) -> Fetched:
        with store.write() as connection:
            feed_claims.release_leases(connection, MINE)
        dispatch.run(NOW)
        return answer

    worker.poller.know([FEED])
    answer = page(entry(), url=FEED.location)
    worker.web.pages[FEED.location] = after_a_theft
    dispatch.run(NOW)
    assert worker.poll(queue.batches[0]) == 1
    assert worker.outcomes() == ["outdated"]
    with store.read() as connection:
        assert articles.recent(connection) == []
    assert not is_free(store)  # the other one has it
    worker.web.pages[FEED.location] = answer
    assert worker.poll(queue.batches[1]) == 1
    assert worker.outcomes() == ["outdated", "stored"]


def test_a_poll_whose_end_can_not_be_stored_ends_its_batch(
    dispatch: Dispatch, queue: Queue, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.poller.know([FEED])
    dispatch.run(NOW)

    def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("monitor.jobs.intake.store", fail)
        assert worker.poll(*queue.batches) == 1
        assert worker.outcomes() == ["failed"]
    eventually(lambda: worker.ended == 1)
    worker.poller.tend(NOW)
    assert dispatch.run(NOW + MINUTE) == 2  # it, and the one that this machine does not know


def test_batches_of_one_process_end_each_by_itself(
    store: Store, dispatch: Dispatch, queue: Queue, worker: Worker
) -> None:
    specs = [FeedSpec(url=each.url, location=each.location, name="") for each in (FEED, OTHER)]
    worker.poller.know(specs)
    dispatch.run(NOW)
    (both,) = queue.batches
    one, two = (Batch(feeds=(id_,), token=both.token) for id_ in both.feeds)
    assert (worker.poll(one), worker.poll(two)) == (1, 1)
    assert len(worker.outcomes()) == 2
    eventually(lambda: worker.ended == 2)
    assert not is_free(store)


def test_the_last_few_of_a_batch_do_not_keep_the_next_from_its_turn(
    store: Store, dispatch: Dispatch, queue: Queue, worker: Worker
) -> None:
    specs = [
        FeedSpec(url=f"https://{n}.example/", location=f"https://{n}.example/", name="")
        for n in range(10)
    ]
    with store.write() as connection:
        feeds.sync(connection, specs, NOW)
    worker.poller.know(specs)
    *most, slow = specs
    worker.web.pages[slow.location] = None  # it never answers
    for spec in most:
        worker.web.pages[spec.location] = page(entry(), url=spec.location)
    dispatch.run(NOW)
    assert worker.poll(*queue.batches) == 10
    eventually(lambda: worker.ended == 1)
    worker.poller.drain(0.01)
    assert not is_free(store)
