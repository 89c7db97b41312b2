"""Which channels are told of a hit, and why the others are not."""

from collections.abc import Collection

from monitor.matching.meta import carried_by
from monitor.model.alert import Decision, HitFacts, Reason
from monitor.model.article import Arrival
from monitor.model.channel import ChannelPolicy, Route, Routing

_QUIET = {Arrival.BACKLOG: Reason.BACKLOG, Arrival.FLOOD: Reason.FLOOD}


def decide(hit: HitFacts, routing: Routing, already: Collection[str]) -> tuple[Decision, ...]:
    """Returns one decision for every enabled channel, in the order of the configuration.

    Args:
        hit: the stored hit.
        routing: channels and routes of the running configuration.
        already: channels that another hit of the same article was told to.
    """
    routed = _routed(hit, routing)
    return tuple(
        _decision(name, hit.arrival, routed, already)
        for name, policy in routing.channels.items()
        if policy.enabled
    )


def system_channels(routing: Routing) -> tuple[ChannelPolicy, ...]:
    """The channels that are told of what happens to sources, in the configuration's order."""
    return tuple(
        policy
        for name, policy in routing.channels.items()
        if policy.enabled and (routing.system is None or name in routing.system)
    )


def _decision(
    channel: str, arrival: Arrival, routed: Collection[str], already: Collection[str]
) -> Decision:
    if channel not in routed:
        return Decision(channel=channel, told=False, reason=Reason.NO_ROUTE)
    if quiet := _QUIET.get(arrival):
        return Decision(channel=channel, told=False, reason=quiet)
    reason = Reason.MORE if channel in already else Reason.FIRST
    return Decision(channel=channel, told=True, reason=reason)


def _routed(hit: HitFacts, routing: Routing) -> Collection[str]:
    """The channels of the rule if it names some, else those the routes lead to."""
    if hit.rule.channels is not None:
        return hit.rule.channels
    if not routing.routes:
        return routing.channels.keys()
    channels: set[str] = set()
    for route in routing.routes:
        if _takes(route, hit):
            channels.update(route.channels)
            if not route.continues:
                break
    return channels


def _takes(route: Route, hit: HitFacts) -> bool:
    rule = hit.rule
    return (
        (not route.rules or rule.id in route.rules)
        and (not route.entities or not set(route.entities).isdisjoint(rule.entities))
        and (not route.severity or rule.severity in route.severity)
        and (not route.tags or not set(route.tags).isdisjoint(rule.tags))
        and (
            not route.feeds
            or any(carried_by(feed, carrier) for feed in route.feeds for carrier in hit.carriers)
        )
    )
