"""Which channels a hit, or a word about the program itself, belongs to."""

from collections.abc import Collection

from monitor.matching.meta import carried_by
from monitor.model.alert import RuleFacts
from monitor.model.article import Carrier
from monitor.model.channel import ChannelPolicy, Mode, Route, Routing


def routed(rule: RuleFacts, carriers: Collection[Carrier], routing: Routing) -> Collection[str]:
    """The channels of the rule if it names some, else those the routes lead to.

    Args:
        rule: that hit.
        carriers: of what it hit.
        routing: channels and routes.
    """
    if rule.channels is not None:
        return rule.channels
    if not routing.routes:
        return routing.channels.keys()
    channels: set[str] = set()
    for route in routing.routes:
        if _takes(route, rule, carriers):
            channels.update(route.channels)
            if not route.continues:
                break
    return channels


def system_channels(routing: Routing) -> tuple[ChannelPolicy, ...]:
    """The channels that are told of sources and channels, in the configuration's order.

    Without a wish these are the ones that are told at once; if there is none, all.
    """
    enabled = [policy for policy in routing.channels.values() if policy.enabled]
    if routing.system is not None:
        return tuple(policy for policy in enabled if policy.name in routing.system)
    return tuple(policy for policy in enabled if policy.mode is not Mode.DIGEST) or tuple(enabled)


def _takes(route: Route, rule: RuleFacts, carriers: Collection[Carrier]) -> bool:
    return (
        (not route.rules or rule.id in route.rules)
        and (not route.entities or not set(route.entities).isdisjoint(rule.entities))
        and (not route.severity or rule.severity in route.severity)
        and (not route.tags or not set(route.tags).isdisjoint(rule.tags))
        and (
            not route.feeds
            or any(carried_by(feed, carrier) for feed in route.feeds for carrier in carriers)
        )
    )
