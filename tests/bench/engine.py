"""What is measured: the ways into the program, and an evaluation of every rule to compare with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.config.rulefiles import Reading, read_rules
from monitor.matching.evaluate import Evaluation
from monitor.matching.percolator import Percolator
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.model.rule import RuleBook
from monitor.rules.compile import RuleSet, compile_rules
from monitor.rules.parse import parse_query

COMPARED: Final = 50
"""Articles that are compared."""

_SAMPLE: Final = 5_000  # rules; of more, a part that is spread evenly


@dataclass(frozen=True, slots=True)
class Live:
    """A rule book in use; ``reading`` if it comes from files."""

    book: RuleBook
    rules: RuleSet
    percolator: Percolator
    reading: Reading | None = None


def parse_all(book: RuleBook) -> None:
    """Parse the query of every rule; the parser keeps the trees by text."""
    for rule in book.rules.values():
        if rule.query:
            parse_query(rule.query)


def go_live(book: RuleBook) -> Live:
    """From a rule book to rules that match."""
    rules = compile_rules(book)
    return Live(book, rules, Percolator(rules))


def load(folder: Path, before: Live | None = None) -> Live:
    """From rule files to rules that match; what is as before is taken over."""
    reading = read_rules(
        [folder], before=before.reading.files if before and before.reading else None
    )
    assert not reading.problems, reading.problems[:3]
    rules = compile_rules(reading.book, (before.book, before.rules) if before else None)
    return Live(reading.book, rules, Percolator(rules), reading)


def which(percolator: Percolator, articles: Sequence[Article]) -> list[list[str]]:
    """For each article the rules that match, no passages."""
    return percolator.which(articles)


def match_all(percolator: Percolator, articles: Sequence[Article]) -> int:
    """Matches with their passages, counted."""
    return sum(len(verdict.matches) for verdict in percolator.match_batch(articles))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs of an article and a rule that were compared, and how they differ."""

    articles: int
    pairs: int
    differences: list[str]


def compare(live: Live, articles: Iterable[Article], batch: int) -> Agreement:
    """Whether the rules found are those that hold by the plain evaluator, asked for each rule.

    It is asked for all rules, or of very many for a sample and for all that were found.
    """
    ids = list(live.rules.rules)
    sample = ids[:: max(1, len(ids) // _SAMPLE)]
    compared = list(articles)[:COMPARED]
    pairs, differences = 0, []
    for article, found in zip(compared, in_batches(live, compared, batch), strict=True):
        asked = dict.fromkeys((*sample, *found))
        pairs += len(asked)
        holding = set(_holding(live.rules, article, asked))
        differences += [
            f"{article.title!r}: rule {id_} {_rule_text(live.book, id_)} is"
            f" {'found but does not hold' if id_ in found else 'not found but holds'}"
            for id_ in sorted(holding.symmetric_difference(found))
        ]
    return Agreement(len(compared), pairs, differences)


def in_batches(live: Live, articles: Sequence[Article], batch: int) -> Iterator[list[str]]:
    """For each article the rules that match, so many articles at a time."""
    for start in range(0, len(articles), batch):
        yield from which(live.percolator, articles[start : start + batch])


def _holding(rules: RuleSet, article: Article, asked: Iterable[str]) -> Iterator[str]:
    evaluation = Evaluation(ArticleView(article))
    return (id_ for id_ in asked if evaluation.holds(rules.rules[id_].tree))


def _rule_text(book: RuleBook, id_: str) -> str:
    rule = book.rules[id_]
    if rule.query:
        return rule.query.text
    names = (book.entities[each.text].aliases for each in rule.entities)
    return str([alias.text.text for aliases in names for alias in aliases])
