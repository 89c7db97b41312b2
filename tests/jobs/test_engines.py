"""What every engine promises of polling: one suite, run by each of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest

from monitor.errors import FetchError, StoreError
from monitor.feeds.fetch import Fetched
from monitor.jobs import intake
from monitor.jobs.dispatch import Batch, Dispatch
from monitor.jobs.intake import PollReport
from monitor.jobs.poll import Poller
from monitor.model.feed import FeedSpec, Validators
from monitor.service.taskqueue import QueueWorker, TaskQueue
from monitor.store import articles, feed_claims, feeds
from monitor.store.engine import Store
from monitor.store.feed_health import health
from monitor.store.integrity import integrity
from tests.support.fakes import Clock, Web, dice, page, unchanged
from tests.support.process import eventually
from tests.support.stored import BACKENDS, DAY, FEED, HOUR, MINUTE, OTHER, entry, open_store

FIXED, SECOND = (replace(spec, every=10 * MINUTE) for spec in (FEED, OTHER))
MANY = [
    replace(FIXED, url=f"https://{n % 90}.example/{n}", location=f"https://{n % 90}.example/{n}")
    for n in range(250)
]


class Engine(Protocol):
    """Polls what is due; the world is that of the test."""

    web: Web
    clock: Clock
    reports: list[PollReport]

    def use(self, *specs: FeedSpec) -> None: ...

    def poll(self) -> list[PollReport]:
        """What ended in one pass."""

    def close(self) -> None: ...


class Embedded:
    """The poller claims by itself."""

    def __init__(self, store: Store) -> None:
        self.web, self.clock = Web(), Clock()
        self.reports: list[PollReport] = []
        self._poller = Poller(
            store, self.web, now=self.clock, random=dice(), on_done=self.reports.append
        )

    def use(self, *specs: FeedSpec) -> None:
        self._poller.use(specs)

    def poll(self) -> list[PollReport]:
        self.reports.clear()
        self._poller.start_due(self.clock())
        self._poller.drain()
        return list(self.reports)

    def close(self) -> None:
        self._poller.close()


class Procrastinate:
    """A scheduler that claims, a queue, and two workers that poll."""

    def __init__(self, store: Store) -> None:
        self.web, self.clock = Web(), Clock()
        self.reports: list[PollReport] = []
        self._store = store
        self._queue = TaskQueue(store.url)
        self._queue.prepare(store)
        tokens = count(1)
        self._dispatch = Dispatch(store, self._queue, lambda: next(tokens))
        self._pollers = [self._poller(token) for token in (10_001, 10_002)]
        self._workers = [
            QueueWorker(
                TaskQueue(store.url),
                partial(self._start, poller),
                concurrency=2,
                patience=5,
            )
            for poller in self._pollers
        ]
        for worker in self._workers:
            worker.start()

    def _poller(self, token: int) -> Poller:
        return Poller(
            self._store,
            self.web,
            now=self.clock,
            random=dice(),
            on_done=self.reports.append,
            token=token,
        )

    def _start(self, poller: Poller, batch: Batch, on_end: Callable[[], None]) -> int:
        return poller.start_batch(batch, self.clock(), on_end)

    def use(self, *specs: FeedSpec) -> None:
        with self._store.write() as connection:
            feeds.sync(connection, specs, self.clock())
        for poller in self._pollers:
            poller.know(specs)

    def poll(self) -> list[PollReport]:
        self.reports.clear()
        for poller in self._pollers:
            poller.tend(self.clock())
        handed_over = self._dispatch.run(self.clock())
        eventually(lambda: len(self.reports) >= handed_over)
        return list(self.reports)

    def close(self) -> None:
        for worker in self._workers:
            worker.stop()
        for poller in self._pollers:
            poller.close()


ENGINES = [("embedded", backend) for backend in BACKENDS]
ENGINES += [("procrastinate", backend) for backend in BACKENDS if backend == "postgresql"]


@pytest.fixture(params=ENGINES, ids="-".join)
def backend(request: pytest.FixtureRequest) -> str:
    kind: str = request.param[1]
    return kind


@pytest.fixture
def store(tmp_path: Path, backend: str) -> Iterator[Store]:
    opened = open_store(tmp_path, backend)
    yield opened
    assert integrity(opened) == []
    opened.close()


@pytest.fixture
def engine(request: pytest.FixtureRequest, store: Store) -> Iterator[Engine]:
    name = request.node.callspec.params["backend"][0]
    running: Engine = Embedded(store) if name == "embedded" else Procrastinate(store)
    yield running
    running.close()


def titles(store: Store) -> set[str]:
    with store.read() as connection:
        return {line.title for line in articles.recent(connection)}


def show(engine: Engine, *specs: FeedSpec) -> None:
    for number, spec in enumerate(specs):
        engine.web.pages[spec.location] = page(entry(number), url=spec.location, etag='"1"')


def test_every_feed_that_is_due_is_polled_once_an_interval(engine: Engine, store: Store) -> None:
    engine.use(*MANY)
    show(engine, *MANY)
    polled = [report.feed.url for report in engine.poll()]
    assert sorted(polled) == sorted(spec.url for spec in MANY)
    assert len(titles(store)) == len(MANY)
    assert engine.poll() == []
    engine.clock.pass_by(22 * MINUTE)  # twice the interval, spread by a tenth
    assert {report.feed.url for report in engine.poll()} == {spec.url for spec in MANY}


def test_what_was_stored_makes_the_next_poll_conditional(engine: Engine) -> None:
    engine.use(FIXED)
    show(engine, FIXED)
    (first,) = engine.poll()
    engine.web.pages[FIXED.location] = unchanged()
    engine.clock.pass_by(20 * MINUTE)
    (second,) = engine.poll()
    assert (first.outcome, second.outcome) == ("stored", "unchanged")
    assert [asked.etag for _, asked in engine.web.requests] == [None, '"1"']


def test_a_feed_that_fails_stops_no_other_and_waits_longer(engine: Engine, store: Store) -> None:
    engine.use(FIXED, SECOND)
    show(engine, SECOND)
    engine.web.pages[FIXED.location] = FetchError("no answer")
    assert {report.outcome for report in engine.poll()} == {"failed", "stored"}
    with store.read() as connection:
        states = {each.url: each for each in health(connection, engine.clock())}
    assert states[FIXED.url].last_error == "no answer"
    assert states[SECOND.url].last_error is None


def test_a_server_that_asks_for_time_gets_it(engine: Engine) -> None:
    engine.use(FIXED)
    engine.web.pages[FIXED.location] = FetchError("busy", status=503, retry_after=7200)
    engine.poll()
    engine.clock.pass_by(HOUR)
    assert engine.poll() == []
    show(engine, FIXED)
    engine.clock.pass_by(2 * HOUR)
    assert [report.outcome for report in engine.poll()] == ["stored"]


def test_a_defect_of_one_feed_is_its_failure(engine: Engine) -> None:
    engine.use(FIXED, SECOND)
    show(engine, SECOND)
    engine.web.pages[FIXED.location] = ZeroDivisionError("oops")
    outcomes = {report.feed.url: report for report in engine.poll()}
    assert outcomes[FIXED.url].problem == "unexpected ZeroDivisionError: oops"
    assert outcomes[SECOND.url].outcome == "stored"


def test_an_end_that_could_not_be_stored_is_made_up_for(
    engine: Engine, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    engine.use(FIXED)
    show(engine, FIXED)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "store", fail)
        assert [report.problem for report in engine.poll()] == ["the disk is full"]
    assert titles(store) == set()
    engine.clock.pass_by(MINUTE)
    engine.poll()
    engine.clock.pass_by(MINUTE)
    assert [report.outcome for report in engine.poll()] == ["stored"]
    assert titles(store) == {"Title 0"}


def test_a_feed_that_left_the_configuration_is_polled_no_more(engine: Engine) -> None:
    engine.use(FIXED, SECOND)
    show(engine, FIXED, SECOND)
    engine.poll()
    engine.use(SECOND)
    engine.clock.pass_by(DAY)
    assert [report.feed.url for report in engine.poll()] == [SECOND.url]


def test_a_lease_that_was_lost_in_the_middle_is_respected(engine: Engine, store: Store) -> None:
    def after_a_theft(_: Validators) -> Fetched:
        with store.write() as connection:
            feed_claims.release_leases(connection)
        return page(entry(), url=FIXED.location)

    engine.use(FIXED)
    engine.web.pages[FIXED.location] = after_a_theft
    assert [report.outcome for report in engine.poll()] == ["outdated"]
    assert titles(store) == set()
    show(engine, FIXED)
    engine.clock.pass_by(timedelta(seconds=1))
    assert [report.outcome for report in engine.poll()] == ["stored"]
