"""Is what a poll found news? Most of a first poll or of a re-numbered feed is not; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.article import Arrival
from monitor.model.feed import Entry, Quiet
from monitor.model.identity import Arriving, Identified, Known, KnownArticle, Overlap, Rung

FLOOD = 500  # new articles of one poll: more are told in one notice
_MOVED_WITHIN = timedelta(days=7)  # a feed that was read before that is not one that moved
_OUT_OF_ORDER = timedelta(days=1)  # by which feeds list what is older than its neighbours
_BY_NAME = (Rung.GUID, Rung.ADDRESS)


class Continuity(StrEnum):
    """How a document goes on from the last one of its feed."""

    FIRST = "first"  # there was none
    OVERLAP = "overlap"  # it lists something we knew
    RENAMED = "renamed"  # it lists what we knew under new names
    GAP = "gap"  # it lists nothing we knew: between the two something may be missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What deciding on the entries of a poll needs.

    Attributes:
        backlog: what a first poll is to tell.
        now: when the document was read.
        first_polled_at: the first poll of the feed that gave entries, perhaps cut off.
        last_ok: the last poll that saw a whole document, or that it is unchanged.
        known: entries that were left out, since the last document listed them as well.
        pages: documents that were read: more than one after a gap, the older pages.
    """

    backlog: Quiet | timedelta
    now: datetime
    first_polled_at: datetime | None
    last_ok: datetime | None
    known: int = 0
    pages: int = 1


def continuity(identified: Identified, known: Known, situation: Situation) -> Continuity:
    """How a document goes on; one without entries, or after one without any, leaves no gap."""
    if situation.last_ok is None:
        return Continuity.FIRST
    rungs = {found.rung for found in identified.same if found.article.carried}
    if situation.known or not rungs.isdisjoint(_BY_NAME):
        return Continuity.OVERLAP
    if rungs:
        return Continuity.RENAMED
    return Continuity.GAP if identified.fresh and known.listed else Continuity.OVERLAP


def arriving(identified: Identified, known: Known, situation: Situation) -> tuple[Arriving, ...]:
    """How each entry arrives: the new ones, and those that only other feeds listed so far.

    Args:
        identified: the entries of the document.
        known: what the store knew of them.
        situation: of the feed.
    """
    news = _news_since(identified, known, situation)
    found = [
        *(
            Arriving(
                item=one.item,
                arrival=_arrival(one.item.entry, situation, news),
                key=one.article.key,
                article=one.article,
            )
            for one in identified.same
        ),
        *(
            Arriving(item=one.item, arrival=_arrival(one.item.entry, situation, news), key=one.key)
            for one in identified.fresh
        ),
    ]
    is_flood = situation.last_ok is not None and _count_news(found) > FLOOD
    return tuple(map(_drowned, found)) if is_flood else tuple(found)


@dataclass(frozen=True, slots=True)
class _Since:
    """What is dated then or later is news; all is if there is no date to go by."""

    when: datetime | None


def _news_since(identified: Identified, known: Known, situation: Situation) -> _Since | None:
    """From when on entries are news whatever else holds; None if dates don't decide."""
    match continuity(identified, known, situation):
        case Continuity.OVERLAP if situation.pages == 1:
            return _Since(None)
        case Continuity.GAP:
            return _Since(_looked_until(known.listed, situation, _OUT_OF_ORDER))
        case Continuity.RENAMED | Continuity.OVERLAP:
            return _Since(_looked_until(known.listed, situation))
        case Continuity.FIRST:
            return _moved_feed(identified, known.overlaps, situation.now)


def _looked_until(
    listed: Sequence[KnownArticle], situation: Situation, slack: timedelta = timedelta()
) -> datetime | None:
    """Up to when we have seen what there was: nothing dated before is news."""
    dates = [article.published for article in listed if article.published]
    if not dates or situation.last_ok is None:
        return None
    return min(max(dates), situation.last_ok) - slack  # a date may lie ahead of its article


def _moved_feed(
    identified: Identified, overlaps: Sequence[Overlap], now: datetime
) -> _Since | None:
    """Where a feed goes on from one that was read lately: its address was edited.

    It does if half of what is not newer than the newest article of the other one is known.
    """
    items = (*(one.item for one in identified.same), *(one.item for one in identified.fresh))
    dates = [item.entry.published for item in items]
    for overlap in overlaps:
        newest = overlap.newest
        if newest is None or overlap.read_at < now - _MOVED_WITHIN:
            continue
        older = sum(date is not None and date <= newest for date in dates)
        if 2 * len(overlap.articles) >= older:
            return _Since(min(newest, overlap.read_at) + timedelta.resolution)
    return None


def _arrival(entry: Entry, situation: Situation, news: _Since | None) -> Arrival:
    if news is None or (situation.last_ok is None and entry.published is None):
        return _first_arrival(entry, situation)
    if news.when is None or entry.published is None or entry.published >= news.when:
        return Arrival.LIVE
    return _first_arrival(entry, situation) if situation.last_ok is None else Arrival.BACKLOG


def _first_arrival(entry: Entry, situation: Situation) -> Arrival:
    """Whether an entry of a first poll is told."""
    backlog = situation.backlog
    if not _is_old(entry, situation.first_polled_at) or backlog is Quiet.ALERT:
        return Arrival.LIVE
    if backlog is Quiet.QUIET or entry.published is None:
        return Arrival.BACKLOG
    return Arrival.LIVE if entry.published >= situation.now - backlog else Arrival.BACKLOG


def _is_old(entry: Entry, first_polled_at: datetime | None) -> bool:
    if first_polled_at is None:
        return True
    # So far every document was cut off: what is dated before the first is what was missing.
    return entry.published is not None and entry.published < first_polled_at


def _count_news(found: Sequence[Arriving]) -> int:
    return sum(one.article is None and one.arrival is Arrival.LIVE for one in found)


def _drowned(one: Arriving) -> Arriving:
    return replace(one, arrival=Arrival.FLOOD) if one.arrival is Arrival.LIVE else one
