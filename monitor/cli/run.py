"""``monitor run``: the daemon, or one pass."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.common import (
    DONE,
    NO,
    channel_problems,
    config_option,
    config_path,
    print_problems,
)
from monitor.errors import ConfigError
from monitor.model.settings import EngineKind

if TYPE_CHECKING:
    from monitor.model.settings import Settings


@click.command()
@click.option("--once", is_flag=True, help="One pass over what is due, then end.")
@click.option("--all", "everything", is_flag=True, help="With --once: poll every feed.")
@click.option("--dry-run", is_flag=True, help="Send nothing: hold messages, write them to files.")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --dry-run: folder of the files (default: dry-run).",
)
@config_option
def run(*, once: bool, everything: bool, dry_run: bool, folder: Path | None) -> None:
    """Run in the foreground: poll, match, alert, deliver.

    SIGTERM and SIGINT finish the step at hand, SIGHUP reloads configuration and rules,
    and so does a change of their files.

    A dry run polls, matches and decides as ever, but holds what it would send: `monitor outbox
    retry ID` sends such a message after all, `monitor outbox drop --state held` forgets them.
    """
    if everything and not once:
        raise click.UsageError("--all belongs to --once")
    if folder and not dry_run:
        raise click.UsageError("--to belongs to --dry-run")
    path = config_path()
    settings = read_settings(path)
    if (once or dry_run) and settings.engine is not EngineKind.EMBEDDED:
        option = "--once" if once else "--dry-run"
        raise click.UsageError(f'{option} is for [runtime] engine = "embedded": one process')

    from monitor import observe
    from monitor.daemon import Daemon, Pools, now
    from monitor.feeds.workers import start_parsers, start_readers
    from monitor.plan import plan
    from monitor.service.interpreter import keep_what_is_loaded, share_heap, take_short_turns
    from monitor.service.ruleprocess import RuleProcess
    from monitor.service.together import engine_of
    from monitor.store.engine import Store

    share_heap()
    take_short_turns()
    observe.configure(settings.log)
    workers, readers = start_parsers(), start_readers()  # they hold neither lock nor database
    rules = RuleProcess()
    store = Store.open(settings.store_url)
    with workers, readers, rules, engine_of(settings, store, now) as engine:
        files = (folder or Path("dry-run")) if dry_run else None
        wishes = plan(settings, store, rules)
        daemon = Daemon(wishes, store, engine, Pools(workers, readers), dry_run=files)
        keep_what_is_loaded()
        if once:
            try:
                good = daemon.run_once(everything=everything)
            finally:
                daemon.close()
            sys.exit(DONE if good else NO)
        daemon.run(
            lambda running: plan(read_settings(path), store, rules, running), give_up=rules.give_up
        )


def read_settings(path: Path) -> "Settings":
    """The configuration, whose channels can be sent to; warnings are printed.

    Raises:
        ConfigError: it is wrong.
    """
    from monitor.config.load import load_settings

    loaded = load_settings(path, os.environ)
    if problems := channel_problems(loaded):
        raise ConfigError(problems)
    print_problems(loaded.warnings)
    return loaded.settings
