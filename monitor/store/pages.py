"""Pages of articles: which are wanted, whose turn it is, and how it ended.

A search is for the page of one revision. It begins with ``want`` and ends with the page's text as
a new revision, or with the reason why there is none; ``page_due_at`` is null from then on.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model.article import Article, Stage
from monitor.store import articles
from monitor.store.articles import UNDECIDED
from monitor.store.budgets import Purse
from monitor.store.tables import ARTICLE, ARTICLE_REVISION, TO_MATCH
from monitor.store.types import AnyRow, storable

TRIES = 3
LAST_DATE = timedelta(days=3)  # after that nobody waits for a page any more
_LOOKED_AT = 500  # pages that are due, for the places there are
_LONGEST_WAIT = timedelta(hours=30)  # no page waits longer; later was set by a fast clock
_DIED = f"the page was not read: {TRIES} tries ended with the process"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageClaim:
    """A page about to be fetched; this try is on disk.

    Attributes:
        article: with the text that the page is wanted for.
        tries: number of this one, from 1.
        feed: URL of the feed that pays for it.
    """

    id: int
    article: Article
    tries: int
    feed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page says of its article.

    Attributes:
        lead: that of the feed, or what a page for subscribers shows to all.
        text: empty if the page shows only a part of it, and then ``problem`` says so.
        url: the address of the article, if the feed only had one that leads there.
    """

    lead: str
    text: str
    language: str | None = None
    url: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A search that ended without a page."""

    article: int
    reason: str


def undecided(problem: str) -> str:
    """The reason of an article that rules are undecided about."""
    return f"{UNDECIDED}{problem}"


def want(
    connection: sa.Connection, article: Article, tries: int, rank: int, now: datetime
) -> bool:
    """Matching is done but for the page; a search for the same page that is under way goes on.

    Args:
        connection: of a write.
        article: with the text that was matched.
        tries: as claimed: nothing changes if a new text or carrier came meanwhile.
        rank: of pages that are due, those with the lowest go first.
        now: the time.
    """
    same = sa.and_(ARTICLE.c.page_revision == article.revision, ARTICLE.c.page_due_at.is_not(None))

    def kept(column: str, fresh: object) -> sa.ColumnElement[object]:
        return sa.case(
            (same, ARTICLE.c[column]), else_=sa.bindparam(column, fresh, ARTICLE.c[column].type)
        )

    changed = connection.execute(
        sa.update(ARTICLE)
        .where(ARTICLE.c.id == article.id, TO_MATCH, ARTICLE.c.tries == tries)
        .values(
            stage=Stage.WANTED,
            reason=undecided("waits for its page"),
            page_rank=rank,
            page_wanted_at=kept("page_wanted_at", now),
            page_due_at=kept("page_due_at", now),
            page_tries=kept("page_tries", 0),
            page_problem=kept("page_problem", None),
            page_revision=article.revision,
        )
    )
    return changed.rowcount == 1


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether a page is due, asked without the writer's lock."""
    return connection.scalar(sa.select(ARTICLE.c.id).where(*_due(now)).limit(1)) is not None


def give_up(connection: sa.Connection, now: datetime) -> Sequence[Ended]:
    """Ends searches whose last try ended with the process, and those that take too long."""
    late = ARTICLE.c.page_wanted_at <= now - LAST_DATE
    died = sa.and_(ARTICLE.c.page_tries >= TRIES, ARTICLE.c.page_due_at <= now)
    rows = connection.execute(
        sa.select(*ARTICLE.c).where(ARTICLE.c.stage == Stage.WANTED, sa.or_(late, died))
    ).all()
    ended = [Ended(article=row.id, reason=row.page_problem or _why(row)) for row in rows]
    for each in ended:
        _end(connection, each)
    return ended


def _why(row: AnyRow) -> str:
    if row.page_tries >= TRIES:
        return _DIED
    return f"its page was not had within {LAST_DATE.days} days"


def claim(
    connection: sa.Connection,
    now: datetime,
    budgets: Mapping[str, int],
    *,
    limit: int,
    wait: timedelta,
    busy: Collection[int] = (),
) -> tuple[list[PageClaim], list[Ended]]:
    """Counts a try of pages that are due: lowest rank first, first tries first, the newest first.

    A page whose feed has none left of its day's budget is put off to the next day.

    Args:
        connection: of a write.
        now: the time.
        budgets: of the feeds that fetch pages, by URL: how many a day.
        limit: how many at most.
        wait: until the next try, should this one end with the process.
        busy: articles whose pages are being fetched.

    Returns:
        What is to be fetched; and searches that ended, because no feed fetches their pages.
    """
    rows = connection.execute(
        sa.select(ARTICLE.c.id, ARTICLE.c.page_tries)
        .where(*_due(now), ARTICLE.c.page_tries < TRIES, ARTICLE.c.id.not_in(busy))
        .order_by(
            ARTICLE.c.page_rank,
            ARTICLE.c.page_tries,
            ARTICLE.c.seen.desc(),
            ARTICLE.c.id.desc(),
        )
        .limit(_LOOKED_AT)
        .with_for_update(skip_locked=True)
    ).all()
    found = articles.load(connection, [row.id for row in rows])
    purse = Purse(connection, budgets, now)
    claims: list[PageClaim] = []
    ended: list[Ended] = []
    for row in rows:
        if len(claims) == limit:
            break
        feed = purse.payer(found[row.id])
        if feed is None:
            ended.append(Ended(article=row.id, reason="no feed that carries it fetches pages"))
            _end(connection, ended[-1])
        elif until := purse.pay(feed):
            why = f"the budget of its feed is used up (pages_per_day = {budgets[feed]})"
            _put_off(connection, row.id, why, until)
        else:
            claims.append(
                PageClaim(id=row.id, article=found[row.id], tries=row.page_tries + 1, feed=feed)
            )
    purse.save()
    _update(
        connection,
        ARTICLE.c.id.in_([each.id for each in claims]),
        page_tries=ARTICLE.c.page_tries + 1,
        page_due_at=now + wait,
    )
    return claims, ended


def uncount(connection: sa.Connection, claims: Iterable[PageClaim]) -> None:
    """Counts tries no longer whose end could not be stored, unless they are outdated."""
    for claim in claims:
        mine = sa.and_(ARTICLE.c.id == claim.id, ARTICLE.c.page_tries == claim.tries)
        _update(
            connection,
            sa.and_(mine, ARTICLE.c.stage == Stage.WANTED),
            page_tries=claim.tries - 1,
        )


def put_off(
    connection: sa.Connection,
    claim: PageClaim,
    problem: str,
    until: datetime,
    *,
    tried: bool = True,
) -> bool:
    """The page was not had; it is tried again later. What was not even tried does not count."""
    if not _is_current(connection, claim):
        return False
    if not tried:
        _update(connection, ARTICLE.c.id == claim.id, page_tries=claim.tries - 1)
    _put_off(connection, claim.id, problem, until)
    return True


def _put_off(connection: sa.Connection, article: int, problem: str, until: datetime) -> None:
    _update(
        connection,
        ARTICLE.c.id == article,
        page_due_at=until,
        page_problem=storable(problem),
        reason=storable(undecided(problem)),
    )


def end(connection: sa.Connection, claim: PageClaim, problem: str) -> bool:
    """There will be no page: rules stay undecided, and the reason tells why."""
    if not _is_current(connection, claim):
        return False
    _end(connection, Ended(article=claim.id, reason=problem))
    return True


def add_text(connection: sa.Connection, claim: PageClaim, found: PageText, now: datetime) -> bool:
    """The page has come: what it says becomes a new revision, and the article is matched again.

    Nothing changes if the feed sent another text, or a new carrier, while it was fetched.
    """
    if not _is_current(connection, claim):
        return False
    old = claim.article
    language = old.language or found.language
    new = replace(old, lead=storable(found.lead), text=storable(found.text), language=language)
    if (new.lead, new.text) != (old.lead, old.text):
        new = replace(new, revision=old.revision + 1)
        connection.execute(sa.insert(ARTICLE_REVISION).values(_revision(new, now)))
    _update(
        connection,
        ARTICLE.c.id == claim.id,
        stage=Stage.TEXT,
        url=storable(found.url or old.url),
        tries=0,
        reason=None,
        page_revision=new.revision,
        page_due_at=None,
        page_problem=found.problem,
        indexed=False,
    )
    return True


def _revision(article: Article, now: datetime) -> dict[str, object]:
    text = f"{article.title}\0{article.lead}\0{article.text}"
    # With its number: a text that a feed sends has another hash, and each counts.
    sha256 = hashlib.sha256(f"{text}\0page {article.revision}".encode()).hexdigest()
    return {
        "article": article.id,
        "n": article.revision,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "language": article.language,
        "author": article.author,
        "tags": list(article.tags),
        "sha256": sha256,
        "seen": now,
    }


def take_back(
    connection: sa.Connection, article: int, revision: int, problem: str, now: datetime
) -> None:
    """What was taken for the text of an article is none; it is matched again without it.

    Args:
        connection: of a write.
        article: its id.
        revision: the one with that text; if there is a later one, nothing is changed.
        problem: why it is none.
        now: the time.
    """
    found = articles.load(connection, [article])[article]
    if found.revision != revision:
        return
    new = replace(found, text="", revision=found.revision + 1)
    connection.execute(sa.insert(ARTICLE_REVISION).values(_revision(new, now)))
    _update(
        connection,
        ARTICLE.c.id == article,
        stage=Stage.TEXT,
        tries=0,
        reason=None,
        page_revision=new.revision,
        page_due_at=None,
        page_problem=problem,
        indexed=False,
    )


def clamp(connection: sa.Connection, now: datetime) -> None:
    """Times that lie further ahead than they could were written before a clock was set back."""
    _update(
        connection,
        sa.and_(ARTICLE.c.stage == Stage.WANTED, ARTICLE.c.page_due_at > now + _LONGEST_WAIT),
        page_due_at=now,
    )
    _update(
        connection,
        sa.and_(ARTICLE.c.stage == Stage.WANTED, ARTICLE.c.page_wanted_at > now),
        page_wanted_at=now,
    )


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return ARTICLE.c.stage == Stage.WANTED, ARTICLE.c.page_due_at <= now


def _is_current(connection: sa.Connection, claim: PageClaim) -> bool:
    return (
        connection.scalar(
            sa.select(ARTICLE.c.id).where(
                ARTICLE.c.id == claim.id,
                ARTICLE.c.stage == Stage.WANTED,
                ARTICLE.c.page_tries == claim.tries,
                ARTICLE.c.page_revision == claim.article.revision,
            )
        )
        is not None
    )


def _end(connection: sa.Connection, ended: Ended) -> None:
    _update(
        connection,
        ARTICLE.c.id == ended.article,
        stage=Stage.MATCHED,
        reason=storable(undecided(ended.reason)),
        page_due_at=None,
        page_problem=storable(ended.reason),
    )


def _update(
    connection: sa.Connection, condition: sa.ColumnElement[bool], **values: object
) -> None:
    connection.execute(sa.update(ARTICLE).where(condition).values(**values))
