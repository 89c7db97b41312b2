"""``monitor feeds import`` and ``export``: lists of feeds (OPML)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from monitor.cli.common import config_option, json_option, settings
from monitor.cli.feeds_find import download
from monitor.cli.output import counted, json_line, printable, progress
from monitor.cli.subscriptions import free_name, hint_at_reload, is_web, save, subscribed
from monitor.errors import FetchError, MonitorError, ParseError

if TYPE_CHECKING:
    from monitor.config.feedsfile import NewFeed
    from monitor.feeds.opml import Subscription
    from monitor.model.feed import FeedSpec
    from monitor.model.settings import Settings

Verdict = Literal["added", "known", "skipped"]

_LARGEST: Final = 20_000_000  # bytes of a list
_CREDENTIALS: Final = re.compile(r"//[^/?#]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of a feed of a list."""

    line: int
    feed: "NewFeed"
    outcome: Verdict
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "url": self.feed.url,
            "name": self.feed.name,
            "tags": list(self.feed.tags),
            "outcome": self.outcome,
            "reason": self.reason,
            "line": self.line,
        }


@click.command("import")
@click.argument("opml")
@click.option("--tag", "tags", multiple=True, help="A label for all feeds of the list.")
@json_option
@config_option
def import_(opml: str, tags: tuple[str, ...], *, as_json: bool) -> None:
    """Subscribe to all feeds of an OPML file or URL.

    Folders become tags; - reads standard input. The list need not be well-formed.
    """
    wishes = settings()
    outcomes = list(_judged(_subscriptions(opml, wishes), tags, wishes))
    added = [each.feed for each in outcomes if each.outcome == "added"]
    path = save(added) if added else None
    for each in outcomes:
        if as_json:
            json_line(each.as_json())
        elif each.reason:
            click.echo(f"{opml}:{each.line}: {printable(each.reason)}", err=True)
    if not as_json:
        click.echo(_summary(outcomes) + (f"; see {path}" if path else ""))
        if path:
            hint_at_reload(wishes)
    if all(each.outcome == "skipped" for each in outcomes):
        raise click.exceptions.Exit(1)


def _subscriptions(opml: str, wishes: "Settings") -> tuple["Subscription", ...]:
    from monitor.feeds.opml import read_opml

    try:
        return read_opml(download(opml, wishes) if is_web(opml) else _file(opml))
    except (FetchError, ParseError) as error:
        raise MonitorError(f"{opml}: {error}") from error


def _file(name: str) -> bytes:
    try:
        with click.open_file(name, "rb") as file:
            body: bytes = file.read(_LARGEST + 1)
    except OSError as error:
        raise MonitorError(f"{name} can't be read: {error.strerror}") from error
    if len(body) > _LARGEST:
        raise MonitorError(f"{name} is larger than {_LARGEST // 1_000_000} MB")
    return body


def _judged(
    subscriptions: Sequence["Subscription"], tags: tuple[str, ...], wishes: "Settings"
) -> Iterator[Outcome]:
    from monitor.feeds.opml import feed_key

    known = subscribed(wishes)
    taken = {feed.name for feed in wishes.feeds.values()}
    for each in progress(subscriptions, "checking feeds"):
        if feed_key(each.url) in known:
            yield _outcome(each, "known", known[feed_key(each.url)])
        elif reason := _refusal(each.url):
            label = f'"{each.name}"' if each.name else "a feed without a name"
            url = _CREDENTIALS.sub("//", each.url)
            yield _outcome(each, "skipped", url, reason=f"skipped {label}: {reason}")
        else:
            name = free_name(each.name, each.url, taken)
            taken.add(name)
            merged = tuple(dict.fromkeys([*each.tags, *tags]))
            yield _outcome(replace(each, name=name, tags=merged), "added", each.url)


def _outcome(
    each: "Subscription", outcome: Verdict, url: str, *, reason: str | None = None
) -> Outcome:
    from monitor.config.feedsfile import NewFeed

    feed = NewFeed(url=url, name=each.name or None, tags=each.tags, language=each.language)
    return Outcome(line=each.line, feed=feed, outcome=outcome, reason=reason)


def _refusal(url: str) -> str | None:
    """Why a feed can't be taken over, in words that don't repeat its address."""
    from monitor.config.values import feed_url

    if not is_web(url):
        return "its address is not an http(s) URL"
    try:
        feed_url(url)
    except ValueError as error:
        return f"its address {error}" if "is not" in str(error) else str(error)
    return None


def _summary(outcomes: Iterable[Outcome]) -> str:
    numbers = Counter(each.outcome for each in outcomes)
    parts = [f"{counted(numbers['added'], 'feed')} added"]
    if numbers["known"]:
        parts.append(f"{numbers['known']} subscribed already")
    if numbers["skipped"]:
        parts.append(f"{numbers['skipped']} skipped")
    return ", ".join(parts)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@json_option
@config_option
def export(file: Path | None, *, as_json: bool) -> None:
    """All feeds as OPML, on standard output or into FILE.

    The first tag of a feed becomes its folder, all of them its categories.
    """
    from monitor.feeds.opml import write_opml

    wishes = settings()
    feeds = [feed for feed in wishes.feeds.values() if is_web(feed.url)]
    if as_json:
        for feed in feeds:
            json_line(_exported(feed))
        return
    text = write_opml(feeds, datetime.now(UTC))
    if file is None:
        click.echo(text, nl=False)
    else:
        _write_new(file, text)
    for note in _left_out(wishes.feeds.values(), len(wishes.feeds) - len(feeds)):
        click.echo(note, err=True)


def _exported(feed: "FeedSpec") -> dict[str, Any]:
    return {
        "url": feed.url,
        "name": feed.name,
        "tags": list(feed.tags),
        "language": feed.language,
        "enabled": feed.enabled,
    }


def _write_new(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except FileExistsError as error:
        raise MonitorError(f"{file} exists already; name another file") from error
    except OSError as error:
        raise MonitorError(f"{file} can't be written: {error.strerror}") from error
    click.echo(f"written to {file}")


def _left_out(feeds: Iterable["FeedSpec"], local: int) -> Iterator[str]:
    """What an OPML file can't carry."""
    if local:
        yield f"left out: {counted(local, 'feed')} on this machine's disk"
    private = sum(1 for feed in feeds if feed.auth or feed.headers or feed.proxy)
    if private:
        yield f"{counted(private, 'feed')} exported without auth, headers and proxy"
