"""The engine finds what enumeration finds: the same verdicts and the same passages."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.properties.compare import (
    BATCHES,
    CASES,
    LONG,
    Engine,
    differences,
    explained,
    percolator,
    plain,
    plain_in_steps,
)
from tests.properties.generate import batch, many_languages
from tests.properties.tally import OPERATORS, Tally

ENOUGH = 300 if LONG else 3  # cases that each operator must decide
seeds = st.integers(0, 2**63 - 1)
# A seed can't be made simpler; the case that differs is, by ``explained``.
searching = settings(
    max_examples=BATCHES, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("engine", [plain, plain_in_steps, percolator])
@searching
@given(seed=seeds)
def test_the_engine_finds_what_enumeration_finds(engine: Engine, seed: int) -> None:
    for query, article in differences(batch(seed), engine):
        pytest.fail(explained(query, article, engine))


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
