"""Which messages rules would have sent: the jobs of the daemon, with the clock of the articles.

Articles that a rule hits come, at the times they were first seen, into a database of their own in
the memory; there they are matched, find their stories, and alerts are decided and sealed by the
very jobs that the daemon runs. Taken as known from the start: the latest text of an article, all
feeds that carried it; mutes are left out.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, groupby

from monitor.archive.replay import Job, Progress
from monitor.jobs.alert import Alerting
from monitor.jobs.match import Matching
from monitor.matching.partial import PartialPercolator
from monitor.model.channel import Routing
from monitor.store import copying, rules, schema
from monitor.store.copying import Sent
from monitor.store.engine import Store

_MOMENT = timedelta(microseconds=1)
_START = datetime(1970, 1, 1, tzinfo=UTC)


def tell(
    job: Job, routing: Routing, hit: Collection[int], until: datetime, progress: Progress
) -> list[Sent]:
    """The messages that the rules would have sent, in the order of time.

    Args:
        job: what rules, in which archive.
        routing: the channels and routes.
        hit: the articles that the rules hit; no others matter.
        until: when the clock stops: what waits longer is not sent.
        progress: told now and then how many articles have come.

    Raises:
        StoreError: the archive can't be read.
    """
    source = Store.open(job.store_url)
    target = Store.in_memory()
    try:
        schema.upgrade(target)
        room = _Room(job, routing, target)
        done = 0
        for seen, ids in _by_time(source, hit):
            room.go_to(seen - _MOMENT)
            with source.read() as old, target.write() as new:
                copying.copy_articles(old, new, ids)
            room.go_to(seen)
            done += len(ids)
            progress(done, len(hit))
        room.go_to(until)
        with target.read() as connection:
            return copying.sent(connection)
    finally:
        source.close()
        target.close()


def _by_time(source: Store, ids: Collection[int]) -> Iterator[tuple[datetime, list[int]]]:
    with source.read() as connection:
        arrivals = copying.arrivals(connection, ids)
    for seen, group in groupby(arrivals, key=lambda each: each[0]):
        yield seen, [id_ for _, id_ in group]


class _Room:
    """The jobs of the daemon, and a clock that goes from one due time to the next."""

    def __init__(self, job: Job, routing: Routing, store: Store) -> None:
        self._store = store
        self._now = _START
        self._matching = Matching(store, PartialPercolator(job.rules), lambda _: None)
        self._matching.modes = job.modes
        keys = count(1)
        self._alerting = Alerting(
            store, routing, targets=lambda _: ("",), new_key=lambda: f"alert-{next(keys)}"
        )
        with store.write() as connection:
            rules.save(connection, job.rules.revision, {}, _START)

    def go_to(self, moment: datetime) -> None:
        """Let the time go by; what is due before that time is done when it is due."""
        while True:
            with self._store.read() as connection:
                due = copying.next_due(connection, self._now)
            if due is None or due >= moment:
                break
            self._now = due
            self._work()
        self._now = moment
        self._work()

    def _work(self) -> None:
        while self._matching.run(self._now):
            pass
        while self._alerting.run(self._now):
            pass
