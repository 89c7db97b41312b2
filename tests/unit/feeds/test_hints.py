"""Addresses of feeds in pages, robots.txt and sitemaps."""

import pytest

from monitor.feeds.hints import (
    news_hints,
    page_hints,
    sitemaps_of_index,
    sitemaps_of_robots,
    usual_hints,
)

PAGE = "https://paper.example/world/"
RSS = 'rel="alternate" type="application/rss+xml"'
NAMED = {
    "RSS": (f'<link {RSS} href="/rss">', ["https://paper.example/rss"]),
    "Atom, relative": (
        '<link rel="alternate" type="application/atom+xml" href="atom.xml"/>',
        ["https://paper.example/world/atom.xml"],
    ),
    "JSON Feed": (
        "<link rel=alternate type=application/feed+json href=/feed.json>",
        ["https://paper.example/feed.json"],
    ),
    "the other order, capitals, a charset": (
        '<LINK HREF="/a" TYPE="Application/RSS+XML; charset=utf-8" REL="Alternate home">',
        ["https://paper.example/a"],
    ),
    "bare attributes": (
        f'<link crossorigin {RSS} href="/a" disabled>',
        ["https://paper.example/a"],
    ),
    "escaped": (f'<link {RSS} href="/a?x=1&amp;y=2">', ["https://paper.example/a?x=1&y=2"]),
    "a plain XML type": (
        '<link rel="alternate" type="text/xml" href="/a">',
        ["https://paper.example/a"],
    ),
    "rel=feed": ('<link rel="feed" href="/a">', ["https://paper.example/a"]),
    "a base": (
        f'<base href="https://cdn.example/x/"><link {RSS} href="a">',
        ["https://cdn.example/x/a"],
    ),
    "several, in their order": (
        f'<link {RSS} href="/b"><link {RSS} href="/a">',
        ["https://paper.example/b", "https://paper.example/a"],
    ),
    "another language": ('<link rel="alternate" hreflang="de" href="/de">', []),
    "an interface of the site": (
        '<link rel="alternate" type="application/json" href="/wp-json/1">',
        [],
    ),
    "a style sheet": ('<link rel="stylesheet" type="text/css" href="/a.css">', []),
    "in a script": (f"<script>x = '<link {RSS} href=\"/a\">'</script>", []),
    "in a comment": (f'<!-- <link {RSS} href="/a"> -->', []),
    "not http": (f'<link {RSS} href="javascript:alert(1)"><link {RSS} href="feed:x">', []),
    "no address": (f"<link {RSS}><link {RSS} href=''>", []),
}


@pytest.mark.parametrize(("markup", "urls"), NAMED.values(), ids=NAMED)
def test_a_page_names_its_feeds(markup: str, urls: list[str]) -> None:
    hints = page_hints(f"<!doctype html><html><head>{markup}</head></html>", PAGE)
    assert [hint.url for hint in hints.named] == urls


def test_a_page_says_how_it_calls_a_feed() -> None:
    (hint,) = page_hints(f'<link {RSS} title="Paper &raquo; World" href="/a">', PAGE).named
    assert hint.title == "Paper » World"


LINKED = {
    "/rss": True,
    "/world/rss.xml": True,
    "/feed/": True,
    "/feeds/world": True,
    "/index.rdf": True,
    "/?format=rss": True,
    "/world.atom": True,
    "https://feeds.paper.example/world": True,
    "/feedback": False,
    "/atomic-power": False,
    "/embarrassed": False,
    "/about": False,
}


@pytest.mark.parametrize(("href", "is_feed"), LINKED.items(), ids=LINKED)
def test_links_that_look_like_feeds(href: str, is_feed: bool) -> None:  # noqa: FBT001
    assert bool(page_hints(f'<a class="x" href="{href}">x</a>', PAGE).linked) is is_feed


USUAL = {
    "https://paper.example": ["/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml"],
    "https://paper.example/blog/": [
        "/blog/feed", "/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml",
    ],
    "https://paper.example/index.html?x": [
        "/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("page", "paths"), USUAL.items(), ids=USUAL)
def test_six_usual_addresses_at_most(page: str, paths: list[str]) -> None:
    assert [hint.url for hint in usual_hints(page)] == [
        f"https://paper.example{path}" for path in paths
    ]


def test_sitemaps_of_robots_txt() -> None:
    robots = (
        "User-agent: *\r\nDisallow: /\r\nSitemap: https://paper.example/sitemap.xml\r\n"
        "SITEMAP:/news.xml # latest\r\n#Sitemap: https://paper.example/old.xml\r\nSitemap:\r\n"
    )
    listed = sitemaps_of_robots(robots, "https://paper.example/robots.txt")
    assert listed == ["https://paper.example/sitemap.xml", "https://paper.example/news.xml"]
    assert [hint.url for hint in news_hints(listed)] == ["https://paper.example/news.xml"]


def test_an_index_lists_sitemaps_and_a_sitemap_does_not() -> None:
    index = (
        "<sitemapindex><sitemap><loc>\n https://paper.example/a.xml </loc></sitemap>"
        "<sitemap><loc><![CDATA[https://paper.example/b.xml]]></loc></sitemap>"
        "<sitemap><loc>ftp://paper.example/c</loc></sitemap></sitemapindex>"
    )
    assert sitemaps_of_index(index, "https://paper.example/sitemap.xml") == [
        "https://paper.example/a.xml",
        "https://paper.example/b.xml",
    ]

    pages = "<urlset><url><loc>https://paper.example/a.xml</loc></url></urlset>"
    assert sitemaps_of_index(pages, "https://paper.example/sitemap.xml") == []


def test_two_news_sitemaps_at_most() -> None:
    assert len(news_hints(f"https://paper.example/news-{n}.xml" for n in range(9))) == 2
