"""What an index says an article must have is had by every article for which a query holds."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from monitor.analysis.wordset import WordSets
from monitor.matching.needs import need_of
from monitor.matching.view import wildcard
from monitor.model.article import Article
from monitor.model.search import AllOf, Like, Need, OneOf, Word
from tests.properties.compare import BATCHES, plain
from tests.properties.generate import many_languages, shown
from tests.properties.written import written

seeds = st.integers(0, 2**63 - 1)


def has(words: frozenset[str], need: Need) -> bool:
    match need:
        case Word(text, prefix):
            return (
                any(map(str.startswith, words, [text] * len(words))) if prefix else text in words
            )
        case Like(pattern):
            return any(map(wildcard(pattern).fullmatch, words))
        case AllOf(parts):
            return all(has(words, part) for part in parts)
        case OneOf(parts):
            return any(has(words, part) for part in parts)


def word_sets(articles: tuple[Article, ...]) -> list[tuple[str, frozenset[str]]]:
    return WordSets().of(
        [(each.title, each.lead, each.text) for each in articles],
        [each.language for each in articles],
    )


@pytest.mark.timeout(3_600)
@settings(max_examples=BATCHES, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=seeds)
def test_no_article_that_a_query_holds_for_lacks_what_it_needs(seed: int) -> None:
    batch = many_languages(seed)
    sets = word_sets(batch.articles)
    needs = [need_of(query, sorted({key for key, _ in sets})) for query in batch.queries]
    for article, (_, words), answers in zip(batch.articles, sets, plain(batch), strict=True):
        for query, need, answer in zip(batch.queries, needs, answers, strict=True):
            if answer is not None and need is not None:
                assert has(words, need), f"{written(query)}\nneeds {need}\nof {shown(article)}"


def test_most_generated_queries_need_something_that_most_articles_lack() -> None:
    known, turned_down = 0, 0.0
    for seed in range(100):
        batch = many_languages(seed)
        sets = word_sets(batch.articles)
        keys = sorted({key for key, _ in sets})
        needs = [need for query in batch.queries if (need := need_of(query, keys)) is not None]
        known += len(needs)
        turned_down += sum(not has(words, need) for _, words in sets for need in needs) / len(sets)
    assert known >= 200
    assert turned_down >= 0.3 * known
