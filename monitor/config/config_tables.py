"""The tables of config.toml and feeds.toml; names and defaults are those of the documents."""

from typing import Any, Literal, Self

from monitor.config.schema import (
    NO_ENTRIES,
    Backlog,
    ContradictionError,
    Count,
    Days,
    Duration,
    DurationOrOff,
    FeedUrl,
    FewPages,
    Header,
    Host,
    Hour,
    IncompleteError,
    Keep,
    Language,
    Limit,
    Line,
    Listen,
    MailAddress,
    Many,
    MaybeLine,
    Network,
    NonEmpty,
    OneEngine,
    OneFullText,
    OneHints,
    OneMode,
    OneSeverity,
    Port,
    PositiveDuration,
    Rhythm,
    Sender,
    StoreUrl,
    Table,
    TimeZone,
    checked,
)
from monitor.model.channel import ChannelPolicy, DeliveryPolicy, Mode
from monitor.model.feed import FullText, Hints, Quiet
from monitor.model.settings import DAY, EngineKind, FetchPolicy, LogPolicy, Retention

USER_AGENT = "media-monitor (+https://github.com/media-monitor/media-monitor)"
"""How we introduce ourselves, unless the configuration says otherwise."""

_FETCH = FetchPolicy(user_agent=USER_AGENT)
_RETENTION = Retention()
_DELIVERY = DeliveryPolicy()
_CHANNEL = ChannelPolicy(name="", url="")
_LOG = LogPolicy()


class StoreTable(Table):
    """``[store]``."""

    url: StoreUrl = "sqlite:///monitor.db"
    keep: Keep = _RETENTION.articles
    keep_hits: Keep = _RETENTION.hits
    store_text: Literal["all", "hits"] = _RETENTION.texts


class RulesTable(Table):
    """``[rules]``."""

    path: NonEmpty[Line] = ("rules",)
    window: DurationOrOff = DAY


class FetchTable(Table):
    """``[fetch]``."""

    user_agent: Line = _FETCH.user_agent
    connections: Count = _FETCH.connections
    per_host: Count = _FETCH.per_host
    gap: Duration = _FETCH.gap
    timeout: PositiveDuration = _FETCH.timeout
    proxy: MaybeLine = ""
    allow_private: Many[Network] = ()
    robots: bool = True
    pages_per_day: Count = 200


class FeedDefaultsTable(Table):
    """``[feed_defaults]``: what ``[[feeds]]`` says as well goes before."""

    tags: Many[Line] = ()
    enabled: bool = True
    every: Rhythm = None
    hints: OneHints = Hints.CAPPED
    full_text: OneFullText = FullText.AUTO
    backlog: Backlog = Quiet.QUIET
    backfill_pages: FewPages = 0
    language: Language | None = None
    timezone: TimeZone | None = None
    user_agent: Line | None = None
    headers: dict[Header, Line] = NO_ENTRIES
    auth: Line | None = None
    proxy: MaybeLine | None = None


class FeedTable(FeedDefaultsTable):
    """One of ``[[feeds]]``."""

    url: FeedUrl
    name: Line | None = None


class EmailTable(Table):
    """``email = {…}`` of a channel."""

    host: Host
    port: Port | None = None
    tls: Literal["starttls", "ssl", "none"] = "starttls"
    user: Line | None = None
    password: Line | None = None
    from_: Sender
    to: NonEmpty[MailAddress]

    @checked
    def _complete_login(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise IncompleteError('both "user" and "password", or neither')
        return self


class DigestTable(Table):
    """``digest = {…}`` of a channel."""

    at: NonEmpty[Hour]
    days: Days = frozenset(range(7))
    send_empty: bool = False


class QuietTable(Table):
    """``quiet = {…}`` of a channel."""

    from_: Hour
    to: Hour
    except_: Many[OneSeverity] = ()

    @checked
    def _some_hours(self) -> Self:
        if self.from_ == self.to:
            raise ContradictionError(
                "to", 'is the same hour as "from"; write two hours, or enabled = false for ever'
            )
        return self


class ChannelTable(Table):
    """``[channels.NAME]``."""

    url: Line | None = None
    email: EmailTable | None = None
    enabled: bool = True
    mode: OneMode = _CHANNEL.mode
    group_wait: Duration | None = None
    follow_up: DurationOrOff = _CHANNEL.follow_up
    max_per_hour: Limit = _CHANNEL.max_per_hour
    digest: DigestTable | None = None
    quiet: QuietTable | None = None
    timezone: TimeZone | None = None
    templates: Line | None = None

    @checked
    def _one_address(self) -> Self:
        if (self.url is None) == (self.email is None):
            raise IncompleteError('"url" or "email", one of the two')
        return self

    @checked
    def _hours_of_digests(self) -> Self:
        if self.mode is not Mode.INSTANT and self.digest is None:
            raise ContradictionError(
                "mode", f'"{self.mode}" needs hours; add digest = {{ at = ["07:00"] }}'
            )
        return self


class RouteTable(Table):
    """One of ``[[routes]]``."""

    channels: NonEmpty[Line]
    rules: Many[Line] = ()
    entities: Many[Line] = ()
    severity: Many[OneSeverity] = ()
    tags: Many[Line] = ()
    feeds: Many[Line] = ()
    continue_: bool = False

    @property
    def takes_all(self) -> bool:
        """Whether no hit gets past this route."""
        conditions = self.rules, self.entities, self.severity, self.tags, self.feeds
        return not self.continue_ and not any(conditions)


class DeliveryTable(Table):
    """``[delivery]``."""

    first_retry: PositiveDuration = _DELIVERY.first_retry
    lease: PositiveDuration = _DELIVERY.lease
    give_up: PositiveDuration = _DELIVERY.give_up


class AlertsTable(Table):
    """``[alerts]``."""

    system: Many[Line] | None = None
    templates: Line | None = None
    feeds: MaybeLine = ""
    heartbeat: Hour | None = None


class HttpTable(Table):
    """``[http]``."""

    listen: Listen | None = None


class LogTable(Table):
    """``[log]``."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = _LOG.format


class RuntimeTable(Table):
    """``[runtime]``."""

    engine: OneEngine = EngineKind.EMBEDDED


class FeedsFile(Table):
    """feeds.toml; its feeds are read one by one."""

    feeds: Many[Any] = ()


class ConfigFile(FeedsFile):
    """config.toml; its feeds, channels and routes are read one by one."""

    store: StoreTable = StoreTable()
    rules: RulesTable = RulesTable()
    fetch: FetchTable = FetchTable()
    feed_defaults: FeedDefaultsTable = FeedDefaultsTable()
    channels: dict[str, Any] = NO_ENTRIES
    routes: Many[Any] = ()
    delivery: DeliveryTable = DeliveryTable()
    alerts: AlertsTable = AlertsTable()
    http: HttpTable = HttpTable()
    log: LogTable = LogTable()
    runtime: RuntimeTable = RuntimeTable()
