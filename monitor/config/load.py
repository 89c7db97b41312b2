"""config.toml and the feeds.toml beside it -> settings."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.config.channels import read_channels, template_folder
from monitor.config.config_tables import (
    ConfigFile,
    DeliveryTable,
    FeedsFile,
    FeedTable,
    FetchTable,
    HttpTable,
)
from monitor.config.document import Document, parse_toml, read_text, shown
from monitor.config.feed_specs import Found, feed_specs, proxy_of, read_feeds, with_secrets
from monitor.config.positions import KeyPath
from monitor.config.problems import Report
from monitor.config.routes import check_channels, read_routes
from monitor.config.schema import read_table
from monitor.config.secrets import Secrets
from monitor.config.values import quoted
from monitor.errors import ConfigError, Place, Problem
from monitor.model.channel import DeliveryPolicy, Routing
from monitor.model.feed import FeedSpec
from monitor.model.settings import (
    EngineKind,
    FetchPolicy,
    HttpPolicy,
    LogPolicy,
    Retention,
    Settings,
)

FEEDS_FILE: Final = "feeds.toml"
"""Name of the file beside the configuration that ``feeds add`` writes."""

SYSTEM_CONFIG: Final = Path("/etc/monitor/config.toml")
_SQLITE: Final = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings that can be used, what is odd about them, and where things stand.

    Attributes:
        channel_places: of the address of each channel.
        place: of a value of config.toml, by its path.
    """

    settings: Settings
    warnings: tuple[Problem, ...]
    channel_places: Mapping[str, Place]
    place: Callable[[KeyPath], Place]


def find_config(explicit: Path | None, cwd: Path, environ: Mapping[str, str]) -> Path:
    """The configuration to use: the one asked for, else the first of the usual places.

    Raises:
        ConfigError: there is none; the message says how to make one.
    """
    if explicit is not None:
        if _is_there(cwd / explicit):
            return explicit
        raise _missing(explicit, "there is no such file; `monitor init` writes one to start from")
    places = [cwd / "config.toml", *_user_configs(environ), SYSTEM_CONFIG]
    for place in places:
        if _is_there(place):
            return place
    looked = ", ".join(shown(place, cwd) for place in places)
    raise _missing(
        Path("config.toml"),
        f"there is no configuration (looked for {looked}); "
        "make one with `monitor init`, or name one with --config FILE",
    )


def _user_configs(environ: Mapping[str, str]) -> list[Path]:
    base = environ.get("XDG_CONFIG_HOME")
    if not base and (home := environ.get("HOME")):
        base = f"{home}/.config"  # the default of the XDG specification
    return [Path(base) / "monitor" / "config.toml"] if base else []


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:
        return True  # reading it will tell


def _missing(path: Path, message: str) -> ConfigError:
    return ConfigError([Problem(Place(str(path)), message)])


def load_settings(
    path: Path,
    environ: Mapping[str, str],
    cwd: Path | None = None,
    *,
    need_secrets: bool = True,
) -> Loaded:
    """Read and check a configuration.

    Args:
        path: of config.toml; relative paths inside it are relative to its folder.
        environ: where ``env:NAME`` secrets are.
        cwd: file names in messages are relative to it (default: the working directory).
        need_secrets: a missing secret is a problem; else what it belongs to goes without it.

    Raises:
        ConfigError: with every problem of both files, in the order of their places.
    """
    cwd = cwd or Path.cwd()
    report = Report()
    secrets = Secrets(environ, Path(os.path.normpath(cwd / path)).parent, needed=need_secrets)
    main = _read(path, cwd, report)
    feeds_toml = path.with_name(FEEDS_FILE)
    beside = _read(feeds_toml, cwd, report) if (cwd / feeds_toml).exists() else None
    if beside is not None:
        read_table(FeedsFile, beside, (), report)
    documents = [document for document in (main, beside) if document is not None]
    feeds = read_feeds(documents, secrets, report)
    if main is None:
        raise ConfigError(report.problems("error"))
    return _load(main, feeds, secrets, report)


def _read(path: Path, cwd: Path, report: Report) -> Document | None:
    try:
        return parse_toml(read_text(path, cwd), shown(path, cwd))
    except ConfigError as error:
        report.add(error)
        return None


def _load(
    document: Document, feeds: list[Found[FeedTable]], secrets: Secrets, report: Report
) -> Loaded:
    # A table with problems is replaced by its defaults, so that the rest is checked as well.
    config = read_table(ConfigFile, document, (), report) or ConfigFile()
    wishes = Found(config.feed_defaults, document, ("feed_defaults",))
    defaults = with_secrets(wishes, secrets, report).table
    found = Found(config.fetch, document, ("fetch",))
    proxy = proxy_of(found, config.fetch.proxy, secrets, report) or ""
    config = config.model_copy(update={"fetch": config.fetch.model_copy(update={"proxy": proxy})})
    place = document.value(("alerts", "templates"))
    templates = template_folder(config.alerts.templates, secrets.folder, place, report)
    routing = Routing(
        channels=read_channels(document, secrets, templates, report),
        routes=read_routes(document, report),
        system=config.alerts.system,
    )
    check_channels(config.alerts.system or (), document, ("alerts", "system"), report)
    if not feeds:
        message = "there are no feeds to watch; add one with `monitor feeds add URL`"
        report.warn(document.key(("feeds",)), message)
    _warn_of_missing_rules(document, config, secrets.folder, report)
    _check_engine(document, config, report)
    if errors := report.problems("error"):
        raise ConfigError(errors)
    specs = feed_specs(feeds, defaults, config.fetch, secrets.folder)
    file = secrets.folder / Path(document.file).name
    return Loaded(
        settings=_settings(file, config, specs, routing),
        warnings=report.problems("warning"),
        channel_places={name: _address_place(document, name) for name in routing.channels},
        place=document.value,
    )


def _warn_of_missing_rules(
    document: Document, config: ConfigFile, folder: Path, report: Report
) -> None:
    """What reads the rules tells it as well, but not where their folder is named."""
    named = config.rules.path if "path" in config.rules.model_fields_set else ()
    for index, path in enumerate(named):
        if not _below(folder, path).exists():
            place = document.value(("rules", "path", index))
            report.warn(place, f"[rules] path: there is no {quoted(path)} beside this file")


def _check_engine(document: Document, config: ConfigFile, report: Report) -> None:
    is_file = config.store.url.startswith(_SQLITE)
    if config.runtime.engine is EngineKind.PROCRASTINATE and is_file:
        report.error(
            document.value(("runtime", "engine")),
            'engine "procrastinate" is for several machines on one PostgreSQL, and SQLite is a '
            'file; set [store] url = "postgresql://user@host/database"',
        )


def _address_place(document: Document, channel: str) -> Place:
    path = ("channels", channel)
    return document.value((*path, "url" if "url" in document.at(path) else "email"))


def _settings(
    file: Path, config: ConfigFile, feeds: Mapping[str, FeedSpec], routing: Routing
) -> Settings:
    return Settings(
        file=file,
        store_url=_store_url(config.store.url, file.parent),
        retention=Retention(
            articles=config.store.keep, hits=config.store.keep_hits, texts=config.store.store_text
        ),
        rule_paths=tuple(_below(file.parent, path) for path in config.rules.path),
        rule_window=config.rules.window,
        fetch=_fetch(config.fetch),
        feeds=feeds,
        routing=routing,
        delivery=_delivery(config.delivery),
        log=LogPolicy(level=config.log.level, format=config.log.format),
        http=_http(config.http),
        heartbeat=config.alerts.heartbeat,
        feed_folder=_below(file.parent, config.alerts.feeds) if config.alerts.feeds else None,
        engine=config.runtime.engine,
    )


def _http(table: HttpTable) -> HttpPolicy:
    if table.listen is None:
        return HttpPolicy()
    host, port = table.listen
    return HttpPolicy(host=host, port=port)


def _fetch(table: FetchTable) -> FetchPolicy:
    return FetchPolicy(
        user_agent=table.user_agent,
        connections=table.connections,
        per_host=table.per_host,
        gap=table.gap,
        timeout=table.timeout,
        proxy=table.proxy or None,
        allow_private=table.allow_private,
    )


def _delivery(table: DeliveryTable) -> DeliveryPolicy:
    return DeliveryPolicy(first_retry=table.first_retry, lease=table.lease, give_up=table.give_up)


def _store_url(url: str, folder: Path) -> str:
    if not url.startswith(_SQLITE):
        return url
    return f"{_SQLITE}{_below(folder, url.removeprefix(_SQLITE))}"


def _below(folder: Path, path: str) -> Path:
    return Path(os.path.normpath(folder / path))
