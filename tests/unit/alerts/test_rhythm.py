"""Which spikes and silences people are told of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.alerts.rhythm import counts, hour_of, told_silence, told_spike
from monitor.alerts.spikes import HOURS, Spike
from monitor.model.alert import RuleFacts
from monitor.model.spike import Rhythm, WatchedRule

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW = Rhythm(since=START)
RULE = WatchedRule(facts=RuleFacts(id="troops", title="Troops"))


def spike(stories: int) -> Spike:
    return Spike(stories=stories, usual=0.5, chance=1e-9)


def told(*burst: tuple[float, int], rhythm: Rhythm = NEW) -> list[int]:
    """Of spikes, each at its hour with so many stories, those that are told."""
    found = []
    for at, stories in burst:
        now = START + at * HOUR
        rhythm, tell = told_spike(rhythm, spike(stories), hour_of(now), now)
        if tell:
            found.append(stories)
    return found


@pytest.mark.parametrize(
    ("burst", "alerts"),
    [
        ([(0.9, 9)], [9]),
        ([(0.2, 3), (0.5, 6), (0.9, 11)], [3]),  # as many an hour as at first
        ([(0.5, 6), (0.9, 11), (1.5, 12), (2.9, 20), (8.8, 21)], [6]),
        ([(0.9, 6), (1.9, 14), (2.9, 14), (3.9, 15), (4.9, 32)], [6, 14, 32]),
        ([(0.9, 6), (7.9, 6)], [6, 6]),  # another burst
        ([(float(hour) + 0.9, 6) for hour in range(48)], [6]),
        ([(1.5, 6), (0.99, 6), (1.6, 6)], [6]),  # the hour before is looked at, too
    ],
)
def test_one_burst_is_told_once_and_again_when_it_is_twice_as_strong(
    burst: list[tuple[float, int]], alerts: list[int]
) -> None:
    assert told(*burst) == alerts


def test_a_clock_that_is_set_back_by_a_year_hides_no_burst() -> None:
    ahead = Rhythm(since=START, burst_at=START + 365 * 24 * HOUR, burst_rate=50)
    assert told((0.9, 6), (1.9, 6), rhythm=ahead) == [6]


def test_a_silence_is_told_once_until_the_rule_speaks() -> None:
    past = [2] * HOURS
    rhythm, alerts = NEW, []
    for hour, count in enumerate([*[0] * 20, 1, *[0] * 20], HOURS + 1):
        past.append(count)
        rhythm, found = told_silence(RULE, rhythm, past, START + hour * HOUR)
        if found:
            alerts.append(hour - HOURS)
            assert rhythm.silent_since == START + (hour - found.hours) * HOUR
    assert alerts == [5, 26]


def test_a_silence_of_months_goes_on() -> None:
    rhythm = Rhythm(since=START, silent_since=START)
    assert told_silence(RULE, rhythm, [0] * HOURS, START + 90 * 24 * HOUR) == (rhythm, None)


def test_a_rule_whose_last_day_is_over_is_not_silent() -> None:
    end, past = START + (HOURS + 10) * HOUR, [*[2] * HOURS, *[0] * 10]
    for until, silent in ((date(2026, 11, 15), True), (date(2026, 11, 14), False)):
        rule = WatchedRule(facts=RULE.facts, until=until)
        assert (told_silence(rule, NEW, past, end)[1] is not None) is silent


def test_of_an_hour_without_any_article_and_of_the_next_one_nothing_is_known() -> None:
    heard = {START + hour * HOUR for hour in (0, 1, 4, 5)}
    came = [START + minutes * HOUR for minutes in (0.1, 0.2, 1.5, 4.1, 4.2, 4.3, 5.9, 6.5)]
    assert counts(came, heard, START, START + 6 * HOUR) == [2, 1, None, None, None, 1]
    assert counts(came, heard, START, START) == []
    assert counts(came, set(), START, START + HOUR) == [None]
