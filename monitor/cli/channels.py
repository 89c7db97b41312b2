"""``monitor channels``: where alerts go, how the channels do, and a test of one."""

import sys
import uuid
from datetime import UTC, datetime
from time import monotonic

import click

from monitor.cli.common import NO, config_option, json_option, open_store, settings
from monitor.cli.output import json_line, local, table
from monitor.errors import DeliveryError, MonitorError


@click.group(invoke_without_command=True)
@click.pass_context
@config_option
def channels(context: click.Context) -> None:
    """Channels: list, test (default: list)."""
    if context.invoked_subcommand is None:
        context.invoke(list_channels)


@channels.command("list")
@json_option
@config_option
def list_channels(*, as_json: bool = False) -> None:
    """Every channel with its health."""
    from monitor.delivery.sender import Sender
    from monitor.model.delivery import ChannelHealth
    from monitor.store import channels as stored

    wishes = settings()
    sender = Sender(wishes.routing.channels)
    with open_store(wishes).read() as connection:
        known = {health.channel: health for health in stored.all_health(connection)}
    rows = []
    for name, policy in wishes.routing.channels.items():
        health = known.get(name, ChannelHealth(channel=name))
        rows.append(
            {
                "channel": name,
                "state": health.state if policy.enabled else "disabled",
                "url": sender.describe(name) if policy.enabled else "",
                "since": health.since,
                "failures": health.failures,
                "last_ok": health.last_ok,
                "error": health.last_error,
            }
        )
    if as_json:
        for row in rows:
            json_line(row)
        return
    table(
        ("channel", "state", "last ok", "last error", "url"),
        [
            (row["channel"], row["state"], local(row["last_ok"]), row["error"], row["url"])  # type: ignore[arg-type]
            for row in rows
        ],
    )


@channels.command()
@click.argument("name")
@config_option
def test(name: str) -> None:
    """Send a marked sample to channel NAME; print the outcome, the time and the reason."""
    from monitor.alerts.render import Renderer
    from monitor.alerts.sample import sample_alert
    from monitor.delivery.sender import Sender
    from monitor.delivery.templates import shipped_templates
    from monitor.model.delivery import Claim

    routing = settings().routing
    if name not in routing.channels:
        raise MonitorError(f'there is no channel "{name}"; known: {", ".join(routing.channels)}')
    if not routing.channels[name].enabled:
        raise MonitorError(f'channel "{name}" is disabled')
    now = datetime.now(UTC)
    sender = Sender({name: routing.channels[name]})
    message = Renderer(shipped_templates()).render(sample_alert(name, now), UTC)
    failed = False
    for target in sender.targets(name):
        claim = Claim(
            id=0,
            alert=0,
            channel=name,
            target=target,
            key=f"test-{uuid.uuid4().hex}",
            attempt=1,
            created=now,
        )
        start = monotonic()
        try:
            sender.send(claim, message)
        except DeliveryError as error:
            failed = True
            click.echo(f"{name} {target}: failed after {monotonic() - start:.1f} s: {error}")
        else:
            click.echo(f"{name} {target}: accepted after {monotonic() - start:.1f} s")
    sys.exit(NO if failed else 0)
