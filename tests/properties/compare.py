"""What the engine says of generated cases, and where the oracle says something else.

Some hundred cases; ``MONITOR_LONG=1 pytest -n 0 -s tests/properties`` makes it 20,000.
"""

import os
from collections.abc import Callable, Iterator
from typing import Final
from unittest.mock import patch

from monitor.matching import evaluate
from monitor.matching.evaluate import Evaluation
from monitor.matching.percolator import Percolator
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.model.hit import Span, Verdict
from monitor.rules.compile import RuleSet
from monitor.rules.tree import Node
from tests.properties import oracle
from tests.properties.generate import ARTICLES, RULES, Batch, rule_set, shown
from tests.properties.reduce import reduced
from tests.properties.written import written

LONG: Final = os.environ.get("MONITOR_LONG") == "1"
CASES: Final = 20_000 if LONG else 900
BATCHES: Final = -(-CASES // (RULES * ARTICLES))

Answer = frozenset[Span] | None
"""The passages that a query finds in an article; None if it does not hold."""

Engine = Callable[[Batch], list[list[Answer]]]
"""Per article, per query."""


def percolate(rules: RuleSet, articles: tuple[Article, ...]) -> list[Verdict]:
    engine = Percolator(rules)
    engine.match_batch(articles[1:])  # what it learns must not change what it says
    verdicts = engine.match_batch(articles)
    ids = [[match.rule for match in verdict.matches] for verdict in verdicts]
    assert engine.which(articles) == ids
    return verdicts


def percolator(batch: Batch) -> list[list[Answer]]:
    rules = rule_set(batch.queries)
    return [_answers(verdict, tuple(rules.rules)) for verdict in percolate(rules, batch.articles)]


def _answers(verdict: Verdict, rules: tuple[str, ...]) -> list[Answer]:
    assert not verdict.failures
    found = {match.rule: frozenset(match.spans) for match in verdict.matches}
    assert [id_ for id_ in rules if id_ in found] == [match.rule for match in verdict.matches]
    return [found.get(id_) for id_ in rules]


def plain(batch: Batch) -> list[list[Answer]]:
    evaluations = [Evaluation(ArticleView(article)) for article in batch.articles]
    trees = [rule.tree for rule in rule_set(batch.queries).rules.values()]
    return [
        [frozenset(each.spans(tree)) if each.holds(tree) else None for tree in trees]
        for each in evaluations
    ]


def plain_in_steps(batch: Batch) -> list[list[Answer]]:
    """Long fields are read from the beginning first; here all but the shortest are long."""
    with patch.object(evaluate, "HEAD", 6):
        return plain(batch)


def expected(batch: Batch) -> list[list[Answer]]:
    readings = map(oracle.Reading, batch.articles)
    return [
        [
            frozenset(oracle.spans(query, reading)) if oracle.holds(query, reading) else None
            for query in batch.queries
        ]
        for reading in readings
    ]


def differences(batch: Batch, engine: Engine) -> Iterator[tuple[Node, Article]]:
    for article, ours, theirs in zip(batch.articles, expected(batch), engine(batch), strict=True):
        for query, one, other in zip(batch.queries, ours, theirs, strict=True):
            if one != other:
                yield query, article


def explained(query: Node, article: Article, engine: Engine) -> str:
    """The difference, made as small as it goes."""

    def differs(node: Node, smaller: Article) -> bool:
        return any(differences(Batch((node,), (smaller,)), engine))

    if differs(query, article):  # not only among other rules and articles
        query, article = reduced(query, article, differs)
    batch = Batch((query,), (article,))
    return (
        f"{written(query)}\n  {query}\nof\n  {shown(article)}\n"
        f"oracle: {_told(expected(batch)[0][0])}\nengine: {_told(engine(batch)[0][0])}"
    )


def _told(answer: Answer) -> str:
    if answer is None:
        return "does not hold"
    return f"holds: {[f'{span.field}[{span.start}:{span.end}] {span.text!r} by {span.clause}' for span in sorted(answer)]}"
