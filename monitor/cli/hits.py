"""``monitor hits``: what matched, and by which passages."""

import csv
import sys
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.common import config_option, json_option, open_store, settings, since_option
from monitor.cli.output import json_line, local, rfc3339

if TYPE_CHECKING:
    from monitor.store.hit_list import HitLine


@click.command()
@click.option("--rule", "rules", multiple=True, help="Only this rule (may be repeated).")
@since_option
@click.option("--limit", type=click.IntRange(min=1), help="At most this many.")
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values with a heading.")
@config_option
def hits(
    rules: tuple[str, ...],
    since: datetime | None,
    limit: int | None,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Stored hits, newest first."""
    from monitor.store import hit_list

    with open_store(settings()).read() as connection:
        found = hit_list.recent(connection, rules=rules, since=since, limit=limit)
    if as_json:
        for hit in found:
            json_line(_json(hit))
    elif as_csv:
        _csv(found)
    else:
        for hit in found:
            _people(hit)


def _json(hit: "HitLine") -> dict[str, Any]:
    article = hit.article
    return {
        "id": hit.id,
        "rule": hit.rule.id,
        "severity": hit.rule.severity,
        "tags": list(hit.rule.tags),
        "score": hit.score,
        "seen": hit.seen,
        "revision": hit.rule_revision,
        "channels": {name: asdict(fate) for name, fate in hit.channels.items()},
        "article": {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "source": article.source,
            "published": article.published,
            "language": article.language,
        },
        "spans": [asdict(span) for span in hit.spans],
        "why": hit.why,
    }


def _csv(found: "list[HitLine]") -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(("id", "seen", "rule", "severity", "score", "title", "url", "source", "why"))
    for hit in found:
        cells = (hit.rule.id, hit.rule.severity, hit.score, hit.article.title, hit.article.url)
        writer.writerow(
            (
                hit.id,
                rfc3339(hit.seen),
                *map(_inert, cells),
                _inert(hit.article.source),
                _inert(hit.why),
            )
        )


def _inert(cell: object) -> object:
    """Spreadsheets run what begins with = + - or @, and titles come from strangers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell


def _people(hit: "HitLine") -> None:
    article = hit.article
    click.secho(f"{hit.rule.title}  ", bold=True, nl=False)
    click.echo(f"[{hit.rule.id}, {hit.rule.severity}]  hit {hit.id}, {local(hit.seen)}")
    click.echo(f"  {_printable(article.title)} — {article.source}")
    click.echo(f"  {article.url}")
    click.echo(f"  {_printable(hit.why)}")
    for name, fate in hit.channels.items():
        click.echo(f"  {name}: {fate.decision} ({fate.reason})")
    click.echo()


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
