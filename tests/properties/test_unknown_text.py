"""What the plain evaluator says of an article by its title and lead alone, its text unknown."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given

from monitor.matching.evaluate import Evaluation
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.rules.tree import Node
from tests.properties import oracle
from tests.properties.compare import BATCHES
from tests.properties.generate import Partial, partial, rule_set, shown
from tests.properties.reduce import reduced
from tests.properties.test_matching import searching, seeds
from tests.properties.written import written


def verdict(query: Node, known: Article) -> bool | None:
    (rule,) = rule_set((query,)).rules.values()
    return Evaluation(ArticleView(known, text_known=False)).verdict(rule.tree)


def contradictions(case: Partial) -> Iterator[tuple[bool, Article]]:
    said = verdict(case.query, case.known)
    for full in case.full:
        if said is not None and oracle.holds(case.query, oracle.Reading(full)) is not said:
            yield said, full


def explained(case: Partial, said: bool, full: Article) -> str:  # noqa: FBT001
    """A contradiction made as small as it goes."""

    def differs(query: Node, article: Article) -> bool:
        known = replace(article, text="")
        return any(contradictions(Partial(query, known, (article,))))

    query, article = reduced(case.query, full, differs)
    return f"{written(query)}\n  {query}\nis {said} for certain, and not of\n  {shown(article)}"


@pytest.mark.timeout(3_600)
@searching
@given(seed=seeds)
def test_no_text_contradicts_what_is_certain_without_it(seed: int) -> None:
    case = partial(seed)
    for said, full in contradictions(case):
        pytest.fail(explained(case, said, full))


@searching
@given(seed=seeds)
def test_with_its_text_every_verdict_is_certain(seed: int) -> None:
    case = partial(seed)
    (rule,) = rule_set((case.query,)).rules.values()
    for full in case.full:
        right = oracle.holds(case.query, oracle.Reading(full))
        assert Evaluation(ArticleView(full)).verdict(rule.tree) is right


def test_title_and_lead_alone_decide_often() -> None:
    cases = [partial(seed) for seed in range(3 * BATCHES)]
    said = [verdict(case.query, case.known) for case in cases]
    print({each: said.count(each) for each in (True, False, None)})
    assert said.count(True) >= 0.1 * len(said)
    assert said.count(False) >= 0.1 * len(said)
