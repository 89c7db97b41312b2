"""The queue between machines: Procrastinate on our PostgreSQL (its only door).

It dispatches and promises nothing: the truth are the leases in our tables. So its jobs are never
retried, a lost one is a short delay, and its tables, in a schema of their own, may be dropped.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager

from monitor import observe
from monitor.errors import StoreError
from monitor.jobs.dispatch import Batch
from monitor.store.engine import Connection, Store

SCHEMA: Final = "monitor_queue"
_QUEUE, _TASK = "poll", "poll_batch"
_CONNECTIONS = 4  # of a worker, to the queue
_PAUSE = 1.0  # seconds until what failed is tried again, and between looks nobody was called for
_HEARTBEAT, _STALLED = 10.0, 60.0  # seconds
_SWEEP_EVERY = 30.0

log = observe.logger("monitor")

Poll = Callable[[Batch, Callable[[], None]], int]
"""Starts the polls of a batch and returns how many; calls back when they have ended, if any."""


class TaskQueue:
    """Batches of feeds on their way to whoever polls them.

    Args:
        url: of the database, as ``[store]`` has it.
    """

    def __init__(self, url: str) -> None:
        logging.getLogger("procrastinate").setLevel(logging.WARNING)  # several lines a job
        self.app = App(
            connector=PsycopgConnector(
                conninfo="".join(("postgresql", *url.partition("://")[1:])),
                kwargs={"options": f"-c search_path={SCHEMA}"},
                min_size=1,
                max_size=_CONNECTIONS,
            )
        )

    def prepare(self, store: Store) -> None:
        """Makes the tables of the queue, or makes them anew if they are of another version.

        Raises:
            StoreError: the database can't be written.
        """
        with store.write() as connection:
            if _version(connection) == _NEWEST:
                return
            driver: Any = connection.connection.driver_connection
            driver.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            driver.execute(f"CREATE SCHEMA {SCHEMA}")
            driver.execute(f"SET LOCAL search_path = {SCHEMA}")
            driver.execute(SchemaManager.get_schema())
            driver.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{_NEWEST}'")

    def is_ready(self, store: Store) -> bool:
        """Whether the tables are there and of this version.

        Raises:
            StoreError: the database can't be read.
        """
        with store.read() as connection:
            return _version(connection) == _NEWEST

    def waiting(self, connection: Connection) -> Sequence[int]:
        """The token of each batch that nobody has begun."""
        return connection.exec_driver_sql(_WAITING).scalars().all()

    def defer(self, connection: Connection, batches: Sequence[Batch]) -> None:
        """Adds batches, in the transaction of the connection."""
        connection.exec_driver_sql(_FIND_QUEUE)
        deferrer = self.app.configure_task(
            _TASK,
            queue=_QUEUE,
            allow_unknown=True,
            connection=connection.connection.driver_connection,
        )
        jobs: list[Any] = [{"feeds": list(each.feeds), "token": each.token} for each in batches]
        deferrer.batch_defer(*jobs)


_NEWEST = max(path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
_WAITING = (
    f"SELECT (args->>'token')::bigint FROM {SCHEMA}.procrastinate_jobs WHERE status = 'todo'"  # noqa: S608 - ours
)
# Behind our own tables, until the transaction ends: functions of the queue look there.
_FIND_QUEUE = (
    f"SELECT set_config('search_path', current_setting('search_path') || ', {SCHEMA}', true)"
)


def _version(connection: Connection) -> str | None:
    sql = f"SELECT obj_description(to_regnamespace('{SCHEMA}'), 'pg_namespace')"
    version: str | None = connection.exec_driver_sql(sql).scalar()
    return version


class QueueWorker:
    """Takes batches from the queue in a thread of its own, until ``stop``.

    Args:
        queue: whose tables are there.
        poll: called from several threads; may raise StoreError, then it is called again.
        concurrency: batches at a time.
        patience: seconds that batches at hand have to end after ``stop``.
    """

    def __init__(self, queue: TaskQueue, poll: Poll, *, concurrency: int, patience: float) -> None:
        self._app = queue.app
        self._poll = poll
        self._concurrency = concurrency
        self._patience = patience
        self._stopping = Event()
        self._loop = asyncio.new_event_loop()
        self._life: asyncio.Task[None] | None = None
        self._app.task(name=_TASK, queue=_QUEUE)(self._poll_batch)
        self._thread = Thread(target=self._run, name="queue", daemon=True)

    def start(self) -> None:
        """Begins to take batches."""
        self._thread.start()

    def stop(self) -> None:
        """Takes no more, and waits a while for the batches at hand to end."""
        self._stopping.set()
        with suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()

    def _cancel(self) -> None:
        if self._life is not None:
            self._life.cancel()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._live())

    async def _live(self) -> None:
        while not self._stopping.is_set():
            self._life = asyncio.create_task(self._work())
            try:
                await self._life
            except asyncio.CancelledError:
                continue
            except Exception as error:  # noqa: BLE001 - the tables are whole: it begins anew
                log.error("queue failed", error=f"{type(error).__name__}: {error}")  # noqa: TRY400
            await asyncio.sleep(_PAUSE)

    async def _work(self) -> None:
        async with self._app.open_async():
            sweeping = asyncio.create_task(self._sweep())
            try:
                await self._app.run_worker_async(
                    queues=[_QUEUE],
                    concurrency=self._concurrency,
                    fetch_job_polling_interval=_PAUSE,
                    shutdown_graceful_timeout=self._patience,
                    install_signal_handlers=False,
                    delete_jobs="always",
                    update_heartbeat_interval=_HEARTBEAT,
                    stalled_worker_timeout=_STALLED,
                )
            finally:
                sweeping.cancel()

    async def _poll_batch(self, feeds: list[int], token: int) -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()

        def on_end() -> None:
            with suppress(RuntimeError):  # nobody waits any longer
                loop.call_soon_threadsafe(ended.set)

        if await self._begin(Batch(feeds=tuple(feeds), token=token), on_end):
            await ended.wait()

    async def _begin(self, batch: Batch, on_end: Callable[[], None]) -> int:
        loop = asyncio.get_running_loop()
        while True:
            try:
                return await loop.run_in_executor(None, self._poll, batch, on_end)
            except StoreError as error:
                log.error("batch not begun", error=str(error))  # noqa: TRY400 - it says it all
                await asyncio.sleep(_PAUSE)

    async def _sweep(self) -> None:
        """Deletes the jobs of dead workers: their feeds are claimed anew, not these jobs."""
        manager = self._app.job_manager
        while True:
            await asyncio.sleep(_SWEEP_EVERY)
            try:
                for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED):
                    await manager.finish_job(job, Status.FAILED, delete_job=True)
            except Exception as error:  # noqa: BLE001 - another worker was faster, or see above
                log.warning("queue not swept", error=f"{type(error).__name__}: {error}")
