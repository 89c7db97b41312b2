"""Stores what a poll received: new articles, new texts, new carriers."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.model.alert import Reason
from monitor.model.article import Arrival, Stage
from monitor.model.feed import Entry, Item
from monitor.model.identity import Arriving, KnownArticle
from monitor.store.known import ids_by_key
from monitor.store.tables import ALERT_HIT, ARTICLE, ARTICLE_FEED, ARTICLE_REVISION, HIT
from monitor.store.types import RowInsert, among, list_of

MOST_REVISIONS = 24  # a page that changes at every poll must not fill the disk
_QUIET = (Arrival.BACKLOG, Arrival.FLOOD)
_WHY_QUIET = (Reason.BACKLOG, Reason.FLOOD)

# Made once: making a statement takes longer than most of them.
_ADD_ARTICLES = RowInsert(
    ARTICLE,
    *("url_key", "url", "arrival", "stage", "published", "seen"),
    returning=("url_key", "id"),
)
_ADD_REVISIONS = RowInsert(ARTICLE_REVISION, *ARTICLE_REVISION.c.keys())
_ADD_CARRIERS = RowInsert(ARTICLE_FEED, *ARTICLE_FEED.c.keys())
_STILL_LISTED = (
    sa.update(ARTICLE_FEED)
    .where(ARTICLE_FEED.c.feed == sa.bindparam("its_feed"), among(ARTICLE_FEED.c.article, "ids"))
    .values(last_seen=sa.bindparam("now"))
)
_RENAMED = (
    sa.update(ARTICLE_FEED)
    .where(
        ARTICLE_FEED.c.feed == sa.bindparam("its_feed"),
        ARTICLE_FEED.c.article == sa.bindparam("its_article"),
    )
    .values(guid=sa.bindparam("its_guid"))
)
_MATCH_AGAIN = (
    sa.update(ARTICLE)
    .where(among(ARTICLE.c.id, "ids"))
    .values(stage=Stage.NEW, tries=0, reason=None, indexed=False)
)


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


class Arrivals:
    """Stores what several documents of different feeds list, one after the other.

    New articles of all of them are inserted together, at the latest by ``insert``: a database
    takes longer over a statement than over a row of it.

    Args:
        connection: of a write.
        items: of all these documents.
    """

    def __init__(self, connection: sa.Connection, items: Iterable[Item]) -> None:
        self.connection = connection
        self._known = ids_by_key(connection, (key for item in items for key in item.keys))
        self._waiting: dict[str, tuple[int, Arriving, datetime]] = {}  # by key

    def known(self, items: Iterable[Item]) -> dict[str, int]:
        """Articles by the keys of entries under which they are stored."""
        keys = [key for item in items for key in item.keys]
        if not self._waiting.keys().isdisjoint(keys):
            self.insert()
        return {key: self._known[key] for key in keys if key in self._known}

    def store(self, feed: int, entries: Sequence[Arriving], now: datetime) -> Stored:
        """Stores the entries of one document of a feed, each as the article it was found to be.

        A new text is a new revision; with it, or with a new carrier, the article is matched
        again.
        """
        # The newest comes first in a document, and last among the ids.
        new = [entry for entry in reversed(entries) if entry.article is None]
        known = [(entry.article, entry) for entry in entries if entry.article is not None]
        self._waiting |= {entry.key: (feed, entry, now) for entry in new}
        counts = Counter(entry.arrival for entry in new)
        return Stored(
            new=len(new),
            quiet=counts[Arrival.BACKLOG],
            flood=counts[Arrival.FLOOD],
            carried=_add_carriers(self.connection, feed, known, now),
            revised=_revise(self.connection, known, now),
        )

    def insert(self) -> None:
        """Inserts the new articles that wait."""
        waiting, self._waiting = self._waiting.values(), {}
        rows = (_article(entry, now) for _, entry, now in waiting)
        ids = {key: id_ for key, id_ in _ADD_ARTICLES.run(self.connection, rows)}  # noqa: C416
        self._known |= ids
        new = [(feed, ids[entry.key], entry.item, now) for feed, entry, now in waiting]
        revisions = (_revision(id_, 1, item, now) for _, id_, item, now in new)
        carriers = (_carrier(feed, id_, item.entry, now) for feed, id_, item, now in new)
        _ADD_REVISIONS.run(self.connection, revisions)
        _ADD_CARRIERS.run(self.connection, carriers)


def _article(arriving: Arriving, now: datetime) -> tuple[object, ...]:
    entry = arriving.item.entry
    return arriving.key, entry.url, arriving.arrival.value, Stage.NEW.value, entry.published, now


def _revision(article: int, n: int, item: Item, now: datetime) -> tuple[object, ...]:
    entry = item.entry
    said = entry.title, entry.lead, entry.text, entry.language, entry.author
    return article, n, *said, list(entry.tags), item.sha256, now


def _carrier(feed: int, article: int, entry: Entry, now: datetime) -> tuple[object, ...]:
    return feed, article, entry.guid, now, now


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
        _ADD_CARRIERS.run(connection, carriers)
        _match_again(connection, list(added))
    live = {id_ for id_, entry in added.items() if entry.arrival is Arrival.LIVE}
    if live:
        _make_live(connection, live)
    ids = list_of(article.id for article, _ in known)
    connection.execute(_STILL_LISTED, {"its_feed": feed, "ids": ids, "now": now})
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
    connection.execute(_RENAMED, renamed)


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
        (article.id, article.revisions + 1, entry.item)
        for article, entry in known
        if not article.closed
        and entry.item.sha256 not in article.hashes
        and article.revisions < MOST_REVISIONS
    ]
    if new:
        revisions = (_revision(id_, n, item, now) for id_, n, item in new)
        _ADD_REVISIONS.run(connection, revisions)
        _match_again(connection, [id_ for id_, _, _ in new])
    return len(new)


def _match_again(connection: sa.Connection, articles: Sequence[int]) -> None:
    connection.execute(_MATCH_AGAIN, {"ids": list_of(articles)})
