"""``monitor outbox``: deliveries on their way, sent and dead."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from monitor.cli.common import config_option, json_option, open_store, settings
from monitor.cli.output import json_line, local, table
from monitor.model.delivery import DeliveryState


@click.group(invoke_without_command=True)
@click.pass_context
@config_option
def outbox(context: click.Context) -> None:
    """Deliveries: list, retry, drop (default: list)."""
    if context.invoked_subcommand is None:
        context.invoke(list_deliveries)


@outbox.command("list")
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]))
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@json_option
@config_option
def list_deliveries(*, state: str | None = None, limit: int = 100, as_json: bool = False) -> None:
    """Deliveries, newest first."""
    from monitor.store import deliveries

    chosen = DeliveryState(state) if state else None
    with open_store(settings()).read() as connection:
        found = deliveries.lines(connection, chosen, limit)
    if as_json:
        for line in found:
            json_line(asdict(line))
        return
    table(
        ("id", "alert", "channel", "target", "state", "attempts", "next try", "last error"),
        [
            (
                line.id,
                line.alert,
                line.channel,
                line.target,
                line.state,
                line.attempt,
                local(line.next_try) if line.state is DeliveryState.PENDING else "-",
                line.last_error,
            )
            for line in found
        ],
    )


@outbox.command()
@click.argument("delivery", type=int, metavar="ID")
@config_option
def retry(delivery: int) -> None:
    """Send delivery ID again at the next chance (a dead, held or waiting one)."""
    from monitor.store import deliveries

    with open_store(settings()).write() as connection:
        deliveries.retry(connection, delivery, datetime.now(UTC))
    click.echo(f"delivery {delivery} is due now")


@outbox.command()
@click.argument("delivery", type=int, metavar="ID")
@config_option
def drop(delivery: int) -> None:
    """Never send delivery ID."""
    from monitor.store import deliveries

    with open_store(settings()).write() as connection:
        deliveries.drop(connection, delivery)
    click.echo(f"delivery {delivery} is dropped")
