"""``monitor feeds find``: the feeds of a site."""

import asyncio
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.common import config_option, json_option, settings
from monitor.cli.output import json_line, local, printable, table, waiting
from monitor.cli.subscriptions import address, is_web, subscribed
from monitor.errors import FetchError, MonitorError, ParseError

if TYPE_CHECKING:
    from monitor.feeds.discover import Findings, FoundFeed
    from monitor.feeds.fetch import Fetched
    from monitor.model.feed import FeedSpec, ParsedFeed
    from monitor.model.settings import Settings


@click.command()
@click.argument("url")
@json_option
@config_option
def find(url: str, *, as_json: bool) -> None:
    """The feeds of a site, most useful first.

    Looks at those its page names, at usual addresses and for a news sitemap.
    """
    from monitor.feeds.opml import feed_key

    wishes = settings()
    url = address(url)
    if not is_web(url):
        raise MonitorError(f"{url} is a file; `monitor feeds add {url}` subscribes to it")
    try:
        findings = look(wishes.feeds.get(url) or site(url, wishes), wishes, thorough=True)
    except (FetchError, ParseError) as error:
        raise MonitorError(f"{url}: {error}") from error
    known = subscribed(wishes)
    lines = [_line(feed, known=feed_key(feed.url) in known) for feed in findings.feeds]
    if as_json:
        for line in lines:
            json_line(line)
    else:
        _show(url, lines, findings)
    if not lines:
        raise click.exceptions.Exit(1)


def site(url: str, wishes: "Settings", auth: str | None = None) -> "FeedSpec":
    """An address that no feed of the configuration has."""
    from monitor.model.feed import FeedSpec

    return FeedSpec(url=url, location=url, name=url, auth=auth, proxy=wishes.fetch.proxy)


def look(spec: "FeedSpec", wishes: "Settings", *, thorough: bool) -> "Findings":
    """Fetches and finds, at the pace of the configuration.

    Raises:
        FetchError: it can't be reached.
        ParseError: it is neither a feed nor a page.
    """
    from monitor.feeds.discover import find_feeds
    from monitor.feeds.fetch import Fetcher

    _refuse_to_pass(spec)

    async def run() -> "Findings":
        now = datetime.now(UTC)
        async with Fetcher(wishes.fetch) as fetcher:
            return await find_feeds(fetcher, spec, _read, now, thorough=thorough)

    with waiting(f"looking at {spec.location}"):
        return asyncio.run(run())


def _read(fetched: "Fetched") -> "ParsedFeed":
    from monitor.feeds.parse import Document, parse

    body, kind, now = fetched.body or b"", fetched.content_type, datetime.now(UTC)
    return parse(Document(body=body, url=fetched.url, content_type=kind, now=now))


def look_at_file(path: Path, wishes: "Settings") -> None:
    """Reads a document on disk.

    Raises:
        FetchError: it can't be read.
        ParseError: it is no feed.
    """
    from monitor.feeds.files import read_file
    from monitor.feeds.parse import Document, parse

    body = read_file(str(path.absolute()), wishes.fetch.max_body)
    parse(Document(body=body, url=str(path), now=datetime.now(UTC)))


def download(url: str, wishes: "Settings") -> bytes:
    """The document at an address.

    Raises:
        FetchError: it can't be had.
    """
    from monitor.feeds.fetch import Fetcher
    from monitor.model.feed import Validators

    spec = site(url, wishes)
    _refuse_to_pass(spec)

    async def run() -> bytes:
        async with Fetcher(wishes.fetch) as fetcher:
            return (await fetcher.fetch(spec, Validators())).body or b""

    with waiting(f"fetching {url}"):
        return asyncio.run(run())


def _refuse_to_pass(spec: "FeedSpec") -> None:
    """Nothing is fetched past a proxy whose secret is not at hand."""
    from monitor.config.values import quoted

    if spec.proxy and not is_web(spec.proxy):
        raise MonitorError(f"what proxy = {quoted(spec.proxy)} names is not there now; set it")


def _line(feed: "FoundFeed", *, known: bool) -> dict[str, Any]:
    return {
        "url": feed.url,
        "title": feed.title,
        "via": feed.via.value,
        "language": feed.language,
        "entries": feed.entries,
        "newest": feed.newest,
        "full_text": feed.full,
        "subscribed": known,
    }


def _show(url: str, lines: list[dict[str, Any]], findings: "Findings") -> None:
    for place, problem in findings.unread:
        click.echo(printable(f"not read: {place}: {problem}"), err=True)
    if not lines:
        click.echo(f"no feed found at {url}")
        return
    table(
        ("title", "entries", "newest", "full text", "found", "subscribed", "url"),
        [
            (
                line["title"],
                line["entries"],
                local(line["newest"]),
                "yes" if line["full_text"] else "no",
                line["via"],
                "yes" if line["subscribed"] else "no",
                line["url"],
            )
            for line in lines
        ],
    )
    if findings.more:
        click.echo(f"{findings.more} more links there look like feeds; nobody looked at them")
    if new := next((line["url"] for line in lines if not line["subscribed"]), None):
        click.echo(f"subscribe:  monitor feeds add {shlex.quote(new)}")
