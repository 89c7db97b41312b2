"""Channels and routes as the configuration writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from monitor.model.rule import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPolicy:
    """A channel: where its messages go and how long an alert waits for more hits.

    Attributes:
        url: Apprise URL with its secrets resolved; never shown.
        recipients: e-mail addresses, one delivery each; empty if the URL itself says where.
    """

    name: str
    url: str = field(repr=False)
    recipients: tuple[str, ...] = ()
    enabled: bool = True
    group_wait: timedelta = timedelta(seconds=60)


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
