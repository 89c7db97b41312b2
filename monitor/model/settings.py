"""The whole configuration as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import Final, Literal

from monitor.model.channel import DeliveryPolicy, Routing
from monitor.model.feed import FeedSpec

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """How we behave towards servers.

    Attributes:
        gap: least time between two starts on one host.
        proxy: URL of the HTTP proxy for what belongs to no feed; never shown.
        allow_private: networks (CIDR) that feeds may live on although they are private.
        max_body: bytes of a body after decompression.
    """

    user_agent: str
    connections: int = 64
    per_host: int = 2
    gap: timedelta = timedelta(seconds=1)
    timeout: timedelta = timedelta(seconds=30)
    proxy: str | None = field(default=None, repr=False)
    allow_private: tuple[str, ...] = ()
    max_body: int = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What is kept, and how long; None = for ever.

    Attributes:
        texts: of all articles, or of those with a hit only; titles and leads are kept of all.
    """

    articles: timedelta | None = timedelta(days=90)
    hits: timedelta | None = None
    texts: Literal["all", "hits"] = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPolicy:
    """What the log shows and how."""

    level: str = "info"
    format: Literal["auto", "console", "json"] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPolicy:
    """Where health and metrics are served; no port means nowhere."""

    host: str = "127.0.0.1"
    port: int | None = None


class EngineKind(StrEnum):
    """What runs the jobs: this process, or several machines with a queue between them."""

    EMBEDDED = "embedded"
    PROCRASTINATE = "procrastinate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """config.toml and feeds.toml, checked; paths are absolute.

    Attributes:
        store_url: SQLAlchemy URL.
        rule_paths: folders or files of rules, in reading order.
        heartbeat: hour of the machine's clock at which a sign of life is told; None for none.
        rule_window: how old articles are that new rules are still matched against; None: no rule
            is.
        feed_folder: where an Atom feed of each rule and each tag is kept; None: nowhere.
    """

    file: PurePath
    store_url: str = field(repr=False)
    retention: Retention
    rule_paths: tuple[PurePath, ...]
    rule_window: timedelta | None
    fetch: FetchPolicy
    feeds: Mapping[str, FeedSpec]
    routing: Routing
    delivery: DeliveryPolicy
    log: LogPolicy
    http: HttpPolicy = HttpPolicy()
    heartbeat: time | None = None
    feed_folder: PurePath | None = None
    engine: EngineKind = EngineKind.EMBEDDED
