"""Matches new articles against the rules and stores their hits, and what stories they belong to.

An article of which only title and lead are known gets the hits that are certain; if its text can
add some, its page is wanted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from monitor.errors import WorkerError
from monitor.jobs.stories import Stories
from monitor.model.alert import RuleFacts
from monitor.model.article import Article
from monitor.model.feed import FullText
from monitor.model.hit import Match, PartialVerdict, RuleFailure, Verdict
from monitor.store import articles, hits, pages
from monitor.store.articles import ArticleClaim
from monitor.store.engine import Connection, Store
from monitor.store.hits import Matched
from monitor.stories.features import Features, features_of

BATCH = 100
_T = TypeVar("_T", Verdict, PartialVerdict)

_MOST_FIRST = (FullText.ALWAYS, FullText.AUTO)

FIRST, SECOND, QUIET = 0, 1, 2
"""Ranks of pages: title or lead speak for a rule, or not; so much more if nothing will be told."""


def full_text(article: Article, modes: Mapping[str, FullText]) -> FullText:
    """What the feeds that carried an article wish: the most that any does.

    Args:
        article: with its carriers.
        modes: what each feed of the configuration wishes, by URL.
    """
    if not (article.url and article.own_url):
        return FullText.NEVER  # there is no page, or only that of the site
    wishes = {modes.get(carrier.url) for carrier in article.carriers}
    return next((mode for mode in _MOST_FIRST if mode in wishes), FullText.NEVER)


def is_known(article: Article, mode: FullText) -> bool:
    """Whether what we have of an article is all there is to it, as far as we care."""
    return bool(article.text) or mode is FullText.NEVER


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

    def match_partly(self, articles: Sequence[Article]) -> list[PartialVerdict]:
        """Of each article the rules that hold whatever its text says, and what is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReport:
    """How a batch went.

    Attributes:
        articles: matched in it.
        hits: those that are new.
        wanted: articles of which rules are undecided until their page comes.
        failures: article and what failed on it; the reason is stored with the article.
        given_up: articles that ended the process each time they were tried.
    """

    articles: int
    hits: int
    wanted: int = 0
    failures: tuple[tuple[int, RuleFailure], ...] = ()
    given_up: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was found of an article.

    Attributes:
        rank: of its page, if that is wanted.
        undecided: why rules will stay undecided, if they do.
        features: by which its story is found, if it has a hit.
    """

    claim: ArticleClaim
    matches: tuple[Match, ...]
    failures: tuple[RuleFailure, ...]
    rank: int | None = None
    undecided: str | None = None
    features: Features | None = None

    def reason(self) -> str | None:
        """Why matching is not complete, if it is not."""
        failed = [f"rule {failure.rule}: {failure.error}" for failure in self.failures]
        open_ = [pages.undecided(self.undecided)] if self.undecided else []
        return "; ".join([*open_, *failed]) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a rule set found in some articles."""

    revision: str
    facts: Mapping[str, RuleFacts]
    results: Sequence[Result]


class Matching:
    """The job; ``matcher`` may be replaced at any time and counts from the next batch on.

    Attributes:
        modes: when each feed wishes pages to be fetched, by URL; others never do.
        keeps_texts: whether texts are kept of articles that no rule hit.
        stories: what is known of them; who else joins some does so in the same thread.

    Args:
        store: where articles and hits are.
        matcher: the rules; its revision is stored already.
        on_done: told of every batch.
    """

    def __init__(
        self, store: Store, matcher: Matcher, on_done: Callable[[MatchReport], None]
    ) -> None:
        self.matcher = matcher
        self.modes: Mapping[str, FullText] = {}
        self.keeps_texts = True
        self._store = store
        self._on_done = on_done
        self.stories = Stories()
        self._unsaved: Batch | None = None

    def run(self, now: datetime) -> int:
        """Matches one batch; returns how many articles left their stage, 0 if none waits.

        Raises:
            StoreError: the batch could not be claimed or stored; what was found is kept for the
                next run, so that a full disk does not count as tries of the articles.
            WorkerError: the process that matches died; the articles are tried again.
        """
        if self._unsaved is None:
            given_up, claims = self._claim()
            if given_up:
                self._on_done(MatchReport(articles=0, hits=0, given_up=tuple(given_up)))
            if not claims:
                return len(given_up)
            self._unsaved = match(self.matcher, claims, self.modes)
        done = self._save(self._unsaved, now)
        self._unsaved = None
        self._on_done(done)
        return done.articles

    def forget(self) -> None:
        """Somebody else matched meanwhile: the tables know more than this process."""
        self.stories, self._unsaved = Stories(), None

    def _claim(self) -> tuple[Sequence[int], list[ArticleClaim]]:
        with self._store.read() as connection:
            if not articles.has_new(connection):
                return (), []
        with self._store.write(sharing=True) as connection:
            return articles.give_up(connection), articles.claim_new(connection, BATCH)

    def _save(self, batch: Batch, now: datetime) -> MatchReport:
        with self._store.write() as connection:
            new = save_hits(connection, batch, self.stories, now)
            ended = [each for each in batch.results if each.rank is None]
            articles.mark_matched(
                connection, [(each.claim.id, each.claim.tries, each.reason()) for each in ended]
            )
            for each in batch.results:
                if each.rank is not None:
                    claim = each.claim
                    pages.want(connection, claim.article, claim.tries, each.rank, now)
            if not self.keeps_texts:
                articles.drop_texts(connection, [each.claim.id for each in batch.results])
        self.stories.keep()
        return MatchReport(
            articles=len(batch.results),
            hits=new,
            wanted=sum(each.rank is not None for each in batch.results),
            failures=tuple(
                (each.claim.id, why) for each in batch.results for why in each.failures
            ),
        )


def save_hits(
    connection: Connection, batch: Batch, stories: Stories, now: datetime, *, late: bool = False
) -> int:
    """Stores the hits that are new, with their stories; returns how many.

    Args:
        connection: of a write; once it is committed, the stories are to be kept.
        batch: what was found.
        stories: which the articles join.
        now: the time.
        late: the rules are newer than the articles.
    """
    matched = [
        Matched(article=each.claim.article, matches=each.matches, facts=batch.facts, late=late)
        for each in batch.results
    ]
    hit = [
        (each.claim.id, each.claim.article, each.features)
        for each in batch.results
        if each.features
    ]
    new = hits.add(connection, matched, batch.revision, now)
    stories.join(connection, hit, now)
    return new


def match(
    matcher: Matcher, claims: Sequence[ArticleClaim], modes: Mapping[str, FullText]
) -> Batch:
    """What rules find in articles; nothing is stored.

    Args:
        matcher: the rules.
        claims: the articles.
        modes: when each feed wishes pages to be fetched, by URL.
    """
    wishes = [(claim, full_text(claim.article, modes)) for claim in claims]
    whole = [claim.article for claim, mode in wishes if is_known(claim.article, mode)]
    parts = [claim.article for claim, mode in wishes if not is_known(claim.article, mode)]
    verdicts = iter(_verdicts(matcher.match_batch, _failed, whole))
    partial = iter(_verdicts(matcher.match_partly, _partly_failed, parts))
    results = [
        _of_known(claim, mode, next(verdicts))
        if is_known(claim.article, mode)
        else _of_partial(claim, mode, next(partial))
        for claim, mode in wishes
    ]
    return Batch(revision=matcher.revision, facts=matcher.facts, results=results)


def _of_known(claim: ArticleClaim, mode: FullText, verdict: Verdict) -> Result:
    wanted = mode is FullText.ALWAYS and not claim.page_sought
    return Result(
        claim=claim,
        matches=verdict.matches,
        failures=verdict.failures,
        rank=_rank(claim, evident=False) if wanted else None,
        features=_features(claim, verdict),
    )


def _of_partial(claim: ArticleClaim, mode: FullText, verdict: PartialVerdict) -> Result:
    rank = undecided = None
    if not claim.page_sought and (verdict.undecided or mode is FullText.ALWAYS):
        rank = _rank(claim, evident=bool(verdict.evident))
    elif verdict.undecided:
        undecided = claim.page_problem or "its page had no text"
    return Result(
        claim=claim,
        matches=verdict.matches,
        failures=verdict.failures,
        rank=rank,
        undecided=undecided,
        features=_features(claim, verdict),
    )


def _features(claim: ArticleClaim, verdict: Verdict | PartialVerdict) -> Features | None:
    return features_of(claim.article) if verdict.matches else None


def _rank(claim: ArticleClaim, *, evident: bool) -> int:
    return (FIRST if evident else SECOND) + (0 if claim.live else QUIET)


def _verdicts(
    match: Callable[[Sequence[Article]], list[_T]],
    failed: Callable[[RuleFailure], _T],
    articles: Sequence[Article],
) -> list[_T]:
    """An article that fails is tried alone, so that it never stops the batch."""
    if not articles:
        return []
    try:
        return match(articles)
    except WorkerError:
        raise  # nothing is known of any; their tries are counted
    except Exception as error:  # noqa: BLE001
        if len(articles) > 1:
            return [verdict for each in articles for verdict in _verdicts(match, failed, [each])]
        return [failed(RuleFailure(rule="*", error=f"{type(error).__name__}: {error}"))]


def _failed(failure: RuleFailure) -> Verdict:
    return Verdict(matches=(), failures=(failure,))


def _partly_failed(failure: RuleFailure) -> PartialVerdict:
    return PartialVerdict(matches=(), undecided=False, failures=(failure,))
