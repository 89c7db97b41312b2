from monitor.alerts.group import order
from monitor.model.alert import RuleFacts, TellingHit
from monitor.model.hit import FieldName, Span
from monitor.model.rule import Severity


def hit(
    rule: str, severity: Severity = Severity.NORMAL, *clauses: str, field: FieldName = "text"
) -> TellingHit:
    return TellingHit(
        rule=RuleFacts(id=rule, title=rule, severity=severity),
        spans=tuple(Span(field, 0, 4, "Word", clause) for clause in clauses),
        why="",
    )


def test_hits_stand_by_severity_and_then_by_rule() -> None:
    hits = [
        hit("a", Severity.LOW),
        hit("z", Severity.URGENT),
        hit("m", Severity.NORMAL),
        hit("b", Severity.URGENT),
        hit("h", Severity.HIGH),
    ]
    assert [one.rule.id for one in order(hits)] == ["b", "z", "h", "m", "a"]


def test_of_equal_severity_the_headline_leads_and_then_the_rule_with_fewer_clauses() -> None:
    hits = [
        hit("a-tag-only"),
        hit("b-broad", Severity.NORMAL, "one", "two", "three"),
        hit("c-narrow", Severity.NORMAL, "one"),
        hit("d-headline-broad", Severity.NORMAL, "one", "two", field="title"),
        hit("e-headline-narrow", Severity.NORMAL, "one", field="title"),
        hit("f-severe", Severity.HIGH, "one", "two", "three"),
    ]
    assert [one.rule.id[0] for one in order(hits)] == ["f", "e", "d", "c", "b", "a"]
