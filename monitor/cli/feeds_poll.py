"""``monitor feeds poll``: one feed, now, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import TYPE_CHECKING, Any, Final

import click

from monitor.cli.common import (
    BUSY,
    NO,
    config_option,
    daemon,
    json_option,
    open_store,
    settings,
)
from monitor.cli.output import counted, json_line, local, printable, waiting
from monitor.cli.subscriptions import meant
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.model.feed import FeedSpec
    from monitor.model.settings import Settings
    from monitor.store.engine import Store
    from monitor.store.feed_health import FeedHealth

_LOOK_EVERY: Final = 0.2  # seconds
_SLACK: Final = timedelta(seconds=30)  # for other polls and for storing


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How a poll went, as the store tells.

    Attributes:
        new: articles that this feed had not carried before.
        quiet: nobody is told of them: the feed was polled for the first time.
    """

    feed: "FeedSpec"
    new: int
    articles: int
    quiet: bool
    error: str | None
    next_poll: datetime

    def as_json(self) -> Mapping[str, Any]:
        """For programs."""
        return {
            "url": self.feed.url,
            "name": self.feed.name,
            "new": self.new,
            "articles": self.articles,
            "quiet": self.quiet,
            "error": self.error,
            "next_poll": self.next_poll,
        }

    def in_words(self) -> str:
        """For people."""
        then = f"next poll {local(self.next_poll)}"
        if self.error:
            return f"{self.feed.name}: failed: {self.error}; {then}"
        if not self.new:
            return f"{self.feed.name}: nothing new, {counted(self.articles, 'article')}; {then}"
        stored = f"{self.feed.name}: {counted(self.new, 'article')} stored"
        why = ', quiet (first poll; backlog = "alert" tells them)' if self.quiet else ""
        return f"{stored}{why}; {then}"


@click.command()
@click.argument("url")
@json_option
@config_option
def poll(url: str, *, as_json: bool) -> None:
    """Poll one feed now, and tell how it went.

    A running daemon is asked to do it; without one it is done here.
    """
    wishes = settings()
    process = daemon(wishes)
    if not process:
        wishes = settings(need_secrets=True)  # this process is to send them
    feed = _wished(url, wishes)
    store = open_store(wishes)
    before = _health(store, feed)
    _refuse_impatience(store, feed)
    with waiting(f"polling {feed.name}"):
        if process:
            _ask(store, feed, wishes, process)
        else:
            _do(store, feed, wishes)
    after = _health(store, feed)
    if after is None:
        raise MonitorError(f"{feed.url} was not polled")
    result = _polled(feed, before, after)
    if as_json:
        json_line(result.as_json())
    else:
        click.echo(printable(result.in_words()))
        if result.new and not process:
            click.echo("`monitor run` matches them against the rules")
    if result.error:
        raise click.exceptions.Exit(NO)


def _wished(text: str, wishes: "Settings") -> "FeedSpec":
    url = meant(text, wishes)
    if url is None:
        raise MonitorError(f"{text} is not subscribed; `monitor feeds list` shows what is")
    if not wishes.feeds[url].enabled:
        raise MonitorError(f"{url} is disabled; take away its `enabled = false` first")
    return wishes.feeds[url]


def _health(store: "Store", feed: "FeedSpec") -> "FeedHealth | None":
    from monitor.store import feed_health

    with store.read() as connection:
        known = feed_health.health(connection, datetime.now(UTC))
    return next((each for each in known if each.url == feed.url), None)


def _refuse_impatience(store: "Store", feed: "FeedSpec") -> None:
    """A server that asked for time gets it.

    Raises:
        MonitorError: it did; the message says until when.
    """
    from monitor.model.feed import host_of
    from monitor.store import feeds, hosts

    with store.read() as connection:
        planned = feeds.next_polls(connection).get(feed.url)
        pauses = hosts.pauses(connection)
    host = host_of(feed.location)
    ends = [each.until for each in pauses if each.host == host]
    if planned and planned.not_before:
        ends.append(planned.not_before)
    until = max(ends, default=datetime.min.replace(tzinfo=UTC))
    if until > datetime.now(UTC):
        raise MonitorError(f"{feed.name}: its server asked to be left alone until {local(until)}")


def _ask(store: "Store", feed: "FeedSpec", wishes: "Settings", process: int) -> None:
    """Has a running daemon poll it, and waits for the end."""
    from monitor.store import feeds

    with store.write() as connection:
        known = feeds.next_polls(connection)
        if feed.url not in known:
            raise MonitorError(f"the running daemon does not know it yet: kill -HUP {process}")
        feeds.reschedule(connection, feed.url, datetime.now(UTC))
    looks = int((2 * wishes.fetch.timeout + _SLACK).total_seconds() / _LOOK_EVERY)
    for _ in range(looks):
        with store.read() as connection:
            if feeds.next_polls(connection)[feed.url].polled_at != known[feed.url].polled_at:
                return
        sleep(_LOOK_EVERY)
    click.echo(
        "it is due, but the daemon is busy; `monitor feeds list` tells how it went", err=True
    )
    raise click.exceptions.Exit(BUSY)


def _do(store: "Store", feed: "FeedSpec", wishes: "Settings") -> None:
    from monitor.cli.one_poll import poll_one

    with store.alone():
        poll_one(wishes, store, feed.url)


def _polled(feed: "FeedSpec", before: "FeedHealth | None", after: "FeedHealth") -> Polled:
    from monitor.model.feed import Quiet

    known = before.articles if before else 0
    first = before is None or before.last_ok is None
    return Polled(
        feed=feed,
        new=after.articles - known,
        articles=after.articles,
        quiet=first and feed.backlog is Quiet.QUIET,
        error=after.last_error,
        next_poll=after.next_poll_at,
    )
