"""``monitor search``: the query language over the stored articles."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.common import config_option, open_store, settings, since_option
from monitor.cli.findings import article_json, show, write_csv
from monitor.cli.output import json_line
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.archive.search import Finding
    from monitor.model.settings import Settings
    from monitor.rules.compile import RuleSet


@click.command()
@click.argument("query")
@since_option
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--best", is_flag=True, help="The best of the newest first, not the newest.")
@click.option("--json", "form", flag_value="json", help="One JSON object a line.")
@click.option("--csv", "form", flag_value="csv", help="Comma-separated values with a heading.")
@click.option(
    "--feed-out", type=click.Path(path_type=Path, dir_okay=False), help="Write an Atom feed."
)
@config_option
def search(
    query: str,
    *,
    since: datetime | None,
    limit: int,
    best: bool,
    form: str | None,
    feed_out: Path | None,
) -> None:
    """Search the stored articles with the language of rules.

    QUERY is written as in a rule, in one pair of quotes: 'sanction* NEAR/5 russia'.
    """
    from monitor.archive.search import search as find

    wishes = settings()
    rules = _compiled(query, wishes)
    found = find(open_store(wishes), rules, since=since, limit=limit, best=best)
    if feed_out is not None:
        _write_feed(feed_out, query, found)
    if form == "json":
        for finding in found:
            json_line(_json(finding))
    elif form == "csv":
        write_csv(found)
    elif feed_out is None:
        for finding in found:
            show(finding)
        if not found:
            click.echo("no articles", err=True)


def _compiled(query: str, wishes: "Settings") -> "RuleSet":
    """The query; rule files are read only if it may name what they define."""
    from monitor.archive.queries import query_rules, refers

    if not refers(query):
        return query_rules(query)
    from monitor.config.ruleset import load_rules

    return query_rules(query, load_rules(wishes).book)


def _json(finding: "Finding") -> dict[str, Any]:
    return {
        "score": finding.match.score,
        "seen": finding.article.seen,
        "article": article_json(finding.article),
        "spans": [asdict(span) for span in finding.match.spans],
        "why": finding.match.why,
    }


def _write_feed(file: Path, query: str, found: "Sequence[Finding]") -> None:
    from monitor.alerts.atom import AtomEntry, atom

    title = f"Search: {query}"
    entries = [
        AtomEntry(
            article=each.article,
            spans=each.match.spans,
            why=each.match.why,
            updated=each.article.seen or datetime.fromtimestamp(0, UTC),
        )
        for each in found
    ]
    try:
        file.write_text(atom(title, title, entries, datetime.now(UTC)), encoding="utf-8")
    except OSError as error:
        raise MonitorError(f"{file} can't be written: {error.strerror}") from error
    sys.stderr.write(f"{file}: {len(found)} articles\n")
