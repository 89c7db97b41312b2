"""Was something missed between two documents of a feed? What to do about it; pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.feeds.arrival import FLOOD, Continuity
from monitor.feeds.redirect import is_same_site
from monitor.model.source import EventKind

MOST_PAGES = 3  # older ones that are read after a gap
MOST_HURRY = 3  # the interval is halved so often
TOLD_AGAIN = timedelta(days=7)  # a feed that always overflows is told of once a week
_TELLING = 10  # entries; a feed that lists fewer leaves gaps by its nature
_HOLE = 3  # times the usual distance of entries: so far from the last one, some are missing
_WORDPRESS = re.compile(
    rb"<generator[^>]*>\s*https?://(?:www\.)?wordpress\.(?:org|com)", re.IGNORECASE
)
_LEAST_DATES = 3
_HEAD = 10_000  # bytes of a document in which its generator stands


def older_page(url: str, body: bytes, stated: str | None) -> str | None:
    """The address of the page with the entries before those of a document; None without one.

    Args:
        url: of the document.
        body: it.
        stated: what it says of that page (RFC 5005, JSON Feed); WordPress says nothing, but has
            ``?paged=``. Pages of another site are not read.
    """
    if stated is not None:
        return stated if stated != url and is_same_site(url, stated) else None
    return _next_paged(url) if _WORDPRESS.search(body, 0, _HEAD) else None


def _next_paged(url: str) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    page = query.get("paged", "")
    query["paged"] = str(int(page) + 1 if page.isdecimal() else 2)
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))


def hurry_after(hurry: int, goes_on: Continuity, pages: int) -> int:
    """How often the interval of a feed is halved after one more document.

    Args:
        hurry: before it.
        goes_on: how the document goes on from the one before, older pages included.
        pages: documents that were read, older pages included.
    """
    if goes_on is Continuity.GAP or (pages > 1 and goes_on is Continuity.OVERLAP):
        return min(hurry + 1, MOST_HURRY)
    return max(hurry - 1, 0)


def event_of(
    goes_on: Continuity, entries: int, pages: int, flood: int
) -> tuple[EventKind, str] | None:
    """What is to be recorded of a document, and in words; None if all is as always.

    Args:
        goes_on: how the document goes on from the one before, older pages included.
        entries: it lists, older pages included.
        pages: documents that were read.
        flood: new articles, if they are too many to be told one by one.
    """
    if flood:
        return EventKind.FLOOD, (
            f"{flood:,} new articles at once (more than {FLOOD} are not told one by one); "
            "`monitor hits` shows what matched"
        )
    match goes_on:
        case Continuity.GAP:
            looked = f", nor on {pages - 1} older pages" if pages > 1 else ""
            return EventKind.GAP, (
                f"none of its {entries} entries was known{looked}: what it listed "
                "between two polls was probably missed; it is polled more often now"
            )
        case Continuity.RENAMED:
            return EventKind.RENAMED, "its entries came under new names and addresses"
        case Continuity.OVERLAP if pages > 1:
            return EventKind.FILLED, (
                f"more came between two polls than it lists; {pages - 1} older pages had the rest"
            )
        case _:
            return None


def is_hole(before: Sequence[datetime], now: Sequence[datetime]) -> bool:
    """Whether the dates of two documents that share nothing speak for something in between.

    Args:
        before: dates of what the last document listed, in any order.
        now: dates of what this one lists.
    """
    if not before or len(now) < _LEAST_DATES:
        return True
    dates = sorted(now)
    usual = median((later - earlier).total_seconds() for earlier, later in pairwise(dates))
    return (dates[0] - max(before)).total_seconds() > _HOLE * usual


def is_told(
    kind: EventKind, entries: int, told_before: datetime | None, now: datetime, *, hole: bool
) -> bool:
    """Whether people are told of an event of a document.

    Args:
        kind: what happened.
        entries: the document lists.
        told_before: when they were told last of such an event of this feed.
        now: the time.
        hole: its dates speak for something that is missing.
    """
    if kind is EventKind.FLOOD:
        return True
    lately = told_before is not None and now - told_before < TOLD_AGAIN
    return kind is EventKind.GAP and hole and entries >= _TELLING and not lately
