"""The percolator over a whole rule set."""

from datetime import UTC, date, datetime

import pytest

from monitor.analysis import vocabulary
from monitor.matching.evaluate import Evaluation, Evidence
from monitor.matching.percolator import Percolator
from monitor.matching.ruletests import run_tests
from monitor.model.article import Article, Carrier
from monitor.model.hit import Match, RuleFailure, Span, Verdict
from monitor.model.rule import RuleSpec, RuleTest
from monitor.rules.compile import RuleSet, compile_rules
from monitor.rules.tree import Node
from tests.support.rulebook import HERE, book, entity, source


def matches(rules: RuleSet, article: Article) -> tuple[Match, ...]:
    return Percolator(rules).match_batch([article])[0].matches


def matching(rules: RuleSet, article: Article) -> list[str]:
    return Percolator(rules).which([article])[0]


def test_a_match_says_where_and_why() -> None:
    rules = compile_rules(book({"r": '"sanctions package"~4 OR troops'}))

    article = Article(
        title="19th package of sanctions", text="A package of sanctions.", language="en"
    )
    (match,) = matches(rules, article)

    assert match.spans == (
        Span("title", 5, 25, "package of sanctions", '"sanctions package"~4'),
        Span("text", 2, 22, "package of sanctions", '"sanctions package"~4'),
    )
    assert match.why == '"sanctions package"~4: “package of sanctions” ×2 in title, text'
    assert match.score == 1.0


def test_a_lead_that_begins_the_text_counts_once() -> None:
    rules = compile_rules(book({"r": "troops", "lead": "lead:troops"}))
    article = Article(title="", lead="Allied troops left.", text="Allied troops left. Then rain.")

    assert [
        (match.rule, [span.field for span in match.spans]) for match in matches(rules, article)
    ] == [
        ("r", ["text"]),
        ("lead", ["lead"]),
    ]


def test_a_bracket_inside_a_passage_is_closed() -> None:
    rules = compile_rules(book({"r": '"troop deployment"~4'}))

    (match,) = matches(rules, Article(title="", text="a troop [deployment] now"))

    assert match.spans[0].text == "troop [deployment]"


def test_a_rule_that_fails_while_evaluating_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = compile_rules(book({"bad": "troops{2,}", "good": "troops", "worse": "=troops"}))
    bad, worse = (rules.rules[name].tree for name in ("bad", "worse"))
    holds, evidence = Evaluation.holds, Evaluation.evidence

    def broken_holds(self: Evaluation, node: Node) -> bool:
        if node is bad:
            raise ValueError("no verdict")
        return holds(self, node)

    def broken_evidence(self: Evaluation, node: Node) -> Evidence:
        if node is worse:
            raise ValueError("no passage")
        return evidence(self, node)

    monkeypatch.setattr(Evaluation, "holds", broken_holds)
    monkeypatch.setattr(Evaluation, "evidence", broken_evidence)
    verdict, other = Percolator(rules).match_batch(
        [Article(title="Troops"), Article(title="Nothing")]
    )

    assert [match.rule for match in verdict.matches] == ["good"]
    assert verdict.failures == (
        RuleFailure(rule="bad", error="ValueError: no verdict"),
        RuleFailure(rule="worse", error="ValueError: no passage"),
    )
    assert other == Verdict(matches=())
    assert matching(rules, Article(title="Troops")) == ["good", "worse"]


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


UNFILTERED = {
    "a word": ("troops", False),
    "every part of an OR": ("troops OR tanks", False),
    "one part of an OR has no words": ("troops OR site:ft.com", True),
    "a question beside a word": ("troops site:ft.com", False),
    "a question alone": ("site:ft.com", True),
    "what is excluded": ("troops NOT football", False),
    "an entity": ("@nato", False),
    "a wildcard in front": ("*naut", False),
    "an expression": ("/sanct[io]+n/", False),
    "several of a list": ("ATLEAST/2(troops tanks site:ft.com)", False),
    "one of a list with a question": ("ATLEAST/1(troops site:ft.com)", True),
}


@pytest.mark.parametrize(("query", "unfiltered"), UNFILTERED.values(), ids=UNFILTERED.keys())
def test_rules_that_no_word_preselects_are_named(query: str, *, unfiltered: bool) -> None:
    rules = compile_rules(
        book({"r": query, "s": "tanks"}, [entity("nato", "NATO", "North Atlantic Treaty")])
    )
    assert Percolator(rules).unfiltered == (("r",) if unfiltered else ())


def test_the_words_of_a_language_are_forgotten_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vocabulary, "MOST_TOKENS", 50)
    percolator = Percolator(compile_rules(book({"r": '"troops leave"', "s": "sanct*"})))
    for number in range(200):
        words = " ".join(f"w{number}x{each}" for each in range(9))
        assert percolator.which(
            [Article(title=f"{words} troops leave {words}", text="Sanctions.", language="en")]
        ) == [["r", "s"]]


def test_more_languages_than_are_remembered_are_matched_all_the_same() -> None:
    percolator = Percolator(compile_rules(book({"r": "troops"})))
    tags = [
        "en",
        "de",
        "fr",
        "it",
        "es",
        "pt",
        "nl",
        "sv",
        "da",
        "nb",
        "fi",
        "hu",
        "ro",
        "tr",
        "en",
    ]
    for _ in range(2):
        articles = [Article(title="Troops", language=tag) for tag in tags]
        assert percolator.which(articles) == [["r"]] * len(tags)


def test_an_article_without_words_matches_nothing() -> None:
    rules = compile_rules(
        book({"r": "troops", "s": "@nato", "t": '"a b"~4'}, [entity("nato", "NATO")])
    )
    assert Percolator(rules).which([Article(title=""), Article(title="—", text=". . .")]) == [
        [],
        [],
    ]
    assert Percolator(rules).which([]) == []


def test_a_set_without_rules_matches_nothing() -> None:
    assert Percolator(compile_rules(book({}))).which([Article(title="Troops")]) == [[]]


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
