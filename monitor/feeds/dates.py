"""Dates as feeds write them: RFC 822, ISO 8601, and what people make of the two.

feedparser guesses: it finds 1 November in ``2013-xx-27`` and 01:14 of the next day in
``25:14``. Here a date is read as a whole or not at all.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from monitor.feeds.months import month_of

MAX_LENGTH = 100
_PIVOT, _CENTURY = 70, 100  # years of two digits: 69 is 2069, 70 is 1970
_LEAP_SECOND = 60
_MAX_HOURS = 15  # of an offset
_KOREA = timezone(timedelta(hours=9))

# What nearly all feeds write, read in a tenth of the time.
_ISO_8601 = re.compile(
    r"(?:\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d:[0-5]\d(?:\.\d{1,6})?|\d{8}T\d{6})"
    r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)"
)
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) ([01]\d|2[0-3]):(\d\d):([0-5]\d)"
    r" (?:GMT|([+-])(\d\d)(\d\d))"
)
_TIME = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?![\d:])")
_HALF = re.compile(r"\s*([ap])\.?m\b\.?", re.IGNORECASE)
_HANGUL = re.compile(r"[가-힣]")
_EAST_ASIA = re.compile(r"(\d{4})\s?[년年]\s?(\d{1,2})\s?[월月]\s?(\d{1,2})\s?[일日]")
_WEEKDAY = re.compile(r"[^\W\d_]+\.?,?\s?(?=\d)")
_DAYS = tuple(
    re.compile(form)
    for form in (
        r"(?P<y>\d{4})(?:[-/.]0?(?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?)?",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
        r"(?P<y>\d\d)-?(?P<m>\d\d)-?(?P<d>\d\d)",
        r"-(?P<y>\d\d)-?(?P<m>\d\d)",
        r"(?P<y>\d{4}|0\d)-?(?P<n>\d{3})",  # 22013 is no year and day, but a year far ahead
        r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
        r"(?P<d>1[3-9]|2\d|3[01])[/-](?P<m>\d{1,2})[/-](?P<y>\d{4})",
        r"(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{4})",
    )
)
_WORD = re.compile(r"[^\W\d_]+|\d+|[^\s\d]")
_FILLERS = {
    "-",
    ",",
    ".",
    "de",
    "del",
    "do",
    "di",
    "of",
    "the",
    "st",
    "nd",
    "rd",
    "th",
    "er",
    "at",
}
_YEAR_LAST = re.compile(r"(?:(.*) )?(\d{4})")
_OFFSET = re.compile(
    r"(?:(?:utc|gmt) ?)?([+-])(\d\d?)(?::?(\d\d))?(?: \(?[a-z/_ ]+\)?)?", re.IGNORECASE
)
_REGION = re.compile(r"[A-Za-z]{2,20}(?:/[A-Za-z0-9_+-]{2,30}){1,2}")
_ABBREVIATION = re.compile(r"\(?([A-Za-z]{1,5})\)?")
_HOURS = {  # of abbreviations; any other is read as UTC
    "adt": -3, "ast": -4, "at": -4, "edt": -4, "est": -5, "et": -5, "cdt": -5, "cst": -6,
    "ct": -6, "mdt": -6, "mst": -7, "mt": -7, "pdt": -7, "pst": -8, "pt": -8, "akdt": -8,
    "akst": -9, "hst": -10, "bst": 1, "ist": 5.5, "met": 1, "mest": 2, "mez": 1, "mesz": 2,
    "cet": 1, "cest": 2, "west": 1, "cat": 2, "sast": 2, "eet": 2, "eest": 3, "trt": 3,
    "msk": 3, "eat": 3, "gst": 4, "irst": 3.5, "pkt": 5, "wib": 7, "sgt": 8, "hkt": 8,
    "awst": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day, and what stands around it."""

    before: str
    time: timedelta
    after: str


def read_date(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The date a text states, in UTC and in whole seconds; None if it states none.

    Args:
        text: a date and nothing else.
        zone: of a date that names none.
    """
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        return None
    text = " ".join(text.split())
    try:
        if _ISO_8601.fullmatch(text):
            return datetime.fromisoformat(text).replace(microsecond=0).astimezone(UTC)
        if usual := _RFC_822.fullmatch(text):
            return _read_rfc_822(usual)
        zone = _KOREA if _HANGUL.search(text) else zone
        return _read(_EAST_ASIA.sub(r"\1-\2-\3", text), zone)
    except (ValueError, OverflowError, LookupError, OSError):  # no such day, time or zone
        return None


def _read_rfc_822(found: re.Match[str]) -> datetime:
    day, name, year, hour, minute, second, sign, hours, minutes = found.groups()
    zone = _offset(sign, int(hours), int(minutes)) if sign else UTC
    month = month_of(name) or 0
    when = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=zone)
    return when.astimezone(UTC)


def _read(text: str, zone: tzinfo) -> datetime:
    clock = _clock(text)
    after, year = clock.after, ""
    if last := _YEAR_LAST.fullmatch(after):  # as C's asctime writes it
        after, year = last[1] or "", last[2]
    day = _day(f"{clock.before} {year}".strip())
    return (day + clock.time).replace(tzinfo=_zone(after, zone)).astimezone(UTC)


def _clock(text: str) -> _Clock:
    found = _TIME.search(text)
    if found is None:
        return _Clock(before=text, time=timedelta(0), after="")
    before, after = text[: found.start()], text[found.end() :]
    hour, minute, second = (int(number or 0) for number in found.groups())
    if half := _HALF.match(after):
        hour, after = _of_half(hour, late=half[1] in "pP"), after[half.end() :]
    elif before.endswith(("오전 ", "오후 ")):
        hour, before = _of_half(hour, late=before.endswith("오후 ")), before[:-3]
    day_end = hour == 24 and minute == second == 0  # noqa: PLR2004
    if (hour > 23 and not day_end) or minute > 59 or second > _LEAP_SECOND:  # noqa: PLR2004
        raise ValueError(found[0])
    time = timedelta(hours=hour, minutes=minute, seconds=second)
    return _Clock(before=before.rstrip("T ,"), time=time, after=after.strip(" ,"))


def _of_half(hour: int, *, late: bool) -> int:
    return hour % 12 + 12 * late


def _day(text: str) -> datetime:
    weekday = _WEEKDAY.match(text)
    numbers = text[weekday.end() :] if weekday and not month_of(text) else text
    for form in _DAYS:
        if found := form.fullmatch(numbers):
            part = found.groupdict()
            first = datetime(_year(part["y"]), int(part.get("m") or 1), 1)  # noqa: DTZ001
            if "n" in part:
                return _nth(first, int(part["n"]))
            return first.replace(day=int(part.get("d") or 1))
    return _day_in_words(_WORD.findall(text))


def _nth(first: datetime, number: int) -> datetime:
    day = first + timedelta(days=number - 1)
    if day.year != first.year:
        raise ValueError(number)
    return day


def _day_in_words(words: list[str]) -> datetime:
    """Day, month and year, in this order or with the month or the year first."""
    months = [place for place, word in enumerate(words) if month_of(word)]
    if not months:
        raise ValueError(words)
    month = month_of(words.pop(months[-1])) or 0
    weekday = bool(words) and not words[0].isdecimal()
    numbers = [word for word in words if word.isdecimal()]
    others = [word.lower() for word in words[weekday:] if not word.isdecimal()]
    if len(numbers) != 2 or not _FILLERS.issuperset(others):  # noqa: PLR2004
        raise ValueError(words)
    day, year = reversed(numbers) if len(numbers[0]) > 2 else numbers  # noqa: PLR2004
    return datetime(_year(year), month, int(day))  # noqa: DTZ001


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004
        return year
    return year + (19 if year >= _PIVOT else 20) * _CENTURY


def _zone(text: str, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if offset := _OFFSET.fullmatch(text):
        return _offset(offset[1], int(offset[2]), int(offset[3] or 0))
    if _REGION.fullmatch(text):
        return ZoneInfo(text)
    if name := _ABBREVIATION.fullmatch(text):
        return timezone(timedelta(hours=_HOURS.get(name[1].lower(), 0)))
    raise ValueError(text)


def _offset(sign: str, hours: int, minutes: int) -> timezone:
    if hours > _MAX_HOURS or minutes > 59:  # noqa: PLR2004
        raise ValueError(hours)
    distance = timedelta(hours=hours, minutes=minutes)
    return timezone(-distance if sign == "-" else distance)
