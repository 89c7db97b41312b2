"""``monitor feeds add``: looks at an address and subscribes to the feed that is there."""

import os
import re
import shlex
from typing import TYPE_CHECKING, Any, Final

import click

from monitor.cli.common import config_option, config_path, json_option, settings
from monitor.cli.feeds_find import look, look_at_file, site
from monitor.cli.output import counted, json_line, printable
from monitor.cli.subscriptions import (
    address,
    free_name,
    hint_at_reload,
    is_web,
    save,
    subscribed,
)
from monitor.errors import FetchError, MonitorError, ParseError, Place

if TYPE_CHECKING:
    from monitor.config.feedsfile import NewFeed
    from monitor.feeds.discover import Findings, FoundFeed
    from monitor.model.settings import Settings

_SECRET: Final = re.compile(r"(?:env|file):.+")
_AS_IS: Final = "--as-is subscribes without looking"


@click.command()
@click.argument("url")
@click.option("--name", help="How you call it (default: its title).")
@click.option("--tag", "tags", multiple=True, help="A label for rules and routes.")
@click.option("--auth", help="env:NAME or file:PATH that holds user:password or bearer TOKEN.")
@click.option("--as-is", is_flag=True, help="Don't look at it: subscribe to URL as it stands.")
@json_option
@config_option
def add(
    url: str,
    *,
    name: str | None,
    tags: tuple[str, ...],
    auth: str | None,
    as_is: bool,
    as_json: bool,
) -> None:
    """Subscribe to a feed, or to the best one of a page.

    Writes feeds.toml; a running daemon takes it up at SIGHUP.
    """
    from monitor.config.feedsfile import NewFeed
    from monitor.feeds.opml import MAX_NAME

    wishes = settings()
    url = address(url)
    if url.lower().endswith(".opml") and not as_is:
        raise MonitorError(f"{url} is a list of feeds: monitor feeds import {shlex.quote(url)}")
    _refuse_known(url, wishes)
    _refuse_open_secret(auth)
    found = None if as_is else _look(url, auth, wishes)
    if found and found.url != url:
        url = found.url
        _refuse_known(url, wishes)
    if found and name is None:
        taken = {feed.name for feed in wishes.feeds.values()}
        name = free_name(found.title[:MAX_NAME], url, taken) or None
    new = NewFeed(url=url, name=name, tags=tags, auth=auth)
    path = save([new])
    if as_json:
        json_line(_line(new, found))
        return
    click.echo(f"{_said(url, found)} added to {path}")
    hint_at_reload(wishes)


def _line(new: "NewFeed", found: "FoundFeed | None") -> dict[str, Any]:
    return {
        "url": new.url,
        "name": new.name,
        "tags": list(new.tags),
        "title": found.title if found else None,
        "entries": found.entries if found else None,
        "via": found.via.value if found else None,
    }


def _said(url: str, found: "FoundFeed | None") -> str:
    if found is None:
        return url
    title = f"{printable(found.title)}, " if found.title else ""
    return f"{url} ({title}{counted(found.entries, 'entry', 'entries')})"


def _refuse_known(url: str, wishes: "Settings") -> None:
    from monitor.feeds.opml import feed_key

    known = subscribed(wishes).get(feed_key(url))
    if known:
        raise MonitorError(f"{url} is subscribed already{f', as {known}' if known != url else ''}")


def _refuse_open_secret(auth: str | None) -> None:
    if auth and not _SECRET.fullmatch(auth):
        raise MonitorError(
            "--auth takes env:NAME or file:PATH, not the secret itself: "
            "others see the arguments of a program, and the shell keeps them"
        )


def _look(url: str, auth: str | None, wishes: "Settings") -> "FoundFeed | None":
    """The feed at an address; None if nothing is known of it now, or if it is a file.

    Raises:
        MonitorError: there is none.
    """
    if not is_web(url):
        _look_on_disk(url, wishes)
        return None
    secret = _secret(auth)
    if auth and secret is None:
        click.echo(f"not looked at: what --auth {auth} names is not there now", err=True)
        return None
    try:
        findings = look(site(url, wishes, secret), wishes, thorough=False)
    except ParseError as error:
        raise MonitorError(f"{url}: {error}; {_AS_IS}") from error
    except FetchError as error:
        click.echo(f"not looked at, the daemon will try again: {error}", err=True)
        return None
    return _best(url, findings)


def _look_on_disk(url: str, wishes: "Settings") -> None:
    path = config_path().parent / url
    try:
        if not path.is_dir():  # texts may be put there later
            look_at_file(path, wishes)
    except (FetchError, ParseError) as error:
        raise MonitorError(f"{url}: {error}; {_AS_IS}") from error


def _secret(auth: str | None) -> str | None:
    from monitor.config.problems import Report
    from monitor.config.secrets import Secrets

    if auth is None:
        return None
    secrets = Secrets(os.environ, config_path().resolve().parent)
    return secrets.resolve(auth, ("feeds", 0), Place("feeds.toml"), Report())


def _best(url: str, findings: "Findings") -> "FoundFeed":
    from monitor.feeds.hints import Via

    refused = dict(findings.unread).get(url)
    if not findings.feeds:
        reason = f"{url}: {refused}" if refused else f"no feed found at {url}"
        raise MonitorError(f"{reason}; {_AS_IS}")
    best, *others = findings.feeds
    if refused:
        raise MonitorError(f"{url}: {refused}; its site has a feed at {best.url}")
    if best.via is not Via.ITSELF:
        more = f"; {len(others)} more: monitor feeds find {shlex.quote(url)}" if others else ""
        click.echo(f"{url} is a page that leads to this feed{more}", err=True)
    return best
