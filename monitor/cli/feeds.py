"""``monitor feeds``: subscriptions and their health."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.common import config_option, json_option, open_store, settings
from monitor.cli.feeds_add import add
from monitor.cli.feeds_find import find
from monitor.cli.feeds_lists import export, import_
from monitor.cli.feeds_poll import poll
from monitor.cli.groups import Listing
from monitor.cli.output import json_line, local, table
from monitor.cli.subscriptions import remove

if TYPE_CHECKING:
    from monitor.model.feed import FeedSpec
    from monitor.store.feed_health import FeedHealth


@click.group(cls=Listing)
@config_option
def feeds() -> None:
    """Subscriptions and their health (default: list)."""


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


for command in (add, remove, import_, export, find, poll):
    feeds.add_command(command)
