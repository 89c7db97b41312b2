"""Decides what is told to whom, and seals the alerts that are due."""

from collections.abc import Callable
from datetime import datetime

from monitor.alerts.decide import digest_wait
from monitor.jobs.clock import ClockWatch
from monitor.jobs.decide import decide_events, decide_hits
from monitor.jobs.seal import Sealing
from monitor.model.channel import Routing
from monitor.store import alerts, clamp
from monitor.store.engine import Store


class Alerting:
    """The job; ``routing`` may be replaced at any time and counts from the next batch on.

    Args:
        store: where hits and alerts are.
        routing: channels and routes.
        targets: the targets of an enabled channel, at least one.
        new_key: makes an identity for a message that no other ever has.
        held: the deliveries are held, not sent.
    """

    def __init__(
        self,
        store: Store,
        routing: Routing,
        *,
        targets: Callable[[str], tuple[str, ...]],
        new_key: Callable[[], str],
        held: bool = False,
    ) -> None:
        self.routing = routing
        self._store = store
        self._sealing = Sealing(store, targets=targets, new_key=new_key, held=held)
        self._clock = ClockWatch()

    def run(self, now: datetime, *, skip_wait: bool = False) -> int:
        """Decides a batch of hits, one of events, and seals one of alerts; returns how many.

        Args:
            now: the time.
            skip_wait: the time that alerts wait for more hits counts as elapsed.

        Raises:
            StoreError: it could not be stored; what was stored before stays.
        """
        routing = self.routing
        if self._clock.went_back(now):
            with self._store.write() as connection:
                clamp.alerts(connection, routing, now)
        decided = decide_hits(self._store, routing, now)
        decided += decide_events(self._store, routing, now)
        self._plan_digests(routing, now)
        return decided + self._sealing.run(routing, now, skip_wait=skip_wait)

    def _plan_digests(self, routing: Routing, now: datetime) -> None:
        """Every channel with a digest has an open one, due at the hours that are configured."""
        with self._store.read() as connection:
            planned = alerts.digests(connection)
        waits = {
            policy.name: digest_wait(policy, now)
            for policy in routing.channels.values()
            if policy.enabled and (policy.digest is not None or policy.name in planned)
        }
        wrong = {
            name: wait
            for name, wait in waits.items()
            if name not in planned or planned[name] > wait.due_at
        }
        if wrong:
            with self._store.write() as connection:
                for name, wait in wrong.items():
                    alerts.join(connection, name, wait, now)
