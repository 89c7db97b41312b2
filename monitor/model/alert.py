"""Alerts: what is told to a channel, why, and what the message says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.article import Arrival, Carrier
from monitor.model.hit import Span
from monitor.model.rule import Severity


class Reason(StrEnum):
    """Why a hit is told to a channel, or is not."""

    FIRST = "first"  # told: nothing of this article was told to the channel before
    MORE = "more"  # told: another rule hit an article the channel knows
    BACKLOG = "backlog"  # found by a quiet first poll
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
    """A stored hit as deciding sees it."""

    id: int
    article: int
    rule: RuleFacts
    arrival: Arrival
    carriers: tuple[Carrier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The fate of a hit on one channel."""

    channel: str
    told: bool
    reason: Reason


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
class Alert:
    """Everything a message says; frozen when the alert is sealed.

    Attributes:
        id: stored id.
        created: when its first hit came.
        hits: one per rule, in the order of ``alerts.group.order``; the first leads.
    """

    id: int
    channel: str
    created: datetime
    article: AlertArticle
    hits: tuple[TellingHit, ...]


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
class Message:
    """A rendered alert.

    Attributes:
        subject: one line: ``[rule +N] headline — outlet``, N for further rules, or
            ``[Media Monitor] what happened``.
        text: plain text with every link in full.
        html: a mail page, styles inlined.
        short: at most 900 characters for small services.
        slack: Slack mrkdwn of the body (at most 3000 characters a section), one string a section.
        url: link of the article, or empty.
        rule: id of the leading rule, or ``system``; mail programs can file by it (List-Id).
    """

    subject: str
    text: str
    html: str
    short: str
    slack: tuple[str, ...]
    url: str = ""
    rule: str = ""
