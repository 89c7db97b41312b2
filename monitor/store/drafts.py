"""What an alert is made from when it is sealed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from monitor.model.alert import (
    AlertKind,
    Headline,
    NoticeLine,
    Reason,
    RuleFacts,
    TellingHit,
)
from monitor.model.article import Article
from monitor.model.hit import Span
from monitor.model.spike import Evidence
from monitor.model.story import Kinship
from monitor.store import articles
from monitor.store.alerts import SEALED, Opened
from monitor.store.codec import from_json
from monitor.store.tables import (
    ALERT,
    ALERT_EVENT,
    ALERT_HIT,
    FEED,
    FEED_EVENT,
    HELD_BACK,
    HIT,
    STORY_ARTICLE,
)
from monitor.store.types import AnyRow, among, list_of

_KINSHIP = STORY_ARTICLE.c.reason.label("kinship")
_NAMES_ALL = (AlertKind.DIGEST, AlertKind.CATCH_UP)
_MOST_NAMED = 500  # articles held back that one message looks at


# Made once: making a statement takes longer than most of them.
_TOLD = (
    sa.select(*HIT.c, ALERT_HIT.c.reason, STORY_ARTICLE.c.story, _KINSHIP)
    .join(ALERT_HIT, ALERT_HIT.c.hit == HIT.c.id)
    .outerjoin(STORY_ARTICLE, STORY_ARTICLE.c.article == HIT.c.article)
    .where(ALERT_HIT.c.alert == sa.bindparam("its_id"))
    .order_by(HIT.c.id)
)
_HELD = (
    sa.select(HIT.c.id, HIT.c.article, STORY_ARTICLE.c.story, _KINSHIP)
    .join(ALERT_HIT, ALERT_HIT.c.hit == HIT.c.id)
    .join(STORY_ARTICLE, STORY_ARTICLE.c.article == HIT.c.article)
    .where(HELD_BACK, ALERT_HIT.c.channel == sa.bindparam("its_channel"))
    .order_by(ALERT_HIT.c.hit)
    .limit(_MOST_NAMED)
)
_OF_STORIES = (  # few, beside all that a channel was not told since it began
    sa.select(HIT.c.id)
    .join(STORY_ARTICLE, STORY_ARTICLE.c.article == HIT.c.article)
    .where(among(STORY_ARTICLE.c.story, "ids"))
)
_HELD_OF_STORIES = _HELD.where(ALERT_HIT.c.hit.in_(_OF_STORIES))


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftHit:
    """A hit of an alert; its spans point into ``revision`` of the article.

    Attributes:
        story: of the article; None if it is in none.
        copy: the article is nearly the text of another one of the story.
    """

    id: int
    article: int
    revision: int
    story: int | None
    copy: bool
    reason: Reason
    hit: TellingHit


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A hit that was not told, to be named now."""

    id: int
    article: int
    story: int | None
    copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """What a channel was told of a story before.

    Attributes:
        subject: of the first message.
        outlets: that the last message knew of.
    """

    subject: str
    outlets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an alert is made from: hits, or events of feeds, channels and rules, as they came.

    Attributes:
        held: articles to be named beside them.
        previous: of a follow-up, if messages on the story itself were told.
    """

    opened: Opened
    hits: tuple[DraftHit, ...] = ()
    held: tuple[HeldBack, ...] = ()
    previous: Previous | None = None
    events: tuple[NoticeLine, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.hits or self.held or self.events or self.evidence)


def draft(connection: sa.Connection, opened: Opened) -> Draft:
    """Reads what an alert is to tell."""
    if opened.kind is AlertKind.SYSTEM:
        return Draft(opened=opened, events=_events(connection, opened.id))
    if opened.kind is AlertKind.SPIKE:
        return Draft(opened=opened, evidence=_evidence(connection, opened.id))
    hits = _hits(connection, opened.id)
    return Draft(
        opened=opened,
        hits=hits,
        held=_held_back(connection, opened, {hit.story for hit in hits}),
        previous=_previous(connection, opened) if opened.kind is AlertKind.FOLLOW_UP else None,
    )


def without(draft: Draft, hits: Collection[int]) -> Draft:
    """The draft without some hits, and without what was to be named beside them only."""
    left = tuple(hit for hit in draft.hits if hit.id not in hits)
    stories = {hit.story for hit in left}
    names_all = draft.opened.kind in _NAMES_ALL
    held = tuple(each for each in draft.held if names_all or each.story in stories)
    return replace(draft, hits=left, held=held)


def _events(connection: sa.Connection, alert: int) -> tuple[NoticeLine, ...]:
    name = sa.func.coalesce(FEED.c.name, FEED_EVENT.c.channel, "").label("name")
    rows = connection.execute(
        sa.select(name, FEED.c.url, FEED_EVENT.c.text, FEED_EVENT.c.at)
        .join(ALERT_EVENT, ALERT_EVENT.c.event == FEED_EVENT.c.id)
        .outerjoin(FEED, FEED.c.id == FEED_EVENT.c.feed)
        .where(ALERT_EVENT.c.alert == alert)
        .order_by(FEED_EVENT.c.id)
    )
    return tuple(
        NoticeLine(name=row.name, url=row.url or "", text=row.text, at=row.at) for row in rows
    )


def _evidence(connection: sa.Connection, alert: int) -> tuple[Evidence, ...]:
    rows = connection.scalars(
        sa.select(FEED_EVENT.c.evidence)
        .join(ALERT_EVENT, ALERT_EVENT.c.event == FEED_EVENT.c.id)
        .where(ALERT_EVENT.c.alert == alert)
        .order_by(FEED_EVENT.c.id)
    )
    return tuple(from_json(Evidence, row) for row in rows)


def _hits(connection: sa.Connection, alert: int) -> tuple[DraftHit, ...]:
    return tuple(map(_hit, connection.execute(_TOLD, {"its_id": alert})))


def _hit(row: AnyRow) -> DraftHit:
    return DraftHit(
        id=row.id,
        article=row.article,
        revision=row.revision,
        story=row.story,
        copy=row.kinship == Kinship.COPY,
        reason=Reason(row.reason),
        hit=TellingHit(
            rule=from_json(RuleFacts, row.facts),
            spans=from_json(tuple[Span, ...], row.spans),
            why=row.why,
        ),
    )


def _held_back(
    connection: sa.Connection, opened: Opened, stories: Collection[int | None]
) -> tuple[HeldBack, ...]:
    """What no message named yet: for a digest all, else what is of its stories."""
    query = _HELD if opened.kind in _NAMES_ALL else _HELD_OF_STORIES
    values = {"its_channel": opened.channel, "ids": list_of(filter(None, stories))}
    return tuple(
        HeldBack(id=row.id, article=row.article, story=row.story, copy=row.kinship == Kinship.COPY)
        for row in connection.execute(query, values)
    )


def name(connection: sa.Connection, draft: Draft) -> None:
    """Remembers that a message names what was held back."""
    if not draft.held:
        return
    connection.execute(
        sa.update(ALERT_HIT)
        .where(
            ALERT_HIT.c.channel == draft.opened.channel,
            ALERT_HIT.c.hit.in_([held.id for held in draft.held]),
        )
        .values(named_by=draft.opened.id)
    )


def _previous(connection: sa.Connection, opened: Opened) -> Previous | None:
    told = connection.scalars(
        sa.select(ALERT.c.payload)
        .where(
            ALERT.c.channel == opened.channel,
            ALERT.c.subject == opened.subject,
            ALERT.c.kind.in_((AlertKind.FIRST, AlertKind.FOLLOW_UP)),
            ALERT.c.state == SEALED,
        )
        .order_by(ALERT.c.sealed_at, ALERT.c.id)
    ).all()
    if not told:
        return None
    return Previous(subject=told[0]["subject"], outlets=told[-1]["story"]["outlets"])


def told_between(
    connection: sa.Connection, channel: str, since: datetime, until: datetime
) -> Sequence[int]:
    """The first article of each story that was new in a message, from a time to before another.

    What quiet hours or an outage held up came in a digest.
    """
    return connection.scalars(
        sa.select(sa.func.min(HIT.c.article))
        .join(ALERT_HIT, ALERT_HIT.c.hit == HIT.c.id)
        .join(ALERT, ALERT.c.id == ALERT_HIT.c.alert)
        .outerjoin(STORY_ARTICLE, STORY_ARTICLE.c.article == HIT.c.article)
        .where(
            ALERT.c.channel == channel,
            ALERT.c.state == SEALED,
            ALERT.c.kind.in_((AlertKind.FIRST, AlertKind.BURST)),
            ALERT.c.sealed_at >= since,
            ALERT.c.sealed_at < until,
        )
        .group_by(ALERT.c.id, sa.func.coalesce(STORY_ARTICLE.c.story, -HIT.c.article))
        .order_by(ALERT.c.id, sa.func.min(HIT.c.article))
    ).all()


def texts(connection: sa.Connection, revisions: Mapping[int, int]) -> dict[int, Article]:
    """Articles with the text of a revision; ``revisions``: article -> revision."""
    by_revision: dict[int, list[int]] = {}
    for article, revision in revisions.items():
        by_revision.setdefault(revision, []).append(article)
    return {
        article: text
        for revision, ids in by_revision.items()
        for article, text in articles.load(connection, ids, revision).items()
    }


def headlines(
    connection: sa.Connection, ids: Collection[int], copies: Collection[int]
) -> dict[int, Headline]:
    """What messages name articles by, as they are now; ``copies`` are those that are one."""
    found = articles.titles(connection, ids) if ids else {}
    carried = articles.carriers(connection, found)
    return {
        row.id: Headline(
            article=row.id,
            title=row.title,
            url=row.url,
            source=carried[row.id][0].name if carried[row.id] else "",
            published=row.published,
            seen=row.seen,
            copy=row.id in copies,
        )
        for row in found.values()
    }
