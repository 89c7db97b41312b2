"""Whether much more, or nothing, comes than usual: counts by the hour against the last 14 days.

Counts of one hour of the day are taken as negative binomial (a Poisson whose rate is drawn from a
Gamma distribution), for news come in bursts; with a plain Poisson distribution every lively day
would be an alarm. The mean is that of the same hour and its neighbours on earlier days; how much
the counts scatter beyond Poisson is estimated by moments over the whole window, since a few dozen
hours tell too little of it. Hours are taken as independent and the days of the week as equal.

Count stories, not articles: copies scatter far more. A steady threefold burst of a noisy series is
mostly missed; that is the price of few false alarms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log1p
from typing import Final

DAYS: Final = 14
HOURS: Final = 24 * DAYS
"""Hours of history that are looked at."""

CHANCE: Final = 1e-4
"""What is less probable than this is no chance."""

LEAST_STORIES: Final = 3
LEAST_OUTLETS: Final = 3
LEAST_SILENCE: Final = 3  # hours
_LEAST_DAYS: Final = 3  # of history, below which there is no usual
_POISSON: Final = 1e3  # a shape with which the distribution is as good as Poisson's
_LEAST_SHAPE: Final = 0.3
_PRIOR: Final = 0.5  # stories added to each mean, that it is never nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """Much more than usual.

    Attributes:
        stories: in the hour.
        usual: the mean of such hours.
        chance: of as many or more.
    """

    stories: int
    usual: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing for longer than usual.

    Attributes:
        hours: without a story.
        usual: the number of stories that such hours bring.
        chance: of none.
    """

    hours: int
    usual: float
    chance: float


def spike(counts: Sequence[int], outlets: int) -> Spike | None:
    """Whether the last hour is a spike.

    Args:
        counts: stories by the hour; the last one is looked at, perhaps before it is over.
        outlets: independent ones that carried the stories of that hour.
    """
    history, stories = counts[-HOURS - 1 : -1], counts[-1] if counts else 0
    if stories < LEAST_STORIES or outlets < LEAST_OUTLETS or len(history) < 24 * _LEAST_DAYS:
        return None
    usual = _usual(history, len(history))
    chance = _tail(stories, usual, _shape(history))
    return Spike(stories=stories, usual=usual, chance=chance) if chance < CHANCE else None


def silence(counts: Sequence[int]) -> Silence | None:
    """Whether the last hours are silent against the rhythm before them.

    Args:
        counts: stories by the hour; all hours are over.
    """
    hours = next((back for back, count in enumerate(reversed(counts)) if count), len(counts))
    history = counts[: len(counts) - hours][-HOURS:]
    if hours < LEAST_SILENCE or len(history) < 24 * _LEAST_DAYS:
        return None
    shape = _shape(history)
    usual = [_usual(history, len(history) + hour) for hour in range(min(hours, HOURS))]
    chance = exp(-shape * fsum(log1p(mean / shape) for mean in usual))
    if chance >= CHANCE:
        return None
    return Silence(hours=hours, usual=fsum(usual), chance=chance)


def _usual(history: Sequence[int], at: int) -> float:
    """The mean of the same hour of the day as number ``at``, and of its neighbours."""
    same = [
        history[hour]
        for around in (-1, 0, 1)
        for hour in range((at + around) % 24, len(history), 24)
    ]
    return (sum(same) + _PRIOR) / len(same)


def _shape(history: Sequence[int]) -> float:
    """The shape of the Gamma distribution, by moments: the less, the more the counts scatter."""
    means = [_usual(history, hour) for hour in range(24)]
    expected = [means[hour % 24] for hour in range(len(history))]
    scatter = fsum(
        (count - mean) ** 2 - mean for count, mean in zip(history, expected, strict=True)
    )
    if scatter <= 0:
        return _POISSON
    return max(_LEAST_SHAPE, min(fsum(mean * mean for mean in expected) / scatter, _POISSON))


def _tail(least: int, mean: float, shape: float) -> float:
    """The chance of at least so many, for a negative binomial count."""
    share = mean / (shape + mean)
    term = exp(-shape * log1p(mean / shape))
    below = term
    for number in range(1, least):
        term *= (shape + number - 1) / number * share
        below += term
    return max(0.0, 1 - below)
