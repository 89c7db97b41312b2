from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.decide import UNKNOWN, Known, decide
from monitor.model.alert import (
    AlertKind,
    Decision,
    HitFacts,
    Reason,
    RuleFacts,
    Wait,
    WaitsFor,
)
from monitor.model.article import Arrival, Carrier
from monitor.model.channel import (
    ChannelPolicy,
    DigestTimes,
    Mode,
    QuietHours,
    Route,
    Routing,
)
from monitor.model.rule import Severity

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

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
        pytest.param(
            (DESK,),
            replace(hit(arrival=Arrival.BACKLOG), late=True),
            (Reason.ARCHIVE, NO_ROUTE),
            id="so is what was there before its rule",
        ),
    ],
)
def test_routes_lead_to_channels(
    routes: tuple[Route, ...], facts: HitFacts, expected: tuple[Reason, Reason]
) -> None:
    decisions = reasons(decide(facts, routing(*routes), {}, NOW))
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
    decisions = reasons(decide(hit(), routing(route), {}, NOW))
    assert decisions["desk"] is (FIRST if fits else NO_ROUTE)


def test_any_feed_that_carried_the_article_fits() -> None:
    other = Carrier(name="Other", url="https://o.example/rss")
    route = Route(channels=("desk",), feeds=("tag:europe",))
    told = decide(hit(carriers=(other, FEED)), routing(route), {}, NOW)
    assert reasons(told)["desk"] is FIRST


SHOWN = Known(
    rules={"strikes": Severity.HIGH},
    clauses={"strikes": frozenset({"#strike"})},
    last=NOW - timedelta(minutes=10),
    outlets_then=2,
    outlets_now=4,
)
AGAIN = replace(hit(), clauses=frozenset({"#strike"}))
WAITING = Wait(
    kind=AlertKind.FIRST,
    subject="story:7",
    due_at=NOW + timedelta(seconds=20),
    waits_for=WaitsFor.GROUP,
)
MORNING = Wait(
    kind=AlertKind.DIGEST,
    subject="quiet",
    due_at=NOW + timedelta(hours=6),
    waits_for=WaitsFor.QUIET,
)
OTHER_RULE = replace(AGAIN, rule=replace(RULE, id="wages"))
URGENT = replace(AGAIN, rule=replace(RULE, id="coup", severity=Severity.URGENT))
CHANNEL = ChannelPolicy(name="desk", url="console://")
NIGHT = replace(
    CHANNEL,
    quiet=QuietHours(start=time(22), end=time(18), but=frozenset({Severity.URGENT})),
)
DAILY = replace(CHANNEL, mode=Mode.DIGEST, digest=DigestTimes(at=(time(17),)))


def one(facts: HitFacts, known: Known = UNKNOWN, policy: ChannelPolicy = CHANNEL) -> Decision:
    alone = Routing(channels={"desk": policy})
    (decision,) = decide(facts, alone, {"desk": known} if known.rules else {}, NOW)
    return decision


@pytest.mark.parametrize(
    ("facts", "known", "reason"),
    [
        pytest.param(AGAIN, UNKNOWN, "first", id="a story that is new"),
        pytest.param(OTHER_RULE, SHOWN, "more", id="the first hit of another rule"),
        pytest.param(
            replace(AGAIN, rule=replace(RULE, severity=Severity.URGENT)),
            SHOWN,
            "more",
            id="a severity higher than was told",
        ),
        pytest.param(AGAIN, SHOWN, "same-story", id="what is known"),
        pytest.param(replace(AGAIN, copy=True), SHOWN, "copy", id="a copy of what is known"),
        pytest.param(AGAIN, replace(SHOWN, outlets_now=5), "follow-up", id="the fifth outlet"),
        pytest.param(
            replace(AGAIN, copy=True),
            replace(SHOWN, outlets_now=12),
            "follow-up",
            id="the tenth outlet, by a copy",
        ),
        pytest.param(
            AGAIN,
            replace(SHOWN, outlets_then=5, outlets_now=9),
            "same-story",
            id="between two numbers of outlets",
        ),
        pytest.param(
            replace(AGAIN, clauses=frozenset({"@union"})),
            SHOWN,
            "follow-up",
            id="a part of the rule that no message showed",
        ),
        pytest.param(
            replace(AGAIN, clauses=frozenset({"@union"}), copy=True),
            SHOWN,
            "copy",
            id="a copy shows nothing new",
        ),
        pytest.param(
            replace(AGAIN, likeness=0.4), SHOWN, "follow-up", id="what may be another story"
        ),
        pytest.param(
            replace(AGAIN, likeness=0.6), SHOWN, "same-story", id="what is surely the same story"
        ),
        pytest.param(
            replace(AGAIN, copy=True),
            replace(SHOWN, waiting=WAITING),
            "more",
            id="a message on the story waits",
        ),
    ],
)
def test_a_story_is_told_once_and_then_only_what_is_new(
    facts: HitFacts, known: Known, reason: str
) -> None:
    decision = one(facts, known)
    assert decision.reason == reason
    assert decision.told == (reason in {"first", "more", "follow-up"})


def test_without_follow_ups_only_a_new_rule_is_told_of_a_known_story() -> None:
    never = replace(CHANNEL, follow_up=None)
    assert one(AGAIN, replace(SHOWN, outlets_now=50), never).reason is Reason.SAME_STORY
    assert one(OTHER_RULE, SHOWN, never).reason is Reason.MORE
    assert one(replace(AGAIN, likeness=0.4), SHOWN, never).reason is Reason.MORE


def test_a_follow_up_keeps_its_distance_and_a_new_rule_does_not() -> None:
    grown = one(AGAIN, replace(SHOWN, outlets_now=5)).wait
    assert grown is not None
    assert (grown.kind, grown.waits_for) == (AlertKind.FOLLOW_UP, WaitsFor.FOLLOW_UP)
    assert grown.due_at == NOW + timedelta(minutes=20)
    other = one(OTHER_RULE, SHOWN).wait
    assert other is not None
    assert (other.kind, other.due_at) == (AlertKind.FOLLOW_UP, NOW + CHANNEL.group_wait)


def test_a_new_rule_hastens_the_follow_up_that_waits_and_what_is_known_does_not() -> None:
    late = replace(WAITING, kind=AlertKind.FOLLOW_UP, due_at=NOW + timedelta(minutes=20))
    assert one(OTHER_RULE, replace(SHOWN, waiting=late)).wait == replace(
        late, due_at=NOW + CHANNEL.group_wait
    )
    assert one(AGAIN, replace(SHOWN, waiting=late)).wait == late
    assert one(OTHER_RULE, replace(SHOWN, waiting=WAITING)).wait == WAITING


def test_at_night_hits_wait_for_the_morning_unless_they_are_excepted() -> None:
    held = one(AGAIN, policy=NIGHT).wait
    assert held is not None
    assert (held.kind, held.subject, held.waits_for) == (
        AlertKind.DIGEST,
        "quiet",
        WaitsFor.QUIET,
    )
    urgent = one(URGENT, policy=NIGHT).wait
    assert urgent is not None
    assert urgent.kind is AlertKind.FIRST


def test_what_is_urgent_does_not_wait_with_what_waits_for_the_morning() -> None:
    asleep = Known(rules={"strikes": Severity.HIGH}, clauses={"strikes": frozenset()})
    asleep = replace(asleep, waiting=MORNING)
    urgent, other = one(URGENT, asleep, NIGHT).wait, one(OTHER_RULE, asleep, NIGHT).wait
    assert urgent is not None
    assert urgent.kind is AlertKind.FIRST
    assert other == MORNING


def test_a_digest_takes_all_that_is_new_and_nothing_twice() -> None:
    first = one(AGAIN, policy=DAILY)
    assert (first.reason, first.wait and first.wait.subject) == (Reason.DIGEST, "digest")
    assert one(AGAIN, replace(SHOWN, outlets_now=50), DAILY).reason is Reason.SAME_STORY
    assert one(OTHER_RULE, SHOWN, DAILY).reason is Reason.DIGEST
    assert one(replace(AGAIN, likeness=0.4), SHOWN, DAILY).reason is Reason.DIGEST


def test_a_mute_holds_what_a_route_would_tell() -> None:
    decisions = decide(hit(), routing(DESK), {}, NOW, muted=True)
    assert reasons(decisions) == {"desk": Reason.MUTED, "mail": NO_ROUTE}


def test_what_a_channel_knows_grows_with_each_hit_that_is_told() -> None:
    known = UNKNOWN.with_hit(AGAIN, WAITING)
    assert not known.is_news(AGAIN)
    assert known.is_news(OTHER_RULE)
    assert known.waiting == WAITING
    more = known.with_hit(replace(AGAIN, clauses=frozenset({"@union"})), WAITING)
    assert more.clauses == {"strikes": {"#strike", "@union"}}


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
    muted=st.booleans(),
)
def test_every_enabled_channel_gets_exactly_one_decision(
    routes: list[Route],
    channels: tuple[str, ...] | None,
    arrival: Arrival,
    already: set[str],
    *,
    muted: bool,
) -> None:
    rule = RuleFacts(id="strikes", title="Strikes", channels=channels)
    known = dict.fromkeys(already, SHOWN)
    decisions = decide(hit(rule, arrival), routing(*routes), known, NOW, muted=muted)
    assert [one.channel for one in decisions] == ["desk", "mail"]
    assert all(each.told == (each.reason in {FIRST, MORE}) for each in decisions)
