"""Matches new rules quietly against what was there before them: nobody is told of these hits.

So stories are complete when a further article of them comes, and `monitor hits` shows what led to
today. Of an article whose text is not stored only what it surely says counts; no page is fetched.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor.errors import WorkerError
from monitor.jobs.match import Matcher, Matching, MatchReport, match, save_hits
from monitor.model.alert import RuleFacts
from monitor.store import articles, catch_up
from monitor.store.articles import ArticleClaim
from monitor.store.engine import Connection, Store

BATCH = 200


class Rules(Protocol):
    """A rule set of which some rules can be matched alone."""

    @property
    def revision(self) -> str:
        """The sha256 of the rule files."""

    @property
    def facts(self) -> Mapping[str, RuleFacts]:
        """Of each rule."""

    def only(self, rules: tuple[str, ...]) -> Matcher:
        """Some of the rules."""


def plan(
    connection: Connection,
    rules: Rules,
    new: Collection[str],
    window: timedelta | None,
    now: datetime,
) -> None:
    """A revision comes into force: what is new in it is to be matched against the last hours.

    Args:
        connection: of the write that stored the revision.
        rules: all rules.
        new: those that are new or changed.
        window: how old the articles may be; None: none is matched, nor what is left from before.
        now: the time.
    """
    if window is None:
        catch_up.plan(connection, (), (), rules.revision, now)
    else:
        catch_up.plan(connection, new, rules.facts, rules.revision, now - window)


class CatchingUp:
    """The job; it runs where ``matching`` does, after it.

    Attributes:
        rules: those in force; may be replaced at any time.

    Args:
        store: where articles and hits are.
        matching: which knows the stories and which feeds wish for pages.
    """

    def __init__(self, store: Store, matching: Matching, rules: Rules) -> None:
        self.rules = rules
        self._store = store
        self._matching = matching
        self._limit = BATCH

    def run(self, now: datetime) -> MatchReport | None:
        """Matches one batch; None if nothing is left.

        Raises:
            StoreError: it could not be stored; it is to be done again.
            WorkerError: the process that matches died; the next runs look for the article that
                ends it, and set it aside.
        """
        rules = self.rules
        with self._store.read() as connection:
            job = catch_up.waiting(connection, rules.revision)
            if job is None:
                return None
            ids = catch_up.ids(connection, job, self._limit)
            claims = [
                ArticleClaim(id=id_, article=article, tries=0, page_sought=True)
                for id_, article in sorted(articles.load(connection, ids).items())
            ]
        last = None if len(ids) < self._limit else ids[-1] + 1
        try:
            batch = match(rules.only(job.rules), claims, self._matching.modes)
        except WorkerError:
            if self._limit > 1:
                self._limit = 1
                raise
            return self._set_aside(job, ids, last)
        self._limit = min(2 * self._limit, BATCH)
        with self._store.write() as connection:
            if not catch_up.advance(connection, job, last):
                return MatchReport(articles=0, hits=0)
            hits = save_hits(connection, batch, self._matching.stories, now, late=True)
        self._matching.stories.keep()
        failures = tuple((each.claim.id, why) for each in batch.results for why in each.failures)
        return MatchReport(articles=len(claims), hits=hits, failures=failures)

    def _set_aside(
        self, job: catch_up.CatchUp, ids: Sequence[int], last: int | None
    ) -> MatchReport:
        with self._store.write() as connection:
            catch_up.advance(connection, job, last)
        return MatchReport(articles=0, hits=0, given_up=tuple(ids))
