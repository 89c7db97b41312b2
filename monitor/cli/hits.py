"""``monitor hits``: what matched, and by which passages."""

import csv
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from monitor.cli.common import (
    config_option,
    json_option,
    open_store,
    settings,
    since_option,
    unknown,
)
from monitor.cli.findings import article_json
from monitor.cli.output import counted, inert, json_line, local, printable, rfc3339
from monitor.cli.passages import passage, telling
from monitor.errors import MonitorError
from monitor.model.alert import Reason

if TYPE_CHECKING:
    from monitor.cli.sheet import Cell
    from monitor.model.settings import Settings
    from monitor.store.hit_list import Fate, HitLine


@click.command()
@click.option("--rule", "rules", multiple=True, help="Only this rule (may be repeated).")
@since_option
@click.option("--limit", type=click.IntRange(min=1), help="At most this many.")
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values with a heading.")
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a sheet to a .xlsx file.",
)
@config_option
def hits(
    rules: tuple[str, ...],
    since: datetime | None,
    limit: int | None,
    *,
    as_json: bool,
    as_csv: bool,
    xlsx: Path | None,
) -> None:
    """Stored hits, newest first."""
    from monitor.store import hit_list

    if as_json + as_csv + (xlsx is not None) > 1:
        raise click.UsageError("only one of --json, --csv and --xlsx")
    wishes = settings()
    with open_store(wishes).read() as connection:
        _refuse_unknown(rules, hit_list.rules(connection) if rules else set(), wishes)
        found = hit_list.recent(connection, rules=rules, since=since, limit=limit)
    if as_json:
        for hit in found:
            json_line(_json(hit))
    elif as_csv:
        _csv(found)
    elif xlsx is not None:
        _xlsx(xlsx, found)
    else:
        for hit in found:
            _people(hit)
        if not found:
            click.echo("no hits", err=True)


def _refuse_unknown(names: Iterable[str], stored: set[str], wishes: "Settings") -> None:
    """A rule without hits is one of the files; any other name is a slip of the pen.

    Raises:
        MonitorError: a rule is neither in the files nor among the stored hits.
    """
    from monitor.config.rulefiles import read_rules

    if missing := [name for name in names if name not in stored]:
        known = {*stored, *read_rules(wishes.rule_paths).book.rules}
        for name in missing:
            if name not in known:
                raise unknown("rule", name, known)


def _json(hit: "HitLine") -> dict[str, Any]:
    article = hit.article
    return {
        "id": hit.id,
        "rule": hit.rule.id,
        "severity": hit.rule.severity,
        "tags": list(hit.rule.tags),
        "score": hit.score,
        "seen": hit.seen,
        "story": hit.story,
        "revision": hit.rule_revision,
        "channels": {name: asdict(fate) for name, fate in hit.channels.items()},
        "article": article_json(article),
        "spans": [asdict(span) for span in hit.spans],
        "why": hit.why,
    }


_COLUMNS: Final = {
    "id": 8, "seen": 20, "rule": 24, "severity": 10, "score": 8, "title": 70, "url": 50,
    "source": 24, "why": 60,
}  # fmt: skip
"""What tables have, and the widths in a sheet."""


def _cells(hit: "HitLine") -> "tuple[Cell, ...]":
    article = hit.article
    rule = (hit.rule.id, str(hit.rule.severity), hit.score)
    return hit.id, hit.seen, *rule, article.title, article.url, article.source, hit.why


def _csv(found: "list[HitLine]") -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    for hit in found:
        writer.writerow([_plain(cell) for cell in _cells(hit)])


def _plain(cell: "Cell") -> object:
    return rfc3339(cell) if isinstance(cell, datetime) else inert(cell)


def _xlsx(file: Path, found: "list[HitLine]") -> None:
    from monitor.cli.sheet import write_xlsx

    columns = [
        ("seen (UTC)" if name == "seen" else name, width) for name, width in _COLUMNS.items()
    ]
    try:
        write_xlsx(file, columns, [_cells(hit) for hit in found])
    except OSError as error:
        raise MonitorError(f"{file} can't be written: {error.strerror or error}") from error
    click.echo(f"{file}: {counted(len(found), 'hit')}", err=True)


def _people(hit: "HitLine") -> None:
    article = hit.article
    click.secho(f"{hit.rule.title}  ", bold=True, nl=False)
    click.echo(f"[{hit.rule.id}, {hit.rule.severity}]  hit {hit.id}, {local(hit.seen)}")
    click.echo(f"  {printable(article.title)} — {printable(article.source)}")
    click.echo(f"  {printable(article.url)}")
    click.echo(f"  {printable(hit.why)}")
    if span := telling(hit.spans):
        click.echo(f"  {span.field}: {passage(article, span)}")
    for name, fate in hit.channels.items():
        click.echo(f"  {name}: {_in_words(fate)}")
    click.echo()


_REASONS: Final[Mapping[str, str]] = {
    Reason.FIRST: "told",
    Reason.MORE: "told together with other rules",
    Reason.BACKLOG: "not told: found by the quiet first poll",
    Reason.ARCHIVE: "not told: its article was there before the rule",
    Reason.FLOOD: "not told: came with hundreds of others; one notice told of all",
    Reason.NO_ROUTE: "not told: no route leads there",
    Reason.CHANNEL_REMOVED: "not told: its channel left the configuration",
}


def _in_words(fate: "Fate") -> str:
    if fate.decision == "waiting":
        return "waits to be told"
    return _REASONS.get(fate.reason) or f"not told: {printable(fate.reason)}"
