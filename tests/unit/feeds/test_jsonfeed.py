"""JSON Feed, whatever the server calls it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.errors import ParseError
from monitor.model.feed import Entry, ParsedFeed
from tests.unit.feeds.documents import read


def _feed(*items: object, **feed: object) -> dict[str, Any]:
    version = "https://jsonfeed.org/version/1.1"
    return {"version": version, "title": "T", "items": list(items), **feed}


def _read(feed: object, content_type: str = "application/feed+json") -> ParsedFeed:
    return read(json.dumps(feed).encode(), content_type)


@pytest.mark.parametrize("content_type", ["application/feed+json", "text/html", "text/xml", ""])
def test_a_json_feed_is_read_whatever_its_content_type(content_type: str) -> None:
    feed = _feed(
        {
            "id": 7,
            "url": "/a/7",
            "title": "AT&T <3",
            "summary": "Short & plain.",
            "content_html": "<p>One.</p><p>Two.</p>",
            "date_published": "2025-09-01T10:00:00+02:00",
            "tags": ["eu", 5],
            "authors": [{"name": "Jo"}, {"name": "Al"}],
        },
        language="en-us",
        authors=[{"name": "Desk"}],
    )
    parsed = _read(feed, content_type)
    assert (parsed.title, parsed.language, parsed.complete) == ("T", "en-US", True)
    assert parsed.entries == (
        Entry(
            guid="7",
            url="https://paper.example/a/7",
            title="AT&T <3",
            lead="Short & plain.",
            text="One.\n\nTwo.",
            author="Al, Jo",
            language="en-US",
            published=datetime(2025, 9, 1, 8, tzinfo=UTC),
            tags=("eu", "5"),
        ),
    )


def test_plain_text_is_not_taken_for_markup() -> None:
    (entry,) = _read(_feed({"id": "1", "content_text": "if <b> & &amp;\n\nthen"})).entries
    assert entry.text == "if <b> & &amp;\n\nthen"


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"external_url": "http://o.example/1"}, "http://o.example/1"),
        ({"id": "http://o.example/2"}, "http://o.example/2"),
        ({"attachments": [{"url": "http://o.example/3.mp3"}]}, "http://o.example/3.mp3"),
        ({"url": "javascript:x"}, ""),
        ({"url": 5}, "https://paper.example/feeds/5"),
    ],
    ids=["external", "id", "attachment", "javascript", "number"],
)
def test_the_link_falls_back_like_that_of_other_feeds(item: dict[str, object], url: str) -> None:
    (entry,) = _read(_feed({"title": "t", **item})).entries
    assert entry.url == url


@pytest.mark.parametrize(
    "feed",
    [
        _feed(items={"a": 1}),
        _feed(items=None),
        _feed(None, 3, [], {"title": None, "tags": "x", "authors": {}, "date_published": 3}),
    ],
    ids=["items is no list", "no items", "items of wrong types"],
)
def test_values_of_wrong_types_are_passed_over(feed: dict[str, object]) -> None:
    assert _read(feed).entries == ()


def test_what_a_database_cannot_hold_is_dropped() -> None:
    (entry,) = _read(
        _feed({"id": "a\x00\ud800", "title": "t\x00\ud800", "url": "http://a.example/\ud800"})
    ).entries
    assert (entry.guid, entry.title, entry.url) == ("a", "t", "http://a.example/")


@pytest.mark.parametrize(
    "document",
    [b'{"a":' * 100_000, b'{"version": ' + b"9" * 5000 + b"}", b'{"version": 1}'],
    ids=["nesting", "long number", "other version"],
)
def test_hostile_json_is_refused(document: bytes) -> None:
    with pytest.raises(ParseError, match=r"^not a feed: "):
        read(document)


def test_of_more_than_a_thousand_items_the_newest_are_read_and_it_says_so() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    items = [
        {"id": n, "title": str(n), "date_published": (start + timedelta(hours=n)).isoformat()}
        for n in range(1001)
    ]
    feed = _read(_feed(*items))
    assert [entry.title for entry in feed.entries] == [str(n) for n in range(1, 1001)]
    assert feed.problem == "more than 1,000 entries; the newest 1,000 were read"
