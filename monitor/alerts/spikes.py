"""Whether much more, or nothing, comes than usual: counts by the hour against the last 14 days.

Counts of one hour of the day are taken as negative binomial (a Poisson whose rate is drawn from a
Gamma distribution), for news come in bursts; with a plain Poisson distribution every lively day
would be an alarm. The mean is that of the same hour and its neighbours on earlier days; how much
the counts scatter beyond Poisson is estimated by moments over the whole window, since a few dozen
hours tell too little of it. Hours are taken as independent and the days of the week as equal.

Count stories, not articles: copies scatter far more. A steady threefold burst of a noisy series is
mostly missed; that is the price of few false alarms. Of an hour without a count (None) nothing is
known; it makes nothing usual, and no part of a silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log1p
from typing import Final, TypeAlias

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

Counts: TypeAlias = Sequence[int | None]


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
        hours: without a story, those included of which nothing is known.
        usual: the number of stories that such hours bring.
        chance: of none.
    """

    hours: int
    usual: float
    chance: float


def spike(counts: Counts, outlets: int) -> Spike | None:
    """Whether the last hour is a spike.

    Args:
        counts: stories by the hour; the last one is looked at, perhaps before it is over.
        outlets: independent ones that carried the stories of that hour.
    """
    history, stories = counts[-HOURS - 1 : -1], counts[-1] if counts else None
    if stories is None or stories < LEAST_STORIES or outlets < LEAST_OUTLETS:
        return None
    if not _tells(history):
        return None
    usual = _usual(history, len(history))
    chance = _tail(stories, usual, _shape(history))
    return Spike(stories=stories, usual=usual, chance=chance) if chance < CHANCE else None


def silence(counts: Counts) -> Silence | None:
    """Whether the last hours are silent against the rhythm before them.

    Args:
        counts: stories by the hour; all hours are over.
    """
    hours = next((back for back, count in enumerate(reversed(counts)) if count), len(counts))
    begins = len(counts) - hours
    history, quiet = counts[:begins][-HOURS:], counts[begins:]
    known = [hour for hour, count in enumerate(quiet) if count is not None][:HOURS]
    if len(known) < LEAST_SILENCE or not _tells(history):
        return None
    shape = _shape(history)
    usual = [_usual(history, len(history) + hour) for hour in known]
    chance = exp(-shape * fsum(log1p(mean / shape) for mean in usual))
    if chance >= CHANCE:
        return None
    return Silence(hours=hours, usual=fsum(usual), chance=chance)


def _tells(history: Counts) -> bool:
    """Whether there is a usual."""
    return len(history) >= 24 * _LEAST_DAYS and any(count is not None for count in history)


def _usual(history: Counts, at: int) -> float:
    """The mean of the same hour of the day as number ``at``, and of its neighbours.

    If nothing is known of these, it is that of all hours.
    """
    same = [
        count
        for around in (-1, 0, 1)
        for count in history[(at + around) % 24 :: 24]
        if count is not None
    ] or [count for count in history if count is not None]
    return (sum(same) + _PRIOR) / len(same)


def _shape(history: Counts) -> float:
    """The shape of the Gamma distribution, by moments: the less, the more the counts scatter."""
    means = [_usual(history, hour) for hour in range(24)]
    known = [(count, means[hour % 24]) for hour, count in enumerate(history) if count is not None]
    scatter = fsum((count - mean) ** 2 - mean for count, mean in known)
    if scatter <= 0:
        return _POISSON
    return max(_LEAST_SHAPE, min(fsum(mean * mean for _, mean in known) / scatter, _POISSON))


def _tail(least: int, mean: float, shape: float) -> float:
    """The chance of at least so many, for a negative binomial count."""
    share = mean / (shape + mean)
    term = exp(-shape * log1p(mean / shape))
    below = term
    for number in range(1, least):
        term *= (shape + number - 1) / number * share
        below += term
    return max(0.0, 1 - below)
