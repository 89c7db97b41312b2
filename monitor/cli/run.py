"""``monitor run``: the daemon, or one pass."""

import os
import sys
from typing import TYPE_CHECKING

import click

from monitor.cli.common import DONE, NO, config_option, config_path, print_problems

if TYPE_CHECKING:
    from monitor.model.settings import Settings


@click.command()
@click.option("--once", is_flag=True, help="One pass over what is due, then end.")
@click.option("--all", "everything", is_flag=True, help="With --once: poll every feed.")
@config_option
def run(*, once: bool, everything: bool) -> None:
    """Run in the foreground: poll, match, alert, deliver.

    SIGTERM and SIGINT finish the step at hand, SIGHUP reloads configuration and rules.
    """
    if everything and not once:
        raise click.UsageError("--all belongs to --once")
    from monitor import observe
    from monitor.config.load import load_settings
    from monitor.daemon import Daemon, plan
    from monitor.store import schema
    from monitor.store.engine import Store
    from monitor.store.lock import DaemonLock

    path = config_path()
    loaded = load_settings(path, os.environ)
    print_problems(loaded.warnings)
    observe.configure(loaded.settings.log)
    store = Store.open(loaded.settings.store_url)

    def wishes() -> "Settings":
        return load_settings(path, os.environ).settings

    with DaemonLock(store.path):
        schema.upgrade(store)
        daemon = Daemon(plan(loaded.settings, store), store)
        if once:
            good = daemon.run_once(everything=everything)
            daemon.close()
            sys.exit(DONE if good else NO)
        daemon.run(lambda: plan(wishes(), store))
