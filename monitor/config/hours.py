"""Hours, days of the week and the machine's time zone, as channels have them."""

import re
import warnings
from collections.abc import Iterator
from datetime import time, tzinfo
from typing import Final

from tzlocal import get_localzone

from monitor.config.values import quoted

_HOUR: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAILY: Final = "daily"
_DAYS: Final = f'days are {", ".join(_WEEK)}, or "{_DAILY}"'


def hour(value: object) -> time:
    """``"07:00"``."""
    match = _HOUR.fullmatch(value) if isinstance(value, str) else None
    if match:
        return time(int(match[1]), int(match[2]))
    raise ValueError(f'{quoted(value)} is not an hour; write for example "07:00", in quotes')


def days(value: object) -> frozenset[int]:
    """``"daily"``, ``"mon-fri"``, ``"sat,sun"`` or a list of such; 0 is Monday."""
    if isinstance(value, str):
        value = value.split(",")
    if isinstance(value, list) and value:
        return frozenset(day for part in value for day in _span(part))
    raise ValueError('must name days; write for example "mon-fri", "daily" or ["mon", "wed"]')


def machine_zone() -> tzinfo:
    """The time zone of this machine with its clock changes; UTC if it has none.

    Raises:
        LookupError: its settings name one that does not exist, or contradict each other.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has none
        return get_localzone()


def _span(part: object) -> Iterator[int]:
    """The days of ``mon``, ``mon-fri``, ``fri-mon`` or ``daily``."""
    if not isinstance(part, str):
        raise ValueError(f'{quoted(part)} is not a day; write its name, like "mon"')  # noqa: TRY004 - see values
    text = part.strip()
    if text == _DAILY:
        yield from range(len(_WEEK))
        return
    first, dash, last = text.partition("-")
    start, end = _day(first), _day(last if dash else first)
    yield from (day % len(_WEEK) for day in range(start, start + (end - start) % len(_WEEK) + 1))


def _day(text: str) -> int:
    name = text.strip()
    if name in _WEEK:
        return _WEEK.index(name)
    short = name.lower()[:3]
    hint = f"did you mean {quoted(short)}?" if short in _WEEK else _DAYS
    raise ValueError(f"{quoted(name)} is not a day; {hint}")
