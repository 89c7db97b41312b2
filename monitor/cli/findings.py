"""How commands print articles that a query or a rule holds for."""

import csv
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.output import inert, local, printable, rfc3339
from monitor.cli.passages import passage, telling
from monitor.model.article import Article

if TYPE_CHECKING:
    from monitor.archive.search import Finding

_PASSAGES = 3


def article_json(article: Article) -> dict[str, Any]:
    """An article as ``--json`` shows it."""
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": article.published,
        "language": article.language,
    }


def show(finding: "Finding", indent: str = "") -> None:
    """An article for people, with some passages."""
    article, spans = finding.article, finding.match.spans
    click.secho(f"{indent}{printable(article.title)}", bold=True, nl=False)
    click.echo(f" — {printable(article.source)}, {local(article.seen)}  [id:{article.id}]")
    if article.url:
        click.echo(f"{indent}  {printable(article.url)}")
    shown = [span for span in spans if span.field != "title"] or list(spans)
    first = telling(shown)
    for span in sorted({*([first] if first else []), *shown[:_PASSAGES]})[:_PASSAGES]:
        click.echo(f"{indent}  {span.field}: {passage(article, span)}")
    if not spans:
        click.echo(f"{indent}  {printable(finding.match.why)}")


def write_csv(findings: "Iterable[Finding]") -> None:
    """Articles as comma-separated values with a heading, on standard output."""
    writer = csv.writer(sys.stdout)
    writer.writerow(("id", "seen", "score", "title", "url", "source", "why"))
    for finding in findings:
        article, match = finding.article, finding.match
        seen = rfc3339(article.seen) if article.seen else ""
        cells = (article.title, article.url, article.source, match.why)
        writer.writerow((article.id, seen, match.score, *map(inert, cells)))
