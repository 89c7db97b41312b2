"""What passages cost on top of the rules that match."""

import statistics
from collections.abc import Sequence

from monitor.model.article import Article
from tests.bench import engine
from tests.bench.engine import Live
from tests.bench.gauges import in_turns, yardstick
from tests.bench.job import Figures


def measure_spans(live: Live, articles: Sequence[Article], batch: int) -> Figures:
    """Time with passages less time without, of the articles with a hit.

    Returns:
        ``spans_us`` and ``spans_ratio`` (in yardsticks) per article with a hit, ``spans_us_per_hit``:
        all of it divided. Articles are measured in groups of like numbers of hits, and a straight
        line through these parts the same into ``spans_article_ratio``, what an article with a hit
        costs in yardsticks, and ``spans_hit_us``, what each hit adds; where all
        articles have many hits, the former is no more than a guess. Nothing if too few have any.
    """
    hits = list(map(len, engine.in_batches(live, articles, batch)))
    order = sorted((n for n, found in enumerate(hits) if found), key=hits.__getitem__)
    groups = [order[start : start + batch] for start in range(0, len(order), batch)]
    if len(groups) < 2:
        return {}
    costs = [_cost(live, [articles[n] for n in group]) for group in groups]
    total = sum(extra for extra, _ in costs)
    yard = sum(yard for _, yard in costs) / len(order)
    slope, fixed = statistics.linear_regression(
        [statistics.mean(hits[n] for n in group) for group in groups],
        [extra / len(group) for (extra, _), group in zip(costs, groups, strict=True)],
    )
    return {
        "spans_us": round(total / len(order) * 1e6, 1),
        "spans_ratio": round(total / len(order) / yard, 2),
        "spans_us_per_hit": round(total / sum(hits) * 1e6, 1),
        "spans_article_ratio": round(fixed / yard, 2),
        "spans_hit_us": round(slope * 1e6, 1),
    }


def _cost(live: Live, articles: Sequence[Article]) -> tuple[float, float]:
    """Seconds that passages add for these articles, and those of the yardstick."""
    _, (with_passages, without, yard) = in_turns(
        [
            lambda: engine.match_all(live.percolator, articles),
            lambda: engine.which(live.percolator, articles),
            lambda: yardstick(articles),
        ]
    )
    return with_passages - without, yard
