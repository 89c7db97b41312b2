"""Searching the stored articles with the language of rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Final

from monitor.archive.engine import AS_STORED, Engine
from monitor.archive.preselect import preselected, read
from monitor.model.article import Article
from monitor.model.hit import Match
from monitor.rules.compile import RuleSet
from monitor.store.engine import Connection, Store

_FIRST: Final = 16  # articles that are read at once …
_MOST: Final = 1_000  # … later
BEST_OF: Final = 1_000
"""The newest that hold, among which the best are sought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An article that a query holds for, and where."""

    article: Article
    match: Match


def search(
    store: Store,
    rules: RuleSet,
    *,
    since: datetime | None = None,
    limit: int | None = None,
    best: bool = False,
) -> list[Finding]:
    """The articles that the one rule of a set holds for, by their latest texts.

    Args:
        store: with the articles; nothing is written.
        rules: see ``queries.query_rules``.
        since: only those seen then or later.
        limit: how many at most.
        best: those with the highest score come first, then those with most passages for their
            length, of the newest ``BEST_OF`` that hold; else the newest.
    """
    engine = Engine(rules, AS_STORED)
    with store.read() as connection:
        ids = preselected(connection, rules, since)
        found = _findings(connection, engine, ids, since)
        if not best:
            return list(islice(found, limit))
        ranked = sorted(islice(found, BEST_OF), key=_rank, reverse=True)
        return ranked[:limit]


def _rank(finding: Finding) -> tuple[float, float, int]:
    article, match = finding.article, finding.match
    length = len(article.title) + len(article.lead) + len(article.text)
    in_title = any(span.field == "title" for span in match.spans)
    density = len(match.spans) / (500 + length)
    return match.score + in_title, density, article.id or 0


def _findings(
    connection: Connection, engine: Engine, ids: Sequence[int], since: datetime | None
) -> Iterator[Finding]:
    return chain.from_iterable(_among(connection, engine, some, since) for some in _portions(ids))


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Who wants twenty of a common word needs not wait for a thousand."""
    first, size = 0, _FIRST
    while first < len(ids):
        yield ids[first : first + size]
        first += size
        size = min(_MOST, 2 * size)


def _among(
    connection: Connection, engine: Engine, ids: Sequence[int], since: datetime | None
) -> Iterator[Finding]:
    wanted = read(connection, ids, since)
    matches = engine.matches(wanted)
    for article in wanted:
        for match in matches[article.id or 0]:
            yield Finding(article=article, match=match)
