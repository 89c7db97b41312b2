"""When a feed asks not to be polled."""

import pytest

from monitor.feeds.skips import skips
from monitor.model.feed import NO_SKIPS, Skips


def _skips(hours: set[int] | None = None, days: set[int] | None = None) -> Skips:
    return Skips(frozenset(hours or ()), frozenset(days or ()))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"<rss/>", NO_SKIPS),
        (b"<skipHours>\n<hour>0</hour> <hour> 23 </hour></skipHours>", _skips({0, 23})),
        (b"<SkipHours><hour>24</hour></SkipHours>", _skips({0})),
        (
            b"<skipDays><day>Saturday</day><day>SUN</day></skipDays><skipHours></skipHours>",
            _skips(days={5, 6}),
        ),
        (b"<skipDays><day>Yesterday</day></skipDays>", NO_SKIPS),
        (b"<skipHours><hour>1</hour>", NO_SKIPS),
        (
            b"<skipHours>%s</skipHours>" % b"".join(b"<hour>%d</hour>" % n for n in range(24)),
            NO_SKIPS,
        ),
        (b"<skipHours>" * 20_000, NO_SKIPS),
    ],
    ids=["none", "hours", "midnight", "days", "no day", "unclosed", "always", "hostile"],
)
def test_hours_and_days_to_skip_are_read(document: bytes, expected: Skips) -> None:
    assert skips(document) == expected


def test_a_document_of_such_lists_only_is_read_in_linear_time() -> None:
    assert skips(b"<skipHours><hour>1</hour>" * 400_000) == NO_SKIPS
