"""Which stored articles rules are to be tried on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from monitor.matching.needs import need_of
from monitor.model.article import Article
from monitor.rules.compile import RuleSet
from monitor.store import articles, search
from monitor.store.engine import Connection

_MOST: Final = 50  # rules that the index is asked about; more want most of the articles


def preselected(connection: Connection, rules: RuleSet, since: datetime | None) -> Sequence[int]:
    """The ids of the articles that a rule may hold for, the newest first.

    Args:
        connection: of a read.
        rules: to be tried.
        since: only articles seen then or later; some others may be among them.
    """
    first = articles.first_since(connection, since) if since else 0
    if first is None:
        return ()
    keys = search.languages(connection)
    needs = [need_of(rule.tree, keys) for rule in rules.rules.values()][: _MOST + 1]
    found: set[int] = set()
    for need in needs:
        ids = search.candidates(connection, need, first) if need and len(needs) <= _MOST else None
        if ids is None:
            return articles.ids_from(connection, first)
        found.update(ids)
    return sorted(found, reverse=True)


def read(connection: Connection, ids: Sequence[int], since: datetime | None) -> list[Article]:
    """The articles of some ids that are still there and were seen since, in the same order."""
    stored = articles.load(connection, ids)
    found = [article for id_ in ids if (article := stored.get(id_))]
    if since is None:
        return found
    return [article for article in found if article.seen and article.seen >= since]
