"""``monitor explain``: why rules match a text, or what is missing."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from monitor.cli.common import config_option, json_option, settings
from monitor.cli.output import json_line
from monitor.cli.sources import Source, read_source
from monitor.errors import MonitorError
from monitor.model.article import Article
from monitor.model.hit import Span

if TYPE_CHECKING:
    from monitor.matching.explain import Explanation
    from monitor.rules.compile import CompiledRule


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option("--rule", "names", multiple=True, help="Only this rule (may be repeated).")
@click.option("--language", help="Of plain text, for example de.")
@json_option
@config_option
def explain(
    sources: tuple[str, ...], names: tuple[str, ...], language: str | None, *, as_json: bool
) -> None:
    """Show why each rule matches, or which clause failed and how near it came.

    SOURCE is a text file (first line: title), id:7 (a stored article), - (standard input) or a
    .jsonl file of articles. Without --rule, rules that don't match are listed only if none does.
    """
    from monitor.matching.explain import explain as explain_article

    rules = _rules(names)
    for name in sources:
        for source in read_source(name, language):
            explanations = explain_article(rules, source.article)
            if as_json:
                for each in explanations:
                    _print_json(source, each)
            else:
                _print_people(source, explanations, everything=bool(names))


def _rules(names: tuple[str, ...]) -> "list[CompiledRule]":
    from difflib import get_close_matches

    from monitor.config.ruleset import load_rules

    rules = load_rules(settings()).rules.rules
    for name in names:
        if name not in rules:
            close = get_close_matches(name, rules, 1)
            hint = f'; did you mean "{close[0]}"?' if close else ""
            raise MonitorError(f'there is no enabled rule "{name}"{hint}')
    return [rules[name] for name in names] if names else list(rules.values())


def _print_json(source: Source, explanation: "Explanation") -> None:
    json_line(
        {
            "source": source.name,
            "article": source.id,
            "rule": explanation.rule,
            "match": explanation.match,
            "spans": [asdict(span) for span in explanation.spans],
            "why": explanation.why,
            "missing": [
                {key: value for key, value in asdict(each).items() if value is not None}
                for each in explanation.missing
            ],
        }
    )


def _print_people(source: Source, explanations: "list[Explanation]", *, everything: bool) -> None:
    click.secho(source.article.title or source.name, bold=True)
    matching = [each for each in explanations if each.match]
    for each in explanations if everything or not matching else matching:
        sign = (
            click.style("match   ", fg="green")
            if each.match
            else click.style("no match", fg="red")
        )
        click.echo(f"  {sign} {each.rule}")
        if each.match:
            for span in each.spans:
                click.echo(
                    f"           {span.clause} in {span.field}: {_passage(source.article, span)}"
                )
        for lack in each.missing:
            near = f" — “{lack.passage}”" if lack.passage else ""
            detail = (
                f" ({lack.distance} words apart, {lack.allowed} allowed)"
                if lack.allowed is not None
                else ""
            )
            click.echo(f"           {lack.clause}: {lack.reason}{detail}{near}")


def _passage(article: Article, span: Span, width: int = 40) -> str:
    """The span highlighted, with some characters around it."""
    text: str = getattr(article, span.field)
    before = text[max(0, span.start - width) : span.start].replace("\n", " ")
    after = text[span.end : span.end + width].replace("\n", " ")
    shown = click.style(span.text, bold=True, fg="yellow")
    if not sys.stdout.isatty():
        shown = f"*{span.text}*"
    return f"{'…' if span.start > width else ''}{before}{shown}{after}{'…' if after else ''}"
