"""Rules against stored articles, with the verdicts that the daemon gives on the same texts."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.archive.sieve import sieve
from monitor.jobs.match import full_text, is_known
from monitor.matching.partial import PartialPercolator
from monitor.model.article import Article
from monitor.model.feed import FullText
from monitor.model.hit import Match
from monitor.rules.compile import RuleSet

_MOST_WORDS: Final = 70_000  # of a language: several processes shall fit into 400 MB
Modes = Mapping[str, FullText]

AS_STORED: Final[Modes] = {}
"""No feed wishes for pages: what is stored of an article counts as all of it."""


@dataclass(slots=True)
class Found:
    """What rules found in some articles, in little room.

    Attributes:
        rules, articles, days: of each hit the number of the rule, the id of the article and the
            day it was seen (UTC, ``date.toordinal``).
        read: articles by day.
        hit: articles with a hit.
        undecided: articles whose text is not stored, so that some rule can't be decided.
    """

    rules: "array[int]" = field(default_factory=lambda: array("l"))
    articles: "array[int]" = field(default_factory=lambda: array("q"))
    days: "array[int]" = field(default_factory=lambda: array("l"))
    read: Counter[int] = field(default_factory=Counter)
    hit: int = 0
    undecided: int = 0

    def take(self, other: "Found") -> None:
        """Add what was found in other articles."""
        self.rules.extend(other.rules)
        self.articles.extend(other.articles)
        self.days.extend(other.days)
        self.read.update(other.read)
        self.hit += other.hit
        self.undecided += other.undecided


class Engine:
    """A rule set for stored articles.

    Args:
        rules: all that is matched.
        modes: when each feed wishes pages to be fetched, by URL, as the daemon knows it.
    """

    def __init__(self, rules: RuleSet, modes: Modes) -> None:
        self._percolator = PartialPercolator(rules, most_words=_MOST_WORDS)
        self._numbers = {id_: number for number, id_ in enumerate(rules.rules)}
        self._modes = modes
        self._passes = sieve(tuple(rules.rules.values()))

    def which(self, articles: Sequence[Article]) -> Found:
        """The rules that hold for each article."""
        found = Found()
        found.read.update(_day(article) for article in articles)
        whole, parts = self._divided(articles)
        for article, ids in zip(whole, self._percolator.which(whole), strict=True):
            self._note(found, article, ids)
        for article, verdict in zip(parts, self._percolator.match_partly(parts), strict=True):
            self._note(found, article, [match.rule for match in verdict.matches])
            found.undecided += verdict.undecided
        return found

    def _note(self, found: Found, article: Article, ids: Iterable[str]) -> None:
        numbers = [self._numbers[id_] for id_ in ids]
        found.rules.extend(numbers)
        found.articles.extend([article.id or 0] * len(numbers))
        found.days.extend([_day(article)] * len(numbers))
        found.hit += bool(numbers)

    def matches(self, articles: Sequence[Article]) -> dict[int, tuple[Match, ...]]:
        """The rules that hold, with their passages, by the id of the article."""
        found: dict[int, tuple[Match, ...]] = {article.id or 0: () for article in articles}
        whole, parts = self._divided(articles)
        for article, verdict in zip(whole, self._percolator.match_batch(whole), strict=True):
            found[article.id or 0] = verdict.matches
        for article, partial in zip(parts, self._percolator.match_partly(parts), strict=True):
            found[article.id or 0] = partial.matches
        return found

    def _divided(self, articles: Sequence[Article]) -> tuple[list[Article], list[Article]]:
        """Those that are known, and those whose text may still come; without hopeless ones."""
        whole: list[Article] = []
        parts: list[Article] = []
        for article in articles if self._passes is None else filter(self._passes, articles):
            known = article.text or is_known(article, full_text(article, self._modes))
            (whole if known else parts).append(article)
        return whole, parts


def _day(article: Article) -> int:
    return article.seen.toordinal() if article.seen else 0
