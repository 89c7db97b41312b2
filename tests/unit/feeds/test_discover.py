"""Finding the feeds of a site on a real server."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import FetchError, ParseError
from monitor.feeds.discover import Findings, find_feeds
from monitor.feeds.fetch import Fetched, Fetcher
from monitor.feeds.hints import Via
from monitor.feeds.parse import Document, parse
from monitor.model.feed import FeedSpec, ParsedFeed
from monitor.model.settings import FetchPolicy
from tests.support.http_server import Answer, HttpServer

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
POLICY = FetchPolicy(
    user_agent="test",
    gap=timedelta(),
    timeout=timedelta(seconds=20),
    allow_private=("127.0.0.1/32",),
)
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture(name="server")
def _server() -> Iterator[HttpServer]:
    with HttpServer() as server:
        yield server


def read(fetched: Fetched) -> ParsedFeed:
    body, kind = fetched.body or b"", fetched.content_type
    return parse(Document(body=body, url=fetched.url, content_type=kind, now=NOW))


def find(server: HttpServer, path: str = "/", *, thorough: bool = True, **more: str) -> Findings:
    url = server.url(path)
    site = FeedSpec(url=url, location=url, name="x", **more)  # type: ignore[arg-type]

    async def run() -> Findings:
        async with Fetcher(POLICY, now=lambda: NOW) as fetcher:
            return await find_feeds(fetcher, site, read, NOW, thorough=thorough)

    return asyncio.run(run())


def page(head: str = "", body: str = "") -> Answer:
    markup = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return Answer(body=markup.encode(), headers=HTML)


def link(href: str, kind: str = "rss") -> str:
    return f'<link rel="alternate" type="application/{kind}+xml" title="t" href="{href}">'


def rss(title: str, *items: str) -> Answer:
    inside = "".join(f"<item>{item}</item>" for item in items)
    body = f'<rss version="2.0"><channel><title>{title}</title>{inside}</channel></rss>'
    return Answer(body=body.encode())


def item(number: int, when: str = "Mon, 23 Nov 2026 10:00:00 GMT", text: str = "") -> str:
    return (
        f"<title>Title {number}</title><link>https://paper.example/{number}</link>"
        f"<pubDate>{when}</pubDate><description>{text}</description>"
    )


def found(findings: Findings, server: HttpServer) -> list[tuple[str, Via]]:
    base = server.url("")
    return [(feed.url.removeprefix(base), feed.via) for feed in findings.feeds]


def paths(server: HttpServer) -> list[str]:
    return [request.path for request in server.requests]


def test_a_feed_is_itself_and_nothing_else_is_asked(server: HttpServer) -> None:
    server.answers["/feed"] = rss("Paper", item(1), item(2, "Tue, 24 Nov 2026 10:00:00 GMT"))

    (feed,) = find(server, "/feed").feeds

    assert (feed.url, feed.via) == (server.url("/feed"), Via.ITSELF)
    assert (feed.title, feed.entries) == ("Paper", 2)
    assert feed.newest == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert paths(server) == ["/feed"]


def test_what_a_page_names_is_read_and_no_address_is_guessed(server: HttpServer) -> None:
    server.answers["/"] = page(link("/b") + link("/a", "atom") + link("/b?") + link("/gone"))
    server.answers["/a"] = rss("A", item(1))
    server.answers["/b"] = rss("", item(2))

    findings = find(server)

    assert found(findings, server) == [("/b", Via.NAMED), ("/a", Via.NAMED)]
    assert findings.feeds[0].title == "t"
    assert findings.unread == ((server.url("/gone"), "HTTP 404 (not found: check the address)"),)
    assert "/feed" not in paths(server)


def test_links_count_where_a_page_names_no_feed(server: HttpServer) -> None:
    server.answers["/"] = page(body='<a href="/rss-help">?</a><a href="/world/rss.xml">RSS</a>')
    server.answers["/world/rss.xml"] = rss("World", item(1))

    assert found(find(server), server) == [("/world/rss.xml", Via.LINKED)]


def test_a_page_about_feeds_is_followed_one_step(server: HttpServer) -> None:
    server.answers["/"] = page(body='<a href="/rss-feeds/">RSS</a>')
    links = '<a href="/rss-feeds/help/">?</a><a href="/world.rss">W</a><a href="/sport.rss">S</a>'
    server.answers["/rss-feeds/"] = page(body=links)
    server.answers["/rss-feeds/help/"] = page(body='<a href="/third.rss">T</a>')
    server.answers["/world.rss"] = rss("World", item(1))
    server.answers["/sport.rss"] = rss("Sport", item(1))

    findings = find(server)

    assert found(findings, server) == [("/world.rss", Via.LINKED), ("/sport.rss", Via.LINKED)]
    assert findings.unread == ()
    assert "/third.rss" not in paths(server)


def test_usual_addresses_are_tried_one_after_another(server: HttpServer) -> None:
    server.answers["/blog/"] = page()
    server.answers["/feed"] = page()
    server.answers["/rss"] = rss("World", item(1))

    assert found(find(server, "/blog/"), server) == [("/rss", Via.USUAL)]
    assert paths(server)[:4] == ["/blog/", "/blog/feed", "/feed", "/rss"]
    assert "/feed.xml" not in paths(server)


def test_a_site_without_feeds_is_asked_little(server: HttpServer) -> None:
    server.answers["/"] = page()

    assert find(server) == Findings(feeds=())
    assert len(paths(server)) == len(set(paths(server))) <= 10


def test_whoever_needs_one_feed_asks_for_no_sitemap_where_there_is_one(
    server: HttpServer,
) -> None:
    server.answers["/"] = page(link("/rss"))
    server.answers["/rss"] = rss("World", item(1))

    assert find(server, thorough=False).feeds
    assert paths(server) == ["/", "/rss"]


SITEMAP = Answer(
    body=b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    b'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>'
    b"<loc>https://paper.example/1</loc><news:news><news:publication><news:name>Paper</news:name>"
    b"</news:publication><news:publication_date>2026-11-24T09:00:00Z</news:publication_date>"
    b"<news:title>One</news:title></news:news></url></urlset>"
)


def index(*urls: str) -> Answer:
    inside = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return Answer(body=f"<sitemapindex>{inside}</sitemapindex>".encode())


def robots(*urls: str) -> Answer:
    return Answer(body="".join(f"Sitemap: {url}\n" for url in urls).encode())


def test_a_news_sitemap_of_robots_txt_stands_in_for_a_feed(server: HttpServer) -> None:
    server.answers["/"] = page()
    server.answers["/robots.txt"] = robots(server.url("/all.xml"), server.url("/news.xml"))
    server.answers["/news.xml"] = SITEMAP

    (feed,) = find(server).feeds

    assert (feed.url, feed.via, feed.entries) == (server.url("/news.xml"), Via.SITEMAP, 1)
    assert feed.newest == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert "/all.xml" not in paths(server)


def test_an_index_of_sitemaps_is_followed_one_step(server: HttpServer) -> None:
    server.answers["/"] = page(link("/rss"))
    server.answers["/rss"] = rss("World", item(1))
    server.answers["/sitemap.xml"] = index(
        server.url("/pages.xml"), server.url("/news-a.xml"), server.url("/news-b.xml")
    )
    server.answers["/news-a.xml"] = SITEMAP
    server.answers["/news-b.xml"] = index(server.url("/news-c.xml"))

    assert found(find(server), server) == [("/rss", Via.NAMED), ("/news-a.xml", Via.SITEMAP)]
    assert {"/pages.xml", "/news-c.xml"}.isdisjoint(paths(server))


def test_a_sitemap_without_news_is_none(server: HttpServer) -> None:
    server.answers["/"] = page()
    server.answers["/sitemap.xml"] = Answer(
        body=b"<urlset><url><loc>https://paper.example/news/1</loc></url></urlset>"
    )

    assert find(server).feeds == ()
    assert "/news/1" not in paths(server)


def test_a_page_that_is_refused_may_have_open_feeds(server: HttpServer) -> None:
    server.answers["/"] = Answer(status=403)
    server.answers["/feed"] = rss("Paper", item(1))

    findings = find(server)

    assert found(findings, server) == [("/feed", Via.USUAL)]
    assert findings.unread == ((server.url("/"), "HTTP 403 (refuses us)"),)


def test_the_most_useful_feed_comes_first(server: HttpServer) -> None:
    order = ["/comments/feed", "/empty", "/old", "/main", "/sport"]
    server.answers["/"] = page("".join(map(link, order)))
    server.answers["/comments/feed"] = rss("Comments on Paper", item(1))
    server.answers["/empty"] = rss("Empty")
    server.answers["/old"] = rss("Old", item(1, "Mon, 06 Jan 2025 10:00:00 GMT"))
    server.answers["/main"] = rss("Main", item(1))
    server.answers["/sport"] = rss("Sport", item(1))

    assert [url for url, _ in found(find(server), server)] == [
        "/main", "/sport", "/old", "/comments/feed", "/empty",
    ]  # fmt: skip


def test_a_feed_with_the_text_of_its_articles_says_so(server: HttpServer) -> None:
    server.answers["/full"] = rss(
        "F", item(1, text="word " * 4_000), item(2, text="word " * 4_000)
    )
    server.answers["/teasers"] = rss("T", item(1, text="short"))

    assert find(server, "/full").feeds[0].full
    assert not find(server, "/teasers").feeds[0].full


def test_a_feed_that_moved_for_good_is_named_by_its_new_address(server: HttpServer) -> None:
    server.answers["/old"] = Answer(status=301, headers={"Location": "/new"})
    server.answers["/new"] = rss("Paper", item(1))

    assert found(find(server, "/old"), server) == [("/new", Via.ITSELF)]


def test_a_password_goes_to_its_own_site_only(server: HttpServer) -> None:
    with HttpServer() as other:
        other.answers["/rss"] = rss("Other", item(1))
        server.answers["/"] = page(link(other.url("/rss")) + link("/own"))
        server.answers["/own"] = rss("Own", item(1))

        find(server, auth="me:s3cret", headers={"X-Key": "s3cret"})  # type: ignore[arg-type]

        assert all(request.headers["Authorization"] for request in server.requests)
        assert "s3cret" not in str([request.headers.items() for request in other.requests])
        assert not any(request.headers["Authorization"] for request in other.requests)


def test_a_page_that_names_a_thousand_feeds_is_not_believed(server: HttpServer) -> None:
    server.answers["/"] = page("".join(link(f"/{number}/rss") for number in range(1_000)))

    findings = find(server)

    assert len(paths(server)) < 30
    assert findings.more == 988


def test_what_is_neither_feed_nor_page_is_told(server: HttpServer) -> None:
    server.answers["/x.json"] = Answer(body=b'{"a": 1}')

    with pytest.raises(ParseError):
        find(server, "/x.json")


def test_a_site_that_can_not_be_reached_is_told(server: HttpServer) -> None:
    server.answers["/"] = Answer(drop=True)
    server.answers["/wait"] = Answer(status=503, headers={"Retry-After": "60"})
    for path in ("/", "/wait"):
        with pytest.raises(FetchError):
            find(server, path)
    assert set(paths(server)) == {"/", "/wait"}
