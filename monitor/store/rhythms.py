"""How many stories rules find by the hour, and what people were told of that."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.model.article import Arrival
from monitor.model.spike import Rhythm
from monitor.model.story import Kinship
from monitor.store.stories import outlet_names
from monitor.store.tables import ARTICLE, HIT, RULE_RHYTHM, STORY_ARTICLE
from monitor.store.types import insert_or_replace

_ROW = RULE_RHYTHM.c
_STORY = sa.func.coalesce(STORY_ARTICLE.c.story, -HIT.c.article)
_LIVE = sa.and_(HIT.c.late.is_(sa.false()), ARTICLE.c.arrival == Arrival.LIVE)
"""What was there before its rule, or came with a first poll or a flood, says nothing of now."""

_HITS = HIT.join(ARTICLE, ARTICLE.c.id == HIT.c.article).outerjoin(
    STORY_ARTICLE, STORY_ARTICLE.c.article == HIT.c.article
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStory:
    """A story that a rule found.

    Attributes:
        key: of the story; negative for an article that is in none.
        article: the first one that the rule hit.
        outlets: of all its articles that it hit.
        own: of those that are no copies.
    """

    key: int
    article: int
    outlets: frozenset[str]
    own: frozenset[str]


def get(connection: sa.Connection, rules: Collection[str]) -> dict[str, Rhythm]:
    """What is remembered of rules, as far as they were ever looked at."""
    rows = connection.execute(sa.select(RULE_RHYTHM))
    return {
        row.rule: Rhythm(
            since=row.since,
            burst_at=row.burst_at,
            burst_rate=row.burst_rate,
            silent_since=row.silent_since,
        )
        for row in rows
        if row.rule in rules
    }


def save(connection: sa.Connection, rule: str, rhythm: Rhythm) -> None:
    """Remembers a rule."""
    connection.execute(insert_or_replace(RULE_RHYTHM, {"rule": rule, **asdict(rhythm)}))


def restart(
    connection: sa.Connection, new: Collection[str], known: Collection[str], now: datetime
) -> None:
    """Other rules come into force: what they find has nothing to do with what was found before.

    Args:
        connection: of a write.
        new: rules that are new or changed.
        known: all rules there are; others are forgotten.
        now: the time.
    """
    remembered = connection.scalars(sa.select(_ROW.rule)).all()
    rows = [{"gone": rule} for rule in remembered if rule in new or rule not in known]
    if rows:
        connection.execute(sa.delete(RULE_RHYTHM).where(_ROW.rule == sa.bindparam("gone")), rows)
    if new:
        connection.execute(sa.insert(RULE_RHYTHM), [{"rule": rule, "since": now} for rule in new])


def first_hit(connection: sa.Connection, rule: str) -> datetime | None:
    """When a rule found its first story; None if it never did."""
    query = sa.select(sa.func.min(HIT.c.seen)).select_from(_HITS).where(HIT.c.rule == rule, _LIVE)
    when: datetime | None = connection.scalar(query)
    return when


def numbers(connection: sa.Connection, since: datetime) -> Counter[str]:
    """How many articles each rule hit since a time."""
    rows = connection.execute(
        sa.select(HIT.c.rule, sa.func.count().label("number"))
        .where(HIT.c.seen >= since)
        .group_by(HIT.c.rule)
    )
    return Counter({row.rule: row.number for row in rows})


def stories(connection: sa.Connection, rule: str, since: datetime) -> Mapping[int, datetime]:
    """When a rule first found each story since a time, by the key of the story."""
    rows = connection.execute(
        sa.select(_STORY.label("story"), sa.func.min(HIT.c.seen).label("seen"))
        .select_from(_HITS)
        .where(HIT.c.rule == rule, HIT.c.seen >= since, _LIVE)
        .group_by(_STORY)
    )
    return {row.story: row.seen for row in rows}


def found(
    connection: sa.Connection, rule: str, keys: Collection[int], since: datetime, until: datetime
) -> list[FoundStory]:
    """Stories with what a rule hit of them in a time, the one in most outlets first."""
    rows = connection.execute(
        sa.select(
            ARTICLE.c.id, ARTICLE.c.url, ARTICLE.c.url_key, _STORY.label("story"),
            STORY_ARTICLE.c.reason.label("kinship"),
        )
        .select_from(_HITS)
        .where(HIT.c.rule == rule, HIT.c.seen >= since, HIT.c.seen < until, _LIVE)
        .order_by(HIT.c.id)
    ).all()  # fmt: skip
    rows = [row for row in rows if row.story in keys]
    names = outlet_names(connection, rows)
    first: dict[int, int] = {}
    all_, own = ({key: set[str]() for key in keys} for _ in range(2))
    for row in rows:
        first.setdefault(row.story, row.id)
        name = {names[row.id]} if row.id in names else set()
        all_[row.story] |= name
        if row.kinship != Kinship.COPY:
            own[row.story] |= name
    stories = [
        FoundStory(key=key, article=article, outlets=frozenset(all_[key]), own=frozenset(own[key]))
        for key, article in first.items()
    ]
    return sorted(stories, key=lambda each: (-len(each.outlets), each.article))


def heard(connection: sa.Connection, since: datetime, until: datetime) -> set[datetime]:
    """The hours, by their begin, in which articles came; ``since`` begins an hour."""
    hours: set[datetime] = set()
    hour, step = since, timedelta(hours=1)
    while hour <= until:
        query = sa.select(ARTICLE.c.seen).where(ARTICLE.c.seen >= hour, ARTICLE.c.seen <= until)
        seen: datetime | None = connection.scalar(query.order_by(ARTICLE.c.seen).limit(1))
        if seen is None:
            break
        came = seen.replace(minute=0, second=0, microsecond=0)
        hours.add(came)
        hour = came + step
    return hours


def silent(connection: sa.Connection) -> list[str]:
    """The rules that people know to be silent."""
    query = sa.select(_ROW.rule).where(_ROW.silent_since.is_not(None)).order_by(_ROW.rule)
    return list(connection.scalars(query))
