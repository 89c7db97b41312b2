"""The command ``monitor``: finds the sub-command and turns errors into exit codes."""

import sys
from importlib import import_module
from typing import Final

import click
from typing_extensions import override

from monitor.cli.common import config_option, end_with
from monitor.cli.groups import Suggesting
from monitor.errors import MonitorError

_COMMANDS: Final = {
    "init": ("monitor.cli.init", "Write a configuration, rules and the seed to start from."),
    "run": ("monitor.cli.run", "Run the daemon, or one pass with --once."),
    "work": ("monitor.cli.work", "Poll feeds for the daemons of several machines."),
    "check": ("monitor.cli.check", "Check configuration, rules, rule tests and channels."),
    "explain": ("monitor.cli.explain", "Why rules match a text, or what is missing."),
    "preview": ("monitor.cli.preview", "The message an article would make, as files."),
    "hits": ("monitor.cli.hits", "Stored hits with their passages, newest first."),
    "articles": ("monitor.cli.articles", "Stored articles, newest first."),
    "search": ("monitor.cli.search", "Search the stored articles with the query language."),
    "backtest": ("monitor.cli.backtest", "What rules would have caught in the stored articles."),
    "mark": ("monitor.cli.mark", "Judge hits: useful, or noise."),
    "stats": ("monitor.cli.stats", "Figures of rules: hits, stories, delays, precision."),
    "trace": ("monitor.cli.trace", "The life of one article, with times."),
    "feeds": ("monitor.cli.feeds", "Subscriptions and their health."),
    "channels": ("monitor.cli.channels", "Channels and their health; send a test."),
    "outbox": ("monitor.cli.outbox", "Deliveries: list, retry, drop."),
    "mute": ("monitor.cli.mute", "Don't tell a rule, a story or a feed for a while."),
    "status": ("monitor.cli.status", "One screen; exit code 1 when unhealthy."),
    "db": ("monitor.cli.db", "Upgrade, back up, prune the database."),
}


class _Commands(Suggesting):
    """Imports a command only when it is called: ``--help`` stays fast."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(_COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name)
        return command

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in _COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="media-monitor", prog_name="monitor")
@config_option
def monitor() -> None:
    """Media Monitor: polls feeds, matches watch-rules, sends alerts.

    Exit codes: 0 done, 1 the answer is "no", 2 wrong usage, 75 busy, 78 bad configuration.
    """


def main() -> None:
    """Entry point of the program."""
    try:
        monitor(prog_name="monitor")
    except MonitorError as error:
        end_with(error)
    except BrokenPipeError:  # `monitor hits | head`
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
