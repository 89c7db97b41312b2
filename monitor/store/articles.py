"""Articles: who one is, its texts, which feeds carried it, and how far it has come."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.model.article import Arrival, Article, Carrier, Stage
from monitor.store.tables import ARTICLE, ARTICLE_FEED, ARTICLE_REVISION, FEED, HIT, TO_MATCH
from monitor.store.types import AnyRow, among, list_of

UNDECIDED = "undecided: "
IS_UNDECIDED = ARTICLE.c.reason.startswith(UNDECIDED)
"""Whether rules are undecided about an article, until its page comes or for good."""

DELETED = "deleted"
"""The reason of an article that people deleted; also what is left of its texts."""

_SUSPECT = 1  # tries after which an article is matched alone
_LAST_TRY = 3
GIVEN_UP = f"{UNDECIDED}not matched,"
"""How the reason of articles begins whose every try was cut short."""

_OTHER = ARTICLE_REVISION.alias("other")
LATEST = (  # the number of the newest revision of an article
    sa.select(sa.func.max(_OTHER.c.n))
    .where(_OTHER.c.article == ARTICLE.c.id)
    .correlate(ARTICLE)
    .scalar_subquery()
)


# Made once: making a statement takes longer than most of them.
_WAITING = (
    sa.select(*ARTICLE.c)
    .where(TO_MATCH, ARTICLE.c.tries < _LAST_TRY)
    .order_by(ARTICLE.c.tries, ARTICLE.c.id)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TRY = sa.update(ARTICLE).where(among(ARTICLE.c.id, "ids")).values(tries=ARTICLE.c.tries + 1)
_MATCHED = (
    sa.update(ARTICLE)
    .where(
        ARTICLE.c.id == sa.bindparam("its_id"),
        TO_MATCH,
        ARTICLE.c.tries == sa.bindparam("its_tries"),
    )
    .values(stage=Stage.MATCHED, reason=sa.bindparam("why"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleClaim:
    """An article about to be matched; this try is on disk.

    Attributes:
        page_sought: the page of this text was tried, or this text is the page.
        page_problem: why it was not had, if no further try will follow.
        live: its hits will be told.
    """

    id: int
    article: Article
    tries: int
    page_sought: bool = False
    page_problem: str | None = None
    live: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """An article as a list shows it; ``hits`` are the ids of the rules it hit."""

    id: int
    title: str
    url: str
    source: str
    arrival: Arrival
    stage: Stage
    reason: str | None
    published: datetime | None
    seen: datetime
    language: str | None
    hits: tuple[str, ...]


def claim_new(connection: sa.Connection, limit: int) -> list[ArticleClaim]:
    """Counts a try of articles that are to be matched.

    One that was tried before may have killed the matcher: it goes alone, and after all others.
    """
    waiting = connection.execute(_WAITING, {"most": limit}).all()
    batch = [row for row in waiting if row.tries < _SUSPECT] or waiting[:1]
    ids = [row.id for row in batch]
    connection.execute(_TRY, {"ids": list_of(ids)})
    found = load(connection, ids)
    return [_claim(row, found[row.id]) for row in batch]


def _claim(row: AnyRow, article: Article) -> ArticleClaim:
    # A new text has its own page; a search that has not ended goes on.
    sought = row.page_revision == article.revision and row.page_due_at is None
    return ArticleClaim(
        id=row.id,
        article=article,
        tries=row.tries + 1,
        page_sought=sought,
        page_problem=row.page_problem if sought else None,
        live=row.arrival == Arrival.LIVE,
    )


def give_up(connection: sa.Connection) -> Sequence[int]:
    """Ends the matching of articles whose every try was cut short; returns their ids."""
    reason = f"{GIVEN_UP} {_LAST_TRY} tries ended with the process"
    return connection.scalars(
        sa.update(ARTICLE)
        .where(TO_MATCH, ARTICLE.c.tries >= _LAST_TRY)
        .values(stage=Stage.MATCHED, reason=reason)
        .returning(ARTICLE.c.id)
    ).all()


def has_new(connection: sa.Connection) -> bool:
    """Whether an article waits to be matched."""
    waits = sa.select(ARTICLE.c.id).where(TO_MATCH).limit(1)
    return connection.scalar(waits) is not None


def mark_matched(connection: sa.Connection, tried: Iterable[tuple[int, int, str | None]]) -> None:
    """Ends the matching of articles, except of those with a new text or carrier meanwhile.

    Args:
        connection: of a write.
        tried: of each its id, at which try that was, and why it is not complete, if it is not.
    """
    rows = [{"its_id": id_, "its_tries": tries, "why": why} for id_, tries, why in tried]
    if rows:
        connection.execute(_MATCHED, rows)


def drop_texts(connection: sa.Connection, ids: Collection[int]) -> None:
    """Forgets texts of articles that are matched and never had a hit; titles and leads stay."""
    done = sa.select(ARTICLE.c.id).where(
        ARTICLE.c.id.in_(ids),
        ARTICLE.c.stage == Stage.MATCHED,
        ~sa.exists().where(HIT.c.article == ARTICLE.c.id),
    )
    connection.execute(
        sa.update(ARTICLE_REVISION).where(ARTICLE_REVISION.c.article.in_(done)).values(text="")
    )


def get(connection: sa.Connection, article: int, revision: int | None = None) -> Article | None:
    """An article with its latest text, or that of a revision; None if there is no such thing."""
    return load(connection, [article], revision).get(article)


def load(
    connection: sa.Connection, ids: Collection[int], revision: int | None = None
) -> dict[int, Article]:
    """Articles with their latest texts, or those of a revision, by id."""
    query = _LATEST_TEXTS if revision is None else _TEXTS
    rows = connection.execute(query, {"ids": list_of(ids), "n": revision})
    carried = carriers(connection, ids)
    return {row[0]: _article(row, carried[row[0]]) for row in rows}


_READ = (
    ARTICLE.c.id,
    ARTICLE_REVISION.c.n,
    ARTICLE_REVISION.c.title,
    ARTICLE_REVISION.c.lead,
    ARTICLE_REVISION.c.text,
    ARTICLE_REVISION.c.language,
    ARTICLE.c.url,
    ARTICLE.c.url_key,
    ARTICLE_REVISION.c.author,
    ARTICLE_REVISION.c.tags,
    ARTICLE.c.published,
    ARTICLE.c.seen,
)
_OF_ARTICLES = (
    sa.select(*_READ)
    .join(ARTICLE_REVISION, ARTICLE_REVISION.c.article == ARTICLE.c.id)
    .where(among(ARTICLE.c.id, "ids"))
)
_LATEST_TEXTS = _OF_ARTICLES.where(ARTICLE_REVISION.c.n == LATEST)
_TEXTS = _OF_ARTICLES.where(ARTICLE_REVISION.c.n == sa.bindparam("n"))
_TITLES = (
    sa.select(
        ARTICLE.c.id, ARTICLE.c.url, ARTICLE.c.published, ARTICLE.c.seen, ARTICLE_REVISION.c.title
    )
    .join(ARTICLE_REVISION, ARTICLE_REVISION.c.article == ARTICLE.c.id)
    .where(among(ARTICLE.c.id, "ids"), ARTICLE_REVISION.c.n == LATEST)
)
_CARRIED = (
    sa.select(ARTICLE_FEED.c.article, FEED.c.id, FEED.c.name, FEED.c.url, FEED.c.tags)
    .join(FEED, FEED.c.id == ARTICLE_FEED.c.feed)
    .where(among(ARTICLE_FEED.c.article, "ids"))
    .order_by(ARTICLE_FEED.c.first_seen, ARTICLE_FEED.c.feed)
)


def titles(connection: sa.Connection, ids: Collection[int]) -> dict[int, AnyRow]:
    """By id: url, latest title, and times of articles, without their texts."""
    return {row.id: row for row in connection.execute(_TITLES, {"ids": list_of(ids)})}


def _article(row: AnyRow, carried: tuple[Carrier, ...]) -> Article:
    # Unpacked: names of columns are looked up several times slower.
    id_, n, title, lead, text, language, url, url_key, author, tags, published, seen = row
    return Article(
        id=id_,
        revision=n,
        title=title,
        lead=lead,
        text=text,
        language=language,
        url=url,
        own_url=is_own(url_key),
        author=author,
        tags=tuple(tags),
        carriers=carried,
        source=carried[0].name if carried else "",
        published=published,
        seen=seen,
    )


def ids_from(connection: sa.Connection, first: int) -> Sequence[int]:
    """The ids of all stored articles from one on, the greatest, which came last, first."""
    return connection.scalars(
        sa.select(ARTICLE.c.id).where(ARTICLE.c.id >= first).order_by(ARTICLE.c.id.desc())
    ).all()


def number_since(connection: sa.Connection, since: datetime | None) -> int:
    """How many stored articles were seen then or later."""
    query = sa.select(sa.func.count()).select_from(ARTICLE)
    return connection.scalar(query if since is None else query.where(ARTICLE.c.seen >= since)) or 0


def first_since(connection: sa.Connection, since: datetime) -> int | None:
    """The least id of an article that was seen then or later; None if there is none."""
    least = sa.func.min(ARTICLE.c.id)
    first: int | None = connection.scalar(sa.select(least).where(ARTICLE.c.seen >= since))
    return first


def is_own(url_key: str) -> bool:
    """Whether a key is that of an address; that of an article without one names its feed first."""
    return " " not in url_key


def carriers(connection: sa.Connection, articles: Iterable[int]) -> dict[int, tuple[Carrier, ...]]:
    """The feeds that carried each article, the first one first."""
    found: dict[int, tuple[Carrier, ...]] = dict.fromkeys(articles, ())
    if not found:
        return found
    feeds: dict[int, Carrier] = {}
    for article, feed, name, url, tags in connection.execute(_CARRIED, {"ids": list_of(found)}):
        if feed not in feeds:
            feeds[feed] = Carrier(name=name, url=url, tags=tuple(tags))
        found[article] += (feeds[feed],)
    return found


def recent(
    connection: sa.Connection,
    *,
    since: datetime | None = None,
    undecided: bool = False,
    limit: int | None = None,
) -> list[ArticleLine]:
    """Stored articles, newest first.

    Args:
        connection: of a read.
        since: only those seen then or later.
        undecided: only those that are still to be matched, or whose matching is not complete.
        limit: how many at most.
    """
    query = (
        sa.select(*ARTICLE.c, ARTICLE_REVISION.c.title, ARTICLE_REVISION.c.language)
        .join(ARTICLE_REVISION, ARTICLE_REVISION.c.article == ARTICLE.c.id)
        .where(ARTICLE_REVISION.c.n == LATEST)
        .order_by(ARTICLE.c.seen.desc(), ARTICLE.c.id.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(ARTICLE.c.seen >= since)
    if undecided:
        unfinished = ARTICLE.c.stage != Stage.MATCHED
        query = query.where(sa.or_(unfinished, ARTICLE.c.reason.is_not(None)))
    rows = connection.execute(query).all()
    carried = carriers(connection, [row.id for row in rows])
    hits = _rules(connection, [row.id for row in rows])
    return [_line(row, carried[row.id], tuple(hits.get(row.id, ()))) for row in rows]


def _line(row: AnyRow, carried: tuple[Carrier, ...], hits: tuple[str, ...]) -> ArticleLine:
    return ArticleLine(
        id=row.id,
        title=row.title,
        url=row.url,
        source=carried[0].name if carried else "",
        arrival=Arrival(row.arrival),
        stage=Stage(row.stage),
        reason=row.reason,
        published=row.published,
        seen=row.seen,
        language=row.language,
        hits=hits,
    )


def _rules(connection: sa.Connection, articles: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = connection.execute(
        sa.select(HIT.c.article, HIT.c.rule).where(HIT.c.article.in_(articles)).order_by(HIT.c.id)
    )
    for row in rows:
        found.setdefault(row.article, []).append(row.rule)
    return found
