"""``monitor articles``: what was read, and deleting some of it."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from monitor.cli.common import (
    DONE,
    NO,
    config_option,
    json_option,
    open_store,
    settings,
    since_option,
)
from monitor.cli.groups import Listing
from monitor.cli.output import counted, json_line, local, table


@click.group(cls=Listing)
@config_option
def articles() -> None:
    """Stored articles; alone the same as `list`."""


@articles.command("list")
@since_option
@click.option(
    "--undecided", is_flag=True, help="Only those still to be matched, or not completely."
)
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@json_option
@config_option
def list_(*, since: datetime | None, undecided: bool, limit: int, as_json: bool) -> None:
    """Stored articles, newest first."""
    from monitor.store import articles as stored

    with open_store(settings()).read() as connection:
        found = stored.recent(connection, since=since, undecided=undecided, limit=limit)
    if as_json:
        for article in found:
            json_line(asdict(article))
        return
    table(
        ("id", "seen", "source", "title", "hits", "stage"),
        [
            (
                article.id,
                local(article.seen),
                article.source,
                article.title,
                ", ".join(article.hits),
                f"{article.stage}: {article.reason}" if article.reason else article.stage,
            )
            for article in found
        ],
        cut="title",
    )


@articles.command()
@click.argument("ids", type=int, nargs=-1, required=True)
@config_option
def delete(ids: tuple[int, ...]) -> None:
    """Delete the texts of articles, with the passages of their hits and stored messages.

    Sent messages are with their receivers, and backups are as they were. Feeds of rules ([alerts]
    feeds) are made anew by the daemon within a minute.
    """
    from monitor.jobs.publish import renew
    from monitor.store.erase import erase

    wishes = settings()
    store = open_store(wishes)
    missing = False
    for id_ in ids:
        erased = erase(store, id_)
        if erased is None:
            click.echo(f"there is no article {id_}", err=True)
            missing = True
        else:
            click.echo(
                f"deleted article {id_}: {counted(erased.texts, 'text')}, "
                f"{counted(erased.hits, 'hit')}, {counted(erased.messages, 'stored message')}"
            )
    if wishes.feed_folder:
        renew(Path(wishes.feed_folder))
    sys.exit(NO if missing else DONE)
