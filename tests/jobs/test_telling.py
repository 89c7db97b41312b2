"""What channels are told of stories over time: follow-ups, nights, digests, bursts, mutes."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from monitor.model.alert import Alert, AlertKind, Digest
from monitor.model.channel import (
    ChannelPolicy,
    DigestTimes,
    Mode,
    QuietHours,
    Routing,
)
from monitor.model.delivery import DeliveryState
from monitor.model.mute import MuteKind
from monitor.model.rule import Severity
from monitor.store import delivery_list, mutes
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.jobs.newsroom import Newsroom, named, quoted, tellings
from tests.support.stored import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    ON_SQLITE,
)

DESK = ChannelPolicy(name="desk", url="json://localhost", group_wait=MINUTE)
NIGHT = QuietHours(start=time(22), end=time(6, 30), but=frozenset({Severity.URGENT}))
EVENING = datetime.combine(NOW.date(), time(23), NOW.tzinfo)
MORNING = EVENING + timedelta(hours=7, minutes=30)


def test_what_many_outlets_print_is_one_message(store: Store) -> None:
    room = Newsroom(store, DESK)
    room.publish(*[7] * 40, copy=True)
    room.wait(HOUR)
    (message,) = room.messages()
    assert isinstance(message, Alert)
    assert (message.kind, message.story.id) == (AlertKind.FIRST, 7)
    assert len(named(message)) + message.story.unlisted == 39


def test_what_comes_later_is_held_back_and_named_in_the_next_message(store: Store) -> None:
    room = Newsroom(store, DESK)
    first = room.publish(7)
    room.wait(2 * MINUTE)
    copy, other = room.publish(7, copy=True), room.publish(7)
    room.wait(HOUR)
    assert room.kinds() == ["first"]
    new = room.publish(7, rule="wages")
    room.wait(HOUR)
    again = room.messages()[1]
    assert isinstance(again, Alert)
    assert (quoted(again), named(again)) == ([new], [copy, other])
    assert again.subject == f"Re: {room.messages()[0].subject}"
    assert "wages" in again.occasion
    assert room.reasons() == ["first", "copy", "same-story", "more"]
    assert first not in named(again)
    room.publish(7, rule="third")
    room.wait(HOUR)
    assert named(room.messages()[2]) == []  # named once


def test_a_story_that_grows_is_told_again_at_some_distance(store: Store) -> None:
    room = Newsroom(store, DESK)
    room.publish(7)
    room.wait(MINUTE)
    sealed = room.now
    room.now += MINUTE
    for _ in range(4):
        room.publish(7, copy=True)
        room.wait()
    assert room.reasons() == ["first", "copy", "copy", "copy", "follow-up"]
    room.wait(28 * MINUTE)
    assert room.kinds() == ["first"]
    room.wait(MINUTE)
    assert room.kinds() == ["first", "follow-up"]
    assert room.now == sealed + 30 * MINUTE
    assert room.messages()[1].occasion == "now 5 outlets"


def test_what_was_being_matched_while_a_message_left_counts_as_growth(store: Store) -> None:
    room = Newsroom(store, DESK)
    room.publish(*[7] * 4, copy=True)
    room.wait(MINUTE)
    room.now -= MINUTE / 2
    room.publish(7, copy=True)
    room.now += MINUTE
    room.wait(HOUR)
    assert room.kinds() == ["first", "follow-up"]


def test_a_part_of_a_rule_that_no_message_showed_is_worth_a_follow_up(store: Store) -> None:
    room = Newsroom(store, DESK)
    room.publish(7)
    room.wait(HOUR)
    room.publish(7, clause="@ministry")
    room.publish(7, clause="@ministry", copy=True)
    room.wait(HOUR)
    assert room.kinds() == ["first", "follow-up"]


def test_the_night_is_quiet_and_the_morning_has_one_digest(store: Store) -> None:
    room = Newsroom(store, replace(DESK, quiet=NIGHT), now=EVENING)
    for story in range(1, 6):
        room.publish(story)
        room.wait(HOUR)
    assert room.kinds() == []
    room.publish(9, rule="coup", severity=Severity.URGENT)
    room.wait(MINUTE)
    assert room.kinds() == ["first"]
    room.wait(MORNING - room.now - MINUTE)
    assert room.kinds() == ["first"]
    room.wait(MINUTE)
    digest = room.messages()[1]
    assert isinstance(digest, Digest)
    assert (digest.kind, quoted(digest)) == (AlertKind.DIGEST, [1, 2, 3, 4, 5])


def test_what_is_due_in_the_night_waits_for_the_morning_too(store: Store) -> None:
    at = EVENING - HOUR - MINUTE / 2
    room = Newsroom(store, replace(DESK, quiet=NIGHT, group_wait=timedelta(seconds=20)), now=at)
    room.publish(1)
    room.alerting.run(at)
    room.now = EVENING  # the program was not running when the alert was due
    room.wait()
    assert room.kinds() == []
    room.wait(MORNING - room.now)
    assert room.kinds() == ["digest"]


def test_a_digest_comes_at_its_hours_and_only_with_something_to_say(store: Store) -> None:
    times = DigestTimes(at=(time(7), time(17)))
    room = Newsroom(store, replace(DESK, mode=Mode.DIGEST, digest=times))
    first = room.publish(1)
    room.wait(HOUR)
    assert room.kinds() == []
    room.wait(4 * HOUR)
    assert [quoted(each) for each in room.messages()] == [[first]]
    room.wait(DAY)
    assert room.kinds() == ["digest"]
    later, more = room.publish(1), room.publish(2)
    room.wait(DAY)
    assert (quoted(room.messages()[1]), named(room.messages()[1])) == ([more], [later])


def test_a_digest_that_is_wished_comes_empty(store: Store) -> None:
    times = DigestTimes(at=(time(17),), send_empty=True)
    room = Newsroom(store, replace(DESK, mode=Mode.DIGEST, digest=times))
    room.wait(2 * DAY)
    assert [(each.kind, quoted(each)) for each in room.messages()] == [(AlertKind.DIGEST, [])] * 2


def test_a_digest_beside_instant_messages_names_what_they_told_and_held_back(store: Store) -> None:
    room = Newsroom(store, replace(DESK, mode=Mode.BOTH, digest=DigestTimes(at=(time(17),))))
    told = room.publish(1)
    room.wait(HOUR)
    held = room.publish(1, copy=True)
    room.wait(6 * HOUR)
    assert room.kinds() == ["first", "digest"]
    assert (quoted(room.messages()[1]), named(room.messages()[1])) == ([], [held, told])
    room.wait(DAY)
    assert room.kinds() == ["first", "digest"]


def test_a_digest_beside_instant_messages_names_what_came_in_a_burst(store: Store) -> None:
    both = replace(DESK, mode=Mode.BOTH, digest=DigestTimes(at=(time(17),)), max_per_hour=1)
    room = Newsroom(store, both)
    for story in (1, 2, 3):
        room.publish(story)
        room.publish(story, copy=True)
        room.wait()
    room.wait(6 * HOUR)
    assert room.kinds() == ["first", "burst", "digest"]
    assert named(room.messages()[2]) == [1, 3, 5]


def test_other_hours_count_from_the_next_reload_on(store: Store) -> None:
    policy = replace(DESK, mode=Mode.DIGEST, digest=DigestTimes(at=(time(11),)))
    room = Newsroom(store, policy)
    room.publish(1)
    room.wait(MINUTE)
    sooner = replace(policy, digest=DigestTimes(at=(time(13),)))
    room.alerting.routing = Routing(channels={"desk": sooner})
    room.wait(HOUR)
    assert room.kinds() == ["digest"]
    room.publish(2)
    room.wait()
    room.alerting.routing = Routing(channels={"desk": DESK})
    room.wait()
    assert room.kinds() == ["digest", "digest"]


def test_a_channel_that_comes_back_is_told_what_it_missed_of_a_story_as_new(store: Store) -> None:
    room = Newsroom(store, DESK)
    room.publish(7)
    room.wait()
    room.alerting.routing = Routing(channels={})
    room.wait(HOUR)
    room.alerting.routing = Routing(channels={"desk": DESK})
    again = room.publish(7)
    room.wait(HOUR)
    assert room.reasons() == ["channel-removed", "first"]
    assert quoted(room.messages()[-1]) == [again]


def test_what_was_dropped_is_not_known_to_a_channel(store: Store) -> None:
    room = Newsroom(store, DESK)
    room.publish(7)
    room.wait(HOUR)
    with store.write() as connection:
        delivery_list.drop_all(connection, DeliveryState.PENDING)
    room.publish(7)
    room.wait(HOUR)
    assert room.reasons() == ["dropped", "first"]


def test_times_from_before_the_clock_was_set_back_hold_nothing_up(store: Store) -> None:
    room = Newsroom(store, replace(DESK, max_per_hour=1), now=NOW + 300 * DAY)
    room.publish(7)
    room.wait(2 * MINUTE)
    room.now = NOW
    room.wait(MINUTE)
    room.publish(8)
    room.wait(2 * HOUR)
    room.publish(7, clause="@ministry")
    room.wait(HOUR)
    assert sorted(room.kinds()) == ["first", "first", "follow-up"]


def test_what_is_told_beside_a_digest_is_named_in_the_next_one(store: Store) -> None:
    room = Newsroom(store, replace(DESK, mode=Mode.BOTH, digest=DigestTimes(at=(time(17),))))
    room.wait()
    early = room.publish(1)
    room.wait(HOUR)
    room.now = room.now.replace(hour=16, minute=59, second=1)
    late = room.publish(2)
    room.wait()
    room.now = room.now.replace(hour=17, minute=1)  # both the digest and the message are due
    room.alerting.run(room.now)
    room.now += MINUTE
    room.wait(2 * DAY)
    assert [named(each) for each in room.messages() if isinstance(each, Digest)] == [
        [early],
        [late],
    ]


@ON_SQLITE
def test_a_storm_is_a_few_messages_that_hold_every_hit_once(store: Store) -> None:
    room = Newsroom(store, DESK)
    room.publish(*range(1, 501))
    room.wait(2 * HOUR)
    kinds = Counter(room.kinds())
    assert kinds["first"] == DESK.max_per_hour
    assert kinds["burst"] <= 4
    assert tellings(store) == [1] * 500
    assert integrity(store) == []


@ON_SQLITE
def test_a_storm_that_goes_on_is_told_ever_more_rarely(store: Store) -> None:
    room = Newsroom(store, DESK)
    for hour_tenth in range(50):
        room.publish(*range(hour_tenth * 6, hour_tenth * 6 + 6))
        room.wait(6 * MINUTE)
    room.wait(2 * HOUR)
    kinds = Counter(room.kinds())
    assert kinds["first"] <= 12 * 7
    assert kinds["burst"] <= 10
    assert tellings(store) == [1] * 300


def test_the_limit_holds_over_a_restart(store: Store) -> None:
    room = Newsroom(store, DESK)
    room.publish(*range(1, 13))
    room.wait(2 * MINUTE)
    room.restart()
    room.publish(99)
    room.wait(5 * MINUTE)
    assert room.kinds() == ["first"] * 12
    room.wait(HOUR)
    assert room.kinds() == ["first"] * 12 + ["burst"]


@pytest.mark.parametrize(
    ("kind", "subject"),
    [(MuteKind.RULE, "troops"), (MuteKind.STORY, "7"), (MuteKind.FEED, "News")],
)
def test_what_is_muted_is_not_told_even_if_it_waited(
    store: Store, kind: MuteKind, subject: str
) -> None:
    room = Newsroom(store, DESK)
    room.publish(7)
    room.wait()
    with store.write() as connection:
        mute = mutes.add(connection, kind, subject, room.now + HOUR, "known", room.now)
    room.wait(HOUR / 2)
    room.publish(7)
    room.wait(HOUR / 4)
    assert room.messages() == []
    assert room.reasons() == ["muted", "muted"]
    with store.write() as connection:
        mutes.end(connection, mute.id, room.now)
    room.publish(7)
    room.wait(HOUR)
    assert room.kinds() == ["first"]


def test_a_message_that_is_all_muted_is_not_sent_for_what_it_would_name(store: Store) -> None:
    room = Newsroom(store, DESK)
    room.publish(7)
    room.wait(2 * MINUTE)
    copy = room.publish(7, copy=True)
    room.publish(7, rule="wages")
    room.wait()
    with store.write() as connection:
        mutes.add(connection, MuteKind.RULE, "wages", room.now + HOUR, "known", room.now)
    room.wait(HOUR)
    assert room.kinds() == ["first"]
    assert room.reasons() == ["first", "copy", "muted"]
    room.publish(7, rule="third")
    room.wait(HOUR)
    assert named(room.messages()[1]) == [copy]


@ON_SQLITE
def test_every_hit_has_one_fate_on_every_channel(store: Store) -> None:
    both = replace(DESK, name="both", mode=Mode.BOTH, digest=DigestTimes(at=(time(17),)))
    night = replace(DESK, name="night", quiet=NIGHT, max_per_hour=2)
    room = Newsroom(store, DESK, both, night)
    for number in range(60):
        room.publish(number % 17 + 1, rule=f"rule-{number % 3}", copy=number % 5 == 0)
        room.wait(23 * MINUTE)
    room.wait(2 * DAY)
    for channel in ("desk", "both", "night"):
        assert tellings(store, channel, ["copy", "same-story"]) == [1] * 60
    assert integrity(store) == []
