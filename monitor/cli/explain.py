"""``monitor explain``: why rules match a text, or what is missing."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import click

from monitor.alerts.plain import clip, tidy
from monitor.cli.common import (
    NO,
    config_option,
    json_option,
    print_problems,
    settings,
    unknown,
)
from monitor.cli.output import json_line, printable
from monitor.cli.passages import passage
from monitor.cli.sources import Source, read_source
from monitor.errors import Problem
from monitor.model.article import Article

if TYPE_CHECKING:
    from monitor.matching.explain import Explanation
    from monitor.rules.compile import CompiledRule

_NEAREST: Final = 200  # characters shown of where a clause nearly held
_SIGNS: Final = {
    True: partial(click.style, "match   ", fg="green"),
    None: partial(click.style, "undecided", fg="yellow"),
    False: partial(click.style, "no match", fg="red"),
}


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
    broken = 0
    for source in chain.from_iterable(read_source(name, language) for name in sources):
        if isinstance(source, Problem):
            broken += 1
            print_problems([source])
            continue
        explanations = explain_article(rules, source.article, text_known=source.text_known)
        if as_json:
            for each in explanations:
                json_line({"source": source.name, "article": source.id, **shape(each)})
        else:
            _print_people(source, explanations, everything=bool(names))
    sys.exit(NO if broken else 0)


def _rules(names: tuple[str, ...]) -> "list[CompiledRule]":
    from monitor.config.ruleset import load_rules

    rules = load_rules(settings()).rules.rules
    for name in names:
        if name not in rules:
            raise unknown("enabled rule", name, rules)
    return [rules[name] for name in names] if names else list(rules.values())


def shape(explanation: "Explanation") -> dict[str, Any]:
    """What ``--json`` prints of an explanation, besides its source."""
    return {
        "rule": explanation.rule,
        "match": explanation.match,
        "spans": [asdict(span) for span in explanation.spans],
        "why": explanation.why,
        "missing": [
            {key: value for key, value in asdict(each).items() if value not in (None, ())}
            for each in explanation.missing
        ],
    }


def _print_people(source: Source, explanations: "list[Explanation]", *, everything: bool) -> None:
    click.secho(printable(source.article.title) or source.name, bold=True)
    shown = [each for each in explanations if each.match is not False]
    for each in explanations if everything or not shown else shown:
        click.echo(f"  {_SIGNS[each.match]()} {each.rule}")
        for line in _reasons(source.article, each):
            click.echo(f"           {line}")


def _reasons(article: Article, explanation: "Explanation") -> Iterator[str]:
    from monitor.matching.missing import Lack

    for span in explanation.spans:
        yield f"{span.clause} in {span.field}: {passage(article, span)}"
    if not explanation.spans:
        yield printable(explanation.why)
    for lack in explanation.missing:
        if lack.reason is Lack.TOO_FAR and lack.passage:  # the other sentences quote theirs
            yield f"nearest: “{clip(tidy(lack.passage), _NEAREST)}”"
