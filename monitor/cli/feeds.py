"""``monitor feeds``: subscriptions and their health; edits feeds.toml only."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.common import config_option, config_path, json_option, open_store, settings
from monitor.cli.output import json_line, local, table
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.store.feed_health import FeedHealth


@click.group(invoke_without_command=True)
@click.pass_context
@config_option
def feeds(context: click.Context) -> None:
    """Subscriptions: list, add, remove, poll (default: list)."""
    if context.invoked_subcommand is None:
        context.invoke(list_feeds)


@feeds.command("list")
@json_option
@config_option
def list_feeds(*, as_json: bool = False) -> None:
    """Every feed with its health."""
    from monitor.store import feed_health

    wishes = settings()
    store = open_store(wishes)
    with store.read() as connection:
        known = feed_health.health(connection)
    if as_json:
        for feed in known:
            json_line(_json(feed))
        return
    table(
        ("health", "name", "articles", "next poll", "last ok", "url"),
        [
            (
                f"{feed.health} ({feed.failures}): {feed.last_error}"
                if feed.last_error
                else feed.health,
                feed.name,
                feed.articles,
                local(feed.next_poll_at) if feed.health != "retired" else "-",
                local(feed.last_ok),
                feed.url,
            )
            for feed in known
        ],
    )


def _json(feed: "FeedHealth") -> dict[str, object]:
    return {
        "id": feed.id,
        "url": feed.url,
        "name": feed.name,
        "title": feed.title,
        "tags": list(feed.tags),
        "health": feed.health,
        "failures": feed.failures,
        "error": feed.last_error,
        "last_ok": feed.last_ok,
        "next_poll": feed.next_poll_at,
        "articles": feed.articles,
    }


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
    click.echo(f"added to {path}; reload a running daemon with SIGHUP")


@feeds.command()
@click.argument("url")
@config_option
def remove(url: str) -> None:
    """Take URL out of feeds.toml; its articles stay."""
    from monitor.config.feedsfile import remove_feed

    path = _feeds_file()
    if not remove_feed(path, url):
        where = (
            "config.toml names it: remove it there"
            if url in settings().feeds
            else "check the address"
        )
        raise MonitorError(f"{path} does not name {url}; {where}")
    click.echo(f"removed from {path}; its articles are kept")


@feeds.command()
@click.argument("url")
@config_option
def poll(url: str) -> None:
    """Ask a running daemon to poll URL at its next tick."""
    from monitor.store import feeds as stored

    wishes = settings()
    if url not in wishes.feeds:
        raise MonitorError(f"{url} is not subscribed; `monitor feeds list` shows what is")
    with open_store(wishes).write() as connection:
        stored.reschedule(connection, url, datetime.now(UTC))
    click.echo("due now; a running daemon polls it within a second, or use `monitor run --once`")


def _feeds_file() -> Path:
    return config_path().with_name("feeds.toml")
