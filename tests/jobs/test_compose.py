from dataclasses import replace

import pytest

from monitor.jobs.compose import compose, shown_revision
from monitor.model.alert import TellingHit
from monitor.model.article import Article
from monitor.model.hit import Span
from monitor.model.rule import Severity
from monitor.store.alerts import Draft, DraftHit
from tests.support.stored import NOW, facts

OLD = Span(field="text", start=0, end=6, text="Troops", clause="#troops")


def draft(*hits: DraftHit) -> Draft:
    return Draft(id=4, channel="desk", created=NOW, hits=hits)


def hit(rule: str, revision: int = 1, severity: Severity = Severity.NORMAL) -> DraftHit:
    told = TellingHit(rule=facts(rule, severity), spans=(OLD,), why="why")
    return DraftHit(article=3, revision=revision, hit=told)


def article(text: str, revision: int = 1) -> Article:
    return Article(id=3, title="Title", text=text, revision=revision, seen=NOW)


def test_the_most_severe_hit_comes_first() -> None:
    alert = compose(
        draft(hit("b"), hit("a"), hit("z", severity=Severity.URGENT)), article("Troops")
    )
    assert [item.rule.id for item in alert.hits] == ["z", "a", "b"]
    assert (alert.id, alert.channel, alert.created) == (4, "desk", NOW)
    assert (alert.article.id, alert.article.title, alert.article.seen) == (3, "Title", NOW)


def test_an_alert_shows_the_latest_text_that_was_hit() -> None:
    assert shown_revision(draft(hit("a", 2), hit("b", 5), hit("c", 1))) == 5


@pytest.mark.parametrize(
    ("text", "start"),
    [
        pytest.param("Troops left.", 0, id="same place"),
        pytest.param("Update: Troops left.", 8, id="moved on"),
        pytest.param("They left.", None, id="gone"),
    ],
)
def test_a_passage_of_an_earlier_text_is_shown_where_the_later_one_has_it(
    text: str, start: int | None
) -> None:
    alert = compose(draft(hit("a", 1), hit("b", 2)), article(text, revision=2))
    moved = {item.rule.id: item.spans for item in alert.hits}["a"]
    expected = () if start is None else (replace(OLD, start=start, end=start + 6),)
    assert moved == expected


def test_a_passage_that_stands_earlier_now_is_found_too() -> None:
    late = replace(OLD, start=50, end=56)
    old = DraftHit(
        article=3, revision=1, hit=TellingHit(rule=facts("a"), spans=(late,), why="why")
    )
    alert = compose(draft(old, hit("b", 2)), article("Troops left.", revision=2))
    assert {item.rule.id: item.spans for item in alert.hits}["a"] == (OLD,)
