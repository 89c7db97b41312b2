"""``monitor articles``: what was read."""

from dataclasses import asdict
from datetime import datetime

import click

from monitor.cli.common import config_option, json_option, open_store, settings, since_option
from monitor.cli.output import json_line, local, table


@click.command()
@since_option
@click.option(
    "--undecided", is_flag=True, help="Only those still to be matched, or not completely."
)
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@json_option
@config_option
def articles(*, since: datetime | None, undecided: bool, limit: int, as_json: bool) -> None:
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
