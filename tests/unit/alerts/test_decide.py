import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.decide import decide
from monitor.model.alert import Decision, HitFacts, Reason, RuleFacts
from monitor.model.article import Arrival, Carrier
from monitor.model.channel import ChannelPolicy, Route, Routing
from monitor.model.rule import Severity

FEED = Carrier(name="Gazette", url="https://g.example/rss", tags=("europe",))
RULE = RuleFacts(
    id="strikes",
    title="Strikes",
    severity=Severity.HIGH,
    tags=("labour",),
    entities=("port-authority",),
)


def hit(
    rule: RuleFacts = RULE,
    arrival: Arrival = Arrival.LIVE,
    carriers: tuple[Carrier, ...] = (FEED,),
) -> HitFacts:
    return HitFacts(id=1, article=1, rule=rule, arrival=arrival, carriers=carriers)


def routing(*routes: Route) -> Routing:
    channels = {
        name: ChannelPolicy(name=name, url="console://", enabled=name != "off")
        for name in ("desk", "mail", "off")
    }
    return Routing(channels=channels, routes=routes)


def reasons(decisions: tuple[Decision, ...]) -> dict[str, Reason]:
    return {one.channel: one.reason for one in decisions}


FIRST, MORE, BACKLOG, NO_ROUTE = Reason.FIRST, Reason.MORE, Reason.BACKLOG, Reason.NO_ROUTE
DESK = Route(channels=("desk",))
MAIL = Route(channels=("mail",))


@pytest.mark.parametrize(
    ("routes", "facts", "expected"),
    [
        pytest.param((), hit(), (FIRST, FIRST), id="without routes all channels are told"),
        pytest.param((DESK, MAIL), hit(), (FIRST, NO_ROUTE), id="the first route wins"),
        pytest.param(
            (Route(channels=("desk",), continues=True), MAIL),
            hit(),
            (FIRST, FIRST),
            id="unless it continues",
        ),
        pytest.param(
            (Route(channels=("desk",), rules=("other",)), MAIL),
            hit(),
            (NO_ROUTE, FIRST),
            id="a route that does not fit is passed over",
        ),
        pytest.param(
            (Route(channels=("desk",), rules=("other",)),),
            hit(),
            (NO_ROUTE, NO_ROUTE),
            id="no route fits",
        ),
        pytest.param(
            (MAIL,),
            hit(RuleFacts(id="r", title="R", channels=("desk",))),
            (FIRST, NO_ROUTE),
            id="channels of the rule override the routes",
        ),
        pytest.param(
            (),
            hit(RuleFacts(id="r", title="R", channels=())),
            (NO_ROUTE, NO_ROUTE),
            id="a rule may name no channel at all",
        ),
        pytest.param(
            (DESK,),
            hit(arrival=Arrival.BACKLOG),
            (BACKLOG, NO_ROUTE),
            id="backlog is kept quiet where a route leads",
        ),
    ],
)
def test_routes_lead_to_channels(
    routes: tuple[Route, ...], facts: HitFacts, expected: tuple[Reason, Reason]
) -> None:
    decisions = reasons(decide(facts, routing(*routes), set()))
    assert (decisions["desk"], decisions["mail"]) == expected


@pytest.mark.parametrize(
    ("route", "fits"),
    [
        pytest.param(Route(channels=("desk",), rules=("a", "strikes")), True, id="rule"),
        pytest.param(Route(channels=("desk",), entities=("port-authority",)), True, id="entity"),
        pytest.param(Route(channels=("desk",), entities=("nato",)), False, id="other entity"),
        pytest.param(Route(channels=("desk",), severity=(Severity.HIGH,)), True, id="severity"),
        pytest.param(Route(channels=("desk",), severity=(Severity.LOW,)), False, id="too low"),
        pytest.param(Route(channels=("desk",), tags=("labour",)), True, id="rule tag"),
        pytest.param(
            Route(channels=("desk",), tags=("europe",)), False, id="feed tag as rule tag"
        ),
        pytest.param(Route(channels=("desk",), feeds=("Gazette",)), True, id="feed name"),
        pytest.param(Route(channels=("desk",), feeds=(FEED.url,)), True, id="feed URL"),
        pytest.param(Route(channels=("desk",), feeds=("tag:europe",)), True, id="feed tag"),
        pytest.param(Route(channels=("desk",), feeds=("europe",)), False, id="tag without prefix"),
        pytest.param(
            Route(channels=("desk",), rules=("strikes",), tags=("other",)),
            False,
            id="all conditions must hold",
        ),
    ],
)
def test_a_route_takes_what_all_its_conditions_fit(route: Route, *, fits: bool) -> None:
    decisions = reasons(decide(hit(), routing(route), set()))
    assert decisions["desk"] is (FIRST if fits else NO_ROUTE)


def test_any_feed_that_carried_the_article_fits() -> None:
    other = Carrier(name="Other", url="https://o.example/rss")
    route = Route(channels=("desk",), feeds=("tag:europe",))
    told = decide(hit(carriers=(other, FEED)), routing(route), set())
    assert reasons(told)["desk"] is FIRST


def test_a_further_rule_on_a_told_article_has_its_own_reason() -> None:
    told = decide(hit(), routing(), {"desk"})
    assert reasons(told) == {"desk": MORE, "mail": FIRST}


names = st.sampled_from(["desk", "mail", "off", "gone"])
routes = st.builds(
    Route,
    channels=st.lists(names, max_size=3).map(tuple),
    rules=st.sampled_from([(), ("strikes",), ("other",)]),
    continues=st.booleans(),
)


@given(
    routes=st.lists(routes, max_size=4),
    channels=st.none() | st.lists(names, max_size=3).map(tuple),
    arrival=st.sampled_from(Arrival),
    already=st.sets(names),
)
def test_every_enabled_channel_gets_exactly_one_decision(
    routes: list[Route],
    channels: tuple[str, ...] | None,
    arrival: Arrival,
    already: set[str],
) -> None:
    rule = RuleFacts(id="strikes", title="Strikes", channels=channels)
    decisions = decide(hit(rule, arrival), routing(*routes), already)
    assert [one.channel for one in decisions] == ["desk", "mail"]
    assert all(one.told == (one.reason in {FIRST, MORE}) for one in decisions)
