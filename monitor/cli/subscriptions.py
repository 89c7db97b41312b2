"""``monitor feeds remove``; what the commands that edit feeds.toml share."""

import re
from collections.abc import Container, Sequence
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from monitor.cli.common import config_option, config_path, daemon, json_option, settings
from monitor.cli.output import json_line
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.config.feedsfile import NewFeed
    from monitor.model.settings import Settings

_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::[0-9]+)?(?:[/?].*)?")


def feeds_file() -> Path:
    """The file beside the configuration that these commands write."""
    from monitor.config.load import FEEDS_FILE

    return config_path().with_name(FEEDS_FILE)


def subscribed(wishes: "Settings") -> dict[str, str]:
    """The URLs of the feeds of the configuration by what tells feeds apart."""
    from monitor.feeds.opml import feed_key

    return {feed_key(url): url for url in reversed(list(wishes.feeds))}


def free_name(name: str, url: str, taken: Container[str]) -> str:
    """The name, or one like it: no two feeds have one name. Empty stays empty."""
    if not name or name not in taken:
        return name
    host = urlsplit(url).hostname or url
    names = (f"{name} ({host}{suffix})" for suffix in chain([""], map(" {}".format, count(2))))
    return next(name for name in names if name not in taken)


def save(new: Sequence["NewFeed"]) -> Path:
    """Add feeds to feeds.toml, unless the configuration would not be valid with them."""
    from monitor.config.feedsfile import add_feeds

    path = feeds_file()
    add_feeds(path, new, settings)
    return path


def hint_at_reload(wishes: "Settings") -> None:
    """How a running daemon learns of an edit."""
    if process := daemon(wishes):
        click.echo(f"reload the running daemon: kill -HUP {process}")


def address(text: str) -> str:
    """What a user means: an http(s) URL (``example.org`` is one) or a path.

    Raises:
        MonitorError: it is neither; a password in it is not repeated.
    """
    from monitor.config.values import feed_url

    beside = config_path().parent / text
    if _HOST.fullmatch(text) and not beside.exists():
        text = f"https://{text}"
    try:
        feed_url(text)
    except ValueError as error:
        raise MonitorError(_plainer(text, str(error))) from None
    if not is_web(text) and not beside.exists():
        raise MonitorError(
            f"{text} is no http(s) address, and there is no such file beside {config_path().name}"
        )
    return text


def _plainer(text: str, reason: str) -> str:
    """What config.toml would say, as said to somebody at a command line."""
    if "credentials" in reason:
        return (
            "credentials don't belong in a URL: write it without them and add --auth env:NAME, "
            "with user:password in the environment variable NAME"
        )
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)
    if scheme and not is_web(text):
        return f'"{scheme[0]}" can\'t be fetched; write an http(s) URL'
    return f"this {reason}"


def is_web(url: str) -> bool:
    """Whether it is fetched over HTTP."""
    return url.lower().startswith(("http://", "https://"))


@click.command()
@click.argument("url")
@json_option
@config_option
def remove(url: str, *, as_json: bool) -> None:
    """Take the feed of this URL or name out of feeds.toml; its articles stay."""
    from monitor.config.feedsfile import remove_feed

    wishes = settings()
    path = feeds_file()
    known = meant(url, wishes)
    if not remove_feed(path, known or url):
        where = "config.toml names it: remove it there" if known else _nearest(url, wishes)
        raise MonitorError(f"{path} does not name {url}; {where}")
    if as_json:
        json_line({"url": known or url, "removed": True})
        return
    click.echo(f"removed {known or url} from {path}; its articles are kept")
    hint_at_reload(wishes)


def meant(text: str, wishes: "Settings") -> str | None:
    """The URL of the feed that is called so: by its URL as it stands, in other words, or name."""
    from monitor.feeds.opml import feed_key

    if text in wishes.feeds:
        return text
    named = [feed.url for feed in wishes.feeds.values() if feed.name == text]
    if len(named) == 1:
        return named[0]
    return subscribed(wishes).get(feed_key(text))


def _nearest(text: str, wishes: "Settings") -> str:
    from monitor.config.values import nearest

    names = [name for feed in wishes.feeds.values() for name in (feed.url, feed.name)]
    return nearest(text, names) or "`monitor feeds list` shows what is subscribed"
