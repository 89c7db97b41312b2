"""What follows from the outcome of a delivery; all in the transaction that records it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.alerts.decide import catch_up, next_chance
from monitor.jobs.decide import system_wait
from monitor.model.alert import AlertKind
from monitor.model.channel import ChannelPolicy
from monitor.model.delivery import Claim
from monitor.model.source import EventKind, FeedEvent
from monitor.store import alerts, feed_events, outages
from monitor.store.engine import Connection

LONG = timedelta(hours=1)
"""An outage after which what waits comes together, and does not flood the channel."""


class Aftermath:
    """Sees to it that what a message did not bring comes another way, and that people know.

    Args:
        policy: of a channel; None if the configuration has none of this name any more.
    """

    def __init__(self, policy: Callable[[str], ChannelPolicy | None]) -> None:
        self._policy = policy

    def died(self, connection: Connection, claim: Claim, reason: str, now: datetime) -> None:
        """A delivery was given up: hits that reached nobody come with a later message."""
        again = self._tell_again(connection, claim, now)
        then = "its hits come again with a later message" if again else "see monitor outbox list"
        text = f"alert {claim.alert} could not be delivered ({reason}); {then}"
        _happened(connection, claim.channel, text, now)

    def _tell_again(self, connection: Connection, claim: Claim, now: datetime) -> bool:
        policy = self._policy(claim.channel)
        if policy is None or not outages.reached_nobody(connection, claim.alert):
            return False
        if not outages.hits_to_return(connection, claim.alert):
            return False
        into = alerts.join(connection, claim.channel, next_chance(policy, now), now)
        outages.return_hits(connection, claim.alert, into)
        return True

    def went_down(self, connection: Connection, channel: str, reason: str, now: datetime) -> None:
        """A channel takes nothing: its messages are kept."""
        text = f"takes nothing at present ({reason}); its messages are kept and tried again"
        _happened(connection, channel, text, now)

    def came_up(
        self, connection: Connection, channel: str, since: datetime, now: datetime
    ) -> None:
        """A channel takes messages again; after a long outage it gets one for all it missed."""
        waiting = outages.missed(connection, channel)
        _happened(connection, channel, _came_up(len(waiting), since, now), now)
        policy = self._policy(channel)
        if policy is None or now - since < LONG or len(waiting) < 2:  # noqa: PLR2004 - one is no flood
            return
        for missed in waiting:
            system = missed.kind is AlertKind.SYSTEM
            wait = system_wait(policy, now) if system else catch_up(now)
            into = alerts.join(connection, channel, wait, since)
            alerts.fold(connection, missed.id, into, now)
            outages.fold_deliveries(connection, missed.id)


def _came_up(waiting: int, since: datetime, now: datetime) -> str:
    minutes = round((now - since) / timedelta(minutes=1))
    return f"takes messages again after {minutes} minutes; {waiting} were kept"


def _happened(connection: Connection, channel: str, text: str, now: datetime) -> None:
    event = FeedEvent(channel=channel, kind=EventKind.CHANNEL, at=now, text=text, told=True)
    feed_events.add(connection, [event])
