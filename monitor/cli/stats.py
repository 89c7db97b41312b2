"""``monitor stats``: figures of rules, with charts."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from monitor.cli.chart import bar, filled, sparkline
from monitor.cli.common import (
    config_option,
    json_option,
    open_store,
    settings,
    since_option,
    unknown,
)
from monitor.cli.output import counted, json_line, local, printable, table
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.store.engine import Store
    from monitor.store.feed_events import RuleEvent
    from monitor.store.stats import RuleFigures

_MEDIAN: Final = 0.5
_MOST: Final = 0.95
_SOURCES: Final = 10
_EVENTS: Final = 5  # spikes and silences
_WIDTH: Final = 30  # characters of a bar
_MINUTE: Final = 60


@click.command()
@click.argument("rule", required=False)
@since_option
@click.option(
    "--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw to a .png or .svg file."
)
@click.option("--proposals", is_flag=True, help="What the marked hits of the rule teach.")
@json_option
@config_option
def stats(
    rule: str | None, *, since: datetime | None, plot: Path | None, proposals: bool, as_json: bool
) -> None:
    """Hits, stories, outlets, delays from publication to message, precision, spikes of rules."""
    from monitor.store import feed_events
    from monitor.store.stats import figures

    if proposals and rule is None:
        raise click.UsageError("--proposals are made for one RULE")
    store = open_store(settings())
    with store.read() as connection:
        events = feed_events.of_rules(connection, since)
        found = figures(connection, (rule,) if rule else (), since)
        if rule and not found:
            raise unknown(
                "rule with hits", rule, {each.rule for each in figures(connection, (), None)}
            )
    if plot is not None:
        _plot(plot, found)
    if as_json:
        for each in found:
            spikes = [asdict(event) for event in events.get(each.rule, ())]
            json_line(_json(each) | {"spikes": spikes})
    elif rule:
        _show(found[0], events.get(rule, ()))
    else:
        _table(found)
    if proposals and rule:
        _propose(store, rule)


def _days(each: "RuleFigures") -> dict[date, int]:
    return {date.fromordinal(day): each.days[day] for day in sorted(each.days)}


def _json(each: "RuleFigures") -> dict[str, Any]:
    return {
        "rule": each.rule,
        "hits": each.hits,
        "stories": each.stories,
        "outlets": each.outlets,
        "delay": {"median": each.delay(_MEDIAN), "p95": each.delay(_MOST), "of": len(each.delays)},
        "days": {day.isoformat(): number for day, number in _days(each).items()},
        "sources": dict(each.sources.most_common()),
        "useful": each.precision.useful,
        "noise": each.precision.noise,
        "precision": each.precision.share,
    }


def _table(found: "Sequence[RuleFigures]") -> None:
    if not found:
        click.echo("no hits", err=True)
        return
    table(
        ("rule", "hits", "stories", "outlets", "median delay", "95 %", "precision", "by day"),
        [
            (
                each.rule,
                each.hits,
                each.stories,
                each.outlets,
                _long(each.delay(_MEDIAN)),
                _long(each.delay(_MOST)),
                _precision(each),
                sparkline(list(filled(_days(each), 30).values())),
            )
            for each in found
        ],
    )


def _show(each: "RuleFigures", events: "Sequence[RuleEvent]") -> None:
    click.secho(each.rule, bold=True)
    stories = counted(each.stories, "story", "stories")
    click.echo(f"  {counted(each.hits, 'hit')} on {stories} in {counted(each.outlets, 'outlet')}")
    click.echo(
        f"  from publication to the first message: median {_long(each.delay(_MEDIAN))}, "
        f"95 % within {_long(each.delay(_MOST))} (of {counted(len(each.delays), 'told hit')})"
    )
    click.echo(f"  precision: {_precision(each)}")
    for event in events[:_EVENTS]:
        click.echo(f"  {local(event.at)}  {event.kind}: {printable(event.text)}")
    days = filled(_days(each), 30)
    most = max(days.values(), default=0)
    for day, number in days.items():
        click.echo(f"  {day}  {number:>5} {bar(number, most, _WIDTH)}")
    highest = max(each.sources.values(), default=0)
    for source, number in each.sources.most_common(_SOURCES):
        click.echo(f"  {number:>5} {bar(number, highest, _WIDTH):<{_WIDTH}}  {printable(source)}")


def _precision(each: "RuleFigures") -> str:
    share, marks = each.precision.share, each.precision
    if share is None:
        return "-"
    return f"{share:.0%} of {marks.useful + marks.noise}"


def _long(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return (
        f"{hours} h {minutes} min"
        if hours
        else f"{minutes} min {rest} s"
        if minutes
        else f"{rest} s"
    )


def _propose(store: "Store", rule: str) -> None:
    from monitor.archive.judging import not_candidates, rule_test
    from monitor.store import hit_list, marks

    with store.read() as connection:
        judged = marks.marked(connection, rule)
        lines = [each for each in hit_list.recent(connection, rules=(rule,)) if each.id in judged]
    useful = [each.article for each in lines if judged[each.id] is marks.Mark.USEFUL]
    noise = [each for each in lines if judged[each.id] is marks.Mark.NOISE]
    if not noise:
        click.echo("no hit is marked as noise: `monitor mark HIT noise`", err=True)
        return
    click.echo("\nWords that noise has more often than what is useful; candidates for NOT:")
    for each in not_candidates(useful, [line.article for line in noise]):
        click.echo(
            f"  {each.word}  in {each.noise} of {len(noise)} noisy, "
            f"{each.useful} of {len(useful)} useful hits"
        )
    click.echo("\nThe newest noise as a test of the rule:\n")
    start = next((span.start for span in noise[0].spans if span.field == "text"), 0)
    click.echo(rule_test(rule, noise[0].article, start, match=False))


def _plot(file: Path, found: "Sequence[RuleFigures]") -> None:
    from monitor.cli.plot import draw

    try:
        draw(file, {each.rule: filled(_days(each)) for each in found})
    except OSError as error:
        raise MonitorError(f"{file} can't be written: {error.strerror}") from error
