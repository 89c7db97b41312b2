"""Takes in what a poll received: which entries are new, changed, or known from another feed."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model.alert import Reason
from monitor.model.article import Arrival, Stage
from monitor.model.feed import Entry
from monitor.store.tables import ALERT_HIT, ARTICLE, ARTICLE_FEED, ARTICLE_REVISION, HIT
from monitor.store.types import insert_new, storable

MOST_REVISIONS = 24  # a page that changes at every poll must not fill the disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An entry of a feed; ``key`` is its identity over all feeds."""

    key: str
    entry: Entry
    arrival: Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What became of the entries of a poll: numbers of articles.

    Attributes:
        new: not known before; ``quiet`` of them are backlog, of which nothing is told.
        revised: known, with a text we had not seen.
        carried: known from another feed.
    """

    new: int = 0
    quiet: int = 0
    revised: int = 0
    carried: int = 0


def store_entries(
    connection: sa.Connection, feed: int, received: Iterable[Received], now: datetime
) -> Stored:
    """Stores the entries of one document of a feed.

    An article is known in its feed by guid, as long as its title stays (some feeds use a guid
    again), and over all feeds by key; of a key that occurs twice the first entry counts. A new
    text is a new revision; with it, or with a new carrier, the article is matched again.
    """
    unique = {item.key: item for item in reversed([_storable(item) for item in received])}
    known = _known_by_guid(connection, feed, list(unique.values()))
    others = [item for item in unique.values() if item.key not in known]
    new = _insert_new(connection, feed, others, now)
    known |= _by_key(connection, [item.key for item in others if item.key not in new])
    return Stored(
        new=len(new),
        quiet=sum(unique[key].arrival is Arrival.BACKLOG for key in new),
        carried=_add_carriers(connection, feed, [(known[k], unique[k]) for k in known], now),
        revised=_revise(connection, [(known[k], unique[k]) for k in known], now),
    )


def _storable(item: Received) -> Received:
    entry = item.entry
    clean = replace(
        entry,
        guid=storable(entry.guid) if entry.guid else None,
        url=storable(entry.url),
        title=storable(entry.title),
        lead=storable(entry.lead),
        text=storable(entry.text),
        author=storable(entry.author),
        tags=tuple(map(storable, entry.tags)),
    )
    return replace(item, key=storable(item.key), entry=clean)


def _known_by_guid(
    connection: sa.Connection, feed: int, received: Sequence[Received]
) -> dict[str, int]:
    rows = connection.execute(
        sa.select(ARTICLE_FEED.c.guid, ARTICLE_FEED.c.article, ARTICLE_REVISION.c.title)
        .join(ARTICLE_REVISION, ARTICLE_REVISION.c.article == ARTICLE_FEED.c.article)
        .where(
            ARTICLE_FEED.c.feed == feed,
            ARTICLE_FEED.c.guid.in_({item.entry.guid for item in received if item.entry.guid}),
        )
    )
    found = {(row.guid, row.title): row.article for row in rows}
    names = {item.key: (item.entry.guid, item.entry.title) for item in received}
    return {key: found[name] for key, name in names.items() if name in found}


def _by_key(connection: sa.Connection, keys: Sequence[str]) -> dict[str, int]:
    rows = connection.execute(
        sa.select(ARTICLE.c.url_key, ARTICLE.c.id).where(ARTICLE.c.url_key.in_(keys))
    )
    return {row.url_key: row.id for row in rows}


def _insert_new(
    connection: sa.Connection, feed: int, received: Sequence[Received], now: datetime
) -> dict[str, int]:
    """Inserts the articles nobody knows; returns their ids by key."""
    if not received:
        return {}
    rows = connection.execute(
        insert_new(ARTICLE).returning(ARTICLE.c.id, ARTICLE.c.url_key),
        [_article(item, now) for item in received],
    )
    ids = {row.url_key: row.id for row in rows}
    new = [(ids[item.key], item) for item in received if item.key in ids]
    if new:
        texts = [_revision(article, 1, item.entry, now) for article, item in new]
        connection.execute(sa.insert(ARTICLE_REVISION), texts)
        carriers = [_carrier(feed, article, item.entry, now) for article, item in new]
        connection.execute(sa.insert(ARTICLE_FEED), carriers)
    return ids


def _article(item: Received, now: datetime) -> dict[str, Any]:
    return {
        "url_key": item.key,
        "url": item.entry.url,
        "arrival": item.arrival,
        "stage": Stage.NEW,
        "published": item.entry.published,
        "seen": now,
    }


def _revision(article: int, n: int, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "article": article,
        "n": n,
        "title": entry.title,
        "lead": entry.lead,
        "text": entry.text,
        "language": entry.language,
        "author": entry.author,
        "tags": list(entry.tags),
        "sha256": _sha256(entry),
        "seen": now,
    }


def _sha256(entry: Entry) -> str:
    text = f"{entry.title}\0{entry.lead}\0{entry.text}"
    return hashlib.sha256(text.encode()).hexdigest()


def _carrier(feed: int, article: int, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "feed": feed,
        "article": article,
        "guid": entry.guid,
        "first_seen": now,
        "last_seen": now,
    }


def _add_carriers(
    connection: sa.Connection, feed: int, known: Sequence[tuple[int, Received]], now: datetime
) -> int:
    """Notes that the feed lists these articles; returns how many it did not list before."""
    if not known:
        return 0
    carriers = {article: _carrier(feed, article, item.entry, now) for article, item in known}
    added = connection.scalars(
        insert_new(ARTICLE_FEED).returning(ARTICLE_FEED.c.article), list(carriers.values())
    ).all()
    _match_again(connection, added)
    live = {article for article, item in known if item.arrival is Arrival.LIVE}
    _make_live(connection, live.intersection(added))
    connection.execute(
        sa.update(ARTICLE_FEED)
        .where(ARTICLE_FEED.c.feed == feed, ARTICLE_FEED.c.article.in_(carriers))
        .values(last_seen=now)
    )
    return len(added)


def _make_live(connection: sa.Connection, articles: Collection[int]) -> None:
    """Makes news of backlog: a feed that was just added must not silence what others bring.

    The hits that were kept quiet are decided anew, on every channel: a decision is for all.
    """
    woken = connection.scalars(
        sa.update(ARTICLE)
        .where(ARTICLE.c.id.in_(articles), ARTICLE.c.arrival == Arrival.BACKLOG)
        .values(arrival=Arrival.LIVE)
        .returning(ARTICLE.c.id)
    ).all()
    if not woken:
        return
    kept_quiet = sa.exists().where(
        ALERT_HIT.c.hit == HIT.c.id, ALERT_HIT.c.reason == Reason.BACKLOG
    )
    theirs = HIT.c.article.in_(woken)
    connection.execute(sa.update(HIT).where(theirs, kept_quiet).values(decided_at=None))
    undecided = sa.select(HIT.c.id).where(theirs, HIT.c.decided_at.is_(None))
    connection.execute(sa.delete(ALERT_HIT).where(ALERT_HIT.c.hit.in_(undecided)))


def _revise(
    connection: sa.Connection, known: Sequence[tuple[int, Received]], now: datetime
) -> int:
    """Adds the texts that are new; two feeds that alternate between two texts add none."""
    texts = _texts(connection, [article for article, _ in known])
    new = []
    for article, item in known:
        seen = texts[article]
        if _sha256(item.entry) not in seen and len(seen) < MOST_REVISIONS:
            new.append(_revision(article, len(seen) + 1, item.entry, now))
            seen.add(_sha256(item.entry))
    if new:
        connection.execute(sa.insert(ARTICLE_REVISION), new)
        _match_again(connection, [row["article"] for row in new])
    return len(new)


def _texts(connection: sa.Connection, articles: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {article: set() for article in articles}
    rows = connection.execute(
        sa.select(ARTICLE_REVISION.c.article, ARTICLE_REVISION.c.sha256).where(
            ARTICLE_REVISION.c.article.in_(found)
        )
    )
    for row in rows:
        found[row.article].add(row.sha256)
    return found


def _match_again(connection: sa.Connection, articles: Sequence[int]) -> None:
    connection.execute(
        sa.update(ARTICLE)
        .where(ARTICLE.c.id.in_(articles))
        .values(stage=Stage.NEW, tries=0, reason=None)
    )
