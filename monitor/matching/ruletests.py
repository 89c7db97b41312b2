"""The tests that rule files carry: each is an article and whether the rule must match it."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.errors import Problem
from monitor.matching.evaluate import Evaluation
from monitor.matching.explain import Explanation, explain
from monitor.matching.matches import evaluate_rule
from monitor.matching.view import ArticleView
from monitor.model.article import Article, Carrier
from monitor.model.rule import RuleTest
from monitor.rules.compile import CompiledRule, RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class TestReport:
    """How many tests ran and which failed."""

    __test__ = False  # pytest looks for classes of this name

    tests: int
    failed: tuple[Problem, ...]


def run_tests(rules: RuleSet) -> TestReport:
    """Run every test of every enabled rule."""
    tests = [(rule, test) for rule in rules.rules.values() for test in rule.spec.tests]
    return TestReport(tests=len(tests), failed=tuple(_failures(tests)))


def _failures(tests: list[tuple[CompiledRule, RuleTest]]) -> Iterator[Problem]:
    for rule, test in tests:
        article = article_of(test)
        match = evaluate_rule(rule, Evaluation(ArticleView(article)))
        if (match is not None) != test.match:
            (explanation,) = explain([rule], article)
            yield Problem(test.place, _message(rule, test, explanation))


def article_of(test: RuleTest) -> Article:
    """The article of a test."""
    return Article(
        title=test.title,
        lead=test.lead,
        text=test.text,
        language=test.language,
        tags=test.tags,
        carriers=carriers_of(test.feed, test.tags),
    )


def carriers_of(feed: str | None, tags: tuple[str, ...]) -> tuple[Carrier, ...]:
    """The feed that a test or a given article names; none if it names none.

    Tags stand for the entry's categories and for the feed's.
    """
    return (Carrier(name=feed, url=feed, tags=tags),) if feed else ()


def _message(rule: CompiledRule, test: RuleTest, explanation: Explanation) -> str:
    wanted, got = ("a match", "none") if test.match else ("no match", "one")
    return f'test of rule "{rule.spec.id}" expected {wanted}, got {got}: {explanation.why}'
