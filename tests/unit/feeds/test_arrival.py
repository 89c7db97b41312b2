"""Whether what a poll found is news."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.arrival import FLOOD, Continuity, Situation, arriving, continuity
from monitor.feeds.identity import item_of
from monitor.model.article import Arrival
from monitor.model.feed import Entry, Quiet
from monitor.model.identity import Fresh, Identified, Known, KnownArticle, Overlap, Rung, Same

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = Situation(backlog=Quiet.QUIET, now=NOW, first_polled_at=None, last_ok=None)
LATER = replace(FIRST, first_polled_at=NOW - 9 * DAY, last_ok=NOW - HOUR)


def fresh(published: datetime | None = NOW, number: int = 0) -> Fresh:
    entry = Entry(guid=None, url="", title=f"T{number}", text="x", published=published)
    return Fresh(item=item_of(entry, "feed"), key=f"key {number}")


def article(
    published: datetime | None = None, id_: int = 1, *, carried: bool = True
) -> KnownArticle:
    return KnownArticle(
        id=id_,
        key=f"old {id_}",
        titles=frozenset(),
        hashes=frozenset(),
        published=published,
        carried=carried,
    )


def same(rung: Rung, *, carried: bool = True, published: datetime | None = None) -> Same:
    return Same(item=fresh(published).item, article=article(carried=carried), rung=rung)


LISTED = Known(listed=(article(NOW - 2 * DAY), article(NOW - 5 * DAY, 2), article(None, 3)))


@pytest.mark.parametrize(
    ("found", "known", "situation", "goes_on"),
    [
        pytest.param([fresh()], Known(), FIRST, Continuity.FIRST, id="first"),
        pytest.param([same(Rung.GUID), fresh()], LISTED, LATER, Continuity.OVERLAP, id="guid"),
        pytest.param([same(Rung.ADDRESS)], LISTED, LATER, Continuity.OVERLAP, id="address"),
        pytest.param([same(Rung.SKETCH), fresh()], LISTED, LATER, Continuity.RENAMED, id="sketch"),
        pytest.param([fresh()], LISTED, LATER, Continuity.GAP, id="nothing known"),
        pytest.param(
            [fresh(), same(Rung.ADDRESS, carried=False)],
            LISTED,
            LATER,
            Continuity.GAP,
            id="known from another feed only",
        ),
        pytest.param([], LISTED, LATER, Continuity.OVERLAP, id="an empty document"),
        pytest.param([fresh()], Known(), LATER, Continuity.OVERLAP, id="after an empty document"),
    ],
)
def test_a_document_goes_on_from_the_last_one(
    found: Sequence[Same | Fresh], known: Known, situation: Situation, goes_on: Continuity
) -> None:
    assert continuity(identified(found), known, situation) is goes_on


def identified(found: Sequence[Same | Fresh]) -> Identified:
    return Identified(
        same=tuple(one for one in found if isinstance(one, Same)),
        fresh=tuple(one for one in found if isinstance(one, Fresh)),
    )


def arrivals(found: Sequence[Same | Fresh], known: Known, situation: Situation) -> list[Arrival]:
    return [one.arrival for one in arriving(identified(found), known, situation)]


LIVE, BACKLOG = Arrival.LIVE, Arrival.BACKLOG


@pytest.mark.parametrize(
    ("published", "arrival"),
    [
        pytest.param(NOW, LIVE, id="new"),
        pytest.param(NOW - 2 * DAY, LIVE, id="as old as the newest we knew"),
        pytest.param(NOW - 3 * DAY, LIVE, id="a little out of order"),
        pytest.param(NOW - 3 * DAY - HOUR, BACKLOG, id="older"),
        pytest.param(None, LIVE, id="undated"),
    ],
)
def test_after_a_gap_what_is_not_old_is_news(published: datetime | None, arrival: Arrival) -> None:
    assert arrivals([fresh(published)], LISTED, LATER) == [arrival]


def test_a_feed_that_dates_ahead_does_not_silence_itself() -> None:
    ahead = Known(listed=(article(NOW + DAY),))
    assert arrivals([fresh(NOW - HOUR)], ahead, LATER) == [LIVE]


def test_without_any_date_all_that_is_unknown_is_news() -> None:
    undated = Known(listed=(article(None),))
    assert arrivals([fresh(NOW - 99 * DAY), fresh(None)], undated, LATER) == [LIVE, LIVE]


@pytest.mark.parametrize(
    ("published", "arrival"),
    [(NOW, LIVE), (NOW - 2 * DAY - HOUR, BACKLOG), (None, LIVE)],
)
def test_a_feed_that_was_renumbered_is_quiet(published: datetime | None, arrival: Arrival) -> None:
    found: list[Same | Fresh] = [same(Rung.WORDS), fresh(published)]
    assert arrivals(found, LISTED, LATER)[1] is arrival


@pytest.mark.parametrize(
    ("published", "arrival"),
    [(NOW - 2 * DAY, LIVE), (NOW - 2 * DAY - HOUR, BACKLOG), (None, LIVE)],
)
def test_older_pages_bring_news_and_what_was_old_before(
    published: datetime | None, arrival: Arrival
) -> None:
    found: list[Same | Fresh] = [same(Rung.GUID), fresh(published)]
    assert arrivals(found, LISTED, replace(LATER, pages=2))[1] is arrival


def test_entries_that_were_left_out_prove_that_there_is_no_gap() -> None:
    situation = replace(LATER, known=9)
    assert continuity(identified([fresh()]), LISTED, situation) is Continuity.OVERLAP
    assert arrivals([fresh(NOW - 99 * DAY)], LISTED, situation) == [LIVE]


MOVED = Known(
    overlaps=(Overlap(articles=frozenset({1, 2}), newest=NOW - 3 * HOUR, read_at=NOW - 2 * HOUR),)
)


@pytest.mark.parametrize(
    ("published", "arrival"),
    [
        pytest.param(NOW, LIVE, id="newer than what the feed had under its old address"),
        pytest.param(NOW - 3 * HOUR, BACKLOG, id="as old"),
        pytest.param(NOW - DAY, BACKLOG, id="older"),
        pytest.param(None, BACKLOG, id="undated"),
    ],
)
def test_a_feed_whose_address_was_edited_goes_on(
    published: datetime | None, arrival: Arrival
) -> None:
    known = [same(Rung.ADDRESS, carried=False, published=NOW - DAY)] * 2
    assert arrivals([*known, fresh(published)], MOVED, FIRST)[2] is arrival


@pytest.mark.parametrize(
    "overlap",
    [
        pytest.param(replace(MOVED.overlaps[0], read_at=NOW - 8 * DAY), id="read long ago"),
        pytest.param(replace(MOVED.overlaps[0], newest=None), id="undated"),
        pytest.param(replace(MOVED.overlaps[0], articles=frozenset({1})), id="little in common"),
    ],
)
def test_a_feed_that_shares_little_with_another_is_a_new_one(overlap: Overlap) -> None:
    old = [fresh(NOW - DAY, 1), fresh(NOW - DAY, 2)]
    known = same(Rung.ADDRESS, carried=False, published=NOW - DAY)
    found: list[Same | Fresh] = [known, *old, fresh(NOW)]
    assert arrivals(found, Known(overlaps=(overlap,)), FIRST)[-1] is BACKLOG


@pytest.mark.parametrize(
    ("count", "situation", "arrival"),
    [
        pytest.param(FLOOD, LATER, LIVE, id="many"),
        pytest.param(FLOOD + 1, LATER, Arrival.FLOOD, id="a flood"),
        pytest.param(FLOOD + 1, replace(FIRST, backlog=Quiet.ALERT), LIVE, id="as wished"),
        pytest.param(FLOOD + 1, FIRST, BACKLOG, id="a first poll"),
    ],
)
def test_more_than_a_desk_can_read_is_a_flood(
    count: int, situation: Situation, arrival: Arrival
) -> None:
    found = [fresh(NOW, number) for number in range(count)]
    assert set(arrivals(found, Known(), situation)) == {arrival}


def test_what_is_quiet_does_not_make_a_flood() -> None:
    found = [fresh(NOW - 99 * DAY, number) for number in range(FLOOD)] + [fresh(NOW, FLOOD)]
    assert arrivals(found, LISTED, LATER)[-1] is LIVE
