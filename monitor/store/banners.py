"""Text that is the same on many pages of a site: cookie walls, boxes for subscribers, credits.

A paragraph that stands on ``MANY`` of the last pages of a feed is a banner of their site from then
on, and left out of what is matched. Pages of one title are prints of one article: they count once,
and not at all against another print of it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from monitor.store import pages
from monitor.store.pages import PageClaim
from monitor.store.tables import ARTICLE, ARTICLE_FEED, ARTICLE_REVISION, FEED, PAGE_BANNER
from monitor.store.types import AnyRow, insert_or_replace

MANY = 3  # pages of different titles, with the one at hand
_LAST = 20  # pages of the same feed
_MOST_NEW = 50  # banners a page
_LOOKED_AT = 500  # paragraphs at the beginning and at the end of a page
_WALL = "its page shows the same text as that of another article"


def without(connection: sa.Connection, claim: PageClaim, text: str, now: datetime) -> str:
    """The text of a page without the banners of its site; what is new among them is remembered.

    If another article has the very same text, that is no text of either, and is taken back there.
    """
    site = _site(claim.article.url)
    paragraphs = text.split("\n\n")
    others = [
        row
        for row in _last(connection, claim)
        if _site(row.url) == site and row.title != claim.article.title
    ]
    twins = [row for row in others if row.text == text]
    for twin in twins:
        pages.take_back(connection, twin.id, twin.n, _WALL, now)
    banners = set(paragraphs) if twins else _common(paragraphs, others)
    ends = paragraphs[:_LOOKED_AT] + paragraphs[-_LOOKED_AT:]
    hashes = {_hash(paragraph): paragraph for paragraph in ends}
    known = _known(connection, site, hashes)
    banners |= {hashes[each] for each in known}
    for paragraph in sorted(banners)[:_MOST_NEW]:
        row = {"host": site, "hash": _hash(paragraph), "seen": now}
        connection.execute(insert_or_replace(PAGE_BANNER, row))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph not in banners)


def _last(connection: sa.Connection, claim: PageClaim) -> Sequence[AnyRow]:
    """The pages of other articles that the feed had last."""
    return connection.execute(
        sa.select(
            ARTICLE.c.id,
            ARTICLE.c.url,
            ARTICLE_REVISION.c.n,
            ARTICLE_REVISION.c.title,
            ARTICLE_REVISION.c.text,
        )
        .join(ARTICLE_FEED, ARTICLE_FEED.c.article == ARTICLE.c.id)
        .join(FEED, FEED.c.id == ARTICLE_FEED.c.feed)
        .join(
            ARTICLE_REVISION,
            sa.and_(
                ARTICLE_REVISION.c.article == ARTICLE.c.id,
                ARTICLE_REVISION.c.n == ARTICLE.c.page_revision,
            ),
        )
        .where(
            FEED.c.url == claim.feed,
            ARTICLE.c.id != claim.id,
            ARTICLE.c.page_due_at.is_(None),
            ARTICLE_REVISION.c.text != "",
        )
        .order_by(ARTICLE_FEED.c.article.desc())
        .limit(_LAST)
    ).all()


def _common(paragraphs: Iterable[str], others: Iterable[AnyRow]) -> set[str]:
    places = {(each, row.title) for row in others for each in row.text.split("\n\n")}
    counts = Counter(paragraph for paragraph, _ in places)
    return {paragraph for paragraph in paragraphs if counts[paragraph] >= MANY - 1}


def _known(connection: sa.Connection, site: str, hashes: Iterable[str]) -> Sequence[str]:
    return connection.scalars(
        sa.select(PAGE_BANNER.c.hash).where(
            PAGE_BANNER.c.host == site, PAGE_BANNER.c.hash.in_(list(hashes))
        )
    ).all()


def _hash(paragraph: str) -> str:
    return hashlib.blake2b(paragraph.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _site(url: str) -> str:
    return urlsplit(url).hostname or ""
