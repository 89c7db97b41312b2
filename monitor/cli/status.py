"""``monitor status``: one screen; exit code 1 when something needs a person."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import click
from typing_extensions import override

from monitor.cli.common import (
    NO,
    config_option,
    enabled_channels,
    json_option,
    open_store,
    settings,
)
from monitor.cli.output import counted, json_line, local, printable
from monitor.errors import Problem, RuleError
from monitor.model.delivery import ChannelState, DeliveryState
from monitor.model.settings import EngineKind
from monitor.model.source import Health

if TYPE_CHECKING:
    from monitor.model.mute import Mute
    from monitor.model.settings import Settings
    from monitor.store.engine import Connection
    from monitor.store.processes import Process
    from monitor.store.status import Status

_ASK: Final = "; `monitor articles --undecided` tells why"
_SHOWN: Final = 3  # mutes, silent rules
_LATE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """The rules that run: those of the files, or the last good set if these are wrong."""

    number: int
    problems: tuple[Problem, ...] = ()
    stored: bool = False

    @override
    def __str__(self) -> str:
        if not self.problems:
            return str(self.number)
        wrong = f"the files have {counted(len(self.problems), 'problem')}: `monitor check`"
        return f"{self.number} ({'last good set; ' if self.stored else ''}{wrong})"

    def complaints(self) -> Iterator[str]:
        if self.problems:
            runs = "the last good set runs" if self.stored else "no good set is stored yet"
            first = str(self.problems[0]).split("\n", 1)[0]
            yield f"rules: {counted(len(self.problems), 'problem')}, {runs}; {first}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """One of several processes on one database; one that died stands there until it is noticed."""

    process: "Process"
    alive: bool

    def shown(self) -> dict[str, object]:
        own = self.process
        return {
            "role": own.role,
            "host": own.host,
            "process": own.pid,
            "started": own.started,
            "alive": self.alive,
        }


@click.command()
@json_option
@config_option
def status(*, as_json: bool) -> None:
    """Daemon, feeds by health, rules, hits of a day, outbox, channels, poll lag."""
    from monitor.store import processes
    from monitor.store.status import status as read_status

    wishes = settings()
    store = open_store(wishes)
    with store.read() as connection:
        figures = read_status(connection, datetime.now(UTC), enabled_channels(wishes))
        rules = _rules(wishes, connection)
        entered = processes.entered(connection)
    process = store.holder()
    team = [_Member(process=each, alive=store.holder(each.lock) is not None) for each in entered]
    complaints = [
        *rules.complaints(),
        *_polling(figures, process),
        *_unworked(wishes, figures, team),
        *_complaints(figures),
    ]
    if as_json:
        shown = _json(figures, rules.number) | {
            "daemon": process,
            "processes": [each.shown() for each in team],
        }
        json_line(shown | {"healthy": not complaints, "complaints": complaints})
    else:
        _people(figures, rules, process, team, complaints)
    sys.exit(NO if complaints else 0)


def _rules(wishes: "Settings", connection: "Connection") -> _Rules:
    from monitor.config.ruleset import load_rules, restore_rules
    from monitor.store import rules as stored

    try:
        return _Rules(number=len(load_rules(wishes).rules.rules))
    except RuleError as error:
        problems = error.problems
    with suppress(RuleError):  # an older version of the program may have stored it
        if sources := stored.last(connection):
            good = restore_rules(sources)
            return _Rules(number=len(good.rules.rules), problems=problems, stored=True)
    return _Rules(number=0, problems=problems)


def _polling(figures: "Status", process: int | None) -> Iterator[str]:
    if process is None and figures.overdue:
        feeds = counted(figures.overdue, "feed is", "feeds are")
        yield f"the daemon is not running, and {feeds} overdue"
    elif figures.poll_lag > _LATE:
        yield f"polling is late by {figures.poll_lag}; the log of the daemon tells why"


def _unworked(wishes: "Settings", figures: "Status", team: Iterable[_Member]) -> Iterator[str]:
    shared = wishes.engine is EngineKind.PROCRASTINATE
    works = any(each.alive and each.process.role == "work" for each in team)
    if shared and figures.overdue and not works:
        yield "no `monitor work` runs, and the daemons leave the polling to it"


def _complaints(figures: "Status") -> list[str]:
    bad = (Health.FAILING, Health.NOT_A_FEED, Health.SILENT, Health.GONE)
    found = [
        f"feeds: {number} {health}; `monitor feeds list` tells why"
        for health in bad
        if (number := figures.feeds[health])
    ]
    if dead := figures.outbox[DeliveryState.DEAD]:
        found.append(f"outbox: {dead} dead; `monitor outbox list --state dead` tells why")
    if held := figures.outbox[DeliveryState.HELD]:
        found.append(f"outbox: {held} held; `monitor outbox list --state held` shows them")
    found += [
        f"channel {health.channel} is down since {local(health.since)}: {health.last_error}"
        for health in figures.channels
        if health.state is ChannelState.DOWN
    ]
    return found


def _json(figures: "Status", rules: int) -> dict[str, object]:
    return {
        "feeds": figures.feeds,
        "gaps_24h": figures.gaps,
        "rules": rules,
        "hits_24h": figures.hits,
        "spikes_24h": figures.spikes,
        "silent_rules": figures.silent,
        "unmatched": figures.unmatched,
        "wanted": figures.wanted,
        "undecided": figures.undecided,
        "open_hits": figures.open_hits,
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
        "mutes": [asdict(mute) for mute in figures.mutes],
        "poll_lag_seconds": figures.poll_lag.total_seconds(),
    }


def _spikes(figures: "Status") -> str:
    told = f"{figures.spikes} in 24 h" if figures.spikes else "none in 24 h"
    names = ", ".join(map(printable, figures.silent[:_SHOWN]))
    more = f" and {len(figures.silent) - _SHOWN} more" if len(figures.silent) > _SHOWN else ""
    return f"{told}; silent: {names}{more}" if names else told


def _mutes(mutes: "tuple[Mute, ...]") -> str:
    if not mutes:
        return "none"
    names = ", ".join(f"{mute.kind} {printable(mute.subject)}" for mute in mutes[:_SHOWN])
    more = f" and {len(mutes) - _SHOWN} more" if len(mutes) > _SHOWN else ""
    return f"{names}{more}; `monitor mute --list` tells until when"


def _team(team: Iterable[_Member]) -> str:
    names = Counter(
        f"{each.process.role} on {printable(each.process.host)}{'' if each.alive else ' (died)'}"
        for each in team
    )
    return ", ".join(f"{number} {name}" for name, number in sorted(names.items()))


def _people(
    figures: "Status",
    rules: _Rules,
    process: int | None,
    team: Sequence[_Member],
    complaints: list[str],
) -> None:
    def counts(numbers: "dict[str, int] | dict[DeliveryState, int]") -> str:
        return (
            ", ".join(f"{number} {name}" for name, number in numbers.items() if number) or "none"
        )

    lines = {
        "daemon": f"running (process {process})" if process else "not running",
        **({"processes": _team(team)} if team else {}),
        "feeds": counts({str(name): number for name, number in figures.feeds.items()}),
        "gaps": f"{figures.gaps} in 24 h" if figures.gaps else "none in 24 h",
        "rules": str(rules),
        "hits": f"{figures.hits} in 24 h, {figures.open_hits} to be decided",
        "spikes": _spikes(figures),
        "articles": f"{figures.unmatched} waiting to be matched, {figures.wanted} for their page",
        "undecided": f"{figures.undecided}{_ASK if figures.undecided else ''}",
        "alerts": f"{figures.open_alerts} open",
        "outbox": counts({str(name): number for name, number in figures.outbox.items()}),
        "channels": ", ".join(f"{health.channel} {health.state}" for health in figures.channels)
        or "none used yet",
        "mutes": _mutes(figures.mutes),
        "poll lag": f"{figures.poll_lag.total_seconds():.0f} s",
    }
    for name, text in lines.items():
        click.echo(f"{name:>9}  {text}")
    for complaint in complaints:
        click.secho(f"{'!':>9}  {complaint}", fg="red")
