"""Decides what channels are told: of hits, and of what happened to sources, channels and rules."""

from collections.abc import Collection, Sequence
from datetime import datetime

from monitor.alerts.decide import UNKNOWN, decide, spike_wait
from monitor.alerts.mutes import is_muted, muting
from monitor.alerts.routes import routed, system_channels
from monitor.model.alert import AlertKind, Decision, Wait, WaitsFor
from monitor.model.channel import ChannelPolicy, Routing
from monitor.store import alerts, articles, feed_events, hits, mutes, told
from monitor.store.engine import Connection, Store
from monitor.store.feed_events import Undecided

BATCH = 200
_SUBJECT = "sources"
Linked = list[tuple[Decision, int | None]]


def decide_hits(store: Store, routing: Routing, now: datetime) -> int:
    """Decides a batch of hits; returns how many.

    Raises:
        StoreError: it could not be stored.
    """
    with store.read() as connection:
        if not hits.has_undecided(connection):
            return 0
    with store.write() as connection:
        batch = hits.undecided(connection, BATCH)
        silences = mutes.active(connection, now)
        known = told.known(connection, batch)
        decided: dict[int, Linked] = {}
        for hit in batch:
            channels = known[hit.subject]
            muted = muting(hit, hit.story, silences, now) is not None
            decisions = decide(hit, routing, channels, now, muted=muted)
            decided[hit.id] = _linked(connection, decisions, now)
            for one in decisions:
                if one.wait is not None:
                    before = channels.get(one.channel, UNKNOWN)
                    channels[one.channel] = before.with_hit(hit, one.wait)
        hits.decide(connection, decided, now)
    return len(batch)


def _linked(connection: Connection, decisions: Sequence[Decision], now: datetime) -> Linked:
    """Decisions with the open alerts that will tell of the hit."""
    return [
        (one, None if one.wait is None else alerts.join(connection, one.channel, one.wait, now))
        for one in decisions
    ]


def decide_events(store: Store, routing: Routing, now: datetime) -> int:
    """Puts a batch of events into alerts of channels; returns how many.

    What happened to a channel is told to the others, if there are others. What a rule does goes
    where its hits go.

    Raises:
        StoreError: it could not be stored.
    """
    with store.read() as connection:
        if not feed_events.has_undecided(connection):
            return 0
    with store.write() as connection:
        batch = feed_events.take_undecided(connection, BATCH, now)
        _tell_system(connection, [one for one in batch if one.evidence is None], routing, now)
        _tell_spikes(connection, batch, routing, now)
    return len(batch)


def _tell_system(
    connection: Connection, events: Sequence[Undecided], routing: Routing, now: datetime
) -> None:
    channels = system_channels(routing)
    for policy in channels:
        mine = [event.id for event in events if _is_for(event, policy, channels)]
        if mine:
            alert = alerts.join(connection, policy.name, system_wait(policy, now), now)
            alerts.add_events(connection, alert, mine)


def _tell_spikes(
    connection: Connection, events: Sequence[Undecided], routing: Routing, now: datetime
) -> None:
    silences = mutes.active(connection, now)
    for event in events:
        evidence = event.evidence
        if evidence is None or is_muted(evidence.rule.id, silences, now):
            continue
        carried = articles.carriers(connection, [each.article.article for each in evidence.top])
        carriers = [carrier for each in carried.values() for carrier in each]
        for channel in routed(evidence.rule, carriers, routing):
            policy = routing.channels.get(channel)
            if policy is not None and policy.enabled:
                alert = alerts.join(connection, channel, spike_wait(policy, now), now)
                alerts.add_events(connection, alert, [event.id])


def _is_for(event: Undecided, policy: ChannelPolicy, all_: Collection[ChannelPolicy]) -> bool:
    return event.channel != policy.name or len(all_) == 1


def system_wait(policy: ChannelPolicy, now: datetime) -> Wait:
    """Where words about sources and channels come together."""
    return Wait(
        kind=AlertKind.SYSTEM,
        subject=_SUBJECT,
        due_at=now + policy.group_wait,
        waits_for=WaitsFor.GROUP,
    )
