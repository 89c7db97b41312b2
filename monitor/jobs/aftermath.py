"""What follows from the outcome of a delivery; all in the transaction that records it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from monitor.alerts.decide import catch_up, next_chance, spike_wait
from monitor.jobs.decide import system_wait
from monitor.model.alert import AlertKind, Wait
from monitor.model.channel import ChannelPolicy
from monitor.model.delivery import ChannelChange, ChannelState, Claim
from monitor.model.source import EventKind, FeedEvent
from monitor.store import alerts, feed_events, outages
from monitor.store.engine import Connection
from monitor.store.outages import Missed

LONG = timedelta(hours=1)
"""An outage after which what waits comes together, and does not flood the channel."""


class Aftermath:
    """Sees to it that what a message did not bring comes another way, and that people know.

    Args:
        policy: of a channel; None if the configuration has none of this name any more.
    """

    def __init__(self, policy: Callable[[str], ChannelPolicy | None]) -> None:
        self._policy = policy

    def on_dead(self, connection: Connection, claim: Claim, reason: str, now: datetime) -> None:
        """Hits that reached nobody come with a later message, and people are told.

        Not of a notice that died: the notice of that would be the next one to die. What may have
        arrived is not told again: as another message it could not be known as a repeat.
        """
        if outages.is_notice(connection, claim.alert):
            return
        if outages.may_have_arrived(connection, claim.alert):
            then = "after an earlier try it may have arrived; see monitor outbox list"
        elif self._tell_again(connection, claim, now):
            then = "its hits come again with a later message"
        else:
            then = "see monitor outbox list"
        text = f"alert {claim.alert} could not be delivered ({reason}); {then}"
        _happened(connection, claim.channel, text, now)

    def on_health(self, connection: Connection, change: ChannelChange) -> None:
        """People are told; after a long outage the channel gets one message for all it missed."""
        if change.state is ChannelState.DOWN or change.down_since is None:
            text = f"takes nothing at present ({change.reason}); its messages are kept"
            _happened(connection, change.channel, text, change.at)
            return
        waiting = outages.missed(connection, change.channel)
        text = _came_up(len(waiting), change.down_since, change.at)
        _happened(connection, change.channel, text, change.at)
        if change.at - change.down_since >= LONG and len(waiting) > 1:
            self._catch_up(connection, change.channel, waiting, change.down_since, change.at)

    def _tell_again(self, connection: Connection, claim: Claim, now: datetime) -> bool:
        if not outages.reached_nobody(connection, claim.alert):
            return False
        alerts.unname(connection, claim.alert)
        policy = self._policy(claim.channel)
        if policy is None or not outages.hits_to_return(connection, claim.alert):
            return False
        into = alerts.join(connection, claim.channel, next_chance(policy, now), now)
        outages.return_hits(connection, claim.alert, into)
        return True

    def _catch_up(
        self,
        connection: Connection,
        channel: str,
        waiting: Sequence[Missed],
        since: datetime,
        now: datetime,
    ) -> None:
        policy = self._policy(channel)
        if policy is None:
            return
        for missed in waiting:
            wait = _kept(missed.kind, policy, now) or catch_up(now)
            into = alerts.join(connection, channel, wait, since)
            alerts.fold(connection, missed.id, into, now)
            outages.fold_deliveries(connection, missed.id)


def _kept(kind: AlertKind, policy: ChannelPolicy, now: datetime) -> Wait | None:
    """Where an alert that is not about hits comes together with others of its kind."""
    match kind:
        case AlertKind.SYSTEM:
            return system_wait(policy, now)
        case AlertKind.SPIKE:
            return spike_wait(policy, now)
        case _:
            return None


def _came_up(waiting: int, since: datetime, now: datetime) -> str:
    minutes = round((now - since) / timedelta(minutes=1))
    return f"takes messages again after {minutes} minutes; {waiting} were kept"


def _happened(connection: Connection, channel: str, text: str, now: datetime) -> None:
    event = FeedEvent(channel=channel, kind=EventKind.CHANNEL, at=now, text=text, told=True)
    feed_events.add(connection, [event])
