"""What the daemon is to run: a configuration, and rules that passed their tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor import observe
from monitor.errors import ConfigError, Problem, RuleError
from monitor.jobs import catch_up
from monitor.model.settings import Settings
from monitor.service.ruleprocess import RuleProcess, RunningRules
from monitor.service.wire import RuleFiles
from monitor.store import deliveries, rhythms, rules
from monitor.store.engine import Connection, Store

_FIXED: Final = ("store_url", "engine", "fetch", "http", "log")  # count from the start on

log = observe.logger("monitor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to run: the configuration and a rule set that passed its tests.

    Attributes:
        new: the rules that may find other articles than those that ran last.
        refused: what is wrong with the rules of the files, if the last good ones run instead.
    """

    settings: Settings
    rules: RunningRules
    new: tuple[str, ...] = ()
    refused: tuple[Problem, ...] = ()

    def needs_restart(self, before: Settings) -> bool:
        """Whether something differs from the settings of before that counts from the start on."""
        return any(getattr(before, name) != getattr(self.settings, name) for name in _FIXED)


def plan(
    settings: Settings, store: Store, process: RuleProcess, running: RunningRules | None = None
) -> Plan:
    """The configuration with its rules; if they are wrong, with the last good set.

    Args:
        settings: the configuration.
        store: where the last good set is.
        process: that reads the rules and matches by them.
        running: rules that run already, and go on if those of the files are wrong.

    Raises:
        RuleError: the rules are wrong and no good set was ever stored.
        WorkerError: the process died of them.
    """
    files = RuleFiles(paths=settings.rule_paths, channels=frozenset(settings.routing.channels))
    last = running.sources if running else _last_sources(store)
    try:
        loaded = process.load(files, last)
    except RuleError as error:
        if last is None:
            raise
        complain("rules refused; the last good set runs", error)
        good = running or process.load(last)
        return Plan(settings=settings, rules=good, refused=error.problems)
    return Plan(settings=settings, rules=loaded, new=loaded.new)


def _last_sources(store: Store) -> Mapping[str, str] | None:
    with store.read() as connection:
        return rules.last(connection)


def take_up(connection: Connection, wishes: Plan, now: datetime) -> None:
    """Stores what comes into force: the rules, what is new in them, which channels are gone."""
    rules.save(connection, wishes.rules.revision, wishes.rules.sources, now)
    catch_up.plan(connection, wishes.rules, wishes.new, wishes.settings.rule_window, now)
    rhythms.restart(connection, wishes.new, wishes.rules.facts, now)
    retire(connection, wishes.settings)


def retire(connection: Connection, settings: Settings) -> None:
    """Gives up messages to channels that are not in the configuration."""
    given_up = deliveries.retire(connection, settings.routing.channels)
    if given_up:
        log.warning("messages given up: their channel is not in the configuration", count=given_up)


def complain(event: str, error: ConfigError) -> None:
    """Logs every problem of a configuration or of rules."""
    for problem in error.problems:
        log.error(event, problem=str(problem))
