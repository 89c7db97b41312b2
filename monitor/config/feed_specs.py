"""``[[feeds]]`` of config.toml and feeds.toml -> feed specs."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Generic, TypeVar
from urllib.parse import urlsplit

from monitor.config import values
from monitor.config.config_tables import FeedDefaultsTable, FeedTable, FetchTable
from monitor.config.document import Document
from monitor.config.positions import KeyPath
from monitor.config.problems import Report
from monitor.config.schema import AnyTable, read_table
from monitor.config.secrets import Secrets, warn_if_open
from monitor.errors import Place
from monitor.model.feed import FeedSpec

_HURRIED: Final = timedelta(minutes=1)

Wishes = TypeVar("Wishes", bound=FeedDefaultsTable)


@dataclass(frozen=True, slots=True)
class Found(Generic[AnyTable]):
    """A table about feeds with where it stands; its secrets may still be ``env:NAME``."""

    table: AnyTable
    document: Document
    path: KeyPath

    def place(self, *keys: str) -> Place:
        """Place of a value."""
        return self.document.value((*self.path, *keys))


def read_feeds(
    documents: Iterable[Document], secrets: Secrets, report: Report
) -> list[Found[FeedTable]]:
    """The feeds of all files, in order, without those that have problems."""
    found = [
        Found(table, document, path)
        for document in documents
        for path in document.elements("feeds")
        if (table := read_table(FeedTable, document, path, report))
    ]
    _refuse_twins(found, secrets.folder, report)
    _miss_files(found, secrets.folder, report)
    return [with_secrets(feed, secrets, report) for feed in found]


def _refuse_twins(feeds: Iterable[Found[FeedTable]], folder: Path, report: Report) -> None:
    first: dict[tuple[str, str], Place] = {}
    for feed in feeds:
        for key, text in (("url", location_of(feed.table.url, folder)), ("name", feed.table.name)):
            place = feed.place(key)
            if text and first.setdefault((key, text), place) != place:
                other = first[key, text]
                report.error(place, f"{key}: the feed at {other} has the same {key}; remove one")


def _miss_files(feeds: Iterable[Found[FeedTable]], folder: Path, report: Report) -> None:
    """A file that is not there may come later: that is worth a warning, not a refusal."""
    for feed in feeds:
        location = location_of(feed.table.url, folder)
        local = not location.startswith(("http://", "https://"))
        if local and feed.table.enabled and not os.path.exists(location):  # noqa: PTH110 - any text
            report.warn(feed.place("url"), f"url: there is no such file: {location}")


def with_secrets(found: Found[Wishes], secrets: Secrets, report: Report) -> Found[Wishes]:
    """The same table with its secrets in place; warns of a hurried rhythm on the way."""
    if found.table.every is not None and found.table.every < _HURRIED:
        report.warn(found.place("every"), "every: below 1m few servers put up with; 5m is usual")
    if not found.table.enabled:
        return found
    update = {
        "auth": _auth(found, secrets, report),
        "proxy": proxy_of(found, found.table.proxy, secrets, report),
        "headers": {
            name: secret
            for name, text in found.table.headers.items()
            if (secret := _resolved(found, ("headers", name), text, secrets, report)) is not None
        },
    }
    set_ = {key: value for key, value in update.items() if key in found.table.model_fields_set}
    return Found(found.table.model_copy(update=set_), found.document, found.path)


def _auth(found: Found[Wishes], secrets: Secrets, report: Report) -> str | None:
    if found.table.auth is None:
        return None
    warn_if_open(found.table.auth, found.place("auth"), report)
    auth = _resolved(found, ("auth",), found.table.auth, secrets, report)
    if auth and not auth.lower().startswith("bearer ") and ":" not in auth:
        report.error(found.place("auth"), 'auth: must be "user:password" or "bearer TOKEN"')
    return auth


def proxy_of(
    found: Found[AnyTable], text: str | None, secrets: Secrets, report: Report
) -> str | None:
    """The proxy that a table names, its secret in place; empty means none.

    Where its secret is missing the text stays as it is: nothing may be fetched past a proxy.
    """
    if not text:
        return text
    proxy = _resolved(found, ("proxy",), text, secrets, report)
    if proxy is not None:
        try:
            return values.proxy(proxy)
        except ValueError as error:
            report.error(found.place("proxy"), f"proxy: {error}")
    return text


def _resolved(
    found: Found[AnyTable], keys: tuple[str, ...], text: str, secrets: Secrets, report: Report
) -> str | None:
    place = found.place(*keys)
    secret = secrets.resolve(text, found.path, place, report)
    if secret is None:
        return None
    try:
        return values.line(secret)
    except ValueError as error:
        report.error(place, f"{keys[-1]}: {error}")
        return None


def feed_specs(
    feeds: Iterable[Found[FeedTable]],
    defaults: FeedDefaultsTable,
    fetch: FetchTable,
    folder: Path,
) -> Mapping[str, FeedSpec]:
    """Feed specs by URL; paths are relative to the folder, what no feed says is as ``fetch``."""
    specs = (_spec(_completed(feed.table, defaults), fetch, folder) for feed in feeds)
    return {spec.url: spec for spec in specs}


def _completed(table: FeedTable, defaults: FeedDefaultsTable) -> FeedTable:
    missing = defaults.model_fields_set - table.model_fields_set
    return table.model_copy(update={key: getattr(defaults, key) for key in missing})


def _spec(table: FeedTable, fetch: FetchTable, folder: Path) -> FeedSpec:
    location = location_of(table.url, folder)
    default_name = urlsplit(location).hostname if _is_web(location) else Path(location).stem
    return FeedSpec(
        url=table.url,
        location=location,
        name=table.name or default_name or location,
        tags=table.tags,
        enabled=table.enabled,
        every=table.every,
        backlog=table.backlog,
        language=table.language,
        timezone=table.timezone,
        user_agent=table.user_agent,
        headers=table.headers,
        auth=table.auth,
        proxy=(fetch.proxy if table.proxy is None else table.proxy) or None,
        hints=table.hints,
        full_text=table.full_text,
        robots=fetch.robots,
        pages_per_day=fetch.pages_per_day,
        backfill_pages=table.backfill_pages,
    )


def location_of(url: str, folder: Path) -> str:
    """What is fetched: the URL, or the absolute path of a file."""
    return url if _is_web(url) else os.path.normpath(folder / url)


def _is_web(location: str) -> bool:
    return location.lower().startswith(("http:", "https:"))
