"""``monitor feeds``: subscriptions and their health; edits feeds.toml only."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.common import (
    config_option,
    config_path,
    daemon,
    json_option,
    open_store,
    settings,
)
from monitor.cli.groups import Listing
from monitor.cli.output import json_line, local, table
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.model.feed import FeedSpec
    from monitor.model.settings import Settings
    from monitor.store.feed_health import FeedHealth


@click.group(cls=Listing)
@config_option
def feeds() -> None:
    """Subscriptions: list, add, remove, poll (default: list)."""


@feeds.command("list")
@json_option
@config_option
def list_feeds(*, as_json: bool) -> None:
    """Every feed with its health."""
    from monitor.store import feed_health

    wishes = settings()
    with open_store(wishes).read() as connection:
        known = feed_health.health(connection, datetime.now(UTC))
    lines = [_line(feed, wishes.feeds.get(feed.url)) for feed in known]
    in_store = {feed.url for feed in known}
    lines += [
        _new_line(spec)
        for spec in wishes.feeds.values()
        if spec.enabled and spec.url not in in_store
    ]
    if as_json:
        for line in lines:
            json_line(line)
        return
    table(
        ("health", "name", "articles", "next poll", "last ok", "url"),
        [
            (
                _health(line),
                line["name"],
                line["articles"],
                local(line["next_poll"]) if line["health"] != "retired" else "-",
                local(line["last_ok"]),
                line["url"],
            )
            for line in lines
        ],
    )


def _line(feed: "FeedHealth", spec: "FeedSpec | None") -> dict[str, Any]:
    wished = spec is not None and spec.enabled
    return {
        "id": feed.id,
        "url": feed.url,
        "name": feed.name,
        "title": feed.title,
        "tags": list(feed.tags),
        "health": feed.health,
        "reason": feed.reason,
        "waits_for_daemon": wished and feed.health == "retired",
        "failures": feed.failures,
        "error": feed.last_error,
        "last_ok": feed.last_ok,
        "next_poll": feed.next_poll_at,
        "articles": feed.articles,
    }


def _new_line(spec: "FeedSpec") -> dict[str, Any]:
    """Of a feed that the configuration names and the database does not know yet."""
    return {
        "id": None,
        "url": spec.url,
        "name": spec.name,
        "title": None,
        "tags": list(spec.tags),
        "health": "new",
        "reason": "",
        "waits_for_daemon": True,
        "failures": 0,
        "error": None,
        "last_ok": None,
        "next_poll": None,
        "articles": 0,
    }


def _health(line: dict[str, Any]) -> str:
    if line["waits_for_daemon"]:
        return f"{line['health']} (waits for the daemon)"
    return ": ".join(filter(None, (line["health"], line["reason"])))


@feeds.command()
@click.argument("url")
@click.option("--name", help="How you call it (default: its host).")
@click.option("--tag", "tags", multiple=True, help="A label for rules and routes.")
@config_option
def add(url: str, name: str | None, tags: tuple[str, ...]) -> None:
    """Subscribe to URL in feeds.toml; a running daemon takes it up at SIGHUP."""
    from monitor.config.feedsfile import add_feed

    wishes = settings()
    if url in wishes.feeds:
        raise MonitorError(f"{url} is subscribed already")
    _refuse_unreadable(url)
    path = _feeds_file()
    before = path.read_bytes() if path.exists() else None
    add_feed(path, url, name, tags)
    try:
        settings()
    except MonitorError:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
        raise
    click.echo(f"added to {path}")
    _hint_at_reload(wishes)


def _refuse_unreadable(url: str) -> None:
    """A slip of the pen is told before anything is written.

    Raises:
        MonitorError: it is neither an http(s) URL nor a file beside the configuration.
    """
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE)
    if scheme is None and not config_path().parent.joinpath(url).is_file():
        raise MonitorError(
            f"{url} is no http(s) address, and there is no such file beside {config_path().name}"
        )
    if scheme and scheme[0].lower() not in {"http:", "https:"}:
        raise MonitorError(f'"{scheme[0]}" can\'t be fetched; write an http(s) URL')


def _hint_at_reload(wishes: "Settings") -> None:
    if process := daemon(wishes):
        click.echo(f"reload the running daemon: kill -HUP {process}")


@feeds.command()
@click.argument("url")
@config_option
def remove(url: str) -> None:
    """Take URL out of feeds.toml; its articles stay."""
    from monitor.config.feedsfile import remove_feed

    wishes = settings()
    path = _feeds_file()
    if not remove_feed(path, url):
        where = (
            "config.toml names it: remove it there" if url in wishes.feeds else "check the address"
        )
        raise MonitorError(f"{path} does not name {url}; {where}")
    click.echo(f"removed from {path}; its articles are kept")
    _hint_at_reload(wishes)


@feeds.command()
@click.argument("url")
@config_option
def poll(url: str) -> None:
    """Ask a running daemon to poll URL at its next tick."""
    from monitor.store import feeds as stored

    wishes = settings()
    if url not in wishes.feeds:
        raise MonitorError(f"{url} is not subscribed; `monitor feeds list` shows what is")
    if not wishes.feeds[url].enabled:
        raise MonitorError(f"{url} is disabled; take away its `enabled = false` first")
    with open_store(wishes).write() as connection:
        if url not in stored.next_polls(connection):
            raise MonitorError(_not_taken_up(wishes))
        stored.reschedule(connection, url, datetime.now(UTC))
    click.echo("due now; a running daemon polls it within a second, or use `monitor run --once`")


def _not_taken_up(wishes: "Settings") -> str:
    if process := daemon(wishes):
        return f"the running daemon does not know it yet: kill -HUP {process}"
    return "no daemon has taken it up yet; `monitor run` polls it at once"


def _feeds_file() -> Path:
    return config_path().with_name("feeds.toml")
