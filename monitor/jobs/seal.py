"""Seals the alerts that are due: says what they tell, and hands them to the outbox."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.alerts.decide import DIGEST, digest_wait
from monitor.alerts.gate import Fold, Leave, Postpone, Traffic, gate, is_limited
from monitor.alerts.mutes import is_muted, muting
from monitor.errors import StoreError
from monitor.jobs.compose import (
    QUOTED,
    Arranged,
    Material,
    arrange,
    compose,
    compose_notice,
    compose_spikes,
)
from monitor.model.alert import AlertKind, Reason, WaitsFor
from monitor.model.channel import ChannelPolicy, Mode, Routing
from monitor.model.delivery import DeliveryState
from monitor.model.payload import Payload
from monitor.store import alerts, drafts, hits, mutes, stories
from monitor.store.alerts import Opened
from monitor.store.drafts import Draft
from monitor.store.engine import Connection, Store

BATCH = 200
_TOGETHER = 20  # of a write: others want to write, too


class Sealing:
    """Seals alerts.

    Args:
        store: where alerts are.
        targets: the targets of an enabled channel, at least one.
        new_key: makes an identity for a message that no other ever has.
        held: the deliveries are held, not sent.
    """

    def __init__(
        self,
        store: Store,
        *,
        targets: Callable[[str], tuple[str, ...]],
        new_key: Callable[[], str],
        held: bool = False,
    ) -> None:
        self._store = store
        self._targets = targets
        self._new_key = new_key
        self._state = DeliveryState.HELD if held else DeliveryState.PENDING

    def run(self, routing: Routing, now: datetime, *, skip_wait: bool = False) -> int:
        """Looks at a batch of alerts that are due; returns how many were sealed or moved.

        Raises:
            StoreError: it could not be stored; what was stored before stays.
            Exception: a defect that kept an alert from being sealed; it holds up no other.
        """
        # What was opened for a channel that is switched off now waits until it is on again.
        off = [name for name, policy in routing.channels.items() if not policy.enabled]
        with self._store.read() as connection:
            due = alerts.due(connection, now, BATCH, skip_wait=skip_wait, but=off)
        passed, defects = 0, list[Exception]()
        for start in range(0, len(due), _TOGETHER):
            passed += self._pass_all(due[start : start + _TOGETHER], routing, now, defects)
        if defects:
            raise defects[0]
        return passed

    def _pass_all(
        self, due: Sequence[int], routing: Routing, now: datetime, defects: list[Exception]
    ) -> int:
        """Passes alerts in one write; if that fails, each in its own, and notes the defects."""
        try:
            with self._store.write() as connection:
                return sum([self._pass(connection, alert, routing, now) for alert in due])
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - raised when all have passed
            if len(due) > 1:
                return sum(self._pass_all([alert], routing, now, defects) for alert in due)
            defects.append(error)
            return 0

    def _pass(self, connection: Connection, alert: int, routing: Routing, now: datetime) -> bool:
        opened = alerts.take(connection, alert)
        if opened is None:
            return False
        policy = routing.channels.get(opened.channel)
        if policy is None:
            self._bury(connection, opened, now)
            return True
        is_counted = is_limited(opened.kind, policy)
        traffic = alerts.traffic(connection, opened.channel, now) if is_counted else Traffic()
        match gate(opened.kind, opened.severity, policy, traffic, now):
            case Postpone(due_at, waits_for):
                alerts.postpone(connection, alert, due_at, waits_for)
            case Fold(wait):
                into = alerts.join(connection, opened.channel, wait, now)
                alerts.fold(connection, alert, into, now)
            case Leave():
                self._leave(connection, opened, policy, now)
        return True

    def _leave(
        self, connection: Connection, opened: Opened, policy: ChannelPolicy, now: datetime
    ) -> None:
        draft = _unmuted(connection, drafts.draft(connection, opened), now)
        names_told = opened.kind is AlertKind.DIGEST and policy.mode is Mode.BOTH
        span = (opened.created, now)
        told = drafts.told_between(connection, opened.channel, *span) if names_told else ()
        if draft.is_empty and not told and not _comes_anyway(opened, policy):
            _wait_on(connection, opened, policy, now)
            return
        message = say(connection, draft, policy, now, told)
        drafts.name(connection, draft)
        keys = {target: self._new_key() for target in self._targets(opened.channel)}
        alerts.freeze(connection, message, keys, now, state=self._state)
        if opened.subject == DIGEST and policy.digest is not None:
            alerts.join(connection, opened.channel, digest_wait(policy, now), now)  # without a gap

    def _bury(self, connection: Connection, opened: Opened, now: datetime) -> None:
        """A channel that left the configuration is told nothing, and the reason is kept."""
        draft = drafts.draft(connection, opened)
        if draft.is_empty:
            alerts.close(connection, opened.id, now)
            return
        nobody = ChannelPolicy(name=opened.channel, url="")
        alerts.freeze(
            connection,
            say(connection, draft, nobody, now),
            {"": self._new_key()},
            now,
            state=DeliveryState.DEAD,
            reason=Reason.CHANNEL_REMOVED,
        )


def _unmuted(connection: Connection, draft: Draft, now: datetime) -> Draft:
    """The draft without what a mute, which came while it waited, takes out."""
    silences = mutes.active(connection, now)
    if draft.evidence:
        loud = (each for each in draft.evidence if not is_muted(each.rule.id, silences, now))
        return replace(draft, evidence=tuple(loud))
    if not silences or not draft.hits:
        return draft
    facts = {hit.id: hit for hit in hits.of_alert(connection, draft.opened.id)}
    muted = {
        hit.id for hit in draft.hits if muting(facts[hit.id], hit.story, silences, now) is not None
    }
    for hit in muted:
        hits.mute(connection, hit, draft.opened.channel)
    return drafts.without(draft, muted)


def _comes_anyway(opened: Opened, policy: ChannelPolicy) -> bool:
    return (
        opened.kind is AlertKind.DIGEST and policy.digest is not None and policy.digest.send_empty
    )


def _wait_on(connection: Connection, opened: Opened, policy: ChannelPolicy, now: datetime) -> None:
    """An empty digest waits for its next hour; what else is empty is over."""
    if opened.kind is AlertKind.DIGEST and policy.digest is not None:
        due_at = digest_wait(policy, now).due_at
        alerts.postpone(connection, opened.id, due_at, WaitsFor.DIGEST)
    else:
        alerts.close(connection, opened.id, now)


def say(
    connection: Connection,
    draft: Draft,
    policy: ChannelPolicy,
    now: datetime,
    told: Sequence[int] = (),
) -> Payload:
    """Reads what a message quotes and names, and puts it together.

    Args:
        connection: of the write that seals it.
        draft: what the alert collected.
        policy: of its channel.
        now: the time.
        told: articles of stories that were told since the last digest, to be named in this one.
    """
    if draft.events:
        return compose_notice(draft)
    if draft.evidence:
        return compose_spikes(draft)
    arranged = arrange(draft)
    material = _read(connection, draft, arranged, told)
    return compose(draft, arranged, material, now, policy.zone)


def _read(
    connection: Connection, draft: Draft, arranged: Sequence[Arranged], told: Sequence[int]
) -> Material:
    shown = arranged[:QUOTED]
    quoted = {article: one.revision(article) for one in shown for article in one.quoted}
    articles = {hit.article: hit.copy for hit in draft.hits}
    articles |= {held.article: held.copy for held in draft.held}
    copies = {article for article, copy in articles.items() if copy}
    named = (articles.keys() - quoted.keys()) | set(told)
    return Material(
        texts=drafts.texts(connection, quoted),
        headlines=drafts.headlines(connection, named, copies),
        told=tuple(told),
        outlets={
            one.story: stories.outlets(connection, one.story)
            for one in shown
            if one.story is not None
        },
    )
