"""``monitor backtest``: what rules would have caught, and what a new version changes."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chart import filled, sparkline
from monitor.cli.common import (
    config_option,
    json_option,
    open_store,
    settings,
    since_option,
    unknown,
)
from monitor.cli.findings import article_json, show
from monitor.cli.output import counted, json_line, printable

if TYPE_CHECKING:
    from monitor.archive.backtest import Backtest, Compared, RuleResult
    from monitor.archive.replay import Job, Progress
    from monitor.archive.search import Finding
    from monitor.config.ruleset import LoadedRules
    from monitor.model.settings import Settings
    from monitor.rules.compile import RuleSet

_SHOWN_TERMS = 5


@click.command()
@click.option("--rule", "names", multiple=True, help="Only this rule (may be repeated).")
@click.option(
    "--rules", "path", type=click.Path(path_type=Path, exists=True),
    help="A file or folder of rules instead of the configuration's, and compared with those.",
)  # fmt: skip
@since_option
@click.option("--sample", type=click.IntRange(min=0), default=3, show_default=True,
              help="Hits to show of each kind.")  # fmt: skip
@click.option("--messages", is_flag=True, help="Count messages even for thousands of hits.")
@json_option
@config_option
def backtest(
    *,
    names: tuple[str, ...],
    path: Path | None,
    since: datetime | None,
    sample: int,
    messages: bool,
    as_json: bool,
) -> None:
    """Replay rules over the stored articles; nothing is written."""
    from monitor.archive.backtest import Telling
    from monitor.archive.backtest import backtest as replay

    wishes = settings()
    open_store(wishes).close()
    job, before = _job(wishes, path, names, since)
    telling = Telling(routing=wishes.routing, until=datetime.now(UTC))
    if messages:
        telling = replace(telling, most=sys.maxsize)
    with _bar() as progress:
        result = replay(job, progress, sample=sample, before=before, telling=telling)
    if as_json:
        for each in result.rules:
            json_line(_json(each, result))
    else:
        _show(result)


def _job(
    wishes: "Settings", path: Path | None, names: tuple[str, ...], since: datetime | None
) -> "tuple[Job, RuleSet | None]":
    from monitor.archive.replay import Job
    from monitor.config.ruleset import load_rules

    current = load_rules(wishes)
    rules, before = current.rules, None
    if path is not None:
        rules, before = _versions(path, wishes, current)
    if names:
        known = {*rules.rules, *current.rules.rules}
        for name in names:
            if name not in known:
                raise unknown("enabled rule", name, known)
        rules, before = _only(rules, names), before and _only(before, names)
    modes = {url: spec.full_text for url, spec in wishes.feeds.items() if spec.enabled}
    return Job(store_url=wishes.store_url, rules=rules, modes=modes, since=since), before


def _versions(path: Path, wishes: "Settings", current: "LoadedRules") -> "tuple[RuleSet, RuleSet]":
    """The new version of rules, and those of the configuration that it takes the place of.

    A folder takes the place of all. A file takes that of the file with its name, and may refer to
    what the others define.
    """
    from monitor.config.ruleset import load_rules, restore_rules

    if path.is_dir():
        return load_rules(replace(wishes, rule_paths=(path.absolute(),))).rules, current.rules
    old = [name for name in current.book.sources if PurePath(name).name == path.name]
    others = {name: text for name, text in current.book.sources.items() if name not in old}
    new = restore_rules({**others, str(path): path.read_text(encoding="utf-8")})
    ids = new.files[str(path)].rules.specs.keys()
    replaced = {id_ for name in old for id_ in current.files[name].rules.specs}
    return _only(new.rules, ids), _only(current.rules, (*ids, *replaced))


def _only(rules: "RuleSet", names: Iterable[str]) -> "RuleSet":
    return replace(rules, rules={name: rules.rules[name] for name in names if name in rules.rules})


@contextmanager
def _bar() -> "Iterator[Progress]":
    """A bar on a terminal, nothing in a pipe."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("Replaying", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def _json(each: "RuleResult", result: "Backtest") -> dict[str, Any]:
    shape: dict[str, Any] = {
        "rule": each.rule,
        "hits": each.hits,
        "articles": result.articles,
        "alerts": result.messages(each.rule),
        "channels": _channels(result, each.rule),
        "undecided": result.undecided,
        "days": {day.isoformat(): number for day, number in each.days.items()},
        "terms": [
            {"clause": term.clause, "text": term.text, "share": round(term.share, 3)}
            for term in each.terms
        ],
        "sample": [_hit(finding) for finding in each.sample],
    }
    if each.compared is not None:
        shape |= {
            "gained": each.compared.gained,
            "lost": each.compared.lost,
            "unchanged": each.compared.unchanged,
            "gains": [_hit(finding) for finding in each.compared.gains],
            "losses": [_hit(finding) for finding in each.compared.losses],
        }
    return shape


def _channels(result: "Backtest", rule: str) -> dict[str, int]:
    """Messages of a rule by channel."""
    return dict(Counter(each.channel for each in result.sent or () if rule in each.rules))


def _hit(finding: "Finding") -> dict[str, Any]:
    return {
        "seen": finding.article.seen,
        "article": article_json(finding.article),
        "why": finding.match.why,
    }


def _show(result: "Backtest") -> None:
    share = result.hit / result.articles if result.articles else 0
    click.echo(f"{counted(result.articles, 'article')}, {result.hit} with a hit ({share:.1%})")
    if result.undecided:
        click.echo(
            f"{result.undecided} of them without their text, so that rules are undecided there"
        )
    _show_messages(result)
    for each in sorted(result.rules, key=lambda one: -one.hits):
        click.echo()
        _show_rule(each, result)


def _show_messages(result: "Backtest") -> None:
    if result.sent is None:
        click.echo("messages not counted for so many hits; --messages counts them")
        return
    kinds: dict[str, Counter[str]] = {}
    for each in result.sent:
        kinds.setdefault(each.channel, Counter())[each.kind] += 1
    for channel, found in sorted(kinds.items()):
        parts = ", ".join(f"{number} {kind}" for kind, number in found.most_common())
        click.echo(f"{channel}: {counted(found.total(), 'message')} ({parts})")


def _show_rule(each: "RuleResult", result: "Backtest") -> None:
    share = f" ({each.hits / result.articles:.2%})" if result.articles else ""
    messages = result.messages(each.rule)
    told = "" if messages is None else f", in {counted(messages, 'message')}"
    click.secho(each.rule, bold=True, nl=False)
    click.echo(f"  {counted(each.hits, 'hit')}{share}{told}")
    if days := filled(each.days):
        first, *_, last = (*days, max(days))
        click.echo(
            f"  {first} {sparkline(list(days.values()))} {last}, most {max(days.values())} a day"
        )
    for term in each.terms[:_SHOWN_TERMS]:
        text = printable(term.text)
        click.echo(f"  {term.share:>4.0%} of the hits by {printable(term.clause)}: “{text}”")
    if each.compared is not None:
        _show_compared(each.compared)
    else:
        _show_all("for example", each.sample)


def _show_compared(compared: "Compared") -> None:
    click.echo(f"  {compared.gained} gained, {compared.lost} lost, {compared.unchanged} unchanged")
    _show_all("gained", compared.gains)
    _show_all("lost", compared.losses)


def _show_all(heading: str, findings: "Iterable[Finding]") -> None:
    for number, finding in enumerate(findings):
        if not number:
            click.echo(f"  {heading}:")
        show(finding, "    ")
