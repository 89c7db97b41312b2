"""What the rules find in articles that are already stored."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from monitor.errors import Place, Problem, StoreError
from monitor.matching.percolator import Percolator
from monitor.model.article import Article

SAMPLE: Final = 500
_FEWEST: Final = 20  # articles, below which a share says nothing
_WAIT: Final = 0.5  # seconds for another program that is writing


def stored_articles(url: str) -> list[Article]:
    """The latest articles of the database of the configuration, opened read-only.

    None if there is no database, another program holds it, or its tables are not of this version:
    a sample is not worth an error.
    """
    from sqlite3 import Error

    from monitor.store import articles, schema
    from monitor.store.engine import Store

    store = Store.open(url, busy_timeout=_WAIT, read_only=True)
    try:
        if store.is_new() or schema.needs_upgrade(store):
            return []
        with store.read() as connection:
            ids = [line.id for line in articles.recent(connection, limit=SAMPLE)]
            return list(articles.load(connection, ids).values())
    except (StoreError, Error):
        return []
    finally:
        store.close()


def busy_rules(
    percolator: Percolator, places: Mapping[str, Place], articles: Sequence[Article]
) -> Iterator[Problem]:
    """Warnings for rules that hit more than half of the articles."""
    if len(articles) < _FEWEST:
        return
    hits = Counter(rule for found in percolator.which(articles) for rule in found)
    for rule, number in hits.items():
        if number * 2 > len(articles):
            message = (
                f'rule "{rule}" hits {number} of the latest {len(articles)} stored articles: '
                "it tells of most of what comes; ask for more, or exclude something"
            )
            yield Problem(places[rule], message, "warning")
