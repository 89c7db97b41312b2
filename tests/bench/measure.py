"""The main figures of one rule count, and the naive loop; see ``tests.bench.matching``."""

import gc
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitor.model.article import Article
from tests.bench import engine
from tests.bench.draft import rule_book
from tests.bench.engine import Agreement, Live
from tests.bench.gauges import in_turns, resident, timed, yardstick
from tests.bench.job import NAIVE_RULES, Figures, Job, articles_of, rules_of, searches_of
from tests.bench.measure_spans import measure_spans

_NAIVE_ARTICLES: Final = 64


@dataclass(frozen=True, slots=True)
class Outcome:
    """Lines of figures, and what was compared with the plain evaluator."""

    lines: list[Figures]
    agreement: Agreement


def measure(job: Job) -> Outcome:
    """One line a batch size; passages have a line of their own."""
    articles = articles_of(job)
    live, costs = _living(job, articles[0])
    passes = [_pass(live, articles, batch) for batch in job.batches]
    first, (yard, *medians) = in_turns([lambda: yardstick(articles), *passes])
    hits = _pass(live, articles, max(job.batches))()
    lines: list[Figures] = [
        {
            "rules": job.rules,
            "batch": batch,
            "us_per_doc": _micro(median, articles),
            "yardstick_us": _micro(yard, articles),
            "ratio": round(median / yard, 2),
            **costs,
            "hits_per_doc": round(hits / len(articles), 2),
        }
        for batch, median in zip(job.batches, medians, strict=True)
    ]
    if job.cold:  # only what comes first meets words for the first time
        lines[0]["cold_us"] = _micro(first[1], articles)
        lines[0]["cold_ratio"] = round(first[1] / yard, 2)
    if job.rules <= NAIVE_RULES:
        _add_naive(lines, job, live, articles[:_NAIVE_ARTICLES])
    if job.spans and (spans := measure_spans(live, articles, max(job.batches))):
        lines.append({"rules": job.rules, **spans})
    return Outcome(lines, engine.compare(live, articles, max(job.batches)))


def _living(job: Job, article: Article) -> tuple[Live, Figures]:
    """The rules in use, and what that took.

    ``compile_s`` is the time from parsed queries to the first article matched, for tables wait for
    that. ``rss_mb`` is what the process grows by meanwhile (10⁶ bytes; nothing is handed back on
    purpose), ``trees_mb`` what it grew by when the queries were parsed.
    """
    book = rule_book(rules_of(job))
    gc.collect()
    sizes = [resident()]
    engine.parse_all(book)
    gc.collect()
    sizes.append(resident())

    def go_live() -> Live:
        live = engine.go_live(book)
        engine.which(live.percolator, [article])
        return live

    live, spent = timed(go_live)
    sizes.append(resident())
    trees, grown = (after - before for before, after in pairwise(sizes))
    return live, {
        "compile_s": round(spent, 2),
        "rss_mb": round(grown / 1e6, 1),
        "trees_mb": round(trees / 1e6, 1),
    }


def _pass(live: Live, articles: Sequence[Article], batch: int) -> Callable[[], int]:
    return lambda: sum(map(len, engine.in_batches(live, articles, batch)))


def _micro(spent: float, articles: Sequence[Article]) -> float:
    return round(spent / len(articles) * 1e6, 1)


def _add_naive(lines: list[Figures], job: Job, live: Live, articles: Sequence[Article]) -> None:
    """Add the time of a loop over compiled regular expressions, and how much longer it takes."""
    texts = [(each.title.lower(), f"{each.title}\n{each.text}".lower()) for each in articles]
    rules = [
        [(re.compile(each.pattern).search, each.title, each.negated) for each in clauses]
        for clauses in searches_of(job)
    ]

    def loop() -> int:
        return sum(
            all(
                (search(title if in_title else text) is None) is negated
                for search, in_title, negated in clauses
            )
            for title, text in texts
            for clauses in rules
        )

    _, naive = timed(loop)
    _, medians = in_turns([_pass(live, articles, line["batch"]) for line in lines])
    for line, median in zip(lines, medians, strict=True):
        line["naive_us"] = _micro(naive, articles)
        line["naive_ratio"] = round(naive / median, 1)
