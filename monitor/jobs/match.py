"""Matches new articles against the rules and stores their hits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.matching.percolator import Verdict
from monitor.model.alert import RuleFacts
from monitor.model.article import Article
from monitor.model.hit import RuleFailure
from monitor.store import articles, hits
from monitor.store.articles import ArticleClaim
from monitor.store.engine import Store
from monitor.store.hits import Matched

BATCH = 100


class Matcher(Protocol):
    """A rule set that articles are matched against."""

    @property
    def revision(self) -> str:
        """The sha256 of the rule files."""

    @property
    def facts(self) -> Mapping[str, RuleFacts]:
        """What telling needs of each rule."""

    def match_batch(self, articles: Sequence[Article]) -> list[Verdict]:
        """Of each article the rules that hold, and those that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReport:
    """How a batch went.

    Attributes:
        articles: matched in it.
        hits: those that are new.
        failures: article and what failed on it; the reason is stored with the article.
        given_up: articles that ended the process each time they were tried.
    """

    articles: int
    hits: int
    failures: tuple[tuple[int, RuleFailure], ...] = ()
    given_up: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    revision: str
    claims: Sequence[ArticleClaim]
    matched: Sequence[Matched]
    failures: Sequence[tuple[int, RuleFailure]]


class Matching:
    """The job; ``matcher`` may be replaced at any time and counts from the next batch on.

    Args:
        store: where articles and hits are.
        matcher: the rules; its revision is stored already.
        on_done: told of every batch.
    """

    def __init__(
        self, store: Store, matcher: Matcher, on_done: Callable[[MatchReport], None]
    ) -> None:
        self.matcher = matcher
        self._store = store
        self._on_done = on_done
        self._unsaved: _Batch | None = None

    def run(self, now: datetime) -> int:
        """Matches one batch; returns how many articles left their stage, 0 if none waits.

        Raises:
            StoreError: the batch could not be claimed or stored; what was found is kept for the
                next run, so that a full disk does not count as tries of the articles.
        """
        if self._unsaved is None:
            given_up, claims = self._claim()
            if given_up:
                self._on_done(MatchReport(articles=0, hits=0, given_up=tuple(given_up)))
            if not claims:
                return len(given_up)
            self._unsaved = _match(self.matcher, claims)
        done = self._save(self._unsaved, now)
        self._unsaved = None
        self._on_done(done)
        return done.articles

    def _claim(self) -> tuple[Sequence[int], list[ArticleClaim]]:
        with self._store.read() as connection:
            if not articles.has_new(connection):
                return (), []
        with self._store.write() as connection:
            return articles.give_up(connection), articles.claim_new(connection, BATCH)

    def _save(self, batch: _Batch, now: datetime) -> MatchReport:
        reasons: dict[int, list[str]] = {}
        for article, failure in batch.failures:
            reasons.setdefault(article, []).append(f"rule {failure.rule}: {failure.error}")
        with self._store.write() as connection:
            new = hits.add(connection, batch.matched, batch.revision, now)
            for claim in batch.claims:
                reason = "; ".join(reasons.get(claim.id, ())) or None
                articles.mark_matched(connection, claim.id, claim.tries, reason)
        failures = tuple(batch.failures)
        return MatchReport(articles=len(batch.claims), hits=new, failures=failures)


def _match(matcher: Matcher, claims: Sequence[ArticleClaim]) -> _Batch:
    matched: list[Matched] = []
    failures: list[tuple[int, RuleFailure]] = []
    verdicts = _verdicts(matcher, [claim.article for claim in claims])
    for claim, verdict in zip(claims, verdicts, strict=True):
        failures += [(claim.id, failure) for failure in verdict.failures]
        matched.append(
            Matched(article=claim.article, matches=verdict.matches, facts=matcher.facts)
        )
    return _Batch(revision=matcher.revision, claims=claims, matched=matched, failures=failures)


def _verdicts(matcher: Matcher, articles: list[Article]) -> list[Verdict]:
    """An article that fails is tried alone, so that it never stops the batch."""
    try:
        return matcher.match_batch(articles)
    except Exception as error:  # noqa: BLE001
        if len(articles) > 1:
            return [verdict for article in articles for verdict in _verdicts(matcher, [article])]
        failure = RuleFailure(rule="*", error=f"{type(error).__name__}: {error}")
        return [Verdict(matches=(), failures=(failure,))]
