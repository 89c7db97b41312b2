"""Whether a channel is told of a hit, in which message, and why; or why not.

The first hit of each rule on a story is told, and one of a higher severity than was told. What
the channel knows already comes again only as a follow-up: when the story has grown, or a hit
matched a part of its rule that no message showed. All else is held back with its reason, and the
next message on the story, or the next digest, names it.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.routes import routed
from monitor.alerts.timetable import next_digest, quiet_until
from monitor.model.alert import AlertKind, Decision, HitFacts, Reason, Wait, WaitsFor
from monitor.model.article import Arrival
from monitor.model.channel import ChannelPolicy, Mode, Routing
from monitor.model.rule import RANK, Severity

GROWN: Final = (5, 10, 25, 50, 100)
"""Numbers of outlets at which a story has grown."""

SURE: Final = 0.5
"""Likeness from which a report in other words is taken for one of the same event."""

DIGEST, QUIET = "digest", "quiet"
"""Subjects of digests: at their hours, and at the end of quiet hours."""

SPIKES: Final = "spikes"
"""Subject of what is told of the rhythm of rules."""

OUTAGE, UNDELIVERED = "outage", "undelivered"
"""Subjects of catch-ups: after a channel was down, and for what was given up."""

_QUIET: Final = {Arrival.BACKLOG: Reason.BACKLOG, Arrival.FLOOD: Reason.FLOOD}
_NEXT_CHANCE: Final = timedelta(hours=1)
_OF_STORY: Final = (AlertKind.FIRST, AlertKind.FOLLOW_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a channel was told of a story, or waits to be told.

    Attributes:
        rules: whose hits it knows, with the highest severity each had.
        clauses: of each rule, those it was shown.
        last: when the last message on it was sealed; None if none was.
        outlets_then: outlets of the story at that time.
        outlets_now: outlets of the story by now.
        waiting: the open alert that tells something of it, if there is one.
    """

    rules: Mapping[str, Severity]
    clauses: Mapping[str, frozenset[str]]
    last: datetime | None = None
    outlets_then: int = 0
    outlets_now: int = 0
    waiting: Wait | None = None

    def with_hit(self, hit: HitFacts, wait: Wait) -> "Known":
        """What the channel knows once a hit is told."""
        rule = hit.rule
        shown = self.clauses.get(rule.id, frozenset()) | hit.clauses
        severity = max(rule.severity, self.rules.get(rule.id, rule.severity), key=RANK.__getitem__)
        return replace(
            self,
            rules={**self.rules, rule.id: severity},
            clauses={**self.clauses, rule.id: shown},
            waiting=wait,
        )

    def is_news(self, hit: HitFacts) -> bool:
        """Whether a hit is of a rule, or of a severity, that was not told."""
        severity = RANK[hit.rule.severity]
        return hit.rule.id not in self.rules or severity > max(
            map(RANK.__getitem__, self.rules.values())
        )

    def has_more(self, hit: HitFacts) -> bool:
        """Whether the story has grown, or a hit shows what no message did, or perhaps does."""
        grown = bisect_right(GROWN, self.outlets_now) > bisect_right(GROWN, self.outlets_then)
        shows_more = not (hit.copy or hit.clauses <= self.clauses[hit.rule.id])
        return grown or shows_more or hit.likeness < SURE


UNKNOWN: Final = Known(rules={}, clauses={})
"""Of a story that a channel was never told of."""


def decide(
    hit: HitFacts,
    routing: Routing,
    known: Mapping[str, Known],
    now: datetime,
    *,
    muted: bool = False,
) -> tuple[Decision, ...]:
    """Returns one decision for every enabled channel, in the order of the configuration.

    Args:
        hit: the stored hit.
        routing: channels and routes of the running configuration.
        known: by channel, what it knows of the hit's story; those that know nothing are left out.
        now: the time.
        muted: whether a mute holds for the hit.
    """
    channels = routed(hit.rule, hit.carriers, routing)
    held = _held(hit, muted=muted)
    return tuple(
        _decision(policy, hit, known.get(name, UNKNOWN), now, held)
        if name in channels
        else Decision(channel=name, reason=Reason.NO_ROUTE)
        for name, policy in routing.channels.items()
        if policy.enabled
    )


def _held(hit: HitFacts, *, muted: bool) -> Reason | None:
    """Why nobody is told, whatever the channel knows."""
    if hit.late:
        return Reason.ARCHIVE
    return _QUIET.get(hit.arrival) or (Reason.MUTED if muted else None)


def _decision(
    policy: ChannelPolicy, hit: HitFacts, known: Known, now: datetime, held: Reason | None
) -> Decision:
    if held is not None:
        return Decision(channel=policy.name, reason=held)
    reason = _reason(policy, hit, known)
    if reason in {Reason.COPY, Reason.SAME_STORY}:
        return Decision(channel=policy.name, reason=reason)
    return Decision(
        channel=policy.name, reason=reason, wait=_wait(policy, hit, known, reason, now)
    )


def _reason(policy: ChannelPolicy, hit: HitFacts, known: Known) -> Reason:
    is_doubtful = hit.likeness < SURE
    if policy.mode is Mode.DIGEST and (known.waiting or known.is_news(hit) or is_doubtful):
        return Reason.DIGEST
    if not known.rules:
        return Reason.FIRST
    if known.waiting or known.is_news(hit) or (policy.follow_up is None and is_doubtful):
        return Reason.MORE
    if policy.mode is not Mode.DIGEST and policy.follow_up is not None and known.has_more(hit):
        return Reason.FOLLOW_UP
    return Reason.COPY if hit.copy else Reason.SAME_STORY


def _wait(
    policy: ChannelPolicy, hit: HitFacts, known: Known, reason: Reason, now: datetime
) -> Wait:
    own = _own(policy, hit, known, reason, now)
    waiting = known.waiting
    if waiting is None:
        return own
    if own.kind not in _OF_STORY or not known.is_news(hit):
        return waiting  # it comes along with what waits, which comes no later for it
    if waiting.kind in _OF_STORY:
        return replace(waiting, due_at=min(waiting.due_at, own.due_at))
    return own  # what waits is for the morning; this is not


def _own(
    policy: ChannelPolicy, hit: HitFacts, known: Known, reason: Reason, now: datetime
) -> Wait:
    """Where the hit would wait if nothing of its story did."""
    if policy.mode is Mode.DIGEST:
        return digest_wait(policy, now)
    due_at, waits_for = now + policy.group_wait, WaitsFor.GROUP
    if reason is Reason.FOLLOW_UP and policy.follow_up and known.last:
        later = min(known.last, now) + policy.follow_up  # the clock may have been set back
        if later > due_at:
            due_at, waits_for = later, WaitsFor.FOLLOW_UP
    morning = quiet_end(policy, hit.rule.severity, due_at)
    if morning is not None:
        return Wait(kind=AlertKind.DIGEST, subject=QUIET, due_at=morning, waits_for=WaitsFor.QUIET)
    kind = AlertKind.FIRST if known.last is None else AlertKind.FOLLOW_UP
    return Wait(kind=kind, subject=hit.subject, due_at=due_at, waits_for=waits_for)


def digest_wait(policy: ChannelPolicy, now: datetime) -> Wait:
    """The next digest of a channel at its hours; due at once if it has none any more."""
    due_at = now if policy.digest is None else next_digest(policy.digest, policy.zone, now)
    return Wait(kind=AlertKind.DIGEST, subject=DIGEST, due_at=due_at, waits_for=WaitsFor.DIGEST)


def spike_wait(policy: ChannelPolicy, now: datetime) -> Wait:
    """Where spikes and silence of rules come together: a message of its own."""
    wait = Wait(
        kind=AlertKind.SPIKE,
        subject=SPIKES,
        due_at=now + policy.group_wait,
        waits_for=WaitsFor.GROUP,
    )
    if policy.mode is not Mode.DIGEST:
        return wait
    return replace(wait, due_at=digest_wait(policy, now).due_at, waits_for=WaitsFor.DIGEST)


def next_chance(policy: ChannelPolicy, now: datetime) -> Wait:
    """Where that comes again what nobody could be told: the next digest, or in an hour."""
    if policy.digest is not None:
        return digest_wait(policy, now)
    return Wait(
        kind=AlertKind.CATCH_UP,
        subject=UNDELIVERED,
        due_at=now + _NEXT_CHANCE,
        waits_for=WaitsFor.CHANNEL,
    )


def catch_up(now: datetime) -> Wait:
    """Where all comes together that a channel missed while it was down."""
    return Wait(kind=AlertKind.CATCH_UP, subject=OUTAGE, due_at=now, waits_for=WaitsFor.CHANNEL)


def quiet_end(policy: ChannelPolicy, severity: Severity, at: datetime) -> datetime | None:
    """When the quiet hours end that hold back a message at ``at``; None if none do."""
    if policy.quiet is None or severity in policy.quiet.but:
        return None
    return quiet_until(policy.quiet, policy.zone, at)
