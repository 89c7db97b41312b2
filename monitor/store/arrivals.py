"""Stores what a poll received: new articles, new texts, new carriers."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model.alert import Reason
from monitor.model.article import Arrival, Stage
from monitor.model.feed import Entry
from monitor.model.identity import Arriving, Item, KnownArticle
from monitor.store.tables import ALERT_HIT, ARTICLE, ARTICLE_FEED, ARTICLE_REVISION, HIT

MOST_REVISIONS = 24  # a page that changes at every poll must not fill the disk
_QUIET = (Arrival.BACKLOG, Arrival.FLOOD)
_WHY_QUIET = (Reason.BACKLOG, Reason.FLOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What became of the entries of a poll: numbers of articles.

    Attributes:
        new: not known before; ``quiet`` of them are backlog, of which nothing is told, and
            ``flood`` came with so many others that one notice tells of all.
        revised: known, with a text we had not seen.
        carried: known from another feed.
    """

    new: int = 0
    quiet: int = 0
    flood: int = 0
    revised: int = 0
    carried: int = 0


def store_entries(
    connection: sa.Connection, feed: int, entries: Sequence[Arriving], now: datetime
) -> Stored:
    """Stores the entries of one document of a feed, each as the article it was found to be.

    A new text is a new revision; with it, or with a new carrier, the article is matched again.
    """
    # The newest comes first in a document, and last among the ids.
    new = [entry for entry in reversed(entries) if entry.article is None]
    known = [(entry.article, entry) for entry in entries if entry.article is not None]
    _insert_new(connection, feed, new, now)
    counts = Counter(entry.arrival for entry in new)
    return Stored(
        new=len(new),
        quiet=counts[Arrival.BACKLOG],
        flood=counts[Arrival.FLOOD],
        carried=_add_carriers(connection, feed, known, now),
        revised=_revise(connection, known, now),
    )


def _insert_new(
    connection: sa.Connection, feed: int, entries: Sequence[Arriving], now: datetime
) -> None:
    if not entries:
        return
    rows = connection.execute(
        sa.insert(ARTICLE).returning(ARTICLE.c.id, ARTICLE.c.url_key),
        [_article(entry, now) for entry in entries],
    )
    ids = {row.url_key: row.id for row in rows}
    new = [(ids[entry.key], entry.item) for entry in entries]
    texts = [_revision(article, 1, item, now) for article, item in new]
    connection.execute(sa.insert(ARTICLE_REVISION), texts)
    carriers = [_carrier(feed, article, item.entry, now) for article, item in new]
    connection.execute(sa.insert(ARTICLE_FEED), carriers)


def _article(arriving: Arriving, now: datetime) -> dict[str, Any]:
    entry = arriving.item.entry
    return {
        "url_key": arriving.key,
        "url": entry.url,
        "arrival": arriving.arrival,
        "stage": Stage.NEW,
        "published": entry.published,
        "seen": now,
    }


def _revision(article: int, n: int, item: Item, now: datetime) -> dict[str, Any]:
    entry = item.entry
    return {
        "article": article,
        "n": n,
        "title": entry.title,
        "lead": entry.lead,
        "text": entry.text,
        "language": entry.language,
        "author": entry.author,
        "tags": list(entry.tags),
        "sha256": item.sha256,
        "seen": now,
    }


def _carrier(feed: int, article: int, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "feed": feed,
        "article": article,
        "guid": entry.guid,
        "first_seen": now,
        "last_seen": now,
    }


def _add_carriers(
    connection: sa.Connection,
    feed: int,
    known: Sequence[tuple[KnownArticle, Arriving]],
    now: datetime,
) -> int:
    """Notes that the feed lists these articles; returns how many it did not list before."""
    if not known:
        return 0
    added = {article.id: entry for article, entry in known if not article.carried}
    if added:
        carriers = [_carrier(feed, id_, entry.item.entry, now) for id_, entry in added.items()]
        connection.execute(sa.insert(ARTICLE_FEED), carriers)
        _match_again(connection, list(added))
    live = {id_ for id_, entry in added.items() if entry.arrival is Arrival.LIVE}
    _make_live(connection, live)
    listed = [article.id for article, _ in known]
    connection.execute(
        sa.update(ARTICLE_FEED)
        .where(ARTICLE_FEED.c.feed == feed, ARTICLE_FEED.c.article.in_(listed))
        .values(last_seen=now)
    )
    _rename(connection, feed, known)
    return len(added)


def _rename(
    connection: sa.Connection, feed: int, known: Sequence[tuple[KnownArticle, Arriving]]
) -> None:
    """Notes what the feed calls its articles now."""
    renamed = [
        {"its_feed": feed, "its_article": article.id, "its_guid": entry.item.entry.guid}
        for article, entry in known
        if article.carried and article.guid != entry.item.entry.guid
    ]
    if not renamed:
        return
    carrier = (
        ARTICLE_FEED.c.feed == sa.bindparam("its_feed"),
        ARTICLE_FEED.c.article == sa.bindparam("its_article"),
    )
    named = sa.update(ARTICLE_FEED).where(*carrier).values(guid=sa.bindparam("its_guid"))
    connection.execute(named, renamed)


def _make_live(connection: sa.Connection, articles: Collection[int]) -> None:
    """Makes news of what was quiet: a feed that was just added must not silence the others.

    The hits that were kept quiet are decided anew, on every channel: a decision is for all.
    """
    woken = connection.scalars(
        sa.update(ARTICLE)
        .where(ARTICLE.c.id.in_(articles), ARTICLE.c.arrival.in_(_QUIET))
        .values(arrival=Arrival.LIVE)
        .returning(ARTICLE.c.id)
    ).all()
    if not woken:
        return
    kept_quiet = sa.exists().where(ALERT_HIT.c.hit == HIT.c.id, ALERT_HIT.c.reason.in_(_WHY_QUIET))
    theirs = HIT.c.article.in_(woken)
    connection.execute(sa.update(HIT).where(theirs, kept_quiet).values(decided_at=None))
    undecided = sa.select(HIT.c.id).where(theirs, HIT.c.decided_at.is_(None))
    connection.execute(sa.delete(ALERT_HIT).where(ALERT_HIT.c.hit.in_(undecided)))


def _revise(
    connection: sa.Connection, known: Sequence[tuple[KnownArticle, Arriving]], now: datetime
) -> int:
    """Adds the texts that are new; two feeds that alternate between two texts add none."""
    new = [
        _revision(article.id, article.revisions + 1, entry.item, now)
        for article, entry in known
        if entry.item.sha256 not in article.hashes and article.revisions < MOST_REVISIONS
    ]
    if new:
        connection.execute(sa.insert(ARTICLE_REVISION), new)
        _match_again(connection, [row["article"] for row in new])
    return len(new)


def _match_again(connection: sa.Connection, articles: Sequence[int]) -> None:
    connection.execute(
        sa.update(ARTICLE)
        .where(ARTICLE.c.id.in_(articles))
        .values(stage=Stage.NEW, tries=0, reason=None, indexed=False)
    )
