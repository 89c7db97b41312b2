import asyncio
from datetime import timedelta

from monitor.errors import FetchError
from monitor.feeds.fetch import Fetched
from monitor.feeds.sites import Sites
from monitor.model.feed import FeedSpec, Validators
from tests.support.fakes import Clock, Web
from tests.support.stored import FEED

ROBOTS = "User-agent: desk\nDisallow: /\n\nUser-agent: *\nDisallow: /private/\nCrawl-delay: 5\n"


class Paced(Web):
    """A web that notes the pace it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: dict[str, timedelta] = {}

    def slow_down(self, host: str, gap: timedelta) -> None:
        self.gaps[host] = gap


def asked(web: Paced, *urls: str, feed: FeedSpec = FEED) -> list[bool]:
    sites = Sites(web, "media-monitor/1.0 (+https://example.org)", now=Clock())

    async def ask() -> list[bool]:
        return [await sites.allowed(url, feed) for url in urls]

    return asyncio.run(ask())


def web(failure: Exception | None = None) -> Paced:
    made = Paced()
    address = "https://news.example/robots.txt"
    file = Fetched(body=ROBOTS.encode(), url=address, validators=Validators())
    made.pages[address] = failure or file
    return made


def test_the_file_of_the_site_tells_which_pages_may_be_fetched_and_how_fast() -> None:
    site = web()
    urls = ("https://news.example/1", "https://news.example/private/1")
    assert asked(site, *urls) == [True, False]
    assert site.gaps == {"news.example": timedelta(seconds=5)}
    assert len(site.requests) == 1


def test_a_feed_is_known_by_the_name_it_gives_us() -> None:
    feed = FeedSpec(url="x", location="x", name="x", user_agent="desk/2.0")
    assert asked(web(), "https://news.example/1", feed=feed) == [False]


def test_a_feed_that_does_not_heed_it_does_not_ask() -> None:
    feed = FeedSpec(url="x", location="x", name="x", robots=False)
    site = web()
    assert asked(site, "https://news.example/private/1", feed=feed) == [True]
    assert site.requests == []


def test_a_site_without_the_file_allows_all_and_one_that_fails_nothing() -> None:
    url = "https://news.example/1"
    assert asked(web(FetchError("HTTP 404", status=404)), url) == [True]
    assert asked(web(FetchError("HTTP 500", status=500)), url) == [False]


def test_it_is_asked_for_through_the_proxy_of_the_feed() -> None:
    site = web()
    feed = FeedSpec(url="x", location="x", name="x", proxy="http://proxy.example:3128")
    asked(site, "https://news.example/1", feed=feed)
    assert [spec.proxy for spec, _ in site.requests] == ["http://proxy.example:3128"]
