"""Stories: which articles belong to one, and by what further ones are known."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from struct import iter_unpack, pack
from typing import Any

import sqlalchemy as sa

from monitor.store import articles as article_rows
from monitor.store.tables import ARTICLE, HIT, STORY, STORY_ARTICLE, STORY_SKETCH
from monitor.store.types import AnyRow, among, list_of
from monitor.stories.index import Fingerprint, Indexed, Placement
from monitor.stories.outlets import site

_AT_ONCE = 200  # sketches in memory

# Made once: making a statement takes longer than most of them.
_OF_STORY = (
    sa.select(ARTICLE.c.id, ARTICLE.c.url, ARTICLE.c.url_key)
    .join(STORY_ARTICLE, STORY_ARTICLE.c.article == ARTICLE.c.id)
    .where(STORY_ARTICLE.c.story == sa.bindparam("its_story"))
)
# By when it was decided, not seen: matching takes its time, and messages leave meanwhile.
_OF_STORY_BY_THEN = _OF_STORY.where(
    sa.exists().where(HIT.c.article == ARTICLE.c.id, HIT.c.decided_at <= sa.bindparam("then"))
)
_BEGIN = sa.insert(STORY).returning(STORY.c.id)
_GO_ON = sa.update(STORY).where(among(STORY.c.id, "ids")).values(last_seen=sa.bindparam("now"))
_FORGET = sa.delete(STORY_SKETCH).where(among(STORY_SKETCH.c.article, "ids"))
_REFRESH = (
    sa.update(STORY_SKETCH)
    .where(among(STORY_SKETCH.c.article, "ids"))
    .values(seen=sa.bindparam("now"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A row of an article in a story."""

    article: int
    story: int
    placement: Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Where an article is that is matched again.

    Attributes:
        began: when its story began.
        partner: what it was found by, if that is still there.
        seen: when it joined.
    """

    story: int
    began: datetime
    partner: int | None
    seen: datetime


def outlets(connection: sa.Connection, story: int, until: datetime | None = None) -> int:
    """How many outlets have carried a story so far, or in what was decided by a time.

    The outlet of an article is the site it is on, so one with five feeds counts once, and so do
    the readers and aggregators that link to it. What has no page of its own counts by the name of
    its feed.
    """
    query = _OF_STORY if until is None else _OF_STORY_BY_THEN
    rows = connection.execute(query, {"its_story": story, "then": until}).all()
    return len(set(outlet_names(connection, rows).values()))


def outlet_names(connection: sa.Connection, rows: Collection[AnyRow]) -> dict[int, str]:
    """Of each article the name of its outlet, as ``outlets`` counts them.

    Args:
        connection: of a read.
        rows: with ``id``, ``url`` and ``url_key`` of articles; those in no feed are left out.
    """
    sites = {row.id: site(row.url) for row in rows if article_rows.is_own(row.url_key)}
    homeless = [row.id for row in rows if not sites.get(row.id)]
    carried = article_rows.carriers(connection, homeless)
    names = {id_: carriers[0].name for id_, carriers in carried.items() if carriers}
    return {id_: name for id_, name in sites.items() if name} | names


def begin(
    connection: sa.Connection, article: int, title: str, language: str, now: datetime
) -> int:
    """A new story; its first article is still to be added."""
    row = {"article": article, "title": title, "language": language}
    begun: int = connection.scalars(_BEGIN, {**row, "first_seen": now, "last_seen": now}).one()
    return begun


def add(connection: sa.Connection, members: Sequence[Member], now: datetime) -> None:
    """Adds articles, none of which is in a story, to theirs."""
    if not members:
        return
    rows = [
        {
            "article": each.article,
            "story": each.story,
            "reason": each.placement.kinship,
            "partner": each.placement.partner,
            "score": each.placement.score,
            "seen": now,
        }
        for each in members
    ]
    connection.execute(sa.insert(STORY_ARTICLE), rows)
    joined = {each.story for each in members}
    connection.execute(_GO_ON, {"ids": list_of(joined), "now": now})


def index(connection: sa.Connection, articles: Sequence[Indexed]) -> None:
    """Stores what articles in stories are compared by, or what they are compared by now."""
    if not articles:
        return
    connection.execute(_FORGET, {"ids": list_of(each.article for each in articles)})
    connection.execute(sa.insert(STORY_SKETCH), [_row(each) for each in articles])


def refresh(connection: sa.Connection, articles: Collection[int], now: datetime) -> None:
    """Keeps the sketches of articles that were repeated."""
    if articles:
        connection.execute(_REFRESH, {"ids": list_of(articles), "now": now})


def indexed(connection: sa.Connection, since: datetime) -> Iterator[Indexed]:
    """All articles with a sketch that came, or were repeated, then or later; by age."""
    rows = connection.execute(
        sa.select(*STORY_SKETCH.c, STORY_ARTICLE.c.story, STORY.c.first_seen)
        .join(STORY_ARTICLE, STORY_ARTICLE.c.article == STORY_SKETCH.c.article)
        .join(STORY, STORY.c.id == STORY_ARTICLE.c.story)
        .where(STORY_SKETCH.c.seen >= since)
        .order_by(STORY_SKETCH.c.seen, STORY_SKETCH.c.article)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in rows:
        yield Indexed(
            article=row.article,
            story=row.story,
            began=row.first_seen,
            seen=row.seen,
            fingerprint=Fingerprint(
                language=row.language,
                title=row.title,
                sketch=frozenset(number for (number,) in iter_unpack("<I", row.sketch)),
                vector=row.vector,
            ),
        )


def known(connection: sa.Connection, articles: Collection[int]) -> dict[int, Known]:
    """Those of these articles that are in a story."""
    rows = connection.execute(
        sa.select(*STORY_ARTICLE.c, STORY.c.first_seen)
        .join(STORY, STORY.c.id == STORY_ARTICLE.c.story)
        .where(STORY_ARTICLE.c.article.in_(articles))
    )
    return {
        row.article: Known(
            story=row.story, began=row.first_seen, partner=row.partner, seen=row.seen
        )
        for row in rows
    }


def _row(indexed: Indexed) -> dict[str, Any]:
    fingerprint = indexed.fingerprint
    return {
        "article": indexed.article,
        "seen": indexed.seen,
        "language": fingerprint.language,
        "title": fingerprint.title,
        "sketch": pack(f"<{len(fingerprint.sketch)}I", *sorted(fingerprint.sketch)),
        "vector": fingerprint.vector,
    }
