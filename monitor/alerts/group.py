"""How hits come together in one alert."""

from collections.abc import Iterable
from datetime import datetime

from monitor.model.alert import TellingHit
from monitor.model.channel import ChannelPolicy
from monitor.model.rule import Severity

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def due_at(policy: ChannelPolicy, now: datetime) -> datetime:
    """When an alert opened at ``now`` is sealed: hits that come until then join it."""
    return now + policy.group_wait


def order(hits: Iterable[TellingHit]) -> tuple[TellingHit, ...]:
    """Returns the hits as an alert shows them: highest severity first, then by rule id."""
    return tuple(sorted(hits, key=lambda hit: (-_RANK[hit.rule.severity], hit.rule.id)))
