"""``monitor channels``: where alerts go, how the channels do, and a test of one."""

import sys
import uuid
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

import click

from monitor.cli.common import NO, config_option, json_option, open_store, settings
from monitor.cli.groups import Listing
from monitor.cli.output import json_line, local, table
from monitor.errors import ChannelDown, DeliveryError, MonitorError, PermanentDeliveryError

if TYPE_CHECKING:
    from monitor.delivery.sender import Sender
    from monitor.model.channel import ChannelPolicy


@click.group(cls=Listing)
@config_option
def channels() -> None:
    """Channels: list, test (default: list)."""


@channels.command("list")
@json_option
@config_option
def list_channels(*, as_json: bool) -> None:
    """Every channel with its health."""
    from monitor.delivery.sender import Sender
    from monitor.model.delivery import ChannelHealth
    from monitor.store import channels as stored

    wishes = settings()
    policies = wishes.routing.channels
    sender = Sender({name: policy for name, policy in policies.items() if policy.url})
    with open_store(wishes).read() as connection:
        known = {health.channel: health for health in stored.all_health(connection)}
    rows = []
    for name, policy in policies.items():
        health = known.get(name, ChannelHealth(channel=name))
        rows.append(
            {
                "channel": name,
                "state": health.state if policy.enabled else "disabled",
                "url": _url(sender, policy),
                "since": health.since,
                "failures": health.failures,
                "next_probe": health.next_probe,
                "last_ok": health.last_ok,
                "error": health.last_error,
            }
        )
    if as_json:
        for row in rows:
            json_line(row)
        return
    table(
        ("channel", "state", "last ok", "next try", "last error", "url"),
        [
            (
                row["channel"],
                row["state"],
                local(row["last_ok"]),  # type: ignore[arg-type]
                local(row["next_probe"]) if row["next_probe"] else "-",  # type: ignore[arg-type]
                row["error"],
                row["url"],
            )
            for row in rows
        ],
    )


def _url(sender: "Sender", policy: "ChannelPolicy") -> str:
    if not policy.enabled:
        return ""
    return sender.describe(policy.name) if policy.url else "(its secret is not set here)"


def _consequence(error: DeliveryError) -> str:
    """What the daemon would do."""
    if isinstance(error, PermanentDeliveryError):
        return "the daemon would give this message up"
    if isinstance(error, ChannelDown):
        return "the daemon would keep the channel's messages and try again"
    taken = ", though it may have been taken" if error.uncertain else ""
    return f"the daemon would send this message again{taken}"


@channels.command()
@click.argument("name")
@config_option
def test(name: str) -> None:
    """Send a marked sample to channel NAME; print the outcome, the time and the reason."""
    from monitor.alerts.sample import sample_alert
    from monitor.delivery.sender import Sender
    from monitor.delivery.templates import renderers_of
    from monitor.model.delivery import Claim

    routing = settings(need_secrets=True).routing
    if name not in routing.channels:
        raise MonitorError(f'there is no channel "{name}"; known: {", ".join(routing.channels)}')
    if not routing.channels[name].enabled:
        raise MonitorError(f'channel "{name}" is disabled')
    now = datetime.now(UTC)
    policy = routing.channels[name]
    sender = Sender({name: policy})
    message = renderers_of([policy])[name].render(sample_alert(name, now), policy.zone)
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
        where = f"{name} {target}".rstrip()
        start = monotonic()
        try:
            sender.send(claim, message)
        except DeliveryError as error:
            failed = True
            click.echo(f"{where}: failed after {monotonic() - start:.1f} s: {error}")
            click.echo(f"{where}: {_consequence(error)}")
        else:
            click.echo(f"{where}: accepted after {monotonic() - start:.1f} s")
    sender.rest(name)
    sys.exit(NO if failed else 0)
