"""``monitor feeds poll``: one feed, now."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from monitor.cli.common import config_option, daemon, open_store, settings
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.model.settings import Settings


@click.command()
@click.argument("url")
@config_option
def poll(url: str) -> None:
    """Ask a running daemon to poll URL at its next tick."""
    from monitor.store import feeds as stored

    wishes = settings()
    if url not in wishes.feeds:
        raise MonitorError(f"{url} is not subscribed; `monitor feeds list` shows what is")
    if not wishes.feeds[url].enabled:
        raise MonitorError(f"{url} is disabled; take away its `enabled = false` first")
    with open_store(wishes).write() as connection:
        if url not in stored.next_polls(connection):
            raise MonitorError(_not_taken_up(wishes))
        stored.reschedule(connection, url, datetime.now(UTC))
    click.echo("due now; a running daemon polls it within a second, or use `monitor run --once`")


def _not_taken_up(wishes: "Settings") -> str:
    if process := daemon(wishes):
        return f"the running daemon does not know it yet: kill -HUP {process}"
    return "no daemon has taken it up yet; `monitor run` polls it at once"
