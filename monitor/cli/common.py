"""What commands share: where the configuration is, times, and how errors end the program."""

import os
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import click
from typing_extensions import override

from monitor.errors import ConfigError, MonitorError, Problem, StoreBusy, StoreError

if TYPE_CHECKING:
    from monitor.config.load import Loaded
    from monitor.model.settings import Settings
    from monitor.store.engine import Store

F = TypeVar("F", bound=Callable[..., Any])

DONE: Final = 0
NO: Final = 1
BUSY: Final = 75
BAD_CONFIGURATION: Final = 78

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def config_option(command: F) -> F:
    """``--config`` is accepted before and after the command."""
    return click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path, dir_okay=False),
        expose_value=False,
        callback=_remember,
        help="Configuration file (default: ./config.toml, then the user's, then /etc).",
    )(command)


def _remember(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.ensure_object(dict)["config"] = value


def json_option(command: F) -> F:
    """``--json``: one object a line on standard output, nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")(command)


class Since(click.ParamType[datetime]):
    """``24h``, ``7d`` before now, or a day: 2026-11-01."""

    name = "time"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """An aware UTC time."""
        if isinstance(value, datetime):
            return value
        short = re.fullmatch(r"(\d+)([smhdw])", str(value))
        if short:
            return datetime.now(UTC) - timedelta(**{_UNITS[short[2]]: int(short[1])})
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f'{value!r} is no time; write "24h", "7d" or "2026-11-01"', param, ctx)
        return moment.astimezone(UTC)  # a time without a zone is local


def since_option(command: F) -> F:
    """``--since``."""
    return click.option("--since", type=Since(), help="24h, 7d or 2026-11-01.")(command)


def config_path() -> Path:
    """The configuration file of this call.

    Raises:
        ConfigError: there is none.
    """
    from monitor.config.load import find_config

    context = click.get_current_context()
    return find_config((context.obj or {}).get("config"), Path.cwd(), os.environ)


def settings(*, need_secrets: bool = False) -> "Settings":
    """The checked configuration; most commands send nothing and do without its secrets.

    Raises:
        ConfigError: it is wrong.
    """
    from monitor.config.load import load_settings

    return load_settings(config_path(), os.environ, need_secrets=need_secrets).settings


def enabled_channels(wishes: "Settings") -> set[str]:
    """Names of the channels that are in use."""
    return {name for name, policy in wishes.routing.channels.items() if policy.enabled}


def daemon(wishes: "Settings") -> int | None:
    """The process id of the daemon that runs on the database; None if none does."""
    from monitor.store.engine import Store

    return Store.open(wishes.store_url).holder()


def unknown(what: str, name: str, known: Iterable[str]) -> MonitorError:
    """The error of a name that does not exist, with the nearest that does."""
    from monitor.config.values import nearest

    hint = nearest(name, known)
    return MonitorError(f'there is no {what} "{name}"' + (f"; {hint}" if hint else ""))


def channel_problems(loaded: "Loaded") -> list[Problem]:
    """What is wrong with the enabled channels and their templates.

    Each channel is built as for sending, each template renders a sample.
    """
    from monitor.delivery.sender import check_channel
    from monitor.delivery.templates import template_problems

    policies = [each for each in loaded.settings.routing.channels.values() if each.enabled]
    reasons = {policy.name: check_channel(policy) for policy in policies}
    return [
        Problem(loaded.channel_places[name], f"channel {name}: {reason}")
        for name, reason in reasons.items()
        if reason
    ] + template_problems(policies)


def open_store(wishes: "Settings") -> "Store":
    """The database of the configuration, for commands beside a daemon.

    A database that does not exist yet is made: its lists are empty, not an error.

    Raises:
        StoreError: it can't be opened, or must be upgraded first.
    """
    from monitor.store import schema
    from monitor.store.engine import Store

    store = Store.open(wishes.store_url)
    if store.is_new():
        schema.upgrade(store)
    elif schema.needs_upgrade(store):
        raise StoreError(
            f"{store.name} is at version {schema.current(store) or 'none'}, this program needs "
            f"{schema.head()}; run `monitor db upgrade`, or start the daemon once"
        )
    return store


def print_problems(problems: Iterable[Problem]) -> None:
    """One problem a line on standard error."""
    for problem in problems:
        click.echo(str(problem), err=True)


def end_with(error: MonitorError) -> NoReturn:
    """End the program with the message and the exit code of an error."""
    if isinstance(error, ConfigError):
        print_problems(error.problems)
        sys.exit(BAD_CONFIGURATION)
    click.echo(f"monitor: {error}", err=True)
    sys.exit(BUSY if isinstance(error, StoreBusy) else NO)
