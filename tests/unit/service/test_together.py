"""Several daemons on one PostgreSQL: who leads, who sends, and what waits in the queue."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.errors import StoreBusy, StoreError
from monitor.jobs.dispatch import Batch
from monitor.service import taskqueue
from monitor.service.engines import Embedded, Engine
from monitor.service.taskqueue import SCHEMA, QueueWorker, TaskQueue
from monitor.service.together import Together
from monitor.store import deliveries, delivery_list, feed_claims, feeds, processes
from monitor.store.engine import Store
from tests.support import postgres
from tests.support.fakes import Clock
from tests.support.process import eventually
from tests.support.stored import BACKENDS, FEED, HOUR, NOW, make_database, sealed

pytestmark = pytest.mark.skipif("postgresql" not in BACKENDS, reason="no PostgreSQL here")
SECOND = timedelta(seconds=1)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return make_database(tmp_path, "postgresql")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()


@pytest.fixture
def machine(url: str) -> Iterator[Callable[[], Together]]:
    """Makes engines, each of which has a database connection of its own, as on other machines."""
    with ExitStack() as stack:

        def start() -> Together:
            store = Store.open(url)
            stack.callback(store.close)
            return stack.enter_context(Together(store, TaskQueue(url), Clock()))

        yield start


def test_one_leads_until_it_ends_and_then_another_one(machine: Callable[[], Together]) -> None:
    first, second = machine(), machine()
    assert (first.leads(), second.leads()) == (True, False)
    assert (first.leads(), second.leads()) == (True, False)
    first.__exit__(None, None, None)
    assert second.leads()


def test_one_whose_connection_was_lost_leads_no_longer_unless_it_is_first_again(
    machine: Callable[[], Together], url: str
) -> None:
    first, second = machine(), machine()
    assert first.leads()
    postgres.end_connections(url)
    eventually(lambda: _leads(second))
    assert not _leads(first)


def _leads(engine: Engine) -> bool:
    try:
        return engine.leads()
    except StoreError:
        return False


def test_a_daemon_that_is_alone_and_one_that_leads_exclude_each_other(
    machine: Callable[[], Together], store: Store
) -> None:
    leader = machine()
    with Embedded(store):
        assert not leader.leads()
    assert leader.leads()
    with pytest.raises(StoreBusy, match="in use by a running daemon"), Embedded(store):
        pass


def test_a_daemon_that_is_alone_takes_its_lock_again_if_nobody_else_did(
    store: Store, url: str
) -> None:
    other = Store.open(url)
    with Embedded(store) as alone:
        postgres.end_connections(url)
        eventually(lambda: _leads(alone))
        postgres.end_connections(url)
        eventually(lambda: _can_lead(other))
        with other.alone():
            assert not _leads(alone)
        assert _leads(alone)
    other.close()


def _can_lead(store: Store) -> bool:
    try:
        with store.alone():
            return True
    except StoreError:
        return False


def test_a_channel_is_sent_on_by_one_at_a_time(machine: Callable[[], Together]) -> None:
    first, second = machine(), machine()
    with first.turn("desk") as mine, second.turn("desk") as theirs, second.turn("press") as other:
        assert mine is not None
        assert mine()
        assert theirs is None
        assert other is not None
    with second.turn("desk") as theirs:
        assert theirs is not None


def test_a_turn_ends_with_its_connection(machine: Callable[[], Together], url: str) -> None:
    with machine().turn("desk") as mine:
        assert mine is not None
        postgres.end_connections(url)
        assert not mine()


def test_what_the_dead_was_sending_is_sent_again_on_its_channel_only(
    machine: Callable[[], Together], store: Store
) -> None:
    with store.write() as connection:
        for number, channel in enumerate(("desk", "press")):
            sealed(connection, number, channel=channel)
            assert deliveries.claim_one(connection, channel, NOW, NOW + HOUR)
    with machine().turn("desk"):
        pass
    with store.read() as connection:
        due = [deliveries.is_due(connection, name, NOW) for name in ("desk", "press")]
        lines = {line.channel: line.uncertain for line in delivery_list.lines(connection)}
    assert due == [True, False]
    assert lines == {"desk": True, "press": False}


def test_a_start_voids_the_leases_of_a_daemon_that_was_alone_and_no_others(
    machine: Callable[[], Together], store: Store
) -> None:
    engine = machine()
    with store.write() as connection:
        feeds.sync(connection, [FEED], NOW)
        feed_claims.claim_due(connection, NOW, NOW + HOUR, 1, token=5)
        engine.begin(connection)
        assert feed_claims.claim_due(connection, NOW, NOW + HOUR, 1) == []
        feed_claims.release_leases(connection)
        feed_claims.claim_due(connection, NOW, NOW + HOUR, 1)
        engine.begin(connection)
        assert len(feed_claims.claim_due(connection, NOW, NOW + HOUR, 1)) == 1


def test_the_dead_are_buried_by_the_living(machine: Callable[[], Together], store: Store) -> None:
    engine, _ = machine(), machine()
    with store.write() as connection:
        dead = processes.Process(token=1, role="work", host="far", pid=1, started=NOW)
        processes.enter(connection, dead)
    for seconds in range(5):
        engine.tend(NOW + seconds * SECOND)
    with store.read() as connection:
        left = processes.entered(connection)
    assert dead not in left
    assert len(left) == 2


def waiting(store: Store, queue: TaskQueue) -> int:
    with store.read() as connection:
        return len(queue.waiting(connection))


def defer(store: Store, queue: TaskQueue, *batches: Batch) -> None:
    with store.write() as connection:
        queue.defer(connection, batches)


@pytest.fixture
def queue(store: Store) -> TaskQueue:
    made = TaskQueue(store.url)
    made.prepare(store)
    return made


FIRST, LATER = Batch(feeds=(1, 2), token=2**62), Batch(feeds=(3,), token=1)


def test_the_tables_of_the_queue_are_made_anew_for_another_version(
    store: Store, queue: TaskQueue
) -> None:
    defer(store, queue, FIRST)
    queue.prepare(store)
    assert waiting(store, queue) == 1
    with store.write() as connection:
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS 'older'")
    assert not queue.is_ready(store)
    queue.prepare(store)
    assert queue.is_ready(store)
    assert waiting(store, queue) == 0


def test_batches_are_queued_with_the_transaction_or_not_at_all(
    store: Store, queue: TaskQueue
) -> None:
    with suppress(ZeroDivisionError), store.write() as connection:
        queue.defer(connection, [FIRST, LATER])
        _ = 1 / 0
    assert waiting(store, queue) == 0
    defer(store, queue, FIRST, LATER)
    with store.read() as connection:
        assert sorted(queue.waiting(connection)) == [LATER.token, FIRST.token]


class Polls:
    """What a worker is told to poll; a batch ends when the test says so, or at once."""

    def __init__(self, *, at_once: bool = True, failures: int = 0) -> None:
        self.begun: list[Batch] = []
        self.ends: list[Callable[[], None]] = []
        self._at_once = at_once
        self._failures = failures

    def __call__(self, batch: Batch, on_end: Callable[[], None]) -> int:
        if self._failures:
            self._failures -= 1
            raise StoreError("the server is away")
        self.begun.append(batch)
        self.ends.append(on_end)
        if self._at_once:
            on_end()
        return 1


@pytest.fixture
def work(queue: TaskQueue, store: Store) -> Iterator[Callable[[Polls], QueueWorker]]:
    assert queue.is_ready(store)
    with ExitStack() as stack:

        def start(polls: Polls) -> QueueWorker:
            worker = QueueWorker(TaskQueue(store.url), polls, concurrency=1, patience=0.2)
            worker.start()
            stack.callback(worker.stop)
            return worker

        yield start


Work = Callable[[Polls], QueueWorker]


def test_a_worker_gets_each_batch_and_nothing_of_it_is_kept(
    store: Store, queue: TaskQueue, work: Work
) -> None:
    polls = Polls()
    defer(store, queue, FIRST)
    work(polls)
    defer(store, queue, LATER)
    eventually(lambda: polls.begun == [FIRST, LATER])
    eventually(lambda: _kept(store) == 0)


def _kept(store: Store) -> int:
    with store.read() as connection:
        sql = f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs"  # noqa: S608 - ours
        return connection.scalar(sa.text(sql)) or 0


def test_a_batch_occupies_its_worker_until_it_has_ended(
    store: Store, queue: TaskQueue, work: Work
) -> None:
    polls = Polls(at_once=False)
    defer(store, queue, FIRST, LATER)
    work(polls)
    eventually(lambda: polls.begun == [FIRST])
    assert waiting(store, queue) == 1
    polls.ends[0]()
    eventually(lambda: polls.begun == [FIRST, LATER])
    polls.ends[1]()


def test_a_batch_whose_leases_can_not_be_taken_over_is_tried_again(
    store: Store, queue: TaskQueue, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taskqueue, "_PAUSE", 0.01)
    polls = Polls(failures=2)
    defer(store, queue, FIRST)
    work(polls)
    eventually(lambda: polls.begun == [FIRST])


def test_a_worker_goes_on_after_the_server_was_restarted(
    store: Store, queue: TaskQueue, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taskqueue, "_PAUSE", 0.01)
    polls = Polls()
    defer(store, queue, FIRST)
    work(polls)
    eventually(lambda: polls.begun == [FIRST])
    postgres.end_connections(store.url)
    fresh = Store.open(store.url)
    defer(fresh, queue, LATER)
    eventually(lambda: polls.begun == [FIRST, LATER])
    fresh.close()


def test_a_worker_that_stops_gives_up_what_does_not_end_and_takes_no_more(
    store: Store, queue: TaskQueue, work: Work
) -> None:
    polls = Polls(at_once=False)
    defer(store, queue, FIRST, LATER)
    worker = work(polls)
    eventually(lambda: polls.begun)
    worker.stop()
    assert polls.begun == [FIRST]
    assert waiting(store, queue) == _kept(store) == 1
    polls.ends[0]()  # nobody listens any longer


def test_the_job_of_a_dead_worker_is_swept_away(
    store: Store, queue: TaskQueue, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taskqueue, "_SWEEP_EVERY", 0.01)
    defer(store, queue, FIRST)
    with store.write() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {SCHEMA}")
        connection.exec_driver_sql(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 day') RETURNING id) "
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
        )
    work(Polls())
    eventually(lambda: _kept(store) == 0)
