"""Rules that hit much more, or nothing, against their rhythm: what channels are told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa

from monitor.jobs.spikes import BATCH, SpikeWatch
from monitor.model.alert import AlertKind, RuleFacts
from monitor.model.article import Arrival, Stage
from monitor.model.channel import ChannelPolicy, DigestTimes, Mode, QuietHours, Route, Routing
from monitor.model.mute import MuteKind
from monitor.model.rule import Severity
from monitor.model.source import EventKind
from monitor.model.spike import Sign, SpikeAlert, WatchedRule
from monitor.store import alerts, feed_events, mutes, rhythms, status
from monitor.store.engine import Store
from monitor.store.tables import ALERT, ARTICLE, ARTICLE_FEED, ARTICLE_REVISION, HIT
from tests.jobs.newsroom import Newsroom
from tests.support.stored import DAY, HOUR, MINUTE, NOW, ON_SQLITE, feed_id

DESK = ChannelPolicy(
    name="desk", url="json://localhost", group_wait=timedelta(), max_per_hour=None
)
TROOPS = RuleFacts(id="troops", title="Rule troops", tags=("defence",))
NOON = QuietHours(start=time(11), end=time(15, 30))
PAST = 76  # hours


class Town(Newsroom):
    """A newsroom that has been there for days, with a story of the rule every sixth hour."""

    def __init__(
        self, store: Store, *channels: ChannelPolicy, rules: Iterable[RuleFacts] = (TROOPS,)
    ) -> None:
        super().__init__(store, *(channels or (DESK,)), now=NOW - PAST * HOUR)
        self._next = 1000
        watched = [WatchedRule(facts=facts) for facts in rules]
        self.watching = SpikeWatch(store, watched)
        self.watching.run(self.now)
        self._fill([self.now + hour * HOUR for hour in range(PAST + 1)])
        for hour in range(0, PAST, 6):
            self.now = NOW - PAST * HOUR + hour * HOUR
            self.story()
        self.now = NOW
        self.watching.run(self.now)
        self.wait()

    def fill(self) -> None:
        """Some article that no rule hits comes."""
        self._fill([self.now])

    def _fill(self, times: Sequence[datetime]) -> None:
        new = [(next(self._articles), at) for at in times]
        with self.store.write() as connection:
            feed = feed_id(connection)
            for table, rows in (
                (ARTICLE, [_article(n, at) for n, at in new]),
                (ARTICLE_REVISION, [_revision(n, at) for n, at in new]),
                (ARTICLE_FEED, [_carried(n, at) | {"feed": feed} for n, at in new]),
            ):
                connection.execute(sa.insert(table), rows)

    def story(self, number: int = 1, rule: str = "troops") -> None:
        """The rule hits stories of their own."""
        for _ in range(number):
            self._next += 1
            self.publish(self._next, rule=rule)

    def look(self) -> int:
        """Time goes by to the next look, and what is due is told."""
        self.now += 5 * MINUTE
        told = self.watching.run(self.now)
        self.wait()
        return told

    def live(self, hours: int) -> int:
        """Hours without the rule; returns how often something was told."""
        told = 0
        for _ in range(hours):
            self.fill()
            told += self.look() + self.look()
            self.now += 50 * MINUTE
        return told

    def spikes(self, channel: str = "desk") -> list[SpikeAlert]:
        """What a channel was told of rhythms."""
        with self.store.read() as connection:
            ids = connection.scalars(sa.select(ALERT.c.id).order_by(ALERT.c.sealed_at, ALERT.c.id))
            said = [alerts.get(connection, id_) for id_ in ids.all()]
        return [each for each in said if isinstance(each, SpikeAlert) and each.channel == channel]


def _article(number: int, at: datetime) -> dict[str, object]:
    url = f"https://elsewhere.example/{number}"
    state = {"arrival": Arrival.LIVE, "stage": Stage.MATCHED, "seen": at}
    return {"url_key": url, "url": url, **state}


def _revision(number: int, at: datetime) -> dict[str, object]:
    texts = dict.fromkeys(("title", "lead", "text", "author", "sha256"), "")
    return {"article": number, "n": 1, "tags": [], "seen": at, **texts}


def _carried(number: int, at: datetime) -> dict[str, object]:
    return {"article": number, "first_seen": at, "last_seen": at}


@ON_SQLITE
def test_a_burst_is_one_message_with_its_evidence(store: Store) -> None:
    town = Town(store)
    town.story(4)
    assert town.look() == 1
    town.story(2)
    assert [town.look() for _ in range(30)] == [0] * 30
    (alert,) = town.spikes()
    assert alert.subject.startswith("[spike] Rule troops: 4 stories in 4 outlets within 5 minutes")
    (evidence,) = alert.evidence
    assert (evidence.sign, evidence.stories, evidence.outlet_count) == (Sign.SPIKE, 4, 4)
    assert evidence.usual < 0.5
    assert len(evidence.outlets) == len(evidence.top) == 4
    assert {story.article.url.partition("example")[0] for story in evidence.top} == {
        f"https://{outlet.partition('example')[0]}" for outlet in evidence.outlets
    }


@ON_SQLITE
def test_a_usual_day_tells_nothing(store: Store) -> None:
    town = Town(store)
    for _ in range(4):
        town.story(2)
        assert town.live(6) == 0
    assert town.spikes() == []


def test_a_burst_that_doubles_is_told_again(store: Store) -> None:
    town = Town(store)
    town.now += 50 * MINUTE
    town.story(5)
    assert town.look() == 1
    town.fill()
    town.story(15)
    assert town.look() == 1
    assert [each.evidence[0].stories for each in town.spikes()] == [5, 20]


@ON_SQLITE
def test_copies_of_one_report_are_no_spike(store: Store) -> None:
    town = Town(store)
    for _ in range(3):
        for _ in range(10):
            town.publish(7, copy=True)
    assert town.look() == 0


@ON_SQLITE
def test_stories_that_are_copies_in_all_outlets_but_two_are_no_spike(store: Store) -> None:
    town = Town(store)
    for story in range(6):
        town.publish(story + 1, copy=story > 1)
    assert town.look() == 0


@pytest.mark.parametrize("quiet", [{"late": True}, {"arrival": Arrival.BACKLOG}])
@ON_SQLITE
def test_what_was_there_before_is_not_counted(store: Store, quiet: dict[str, object]) -> None:
    town = Town(store)
    town.story(9)
    table, key = (HIT, HIT.c.seen) if "late" in quiet else (ARTICLE, ARTICLE.c.seen)
    with store.write() as connection:
        connection.execute(sa.update(table).where(key == town.now).values(**quiet))
    assert town.look() == 0


@ON_SQLITE
def test_hours_in_which_the_program_was_off_make_no_spike_and_no_silence(store: Store) -> None:
    town = Town(store)
    town.now += 9 * HOUR
    town.fill()
    town.story(9)  # all that came meanwhile
    assert town.look() == 0
    town.now += 60 * HOUR
    town.fill()
    assert town.look() == 0


def test_a_rule_that_falls_silent_is_told_once(store: Store) -> None:
    town = Town(store)
    for _ in range(24):
        town.story(2)
        town.live(1)
    assert town.spikes() == []
    assert town.live(60) == 1
    (alert,) = town.spikes()
    (evidence,) = alert.evidence
    assert evidence.sign is Sign.SILENCE
    assert alert.subject.startswith("[silence] Rule troops: nothing for ")
    assert len(evidence.top) == 3
    with store.read() as connection:
        assert status.status(connection, town.now, {"desk"}).silent == ("troops",)
    town.story()
    town.live(2)
    with store.read() as connection:
        assert status.status(connection, town.now, {"desk"}).silent == ()


@ON_SQLITE
def test_many_rules_are_written_down_in_several_steps(store: Store) -> None:
    many = [replace(TROOPS, id=f"rule-{n}") for n in range(2 * BATCH + 3)]
    town = Town(store, rules=many)
    assert len(town.watching.rules) == len(many)
    with store.read() as connection:
        known = rhythms.get(connection, [facts.id for facts in many])
    assert {rhythm.since for rhythm in known.values()} == {NOW - PAST * HOUR}
    assert len(known) == len(many)


@ON_SQLITE
def test_rules_that_burst_together_come_in_one_message(store: Store) -> None:
    urgent = replace(TROOPS, id="coup", title="Coup", severity=Severity.URGENT)
    town = Town(store, replace(DESK, group_wait=MINUTE), rules=(TROOPS, urgent))
    town.story(6)
    town.story(5, rule="coup")
    assert town.look() == 2
    town.wait(HOUR)
    (alert,) = town.spikes()
    assert [each.rule.id for each in alert.evidence] == ["coup", "troops"]
    assert alert.subject.startswith("[spike] Coup +1: 5 stories")


@ON_SQLITE
def test_a_spike_goes_where_the_hits_of_its_rule_go(store: Store) -> None:
    names = ("desk", "press", "ops", "off")
    channels = {name: replace(DESK, name=name, enabled=name != "off") for name in names}
    own = replace(TROOPS, id="own", channels=("ops", "off"))
    town = Town(store, rules=(TROOPS, own))
    town.alerting.routing = Routing(
        channels=channels,
        routes=(
            Route(channels=("press",), tags=("sport",)),
            Route(channels=("desk",), tags=("defence",), feeds=("News",)),
            Route(channels=("press",)),
        ),
        system=("press",),
    )
    town.story(6)
    town.story(5, rule="own")
    town.look()
    told = {
        name: [each.rule.id for one in town.spikes(name) for each in one.evidence]
        for name in names
    }
    assert told == {"desk": ["troops"], "press": [], "ops": ["own"], "off": []}


@ON_SQLITE
def test_a_muted_rule_tells_no_spike(store: Store) -> None:
    town = Town(store)
    town.story(6)
    with store.write() as connection:
        mutes.add(connection, MuteKind.RULE, "troops", NOW + DAY, "", NOW)
    town.look()
    town.wait(HOUR)
    assert town.spikes() == []


@ON_SQLITE
def test_a_mute_takes_back_what_waits(store: Store) -> None:
    town = Town(store, replace(DESK, group_wait=HOUR))
    town.story(6)
    town.look()
    with store.write() as connection:
        mutes.add(connection, MuteKind.RULE, "troops", NOW + DAY, "", NOW)
    town.wait(2 * HOUR)
    assert town.spikes() == []


@pytest.mark.parametrize(
    ("policy", "severity", "hour"),
    [
        ({"quiet": NOON}, Severity.HIGH, time(15, 30)),
        (
            {"quiet": replace(NOON, but=frozenset({Severity.URGENT}))},
            Severity.URGENT,
            time(12, 5),
        ),
        ({"mode": Mode.DIGEST, "digest": DigestTimes(at=(time(17),))}, Severity.HIGH, time(17)),
        ({"max_per_hour": 0}, Severity.HIGH, None),
    ],
    ids=["quiet hours", "not quiet for it", "a channel of digests", "no room"],
)
@ON_SQLITE
def test_a_spike_heeds_the_hours_and_limits_of_its_channel(
    store: Store, policy: dict[str, object], severity: Severity, hour: time | None
) -> None:
    town = Town(
        store,
        replace(DESK, **policy),  # type: ignore[arg-type]
        rules=[replace(TROOPS, severity=severity)],
    )
    town.story(6)
    town.look()
    town.wait(6 * HOUR)
    with store.read() as connection:
        at = connection.scalars(
            sa.select(ALERT.c.sealed_at).where(
                ALERT.c.kind == AlertKind.SPIKE, ALERT.c.state == "sealed"
            )
        ).all()
    assert [each.time() for each in at] == ([] if hour is None else [hour])


@ON_SQLITE
def test_above_the_limit_a_spike_waits_for_room(store: Store) -> None:
    town = Town(store, replace(DESK, max_per_hour=3))
    town.live(2)
    town.fill()
    town.story(3)
    town.wait()
    town.story(3)
    town.look()
    assert town.spikes() == []
    town.wait(2 * HOUR)
    assert len(town.spikes()) == 1


def test_a_kill_between_the_steps_loses_and_doubles_nothing(store: Store) -> None:
    town = Town(store)
    town.story(6)
    town.watching = SpikeWatch(store, town.watching.rules)
    assert town.watching.run(town.now) == 1
    town.watching = SpikeWatch(store, town.watching.rules)
    town.restart()
    assert town.watching.run(town.now) == 0
    town.wait()
    town.restart()
    town.wait(HOUR)
    assert len(town.spikes()) == 1


@ON_SQLITE
def test_a_changed_rule_begins_anew(store: Store) -> None:
    town = Town(store)
    with store.write() as connection:
        rhythms.restart(connection, ["troops"], {"troops"}, town.now)
    town.story(9)
    assert town.look() == 0  # who knows what is usual for it
    with store.write() as connection:
        rhythms.restart(connection, [], set(), town.now)
        assert rhythms.get(connection, ["troops"]) == {}


@ON_SQLITE
def test_a_rule_that_never_hit_has_a_rhythm_after_three_days(store: Store) -> None:
    town = Town(store, rules=[])
    town.watching.rules = [WatchedRule(facts=replace(TROOPS, id="coup"))]
    town.look()
    town.story(4, rule="coup")
    assert town.look() == 0
    for _ in range(74):
        town.now += HOUR
        town.fill()
    town.story(4, rule="coup")
    assert town.look() == 1


@ON_SQLITE
def test_without_the_option_nothing_is_looked_at(store: Store) -> None:
    town = Town(store, rules=())
    town.story(9)
    assert town.look() == 0
    with store.read() as connection:
        assert rhythms.get(connection, ["troops"]) == {}


@ON_SQLITE
def test_what_happened_to_a_rule_is_listed(store: Store) -> None:
    town = Town(store)
    town.story(6)
    town.look()
    with store.read() as connection:
        ((rule, (event,)),) = feed_events.of_rules(connection, NOW - DAY).items()
        (line,) = feed_events.recent(connection, NOW - DAY)
        figures = status.status(connection, town.now, {"desk"})
    assert (rule, event.at, event.kind) == ("troops", town.now, EventKind.SPIKE)
    assert event.text.startswith("6 stories in 6 outlets")
    assert (line.name, line.text) == ("troops", event.text)
    assert figures.spikes == 1
