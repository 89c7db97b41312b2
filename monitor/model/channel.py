"""Channels and routes as the configuration writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, time, timedelta, tzinfo
from enum import StrEnum

from monitor.model.rule import Severity


class Mode(StrEnum):
    """How a channel is told."""

    INSTANT = "instant"
    DIGEST = "digest"
    BOTH = "both"  # instant; the digest has what was held back, and names what was told


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTimes:
    """When a channel gets its digest, in the channel's time zone.

    Attributes:
        at: hours of a day, ascending; at least one.
        days: of the week, 0 is Monday.
        send_empty: a digest comes even if there is nothing to say.
    """

    at: tuple[time, ...]
    days: frozenset[int] = frozenset(range(7))
    send_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When a channel is not to be woken, in the channel's time zone; may span midnight.

    Attributes:
        start, end: the hours; equal ones are refused by the configuration.
        but: severities that come anyway.
    """

    start: time
    end: time
    but: frozenset[Severity] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPolicy:
    """A channel: where its messages go, and when.

    Attributes:
        url: Apprise URL with its secrets resolved; never shown.
        recipients: e-mail addresses, one delivery each; empty if the URL itself says where.
        group_wait: how long an alert waits for more hits.
        follow_up: least gap between alerts on what was told of a story; None for never.
        max_per_hour: alerts in an hour, above which they come together; None for no limit.
        digest: None if it has no digest; always there in the modes digest and both.
        zone: of its hours and of the times it is told.
        templates: folder of templates that replace those of the program; None if none do.
    """

    name: str
    url: str = field(repr=False)
    recipients: tuple[str, ...] = ()
    enabled: bool = True
    mode: Mode = Mode.INSTANT
    group_wait: timedelta = timedelta(seconds=60)
    follow_up: timedelta | None = timedelta(minutes=30)
    max_per_hour: int | None = 12
    digest: DigestTimes | None = None
    quiet: QuietHours | None = None
    zone: tzinfo = UTC
    templates: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Which hits go to which channels; an empty condition holds for all."""

    channels: tuple[str, ...]
    rules: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    severity: tuple[Severity, ...] = ()
    tags: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    continues: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPolicy:
    """How the outbox waits."""

    first_retry: timedelta = timedelta(seconds=30)
    lease: timedelta = timedelta(minutes=2)
    give_up: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """All channels and routes; no routes means that every channel gets all.

    Attributes:
        system: channels of system alerts; None for all.
    """

    channels: Mapping[str, ChannelPolicy]
    routes: tuple[Route, ...] = ()
    system: tuple[str, ...] | None = None
