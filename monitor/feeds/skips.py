"""The hours and days at which an RSS feed asks not to be polled; feedparser does not tell them."""

import re

from monitor.model.feed import NO_SKIPS, Skips

_ANY = re.compile(rb"<skip", re.IGNORECASE)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>")
_DAY = re.compile(rb"<day>\s*([a-z]{3})[a-z]*\s*</day>")
_DAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")
_LONGEST = 4_000  # bytes of such a list
_MOST_HOURS, _MOST_DAYS = 23, 6  # who skips all of them says nothing


def skips(document: bytes) -> Skips:
    """What a document in an encoding that has ASCII as its base asks for."""
    if not _ANY.search(document):  # as in most
        return NO_SKIPS
    small = document.lower()
    # 24 is midnight, too
    hours = {int(hour) % 24 for hour in _HOUR.findall(_inside(small, b"skiphours"))}
    named = _DAY.findall(_inside(small, b"skipdays"))
    days = {_DAYS.index(day) for day in named if day in _DAYS}
    return Skips(
        frozenset(hours if len(hours) <= _MOST_HOURS else ()),
        frozenset(days if len(days) <= _MOST_DAYS else ()),
    )


def _inside(document: bytes, name: bytes) -> bytes:
    """What the first element of a name holds."""
    start = document.find(b"<" + name + b">")
    end = document.find(b"</" + name, start, start + _LONGEST)
    return document[start:end] if 0 <= start < end else b""
