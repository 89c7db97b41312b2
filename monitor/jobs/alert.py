"""Decides what is told to whom, and seals the alerts that are due."""

from collections.abc import Callable
from datetime import datetime

from monitor.alerts.decide import decide, system_channels
from monitor.alerts.group import due_at
from monitor.jobs.clock import ClockWatch
from monitor.jobs.compose import compose, compose_notice, shown_revision
from monitor.model.alert import Alert, Decision, HitFacts, Notice, Reason
from monitor.model.channel import ChannelPolicy, Routing
from monitor.store import alerts, articles, clamp, feed_events, hits
from monitor.store.alerts import Draft
from monitor.store.engine import Connection, Store

BATCH = 200


class Alerting:
    """The job; ``routing`` may be replaced at any time and counts from the next batch on.

    Args:
        store: where hits and alerts are.
        routing: channels and routes.
        targets: the targets of an enabled channel, at least one.
        new_key: makes an identity for a message that no other ever has.
    """

    def __init__(
        self,
        store: Store,
        routing: Routing,
        *,
        targets: Callable[[str], tuple[str, ...]],
        new_key: Callable[[], str],
    ) -> None:
        self.routing = routing
        self._store = store
        self._targets = targets
        self._new_key = new_key
        self._clock = ClockWatch()

    def run(self, now: datetime, *, skip_wait: bool = False) -> int:
        """Decides a batch of hits, one of events, and seals one of alerts; returns how many.

        Args:
            now: the time.
            skip_wait: the time that alerts wait for more hits counts as elapsed.

        Raises:
            StoreError: it could not be stored; what was stored before stays.
        """
        if self._clock.went_back(now):
            self._clamp(now)
        decided = self._decide(now) + self._decide_events(now)
        return decided + self._seal_due(now, skip_wait=skip_wait)

    def _clamp(self, now: datetime) -> None:
        waits = {name: policy.group_wait for name, policy in self.routing.channels.items()}
        with self._store.write() as connection:
            clamp.alerts(connection, waits, now)

    def _decide(self, now: datetime) -> int:
        with self._store.read() as connection:
            if not hits.has_undecided(connection):
                return 0
        routing = self.routing
        with self._store.write() as connection:
            batch = hits.undecided(connection, BATCH)
            told = hits.told_channels(connection, {hit.article for hit in batch})
            for hit in batch:
                decisions = decide(hit, routing, told[hit.article])
                told[hit.article] |= {item.channel for item in decisions if item.told}
                _store_decisions(connection, hit, decisions, routing, now)
        return len(batch)

    def _decide_events(self, now: datetime) -> int:
        with self._store.read() as connection:
            if not feed_events.has_undecided(connection):
                return 0
        with self._store.write() as connection:
            batch = feed_events.take_undecided(connection, BATCH, now)
            for policy in system_channels(self.routing):
                alerts.join_system(connection, policy.name, batch, due_at(policy, now), now)
        return len(batch)

    def _seal_due(self, now: datetime, *, skip_wait: bool) -> int:
        # What was opened for a channel that is switched off now waits until it is on again.
        off = [name for name, policy in self.routing.channels.items() if not policy.enabled]
        with self._store.read() as connection:
            due = alerts.due(connection, now, BATCH, skip_wait=skip_wait, but=off)
        return sum(self._seal(alert, now) for alert in due)

    def _seal(self, alert: int, now: datetime) -> bool:
        with self._store.write() as connection:
            draft = alerts.seal(connection, alert, now)
            if draft is None:
                return False
            sealed = _compose(connection, draft)
            dead = self._dead(draft.channel)
            targets = self._targets(draft.channel) if dead is None else ("",)
            keys = {target: self._new_key() for target in targets}
            alerts.freeze(connection, sealed, keys, now, dead=dead)
        return True

    def _dead(self, channel: str) -> Reason | None:
        policy = self.routing.channels.get(channel)
        return None if policy and policy.enabled else Reason.CHANNEL_REMOVED


def _store_decisions(
    connection: Connection,
    hit: HitFacts,
    decisions: tuple[Decision, ...],
    routing: Routing,
    now: datetime,
) -> None:
    linked = [
        (item, _join(connection, hit, routing.channels[item.channel], now) if item.told else None)
        for item in decisions
    ]
    hits.decide(connection, hit.id, linked, now)


def _join(connection: Connection, hit: HitFacts, policy: ChannelPolicy, now: datetime) -> int:
    return alerts.join(connection, policy.name, hit.article, due_at(policy, now), now)


def _compose(connection: Connection, draft: Draft) -> Alert | Notice:
    if draft.events:
        return compose_notice(draft)
    revision = shown_revision(draft)
    article = articles.load(connection, [draft.hits[0].article], revision)
    return compose(draft, article[draft.hits[0].article])
