"""Small charts of characters."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

_BARS: Final = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float]) -> str:
    """One character a value, as high as the value is; a blank for nothing."""
    most = max(values, default=0)
    return "".join(
        _BARS[min(len(_BARS) - 1, int(value / most * len(_BARS)))] if value > 0 else " "
        for value in values
    )


def filled(days: Mapping[date, int], most: int = 90) -> dict[date, int]:
    """The last days from the first to the last one, those without a value as 0."""
    if not days:
        return {}
    last = max(days)
    first = max(min(days), last - timedelta(days=most - 1))
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {day: days.get(day, 0) for day in span}


def bar(value: float, most: float, width: int) -> str:
    """A horizontal bar."""
    return "█" * max(1, round(value / most * width)) if value > 0 and most > 0 else ""
