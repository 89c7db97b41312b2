"""A news sitemap is a feed."""

from datetime import UTC, datetime

import pytest

from monitor.errors import ParseError
from monitor.model.feed import Entry
from tests.unit.feeds.documents import URL, read

SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = """<url><loc>https://paper.example/a</loc><news:news>
  <news:publication><news:name>The Paper</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2026-11-24T10:00:00+02:00</news:publication_date>
  <news:title>Bread &amp; butter &lt;up&gt;</news:title>
  <news:keywords>food, prices</news:keywords></news:news>
  <image:image><image:loc>https://cdn.example/a.jpg</image:loc><image:title>x</image:title></image:image>
</url>"""
PAGE = "<url><loc>https://paper.example/about</loc></url>"
UNDATED = """<url><loc>/b</loc><lastmod>2026-11-23</lastmod>
  <news:news><news:title>Two</news:title></news:news></url>"""


def sitemap(urls: str) -> str:
    return f'<?xml version="1.0"?>\n<?xml-stylesheet href="x"?><urlset {SPACES}>{urls}</urlset>'


def test_pages_with_a_news_title_become_entries() -> None:
    feed = read(sitemap(NEWS + PAGE + UNDATED))
    assert (feed.title, feed.complete, feed.problem) == ("The Paper", True, None)
    assert feed.entries == (
        Entry(
            guid=None,
            url="https://paper.example/a",
            title="Bread & butter <up>",
            language="en",
            published=datetime(2026, 11, 24, 8, tzinfo=UTC),
            tags=("food", "prices"),
        ),
        Entry(
            guid=None,
            url="https://paper.example/b",
            title="Two",
            published=datetime(2026, 11, 23, tzinfo=UTC),
        ),
    )


def test_a_sitemap_without_a_name_is_called_by_its_address() -> None:
    assert read(sitemap(UNDATED)).title == URL


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (sitemap(PAGE), "not a feed: a sitemap without news titles"),
        (
            f"<sitemapindex {SPACES}><sitemap><loc>https://paper.example/news.xml</loc></sitemap>"
            "</sitemapindex>",
            "not a feed: an index of sitemaps; take the address of the news sitemap in it",
        ),
        (
            sitemap("<url>" * 300),
            "beyond the limits on feeds: elements nested deeper than 256",
        ),
    ],
    ids=["no news", "index", "nested"],
)
def test_a_sitemap_without_news_is_refused(document: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(document)
    assert str(caught.value) == message


def test_a_broken_sitemap_gives_what_comes_before_its_fault() -> None:
    feed = read(sitemap(NEWS + "<url></loc>" + UNDATED))
    assert [entry.url for entry in feed.entries] == ["https://paper.example/a"]
    assert feed.complete
    assert (feed.problem or "").startswith("not well-formed at line 8: mismatched tag")


def test_a_sitemap_cut_off_is_not_complete() -> None:
    whole = sitemap(NEWS + UNDATED)
    feed = read(whole[: whole.index("Two")])
    assert [entry.url for entry in feed.entries] == ["https://paper.example/a"]
    assert not feed.complete
