from dataclasses import replace
from datetime import UTC

import pytest

from monitor.jobs.compose import QUOTED, Arranged, Material, arrange, compose
from monitor.model.alert import Alert, AlertKind, Digest, Headline, Reason, TellingHit
from monitor.model.article import Article
from monitor.model.hit import Span
from monitor.model.rule import Severity
from monitor.store.alerts import Opened
from monitor.store.drafts import Draft, DraftHit, HeldBack, Previous
from tests.support.stored import MINUTE, NOW, facts

OLD = Span(field="text", start=0, end=6, text="Troops", clause="#troops")
FIRST, FOLLOW_UP, DIGEST = AlertKind.FIRST, AlertKind.FOLLOW_UP, AlertKind.DIGEST
URGENT, HIGH = Severity.URGENT, Severity.HIGH


def opened(kind: AlertKind = FIRST) -> Opened:
    return Opened(
        id=4,
        channel="desk",
        kind=kind,
        subject="story:7",
        created=NOW - 10 * MINUTE,
        severity=Severity.NORMAL,
    )


def draft(*hits: DraftHit, kind: AlertKind = FIRST, held: tuple[HeldBack, ...] = ()) -> Draft:
    return Draft(opened=opened(kind), hits=hits, held=held)


def hit(
    rule: str = "a",
    article: int = 3,
    *,
    revision: int = 1,
    severity: Severity = Severity.NORMAL,
    story: int | None = 7,
    copy: bool = False,
    reason: Reason = Reason.FIRST,
) -> DraftHit:
    told = TellingHit(rule=facts(rule, severity), spans=(OLD,), why="why")
    return DraftHit(
        id=article * 10,
        article=article,
        revision=revision,
        story=story,
        copy=copy,
        reason=reason,
        hit=told,
    )


def held(article: int, story: int | None = 7) -> HeldBack:
    return HeldBack(id=article * 10, article=article, story=story, copy=True)


def text_of(article: int, text: str = "Troops left.", revision: int = 1) -> Article:
    return Article(id=article, title=f"Title {article}", text=text, revision=revision, seen=NOW)


def headline(article: int) -> Headline:
    return Headline(
        article=article,
        title=f"Title {article}",
        url="",
        source="Gazette",
        published=None,
        seen=NOW,
    )


def material(*texts: Article, outlets: int = 1, told: tuple[int, ...] = ()) -> Material:
    return Material(
        texts={each.id or 0: each for each in texts} or {n: text_of(n) for n in range(100)},
        headlines={n: headline(n) for n in range(300)},
        told=told,
        outlets={7: outlets},
    )


def alert(of: Draft, read: Material | None = None) -> Alert:
    said = compose(of, arrange(of), read or material(), NOW, UTC)
    assert isinstance(said, Alert)
    return said


def digest(of: Draft, read: Material | None = None) -> Digest:
    said = compose(of, arrange(of), read or material(), NOW, UTC)
    assert isinstance(said, Digest)
    return said


def parts(of: Draft) -> list[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    return [(one.lead, one.also, one.others) for one in arrange(of)]


def test_the_most_severe_hit_comes_first() -> None:
    said = alert(draft(hit("b"), hit("a"), hit("z", severity=URGENT)))
    assert [item.rule.id for item in said.story.hits] == ["z", "a", "b"]
    assert (said.id, said.channel, said.kind) == (4, "desk", FIRST)
    assert (said.story.lead.article.id, said.story.lead.article.title) == (3, "Title 3")


def test_an_alert_shows_the_latest_text_that_was_hit() -> None:
    (one,) = arrange(draft(hit("a", revision=2), hit("b", revision=5), hit("c", revision=1)))
    assert one.revision(3) == 5


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        pytest.param([hit("a", 3), hit("a", 4)], (3, (), (4,)), id="the earliest leads"),
        pytest.param(
            [hit("a", 3), hit("b", 4, severity=HIGH)], (4, (3,), ()), id="the most severe leads"
        ),
        pytest.param(
            [hit("a", 3), hit("a", 4), hit("b", 4)],
            (4, (), (3,)),
            id="the one with most rules leads",
        ),
        pytest.param(
            [hit("a", 3, copy=True), hit("a", 4)], (4, (), (3,)), id="a copy does not lead"
        ),
        pytest.param(
            [hit("a", 3), hit("b", 4), hit("b", 5)],
            (3, (4,), (5,)),
            id="an article that another rule hit is quoted beside",
        ),
    ],
)
def test_the_best_article_of_a_story_leads(
    hits: list[DraftHit], expected: tuple[int, tuple[int, ...], tuple[int, ...]]
) -> None:
    assert parts(draft(*hits)) == [expected]


def test_what_was_held_back_of_a_story_is_named_with_it() -> None:
    assert parts(draft(hit(), held=(held(9), held(5), held(8, story=1)))) == [(3, (), (5, 9))]


def test_few_articles_are_named_and_the_others_counted() -> None:
    said = alert(draft(hit(), held=tuple(map(held, range(10, 60)))), material(outlets=40))
    assert [len(said.story.others), said.story.unlisted, said.story.outlets] == [10, 40, 40]


@pytest.mark.parametrize(
    ("hits", "outlets", "previous", "occasion"),
    [
        pytest.param([hit(reason=Reason.FOLLOW_UP)], 11, 4, "now 11 outlets", id="it grew"),
        pytest.param([hit("b", reason=Reason.MORE)], 4, 4, "also: Rule b", id="another rule"),
        pytest.param(
            [hit("b", reason=Reason.MORE)], 5, 4, "now 5 outlets · also: Rule b", id="both"
        ),
        pytest.param(
            [hit(reason=Reason.FOLLOW_UP)], 4, 4, "more was written about it", id="a passage"
        ),
    ],
)
def test_a_follow_up_says_what_is_new_below_the_subject_of_the_first(
    hits: list[DraftHit], outlets: int, previous: int, occasion: str
) -> None:
    before = Previous(subject="[A] Troops", outlets=previous)
    said = alert(replace(draft(*hits, kind=FOLLOW_UP), previous=before), material(outlets=outlets))
    assert (said.subject, said.occasion) == ("Re: [A] Troops", occasion)


def test_a_digest_begins_with_what_matters_most() -> None:
    said = digest(
        draft(
            hit("a", 1, story=1),
            hit("a", 2, story=2, severity=URGENT),
            hit("b", 3, story=3),
            hit("c", 3, story=3),
            kind=DIGEST,
        )
    )
    assert [story.id for story in said.stories] == [2, 3, 1]
    assert (said.since, said.until, said.total) == (NOW - 10 * MINUTE, NOW, 3)


def test_a_digest_quotes_some_stories_and_names_the_others() -> None:
    many = tuple(hit("a", n, story=n) for n in range(1, QUOTED + 31))
    said = digest(draft(*many, held=(held(200, story=99),), kind=DIGEST), material(told=(210,)))
    assert len(said.stories) == QUOTED
    named = [one.article for one in said.headlines]
    assert named == [*range(QUOTED + 1, QUOTED + 31), 200, 210]
    assert (said.unlisted, said.total) == (0, QUOTED + 30)


def test_every_article_of_a_digest_is_quoted_named_or_counted() -> None:
    many = tuple(hit("a", n, story=n) for n in range(1, 250))
    said = digest(
        draft(*many, kind=DIGEST), replace(material(), texts={n: text_of(n) for n in range(300)})
    )
    assert len(said.stories) + len(said.headlines) + said.unlisted == 249


def test_a_digest_names_every_story_however_many_there_are() -> None:
    many = tuple(hit("a", n, story=n) for n in range(1, 250))
    again = tuple(hit("a", 300 + n, story=n) for n in range(1, 250))
    read = Material(
        texts={n: text_of(n) for n in range(600)},
        headlines={n: headline(n) for n in range(600)},
        told=(),
        outlets={},
    )
    said = digest(draft(*many, *again, kind=DIGEST), read)
    told = [story.lead.article.id for story in said.stories]
    told += [one.article for one in said.headlines]
    assert told == [*range(1, 250)]
    assert said.unlisted == 249 - QUOTED


def test_articles_without_a_story_are_stories_of_their_own() -> None:
    assert parts(draft(hit("a", 1, story=None), hit("a", 2, story=None), kind=DIGEST)) == [
        (1, (), ()),
        (2, (), ()),
    ]


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
    said = alert(draft(hit("a"), hit("b", revision=2)), material(text_of(3, text, 2)))
    moved = {item.rule.id: item.spans for item in said.story.hits}["a"]
    expected = () if start is None else (replace(OLD, start=start, end=start + 6),)
    assert moved == expected


def test_a_passage_that_stands_earlier_now_is_found_too() -> None:
    late = replace(OLD, start=50, end=56)
    old = replace(hit(), hit=TellingHit(rule=facts("a"), spans=(late,), why="why"))
    said = alert(draft(old, hit("b", revision=2)), material(text_of(3, revision=2)))
    assert {item.rule.id: item.spans for item in said.story.hits}["a"] == (OLD,)


def test_arranging_keeps_the_hits_of_what_is_quoted() -> None:
    (one,) = arrange(draft(hit("a", 3), hit("b", 4), hit("b", 5)))
    assert isinstance(one, Arranged)
    assert {article: len(hits) for article, hits in one.hits.items()} == {3: 1, 4: 1}
