"""The percolator over a whole rule set."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.matching.percolator import Percolator
from monitor.matching.presearch import WordIndex, anchors
from monitor.matching.ruletests import run_tests
from monitor.model.article import Article, Carrier
from monitor.model.hit import Span
from monitor.model.rule import RuleSpec, RuleTest
from monitor.rules.compile import CompiledRule, RuleSet, compile_rules
from monitor.rules.tree import Clause, Reference
from tests.support.rulebook import HERE, book, entity, source


def matching(rules: RuleSet, article: Article) -> list[str]:
    return [match.rule for match in Percolator(rules).match_batch([article])[0].matches]


def test_a_match_says_where_and_why() -> None:
    rules = compile_rules(book({"r": '"sanctions package"~4 OR troops'}))

    (match,) = (
        Percolator(rules)
        .match(
            Article(
                title="19th package of sanctions", text="A package of sanctions.", language="en"
            )
        )
        .matches
    )

    assert match.spans == (
        Span("title", 5, 25, "package of sanctions", '"sanctions package"~4'),
        Span("text", 2, 22, "package of sanctions", '"sanctions package"~4'),
    )
    assert match.why == '"sanctions package"~4: “package of sanctions” ×2 in title, text'
    assert match.score == 1.0


def test_a_lead_that_begins_the_text_counts_once() -> None:
    rules = compile_rules(book({"r": "troops", "lead": "lead:troops"}))
    article = Article(title="", lead="Allied troops left.", text="Allied troops left. Then rain.")

    matches = Percolator(rules).match_batch([article])[0].matches

    assert [(match.rule, [span.field for span in match.spans]) for match in matches] == [
        ("r", ["text"]),
        ("lead", ["lead"]),
    ]


def test_a_bracket_inside_a_passage_is_closed() -> None:
    rules = compile_rules(book({"r": '"troop deployment"~4'}))

    (match,) = Percolator(rules).match(Article(title="", text="a troop [deployment] now")).matches

    assert match.spans[0].text == "troop [deployment]"


def test_a_rule_that_fails_while_evaluating_stops_no_other() -> None:
    good = compile_rules(book({"good": "troops"})).rules["good"]
    unexpanded = Clause("@nato", (0, 5), Reference("entity", "nato"))
    broken = CompiledRule(replace(good.spec, id="broken"), unexpanded, good.facts)
    rules = RuleSet("test", {"broken": broken, "good": good})

    class Both:
        def candidates(self, words: set[str], language: str | None) -> list[str]:
            assert "troops" in words
            assert language in {None, "en"}
            return ["broken", "good"]

    verdict = Percolator(rules, Both()).match(Article(title="Troops"))

    assert [match.rule for match in verdict.matches] == ["good"]
    assert [failure.rule for failure in verdict.failures] == ["broken"]


def carried(*tags: str, name: str = "Desk") -> tuple[Carrier, ...]:
    return (Carrier(name=name, url="https://desk.example/rss", tags=tags),)


APPLIES: dict[str, tuple[RuleSpec, Article, bool]] = {
    "its feed by tag": (
        RuleSpec(id="r", title="", query=source("troops"), feeds=("tag:europe",), place=HERE),
        Article(title="troops", carriers=carried("europe")),
        True,
    ),
    "its feed by name": (
        RuleSpec(id="r", title="", query=source("troops"), feeds=("desk",), place=HERE),
        Article(title="troops", carriers=carried()),
        True,
    ),
    "another feed": (
        RuleSpec(
            id="r", title="", query=source("troops"), feeds=("tag:europe", "Other"), place=HERE
        ),
        Article(title="troops", carriers=carried("asia")),
        False,
    ),
    "no feed known": (
        RuleSpec(id="r", title="", query=source("troops"), feeds=("tag:europe",), place=HERE),
        Article(title="troops"),
        True,
    ),
    "its language": (
        RuleSpec(id="r", title="", query=source("troops"), languages=("en",), place=HERE),
        Article(title="troops", language="en-GB"),
        True,
    ),
    "another language": (
        RuleSpec(id="r", title="", query=source("troops"), languages=("en",), place=HERE),
        Article(title="troops", language="eng"),
        False,
    ),
    "language unknown": (
        RuleSpec(id="r", title="", query=source("troops"), languages=("en",), place=HERE),
        Article(title="troops"),
        True,
    ),
    "on its last day": (
        RuleSpec(id="r", title="", query=source("troops"), until=date(2026, 11, 1), place=HERE),
        Article(title="troops", seen=datetime(2026, 11, 1, 23, tzinfo=UTC)),
        True,
    ),
    "after its last day": (
        RuleSpec(id="r", title="", query=source("troops"), until=date(2026, 11, 1), place=HERE),
        Article(title="troops", seen=datetime(2026, 11, 2, tzinfo=UTC)),
        False,
    ),
}


@pytest.mark.parametrize(("spec", "article", "expected"), APPLIES.values(), ids=APPLIES.keys())
def test_feeds_languages_and_the_last_day_limit_a_rule(
    spec: RuleSpec, article: Article, *, expected: bool
) -> None:
    assert bool(matching(compile_rules(book([spec])), article)) is expected


QUESTIONS = {
    "author": ("author:smith", True),
    "url": ("url:/world/2026", True),
    "host": ("site:desk.example", True),
    "host and path": ("site:desk.example/world", True),
    "a path is whole": ("site:desk.example/wor", False),
    "a host is whole": ("site:esk.example", False),
    "feed by name": ('feed:"The Desk"', True),
    "tag of the entry": ("tag:Politique", True),
    "tag of the feed": ("tag:europe", True),
    "another tag": ("tag:asia", False),
    "language": ("lang:fr", True),
    "another language": ("lang:de", False),
}


@pytest.mark.parametrize(("query", "expected"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_questions_about_the_article(query: str, *, expected: bool) -> None:
    article = Article(
        title="troops",
        url="https://www.desk.example/world/2026/11/a.html",
        author="J. Smith",
        language="fr-FR",
        tags=("politique",),
        carriers=carried("europe", name="The Desk"),
    )
    assert bool(matching(compile_rules(book({"r": query})), article)) is expected


ANCHORS = {
    "the rarest part of an AND": ("the sanctions of", ["sanctions"]),
    "every part of an OR": ("troops OR tanks", ["tanks", "troops"]),
    "not what is excluded": ("troops NOT football", ["troops"]),
    "one side of NEAR": ("the NEAR peacekeepers", ["peacekeepers"]),
    "one word of every alias": ("@nato", ["nato", "organization"]),
    "a wildcard by its beginning": ("sanct*", ["sanct*"]),
    "nothing for a wildcard in front": ("*naut", None),
    "nothing for questions": ("site:ft.com", None),
}


@pytest.mark.parametrize(("query", "words"), ANCHORS.values(), ids=ANCHORS.keys())
def test_rules_are_indexed_by_words_that_must_occur(query: str, words: list[str] | None) -> None:
    rules = compile_rules(
        book({"r": query}, [entity("nato", "NATO", "North Atlantic Treaty Organization")])
    )
    found = anchors(rules.rules["r"].tree)
    assert (None if found is None else sorted(test.fold for test in found)) == words
    assert WordIndex(rules).unfiltered == (("r",) if words is None else ())


def test_rule_tests_that_fail_say_why() -> None:
    tests = tuple(
        RuleTest(
            title=title,
            lead="",
            text="",
            language="en",
            feed=None,
            tags=(),
            match=match,
            place=HERE,
        )
        for title, match in (("Troops leave", True), ("Tanks leave", True), ("Troops sing", False))
    )
    spec = RuleSpec(id="r", title="R", query=source("troops"), tests=tests, place=HERE)

    report = run_tests(compile_rules(book([spec])))

    assert report.tests == 3
    assert [problem.message for problem in report.failed] == [
        'test of rule "r" expected a match, got none: troops: absent',
        'test of rule "r" expected no match, got one: troops: “Troops” in title',
    ]
