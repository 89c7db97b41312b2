"""The engine finds what enumeration finds: the same verdicts and the same passages."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from monitor.model.article import Article
from monitor.rules.tree import And, Meta, MetaField, Near, Node, Not, Sequence, Term
from tests.properties.compare import (
    BATCHES,
    CASES,
    LONG,
    Engine,
    differences,
    expected,
    explained,
    percolator,
    plain,
    plain_in_steps,
)
from tests.properties.generate import Batch, batch, many_languages
from tests.properties.tally import OPERATORS, Tally
from tests.properties.trees import clause

ENOUGH = 300 if LONG else 3  # cases that each operator must decide
seeds = st.integers(0, 2**63 - 1)
# A seed can't be made simpler; the case that differs is, by ``explained``.
searching = settings(max_examples=BATCHES, phases=[Phase.explicit, Phase.reuse, Phase.generate])


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("engine", [plain, plain_in_steps, percolator])
@searching
@given(seed=seeds)
def test_the_engine_finds_what_enumeration_finds(engine: Engine, seed: int) -> None:
    for query, article in differences(batch(seed), engine):
        pytest.fail(explained(query, article, engine))


ALPHA, BETA = Sequence((Term("alpha"),)), Sequence((Term("beta"),))
NEXT = clause(Near(ALPHA, BETA, 0, ordered=False))
ONCE_DIFFERENT: dict[str, tuple[Node, Article]] = {
    "a sentence mark without a word before it": (NEXT, Article(title="", text="。Alpha beta")),
    "a sentence mark before a comma": (NEXT, Article(title="", text="alpha。, beta")),
    "a question and something excluded": (
        And((Meta(MetaField.AUTHOR, "smith", (0, 1)), Not(clause(ALPHA)))),
        Article(title="Alpha", author="Smith"),
    ),
}


@pytest.mark.parametrize("engine", [plain, percolator])
@pytest.mark.parametrize(("query", "article"), ONCE_DIFFERENT.values(), ids=ONCE_DIFFERENT.keys())
def test_what_once_was_different_is_not(query: Node, article: Article, engine: Engine) -> None:
    batch_ = Batch((query,), (article,))
    assert engine(batch_) == expected(batch_)


@pytest.mark.timeout(3_600)
@searching
@given(seed=seeds)
def test_articles_of_one_batch_may_be_of_many_languages(seed: int) -> None:
    for query, article in differences(many_languages(seed), percolator):
        pytest.fail(explained(query, article, percolator))


@pytest.mark.timeout(3_600)
def test_the_cases_match_often_and_every_operator_decides() -> None:
    tally = Tally()
    for seed in range(BATCHES):
        tally.add(batch(seed))
    print(tally)
    assert tally.cases >= CASES
    assert tally.matching >= 0.3 * tally.cases
    assert not [name for name in OPERATORS if tally.decided[name] < ENOUGH]
