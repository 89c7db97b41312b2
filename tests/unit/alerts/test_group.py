from datetime import UTC, datetime, timedelta

from monitor.alerts.group import due_at, order
from monitor.model.alert import RuleFacts, TellingHit
from monitor.model.channel import ChannelPolicy
from monitor.model.rule import Severity


def hit(rule: str, severity: Severity) -> TellingHit:
    return TellingHit(rule=RuleFacts(id=rule, title=rule, severity=severity), spans=(), why="")


def test_an_alert_waits_for_further_hits_as_long_as_its_channel_says() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    policy = ChannelPolicy(name="desk", url="console://", group_wait=timedelta(seconds=90))
    assert due_at(policy, now) == now + timedelta(seconds=90)


def test_hits_stand_by_severity_and_then_by_rule() -> None:
    hits = [
        hit("a", Severity.LOW),
        hit("z", Severity.URGENT),
        hit("m", Severity.NORMAL),
        hit("b", Severity.URGENT),
        hit("h", Severity.HIGH),
    ]
    assert [one.rule.id for one in order(hits)] == ["b", "z", "h", "m", "a"]
