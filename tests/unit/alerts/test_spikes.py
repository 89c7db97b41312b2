"""Spikes and silence, on simulated series with fixed seeds."""

import math
from collections.abc import Callable
from random import Random

import pytest

from monitor.alerts.spikes import HOURS, silence, spike

MANY = 99  # outlets
Rate = Callable[[int], float]


def steady(rate: float) -> Rate:
    return lambda _: rate


def day_curve(hour: int) -> float:
    return 5 * (1 + 0.9 * math.sin(2 * math.pi * (hour % 24) / 24))


def poisson(draw: Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, draw.random()
    while product > limit:
        count += 1
        product *= draw.random()
    return count


def series(draw: Random, rate: Rate, shape: float | None, hours: int) -> list[int]:
    """Counts by the hour; with a shape, over-dispersed ones."""
    return [
        poisson(draw, rate(hour) * (draw.gammavariate(shape, 1 / shape) if shape else 1))
        for hour in range(hours)
    ]


SERIES: dict[str, tuple[Rate, float | None]] = {
    "one a day": (steady(0.05), None),
    "one in two hours": (steady(0.5), None),
    "five an hour": (steady(5), None),
    "twenty an hour": (steady(20), None),
    "one in two hours, scattered": (steady(0.5), 2),
    "five an hour, scattered": (steady(5), 2),
    "by day and night": (day_curve, None),
    "by day and night, scattered": (day_curve, 3),
}


@pytest.mark.parametrize(("rate", "shape"), SERIES.values(), ids=SERIES.keys())
def test_usual_days_give_hardly_an_alarm(rate: Rate, shape: float | None) -> None:
    days = 300
    counts = series(Random(7), rate, shape, 24 * days)  # noqa: S311  # repeatable, not secret
    alarms = sum(
        spike(counts[hour - HOURS : hour + 1], MANY) is not None
        for hour in range(HOURS, len(counts))
    )
    assert alarms * 30 / (days - HOURS / 24) <= 0.6


@pytest.mark.parametrize(
    ("rate", "shape", "least"),
    [(5, None, 0.95), (5, 2, 0.85), (0.5, None, 0.65), (20, None, 0.95), (20, 2, 0.85)],
)
def test_tenfold_bursts_are_seen_within_three_hours(
    rate: float, shape: float | None, least: float
) -> None:
    draw, seen = Random(11), 0  # noqa: S311  # as above
    for _ in range(200):
        counts = series(draw, steady(rate), shape, HOURS)
        for count in series(draw, steady(10 * rate), shape, 3):
            counts.append(count)
            if spike(counts, MANY):
                seen += 1
                break
    assert seen / 200 >= least


def test_a_spike_tells_what_is_usual() -> None:
    found = spike([1, 0] * (HOURS // 2) + [12], 3)
    assert found is not None
    assert found.stories == 12
    assert found.usual == pytest.approx(0.5, abs=0.2)
    assert found.chance < 1e-4


@pytest.mark.parametrize(
    ("counts", "outlets"),
    [
        ([0] * HOURS + [2], MANY),  # too few stories
        ([0] * HOURS + [9], 2),  # all of two outlets
        ([0] * 71 + [9], MANY),  # nobody knows yet what is usual
        ([9] * HOURS + [9], MANY),
        ([], MANY),
    ],
)
def test_what_is_no_spike(counts: list[int], outlets: int) -> None:
    assert spike(counts, outlets) is None


def test_the_same_hours_are_the_usual_ones() -> None:
    night = [0] * 20 + [8] * 4
    days = night * 14
    assert spike([*days, *[0] * 21, 8], MANY) is None  # as every evening
    assert spike([*days, 0, 0, 8], MANY) is not None


def test_a_rule_that_falls_silent_is_noticed_when_its_rhythm_says_so() -> None:
    counts = [2] * HOURS
    assert silence([*counts, 0, 0, 0, 0]) is None
    found = silence([*counts, *[0] * 8])
    assert found is not None
    assert found.hours == 8
    assert found.usual == pytest.approx(16, abs=1)


def test_a_quiet_night_is_no_silence() -> None:
    day = [0] * 10 + [3] * 14
    assert silence(day * 14 + [0] * 10) is None
    assert silence(day * 14 + [0] * 14) is not None


def test_a_rule_that_seldom_hits_is_never_silent() -> None:
    assert silence([*([0] * 167 + [1]) * 2, *[0] * 100]) is None
    assert silence([0] * HOURS) is None


def test_silence_gives_hardly_a_false_alarm() -> None:
    alarms = 0
    counts = series(Random(3), steady(2), 2, 24 * 200)  # noqa: S311  # as above
    for hour in range(HOURS, len(counts)):
        alarms += silence(counts[hour - HOURS : hour]) is not None
    assert alarms * 30 / (200 - 14) <= 0.6


def test_hours_of_which_nothing_is_known_are_no_silence_and_make_nothing_usual() -> None:
    counts = [2] * HOURS
    assert silence([*counts, *[None] * 20, 0, 0, 0]) is None
    found = silence([*counts, *[None] * 5, *[0] * 8])
    assert found is not None
    assert found.hours == 13
    assert found.usual == pytest.approx(16, abs=1)
    night_off = [*[8] * 12, *[None] * 12] * 14  # a laptop that is closed at night
    assert spike([*night_off, *[None] * 6, 9], MANY) is None
    assert spike([*night_off, 40], MANY) is not None
    assert spike([*night_off, None], MANY) is None


def test_nothing_is_usual_where_nothing_is_known() -> None:
    assert spike([*[None] * HOURS, 9], MANY) is None
    assert silence([*[None] * HOURS, 0, 0, 0, 0]) is None
