"""``monitor outbox``: deliveries on their way, sent and dead."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from monitor.cli.common import (
    config_option,
    enabled_channels,
    json_option,
    open_store,
    settings,
)
from monitor.cli.groups import Listing
from monitor.cli.output import counted, json_line, local, table
from monitor.model.delivery import DeliveryState

if TYPE_CHECKING:
    from monitor.store.delivery_list import DeliveryLine


@click.group(cls=Listing)
@config_option
def outbox() -> None:
    """Deliveries: list, retry, drop (default: list)."""


@outbox.command("list")
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]))
@click.option("--channel", help="Only those for this channel.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@json_option
@config_option
def list_deliveries(*, state: str | None, channel: str | None, limit: int, as_json: bool) -> None:
    """Deliveries, newest first."""
    from monitor.store import delivery_list

    chosen = DeliveryState(state) if state else None
    with open_store(settings()).read() as connection:
        found = delivery_list.lines(connection, chosen, limit, channel)
    if as_json:
        for line in found:
            json_line(asdict(line))
        return
    table(
        (
            "id",
            "alert",
            "headline",
            "channel",
            "target",
            "state",
            "attempts",
            "next try",
            "last error",
        ),
        [
            (
                line.id,
                line.alert,
                line.headline,
                line.channel,
                line.target,
                line.state,
                line.attempt,
                _next_try(line),
                line.last_error,
            )
            for line in found
        ],
        cut="headline",
    )


def _next_try(line: "DeliveryLine") -> str:
    if line.waits_for_channel:
        return "waits for its channel"
    return local(line.next_try) if line.state is DeliveryState.PENDING else "-"


def _chosen(*states: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The ways to name deliveries: by their IDs, or all in a state."""
    ids = click.argument("ids", type=int, metavar="[ID…]", nargs=-1)
    state = click.option("--state", type=click.Choice(states), help="All in this state instead.")
    channel = click.option("--channel", help="With --state: only those for this channel.")
    return lambda command: ids(state(channel(config_option(command))))


def _check_choice(ids: tuple[int, ...], state: str | None, channel: str | None) -> None:
    if bool(ids) == bool(state):
        raise click.UsageError("name either IDs or --state")
    if channel and not state:
        raise click.UsageError("--channel belongs to --state")


@outbox.command()
@_chosen("dead", "held", "dropped", "pending")
def retry(ids: tuple[int, ...], state: str | None, channel: str | None) -> None:
    """Send the deliveries with these IDs, or all that are in a state, again at the next chance."""
    from monitor.store import delivery_list

    _check_choice(ids, state, channel)
    wishes = settings()
    now, enabled = datetime.now(UTC), enabled_channels(wishes)
    number = 0
    with open_store(wishes).write() as connection:
        for delivery in ids:
            delivery_list.retry(connection, delivery, now, enabled)
        if state:
            number = delivery_list.retry_all(
                connection, DeliveryState(state), now, enabled, channel
            )
    for delivery in ids:
        click.echo(f"delivery {delivery} is due now")
    if state:
        click.echo(f"{counted(number, 'delivery is', 'deliveries are')} due now")


@outbox.command()
@_chosen("dead", "held", "pending")
def drop(ids: tuple[int, ...], state: str | None, channel: str | None) -> None:
    """Never send the deliveries with these IDs, or all that are in a state."""
    from monitor.store import delivery_list

    _check_choice(ids, state, channel)
    with open_store(settings()).write() as connection:
        for delivery in ids:
            delivery_list.drop(connection, delivery)
        number = delivery_list.drop_all(connection, DeliveryState(state), channel) if state else 0
    for delivery in ids:
        click.echo(f"delivery {delivery} is dropped")
    if state:
        click.echo(f"dropped {counted(number, 'delivery', 'deliveries')}")
