"""The percolator says of articles without a text what the plain evaluator says of each rule."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given

from monitor.matching.evaluate import Evaluation
from monitor.matching.partial import PartialPercolator
from monitor.matching.verdict import Truth
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.rules.compile import RuleSet
from tests.properties.compare import BATCHES
from tests.properties.generate import batch, rule_set
from tests.properties.test_matching import searching, seeds


def plain(rules: RuleSet, article: Article) -> Mapping[str, Truth]:
    evaluation = Evaluation(ArticleView(article, text_known=False))
    return {id_: evaluation.verdict(rule.tree) for id_, rule in rules.rules.items()}


@pytest.mark.timeout(3_600)
@searching
@given(seed=seeds)
def test_partial_verdicts_are_those_of_the_plain_evaluator(seed: int) -> None:
    case = batch(seed)
    rules = rule_set(case.queries)
    articles = [replace(article, text="") for article in case.articles]
    for article, found in zip(
        articles, PartialPercolator(rules).match_partly(articles), strict=True
    ):
        right = plain(rules, article)
        assert [m.rule for m in found.matches] == [id_ for id_, said in right.items() if said]
        assert found.undecided is (None in right.values())
        assert all(right[id_] is None for id_ in found.evident)


def test_some_rules_are_evident_and_some_articles_decided() -> None:
    found = [
        each
        for seed in range(BATCHES)
        for case in [batch(seed)]
        for each in PartialPercolator(rule_set(case.queries)).match_partly(case.articles)
    ]
    assert sum(bool(each.evident) for each in found) >= 0.1 * len(found)
    assert sum(not each.undecided for each in found) >= 0.05 * len(found)
