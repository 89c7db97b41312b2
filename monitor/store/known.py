"""What is known that the entries of a document may be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model.feed import Item
from monitor.model.identity import Known, KnownArticle, Overlap
from monitor.store.articles import DELETED
from monitor.store.tables import ARTICLE, ARTICLE_FEED, ARTICLE_REVISION, FEED
from monitor.store.types import among, list_of

_MOST = 1_000  # entries are read of a document

# Made once: making a statement takes longer than most of them.
_OF_FEED = ARTICLE_FEED.c.feed == sa.bindparam("feed")
_TEXT = (
    sa.select(ARTICLE_REVISION.c.title, ARTICLE_REVISION.c.lead, ARTICLE_REVISION.c.text)
    .where(ARTICLE_REVISION.c.article == sa.bindparam("article"))
    .order_by(ARTICLE_REVISION.c.n.desc())
    .limit(1)
)
_BY_KEY = sa.select(ARTICLE.c.url_key, ARTICLE.c.id).where(among(ARTICLE.c.url_key, "keys"))
_CALLED = (
    sa.select(ARTICLE_FEED.c.guid, ARTICLE_FEED.c.article)
    .where(_OF_FEED, among(ARTICLE_FEED.c.guid, "guids"))
    .order_by(ARTICLE_FEED.c.last_seen.desc(), ARTICLE_FEED.c.article.desc())
)
_CAME_LAST = (
    sa.select(ARTICLE_FEED.c.article, ARTICLE_FEED.c.last_seen)
    .where(_OF_FEED)
    .order_by(ARTICLE_FEED.c.article.desc())
    .limit(_MOST)
    .subquery()
)
_LISTED = sa.select(_CAME_LAST.c.article).where(
    _CAME_LAST.c.last_seen >= sa.bindparam("parsed_at")
)
_LISTED_THEN = (
    sa.select(ARTICLE_FEED.c.article)
    .join(ARTICLE, ARTICLE.c.id == ARTICLE_FEED.c.article)
    .where(
        _OF_FEED,
        ARTICLE_FEED.c.last_seen >= sa.bindparam("parsed_at"),
        ARTICLE.c.published == sa.bindparam("date"),
    )
)
_REVISIONS = (
    sa.select(
        ARTICLE_REVISION.c.article,
        ARTICLE_REVISION.c.n,
        ARTICLE_REVISION.c.title,
        ARTICLE_REVISION.c.sha256,
    )
    .where(among(ARTICLE_REVISION.c.article, "ids"))
    .order_by(ARTICLE_REVISION.c.article, ARTICLE_REVISION.c.n)
)
_ARTICLES = (
    sa.select(
        ARTICLE.c.id,
        ARTICLE.c.url_key,
        ARTICLE.c.published,
        (ARTICLE.c.reason == DELETED).label("closed"),
        ARTICLE_FEED.c.guid,
        ARTICLE_FEED.c.feed,
    )
    .outerjoin(ARTICLE_FEED, sa.and_(ARTICLE_FEED.c.article == ARTICLE.c.id, _OF_FEED))
    .where(among(ARTICLE.c.id, "ids"))
)


def look_up(  # noqa: PLR0913 - what a feed is asked for by
    connection: sa.Connection,
    feed: int,
    items: Sequence[Item],
    parsed_at: datetime | None,
    *,
    keys: Mapping[str, int],
    goes_on: bool | None = None,
    trusted: bool = True,
    lists_none: bool = False,
) -> Known:
    """Everything that tells which articles these entries of a feed are.

    Args:
        connection: of the write that stores them.
        feed: its id.
        items: its entries.
        parsed_at: when its last complete document was read, if one was.
        keys: articles by those keys of the entries under which they are stored.
        goes_on: the document lists what the last one did, beside these entries; None if only
            these entries tell.
        trusted: the GUIDs of the feed tell its articles apart.
        lists_none: no document of the feed was ever stored.
    """
    called = {} if lists_none else _called(connection, feed, items)
    unknown = [
        item
        for item in items
        if not (trusted and item.entry.guid in called) and keys.keys().isdisjoint(item.keys)
    ]
    listed: Sequence[int] = ()
    if parsed_at is not None and unknown:
        named = trusted and all(item.entry.guid for item in unknown)
        if named and (bool(called) if goes_on is None else goes_on):
            # Only what has their dates can be theirs: mostly nothing.
            listed = _listed_then(connection, feed, parsed_at, unknown)
        else:
            listed = _listed(connection, feed, parsed_at)
    found = {article for articles in called.values() for article in articles} | set(keys.values())
    articles = _load(connection, feed, found.union(listed))
    return Known(
        by_guid={guid: tuple(articles[id_] for id_ in ids) for guid, ids in called.items()},
        by_key={key: articles[id_] for key, id_ in keys.items()},
        listed=tuple(articles[id_] for id_ in listed),
        overlaps=_overlaps(connection, feed, found) if parsed_at is None and found else (),
    )


def text_of(connection: sa.Connection, article: int) -> str:
    """Title, lead and text of an article as they are now."""
    return "\n".join(connection.execute(_TEXT, {"article": article}).one())


def ids_by_key(connection: sa.Connection, keys: Iterable[str]) -> dict[str, int]:
    """The articles that are stored under one of these keys."""
    rows = connection.execute(_BY_KEY, {"keys": list_of(keys)})
    return {key: article for key, article in rows}  # noqa: C416 - dict() wants pairs, not rows


def _called(connection: sa.Connection, feed: int, items: Iterable[Item]) -> dict[str, list[int]]:
    """Articles by the GUID their feed gave them, those listed last first."""
    guids = {item.entry.guid for item in items if item.entry.guid}
    found: dict[str, list[int]] = {}
    rows = connection.execute(_CALLED, {"feed": feed, "guids": list_of(guids)})
    for guid, article in rows:
        found.setdefault(guid, []).append(article)
    return found


def _listed(connection: sa.Connection, feed: int, parsed_at: datetime) -> Sequence[int]:
    """What the last document of a feed listed; looked for among the articles that came last."""
    return connection.scalars(_LISTED, {"feed": feed, "parsed_at": parsed_at}).all()


def _listed_then(
    connection: sa.Connection, feed: int, parsed_at: datetime, items: Iterable[Item]
) -> Sequence[int]:
    """What the last document of a feed listed under the dates of these entries."""
    dates = {item.entry.published for item in items if item.entry.published}
    found = [
        row
        for date in dates
        for row in connection.scalars(
            _LISTED_THEN, {"feed": feed, "parsed_at": parsed_at, "date": date}
        )
    ]
    return sorted(found, reverse=True)


def _load(connection: sa.Connection, feed: int, ids: Collection[int]) -> dict[int, KnownArticle]:
    if not ids:
        return {}
    titles: dict[int, set[str]] = {id_: set() for id_ in ids}
    hashes: dict[int, set[str]] = {id_: set() for id_ in ids}
    last: dict[int, int] = {}
    for article, n, title, sha256 in connection.execute(_REVISIONS, {"ids": list_of(ids)}):
        titles[article].add(title)
        hashes[article].add(sha256)
        last[article] = n
    rows = connection.execute(_ARTICLES, {"feed": feed, "ids": list_of(ids)})
    return {
        id_: KnownArticle(
            id=id_,
            key=key,
            titles=frozenset(titles[id_]),
            hashes=frozenset(hashes[id_]),
            revisions=last[id_],
            published=published,
            guid=guid,
            carried=carrier is not None,
            closed=bool(closed),
        )
        for id_, key, published, closed, guid, carrier in rows
    }


def _overlaps(connection: sa.Connection, feed: int, ids: Collection[int]) -> tuple[Overlap, ...]:
    rows: Any = connection.execute(
        sa.select(ARTICLE_FEED.c.feed, ARTICLE_FEED.c.article, FEED.c.parsed_at)
        .join(FEED, FEED.c.id == ARTICLE_FEED.c.feed)
        .where(
            ARTICLE_FEED.c.article.in_(ids),
            ARTICLE_FEED.c.feed != feed,
            FEED.c.retired.is_(sa.true()),
            FEED.c.parsed_at.is_not(None),
        )
    )
    shared: dict[tuple[int, datetime], set[int]] = {}
    for row in rows:
        shared.setdefault((row.feed, row.parsed_at), set()).add(row.article)
    return tuple(
        Overlap(
            articles=frozenset(articles),
            newest=_newest(connection, other),
            read_at=read_at,
        )
        for (other, read_at), articles in shared.items()
    )


def _newest(connection: sa.Connection, feed: int) -> datetime | None:
    """Date of the newest article of a feed, looked for among those that came last."""
    newest: datetime | None = connection.scalar(
        sa.select(sa.func.max(ARTICLE.c.published)).where(
            ARTICLE.c.id.in_(sa.select(_CAME_LAST.c.article))
        ),
        {"feed": feed},
    )
    return newest
