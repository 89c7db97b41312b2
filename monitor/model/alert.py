"""Alerts: what is told to a channel, why, and what the message says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.article import Arrival, Carrier
from monitor.model.hit import Span
from monitor.model.rule import Severity


class AlertKind(StrEnum):
    """What a message is."""

    FIRST = "first"  # the first report of a story
    FOLLOW_UP = "follow-up"  # more on a story that was told
    DIGEST = "digest"  # everything since the last one, at its hour or after quiet hours
    BURST = "burst"  # what went above the channel's limit
    CATCH_UP = "catch-up"  # what came while the channel was down
    SYSTEM = "system"  # about sources and channels themselves
    SPIKE = "spike"  # about rules that hit much more, or nothing, against their rhythm


class Reason(StrEnum):
    """Why a hit is told to a channel, or is not."""

    FIRST = "first"  # told: nothing of this story was told to the channel before
    MORE = "more"  # told: another rule hit the story, or it joins a message that waits
    FOLLOW_UP = "follow-up"  # told: the story grew, or says something new
    DIGEST = "digest"  # told: in the next digest
    COPY = "copy"  # not told: a near-duplicate of what the channel knows; listed next time
    SAME_STORY = "same-story"  # not told: the channel knows the story; listed next time
    MUTED = "muted"  # not told: a mute is on
    BACKLOG = "backlog"  # found by a quiet first poll
    ARCHIVE = "archive"  # found in articles that were there before the rule
    FLOOD = "flood"  # came with hundreds of others, of which one notice tells
    NO_ROUTE = "no-route"  # no route leads to this channel
    CHANNEL_REMOVED = "channel-removed"  # the channel left the configuration before the send


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """What deciding and telling need of a rule; stored with the hit, so it outlives the rule."""

    id: str
    title: str
    severity: Severity = Severity.NORMAL
    tags: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    channels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HitFacts:
    """A stored hit as deciding sees it.

    Attributes:
        story: of its article; None for an article that is in none.
        copy: its article is nearly the text of another one of the story.
        likeness: how surely its article belongs to the story: 1 if it began it or is a copy, else
            the cosine that put it there.
        clauses: of its rule, those that matched.
        late: its article was there before its rule.
    """

    id: int
    article: int
    story: int | None = None
    copy: bool = False
    likeness: float = 1.0
    rule: RuleFacts
    clauses: frozenset[str] = frozenset()
    arrival: Arrival
    late: bool = False
    carriers: tuple[Carrier, ...]

    @property
    def subject(self) -> str:
        """What it is about: its story, else its article."""
        return f"article:{self.article}" if self.story is None else f"story:{self.story}"


class WaitsFor(StrEnum):
    """What an open alert waits for."""

    GROUP = "group"  # further hits that come at the same time
    FOLLOW_UP = "follow-up"  # the gap between messages on one story
    QUIET = "quiet"  # the end of quiet hours
    DIGEST = "digest"  # the hour of the digest
    LIMIT = "limit"  # room below the limit of messages an hour
    CHANNEL = "channel"  # another try after nobody could be reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The open alert that is to tell a hit; a channel has one of a kind and subject at a time.

    Attributes:
        due_at: when it is sealed at the latest; the earliest time that any hit gives it counts.
    """

    kind: AlertKind
    subject: str
    due_at: datetime
    waits_for: WaitsFor


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The fate of a hit on one channel.

    Attributes:
        wait: where it waits to be told; None if it is not told.
    """

    channel: str
    reason: Reason
    wait: Wait | None = None

    @property
    def told(self) -> bool:
        """Whether a message tells it."""
        return self.wait is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingHit:
    """A hit inside an alert."""

    rule: RuleFacts
    spans: tuple[Span, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertArticle:
    """The article of an alert, with the texts its spans point into."""

    id: int
    title: str
    lead: str
    text: str
    url: str
    source: str
    language: str | None
    published: datetime | None
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article and what hit it.

    Attributes:
        hits: one per rule, in the order of ``alerts.group.order``; spans point into ``article``.
    """

    article: AlertArticle
    hits: tuple[TellingHit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article that a message names without quoting it.

    Attributes:
        copy: its text is (nearly) that of another article of the story.
    """

    article: int
    title: str
    url: str
    source: str
    published: datetime | None
    seen: datetime
    copy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a message says of one story.

    Attributes:
        id: stored id; None for an article without a story.
        lead: the article that leads, with all its hits.
        also: further articles, which a rule hit that does not hit the lead.
        others: further articles, named only: copies and reports of the same event, oldest first.
        unlisted: how many further ones there are that ``others`` leaves out.
        outlets: sources that carried the story so far, the lead's included.
    """

    id: int | None = None
    lead: Telling
    also: tuple[Telling, ...] = ()
    others: tuple[Headline, ...] = ()
    unlisted: int = 0
    outlets: int = 1

    @property
    def hits(self) -> tuple[TellingHit, ...]:
        """The hits of all its quoted articles, the lead's first."""
        return self.lead.hits + tuple(hit for telling in self.also for hit in telling.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Everything a message about one story says; frozen when the alert is sealed.

    Attributes:
        id: stored id.
        kind: first report or follow-up.
        created: when its first hit came.
        subject: of the mail; a follow-up has that of the first message behind ``Re:``.
        occasion: what a follow-up has to say, in words ("now 10 outlets", "new passages"); else
            empty.
    """

    id: int
    channel: str
    kind: AlertKind = AlertKind.FIRST
    created: datetime
    subject: str
    occasion: str = ""
    story: Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything a message about many stories says; frozen when the alert is sealed.

    Attributes:
        id: stored id.
        kind: digest, burst or catch-up.
        since, until: the time it covers.
        subject: of the mail.
        occasion: why these stories come together, in words ("38 alerts in 10 minutes", "the
            channel was down from … to …"); empty for a digest at its hour.
        stories: the most important first; those to be quoted.
        headlines: further articles, named only: of stories beyond the limit, and what was held
            back of stories told before.
        unlisted: how many further articles are in neither.
        total: stories in all.
    """

    id: int
    channel: str
    kind: AlertKind
    since: datetime
    until: datetime
    subject: str
    occasion: str = ""
    stories: tuple[Story, ...]
    headlines: tuple[Headline, ...] = ()
    unlisted: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """What a system alert says of one source."""

    name: str
    url: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Everything a system alert says; frozen when it is sealed.

    Attributes:
        id: stored id.
        created: when its first event came.
        title: its headline.
        lines: in the order of the events; at least one.
    """

    id: int
    channel: str
    created: datetime
    title: str
    lines: tuple[NoticeLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shorter:
    """A message with less detail, as ``text`` and ``markdown`` of a ``Message``."""

    text: str
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A rendered alert.

    Attributes:
        subject: one line: ``[rule +N] headline — outlet``, N for further rules,
            ``[digest] 14 stories, 61 articles — …``, ``[spike] rule: 14 stories in an hour, …``,
            or ``[Media Monitor] what happened``.
        text: plain text with every link in full.
        html: a mail page, styles inlined.
        markdown: plain Markdown with every link, for services that show it.
        shorter: the same with ever less detail, for services that take no long messages; the
            first one that fits is shown.
        short: at most 900 characters for small services.
        blocks: Slack's Block Kit, within its documented limits.
        url: link of the article, or empty.
        rule: id of the leading rule, or ``digest``, ``system``; mail programs can file by it
            (List-Id).
        thread: what all messages on a story share (``story-42``); empty if it stands alone.
    """

    subject: str
    text: str
    html: str
    markdown: str
    short: str
    blocks: tuple[Mapping[str, object], ...]
    url: str = ""
    rule: str = ""
    thread: str = ""
    shorter: tuple[Shorter, ...] = ()
