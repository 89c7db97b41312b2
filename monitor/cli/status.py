"""``monitor status``: one screen; exit code 1 when something needs a person."""

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import click

from monitor.cli.common import NO, config_option, json_option, open_store, settings
from monitor.cli.output import json_line, local
from monitor.errors import RuleError
from monitor.model.delivery import ChannelState, DeliveryState

if TYPE_CHECKING:
    from monitor.model.settings import Settings
    from monitor.store.status import Status

_LATE: Final = timedelta(minutes=5)


@click.command()
@json_option
@config_option
def status(*, as_json: bool) -> None:
    """Feeds by health, rules, hits of a day, outbox, channels, poll lag."""
    from monitor.store.status import status as read_status

    wishes = settings()
    with open_store(wishes).read() as connection:
        figures = read_status(connection, datetime.now(UTC))
    rules, rule_problems = _rules(wishes)
    complaints = [*rule_problems, *_complaints(figures)]
    if as_json:
        json_line(_json(figures, rules) | {"healthy": not complaints, "complaints": complaints})
    else:
        _people(figures, rules, complaints)
    sys.exit(NO if complaints else 0)


def _rules(wishes: "Settings") -> tuple[int, list[str]]:
    from monitor.config.ruleset import load_rules

    try:
        return len(load_rules(wishes).rules.rules), []
    except RuleError as error:
        first = str(error.problems[0]).split("\n", 1)[0]
        return 0, [f"rules: {len(error.problems)} problems, the last good set runs; {first}"]


def _complaints(figures: "Status") -> list[str]:
    from monitor.store.feed_health import Health

    found = []
    if failing := figures.feeds[Health.FAILING]:
        found.append(f"feeds: {failing} failing; `monitor feeds list` tells why")
    if figures.poll_lag > _LATE:
        found.append(f"polling is late by {figures.poll_lag}; is the daemon running?")
    if dead := figures.outbox[DeliveryState.DEAD]:
        found.append(f"outbox: {dead} dead; `monitor outbox list --state dead` tells why")
    found += [
        f"channel {health.channel} is down since {local(health.since)}: {health.last_error}"
        for health in figures.channels
        if health.state is ChannelState.DOWN
    ]
    return found


def _json(figures: "Status", rules: int) -> dict[str, object]:
    return {
        "feeds": figures.feeds,
        "rules": rules,
        "hits_24h": figures.hits,
        "unmatched": figures.unmatched,
        "undecided": figures.undecided,
        "open_alerts": figures.open_alerts,
        "outbox": figures.outbox,
        "oldest_pending": figures.oldest_pending,
        "channels": {
            health.channel: {
                "state": health.state,
                "last_ok": health.last_ok,
                "error": health.last_error,
            }
            for health in figures.channels
        },
        "poll_lag_seconds": figures.poll_lag.total_seconds(),
    }


def _people(figures: "Status", rules: int, complaints: list[str]) -> None:
    def counts(numbers: "dict[str, int] | dict[DeliveryState, int]") -> str:
        return (
            ", ".join(f"{number} {name}" for name, number in numbers.items() if number) or "none"
        )

    lines = {
        "feeds": counts({str(name): number for name, number in figures.feeds.items()}),
        "rules": str(rules),
        "hits": f"{figures.hits} in 24 h, {figures.undecided} undecided",
        "articles": f"{figures.unmatched} waiting to be matched",
        "alerts": f"{figures.open_alerts} open",
        "outbox": counts({str(name): number for name, number in figures.outbox.items()}),
        "channels": ", ".join(f"{health.channel} {health.state}" for health in figures.channels)
        or "none used yet",
        "poll lag": f"{figures.poll_lag.total_seconds():.0f} s",
    }
    for name, text in lines.items():
        click.echo(f"{name:>9}  {text}")
    for complaint in complaints:
        click.secho(f"{'!':>9}  {complaint}", fg="red")
