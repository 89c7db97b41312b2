"""The hours and days at which an RSS feed asks not to be polled; feedparser does not tell them."""

import re

from monitor.model.feed import NO_SKIPS, Skips

_GROUPS = re.compile(rb"<skip(Hours|Days)>(.{0,2000}?)</skip\1>", re.DOTALL | re.IGNORECASE)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*([A-Za-z]{3})[A-Za-z]*\s*</day>", re.IGNORECASE)
_DAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")
_MOST_HOURS, _MOST_DAYS = 23, 6  # who skips all of them says nothing


def skips(document: bytes) -> Skips:
    """What a document in an encoding that has ASCII as its base asks for."""
    if b"<skip" not in document.lower():
        return NO_SKIPS
    hours, days = set[int](), set[int]()
    for kind, body in _GROUPS.findall(document):
        if kind.lower() == b"hours":
            hours |= {int(hour) % 24 for hour in _HOUR.findall(body)}  # 24 is midnight, too
        else:
            named = (day.lower() for day in _DAY.findall(body))
            days |= {_DAYS.index(day) for day in named if day in _DAYS}
    return Skips(
        frozenset(hours if len(hours) <= _MOST_HOURS else ()),
        frozenset(days if len(days) <= _MOST_DAYS else ()),
    )
