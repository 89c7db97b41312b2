"""A query finds what the tree finds that it was written from: parser and references."""

import pytest
from hypothesis import given

from monitor.model.article import Article
from monitor.rules.compile import compile_rules
from monitor.rules.tree import Node
from tests.properties import oracle
from tests.properties.compare import BATCHES
from tests.properties.generate import Batch, batch, shown
from tests.properties.test_matching import searching, seeds
from tests.properties.written import BookWriter, Unwritable, written
from tests.support.rulebook import book, entity, topic


def parsed(of: Batch) -> tuple[Node, ...] | None:
    """The trees of the queries after they went through text; None if one has no text."""
    try:
        book = BookWriter().book(of.queries, of.entities)
    except Unwritable:
        return None
    rules = compile_rules(book).rules
    return tuple(rules[f"r{number}"].tree for number, _ in enumerate(of.queries))


def each_alone(of: Batch) -> list[Batch]:
    return [Batch((query,), of.articles, of.entities) for query in of.queries]


@pytest.mark.timeout(3_600)
@searching
@given(seed=seeds)
def test_a_query_means_what_its_tree_means(seed: int) -> None:
    for one in each_alone(batch(seed)):
        for tree in parsed(one) or ():
            for article in one.articles:
                reading = oracle.Reading(article)
                assert oracle.holds(tree, reading) is oracle.holds(one.queries[0], reading), (
                    _explained(one.queries[0], tree, article)
                )


def _explained(query: Node, tree: Node, article: Article) -> str:
    return f"{written(query)}\n  {query}\nbecame\n  {tree}\nof\n  {shown(article)}"


@pytest.mark.parametrize("query", ["(@nato OR talks){2,}", "(#talks NEAR @nato){2,}"])
def test_names_in_a_counted_group_are_filled_in(query: str) -> None:
    names = book({"r": query}, [entity("nato", "NATO")], [topic("talks", queries=["talks"])])
    tree = compile_rules(names).rules["r"].tree

    article = Article(title="Talks with NATO, talks with NATO", language="en")
    assert oracle.holds(tree, oracle.Reading(article))


def test_most_trees_have_a_query() -> None:
    queries = [one for seed in range(BATCHES) for one in each_alone(batch(seed))]
    assert sum(parsed(one) is not None for one in queries) >= 0.8 * len(queries)
