"""What a gap between two documents means."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.arrival import Continuity
from monitor.feeds.gaps import MOST_HURRY, event_of, hurry_after, is_hole, is_told, older_page
from monitor.model.source import EventKind

FEED = "https://paper.example/feed/"
WORDPRESS = b"<rss><channel><generator>https://wordpress.org/?v=6.8</generator></channel></rss>"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("url", "body", "stated", "page"),
    [
        pytest.param(FEED, b"", f"{FEED}2", f"{FEED}2", id="stated"),
        pytest.param(FEED, WORDPRESS, f"{FEED}2", f"{FEED}2", id="stated by WordPress"),
        pytest.param(FEED, b"", "https://evil.example/2", None, id="another site"),
        pytest.param(FEED, b"", FEED, None, id="itself"),
        pytest.param(FEED, b"<rss/>", None, None, id="none"),
        pytest.param(FEED, WORDPRESS, None, f"{FEED}?paged=2", id="WordPress"),
        pytest.param(
            f"{FEED}?cat=1&paged=2", WORDPRESS, None, f"{FEED}?cat=1&paged=3", id="its third"
        ),
        pytest.param(
            FEED,
            b"<rss><!--" + b" " * 20_000 + WORDPRESS,
            None,
            None,
            id="a generator in an entry",
        ),
    ],
)
def test_older_pages_are_known_by_their_address(
    url: str, body: bytes, stated: str | None, page: str | None
) -> None:
    assert older_page(url, body, stated) == page


@pytest.mark.parametrize(
    ("hurry", "goes_on", "pages", "after"),
    [
        pytest.param(0, Continuity.GAP, 1, 1, id="a gap"),
        pytest.param(MOST_HURRY, Continuity.GAP, 1, MOST_HURRY, id="always a gap"),
        pytest.param(0, Continuity.OVERLAP, 2, 1, id="a gap that older pages filled"),
        pytest.param(2, Continuity.OVERLAP, 1, 1, id="no gap any more"),
        pytest.param(0, Continuity.OVERLAP, 1, 0, id="as always"),
        pytest.param(0, Continuity.FIRST, 3, 0, id="a first poll with its older pages"),
    ],
)
def test_gaps_shorten_the_interval(
    hurry: int, goes_on: Continuity, pages: int, after: int
) -> None:
    assert hurry_after(hurry, goes_on, pages) == after


@pytest.mark.parametrize(
    ("goes_on", "pages", "flood", "kind"),
    [
        (Continuity.GAP, 1, 0, EventKind.GAP),
        (Continuity.GAP, 4, 0, EventKind.GAP),
        (Continuity.OVERLAP, 2, 0, EventKind.FILLED),
        (Continuity.RENAMED, 1, 0, EventKind.RENAMED),
        (Continuity.OVERLAP, 1, 501, EventKind.FLOOD),
        (Continuity.GAP, 1, 501, EventKind.FLOOD),
    ],
)
def test_what_happened_is_recorded(
    goes_on: Continuity, pages: int, flood: int, kind: EventKind
) -> None:
    found = event_of(goes_on, 10, pages, flood)
    assert found is not None
    assert found[0] is kind


@pytest.mark.parametrize("goes_on", [Continuity.FIRST, Continuity.OVERLAP])
def test_what_is_usual_is_no_event(goes_on: Continuity) -> None:
    assert event_of(goes_on, 10, 1, 0) is None


def every(gap: timedelta, count: int, until: datetime = NOW) -> list[datetime]:
    return [until - n * gap for n in range(count)]


@pytest.mark.parametrize(
    ("before", "now", "hole"),
    [
        pytest.param([NOW - 5 * DAY], every(DAY, 5), False, id="joined"),
        pytest.param([NOW - 7 * DAY], every(DAY, 5), False, id="a long weekend"),
        pytest.param([NOW - 8 * DAY], every(DAY, 5), True, id="a hole"),
        pytest.param([NOW - DAY], every(DAY, 5), False, id="mixed"),
        pytest.param([], every(DAY, 5), True, id="nothing dated before"),
        pytest.param([NOW - DAY], [], True, id="nothing dated now"),
        pytest.param([NOW - DAY], [NOW] * 5, True, id="all of one minute"),
    ],
)
def test_dates_tell_whether_something_is_missing(
    before: list[datetime], now: list[datetime], *, hole: bool
) -> None:
    assert is_hole(before, now) is hole


@pytest.mark.parametrize(
    ("kind", "entries", "before", "told"),
    [
        pytest.param(EventKind.GAP, 10, None, True, id="a gap"),
        pytest.param(EventKind.GAP, 9, None, False, id="of a feed that lists few"),
        pytest.param(EventKind.GAP, 10, NOW - DAY, False, id="told yesterday"),
        pytest.param(EventKind.GAP, 10, NOW - 8 * DAY, True, id="told last week"),
        pytest.param(EventKind.FLOOD, 600, NOW - DAY, True, id="a flood"),
        pytest.param(EventKind.FILLED, 40, None, False, id="a gap that was filled"),
        pytest.param(EventKind.RENAMED, 40, None, False, id="new names"),
    ],
)
def test_people_are_told_of_what_they_may_miss(
    kind: EventKind, entries: int, before: datetime | None, *, told: bool
) -> None:
    assert is_told(kind, entries, before, NOW, hole=True) is told


def test_people_are_not_told_where_nothing_seems_to_be_missing() -> None:
    assert not is_told(EventKind.GAP, 10, None, NOW, hole=False)
    assert is_told(EventKind.FLOOD, 600, None, NOW, hole=False)
