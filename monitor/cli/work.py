"""``monitor work``: a worker for the daemons of several machines."""

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.common import config_option, config_path, print_problems
from monitor.errors import MonitorError
from monitor.model.settings import EngineKind

if TYPE_CHECKING:
    from monitor.model.settings import Settings


@click.command()
@click.option(
    "--parsers",
    type=click.IntRange(0, 64),
    default=None,
    help="Processes that parse beside this one (default: 2, or 1 on one core; 0: none).",
)
@config_option
def work(*, parsers: int | None) -> None:
    """Poll feeds for the daemons of several machines ([runtime] engine = "procrastinate").

    Any number of workers may run, on any machine. SIGTERM and SIGINT finish the polls at hand, or
    give them back; SIGHUP reloads the configuration, and so does a change of its files.
    """
    path = config_path()
    settings = _settings(path)
    if settings.engine is not EngineKind.PROCRASTINATE:
        raise MonitorError(
            '`monitor work` is for several machines: set [runtime] engine = "procrastinate"; '
            "with the engine of this configuration `monitor run` polls by itself"
        )

    from monitor import observe
    from monitor.service.together import task_queue
    from monitor.store.engine import Store

    observe.configure(settings.log)
    tasks = task_queue(settings)  # says what is not installed

    from monitor.feeds.workers import start_parsers
    from monitor.service.interpreter import share_heap, take_short_turns
    from monitor.worker import Worker, wait_for_tables

    share_heap()
    take_short_turns()
    pool = None if parsers == 0 else start_parsers(parsers)
    store = Store.open(settings.store_url)
    wait_for_tables(store, tasks)
    with pool or nullcontext(), Worker(settings, store, tasks, pool) as worker:
        worker.run(lambda: _settings(path))


def _settings(path: Path) -> "Settings":
    from monitor.config.load import load_settings

    loaded = load_settings(path, os.environ)
    print_problems(loaded.warnings)
    return loaded.settings
