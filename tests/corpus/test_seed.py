"""The corpus: queries on the seed article and on short texts, and what they must find."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor.config.ruleset import LoadedRules, restore_rules
from monitor.errors import Place
from monitor.feeds.parse import Document, parse
from monitor.matching.evaluate import Evaluation
from monitor.matching.percolator import Percolator
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.model.hit import Match
from monitor.model.rule import RuleSpec, SourceText
from monitor.rules.queries import QueryCompiler

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "kurdistan24.xml"
CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("seed.toml").read_text(encoding="utf-8")
)["case"]


@cache
def seed() -> Article:
    parsed = parse(
        Document(
            body=SEED.read_bytes(),
            url=SEED.as_uri(),
            now=datetime(2026, 11, 1, tzinfo=UTC),
        )
    )
    (entry,) = parsed.entries
    return Article(title=entry.title, lead=entry.lead, text=entry.text, language=entry.language)


@cache
def shipped() -> LoadedRules:
    sources = {
        path.name: path.read_text("utf-8") for path in sorted((ROOT / "rules").rglob("*.toml"))
    }
    return restore_rules(sources)


def article_of(case: dict[str, Any]) -> Article:
    own: dict[str, Any] = {
        key: case[key]
        for key in ("title", "lead", "text", "language", "url", "author")
        if key in case
    }
    if not own.keys() & {"title", "lead", "text"}:
        return seed()
    return Article(**({"title": ""} | own), tags=tuple(case.get("tags", ())))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_corpus_holds_to_the_letter(case: dict[str, Any]) -> None:
    book = shipped().book
    compiler = QueryCompiler(book.entities, book.topics)
    node = compiler.query(SourceText(case["query"], Place("seed.toml")))
    evaluation = Evaluation(ArticleView(article_of(case)))

    holds = evaluation.holds(node)
    spans = [span.text for span in evaluation.spans(node)] if holds else []

    assert holds is case.get("match", True)
    if "spans" in case:
        assert spans == case["spans"]
    if "count" in case:
        assert len(spans) == case["count"]


def matches() -> dict[str, Match]:
    return {
        match.rule: match for match in Percolator(shipped().rules).match_batch([seed()])[0].matches
    }


def test_the_seed_hits_the_three_rules_it_was_chosen_for() -> None:
    assert {"troop-deployment", "sanctions-package", "eu-nato-leaders"} <= matches().keys()


def test_the_leaders_rule_names_whom_it_saw() -> None:
    named = {span.clause for span in matches()["eu-nato-leaders"].spans}

    assert {"@ursula-von-der-leyen", "@zelenskyy", "@putin", "@nato", "@eu"} <= named


def test_a_span_of_the_seed_quotes_it() -> None:
    for match in matches().values():
        for span in match.spans:
            assert getattr(seed(), span.field)[span.start : span.end] == span.text


@pytest.mark.parametrize("rule", shipped().book.rules.values(), ids=lambda rule: rule.id)
def test_every_shipped_rule_has_three_tests_each_way_that_are_not_the_seed(rule: RuleSpec) -> None:
    whole = f"{seed().title}\n{seed().lead}\n{seed().text}"
    own = [test for test in rule.tests if (test.text or test.title) not in whole]

    assert sum(test.match for test in own) >= 3
    assert sum(not test.match for test in own) >= 3
