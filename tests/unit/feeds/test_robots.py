"""What robots.txt allows, and how often it is asked for."""

import asyncio
from datetime import timedelta

import pytest

from monitor.errors import FetchError, HostPaused
from monitor.feeds.robots import (
    ALLOW_ALL,
    DISALLOW_ALL,
    MAX_BYTES,
    RobotsCache,
    address_of,
    allowed,
    crawl_delay,
    sitemaps,
    text_of,
)
from tests.support.fakes import Clock
from tests.support.stored import HOUR

AGENT = "media-monitor/1.0 (+https://monitor.example)"
RULES = """\
# of the paper
User-agent: other
Disallow: /

User-agent: Media-Monitor
Crawl-delay: 5
Disallow: /private/*.html$
Disallow: /search
Allow: /search/about

User-agent: *
Disallow: /secret

Sitemap: https://paper.example/news.xml
"""


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (RULES, "/", True),
        (RULES, "/secret", True),
        (RULES, "/private/a.html", False),
        (RULES, "/private/a.html?x=1", True),
        (RULES, "/search?q=nato", False),
        (RULES, "/search/about", True),
        (RULES.replace("Media-Monitor", "someone"), "/secret", False),
        (ALLOW_ALL, "/secret", True),
        (DISALLOW_ALL, "/", False),
        ("<html>not found</html>", "/", True),
        ("User-agent: *\nDisallow: /straße", "/stra%C3%9Fe", False),
        ("User-agent: *\nDisallow:", "/", True),
    ],
)
def test_a_page_is_fetched_only_where_its_site_allows_it(
    text: str, path: str, *, expected: bool
) -> None:
    assert allowed(text, f"https://paper.example{path}", AGENT) is expected


def test_it_may_ask_for_distance_and_name_sitemaps() -> None:
    assert crawl_delay(RULES, AGENT) == timedelta(seconds=5)
    assert crawl_delay(RULES, "someone/2") is None
    assert sitemaps(RULES) == ["https://paper.example/news.xml"]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"\xef\xbb\xbfUser-agent: *\n\xff", "User-agent: *\n�"),
        (b"#" * (MAX_BYTES + 9), "#" * MAX_BYTES),
        (FetchError("HTTP 404", status=404), ALLOW_ALL),
        (FetchError("HTTP 403", status=403), ALLOW_ALL),
        (FetchError("HTTP 429", status=429), DISALLOW_ALL),
        (FetchError("HTTP 503", status=503), DISALLOW_ALL),
        (FetchError("timed out"), DISALLOW_ALL),
    ],
    ids=["a file", "a long file", "404", "403", "429", "503", "no answer"],
)
def test_no_file_allows_everything_and_a_server_that_fails_nothing(
    answer: bytes | FetchError, text: str
) -> None:
    assert text_of(answer) == text


def test_each_site_has_its_own_file() -> None:
    assert address_of("https://jo:x@a.example:8443/b/c?d") == "https://a.example:8443/robots.txt"


class Site:
    """Answers for robots.txt, and remembers when it was asked."""

    def __init__(self, answer: bytes | FetchError) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        await asyncio.sleep(0)
        if isinstance(self.answer, FetchError):
            raise self.answer
        return self.answer


PAGE = "https://paper.example/search"


def test_many_pages_of_a_site_ask_once_a_day() -> None:
    site, clock = Site(RULES.encode()), Clock()

    async def run() -> None:
        cache = RobotsCache(site, now=clock)
        answers = await asyncio.gather(*(cache.allowed(PAGE, AGENT) for _ in range(9)))
        assert answers == [False] * 9
        clock.pass_by(23 * HOUR)
        assert not await cache.allowed(PAGE, AGENT)
        assert site.asked == ["https://paper.example/robots.txt"]
        clock.pass_by(HOUR)
        site.answer = b""
        assert await cache.allowed(PAGE, AGENT)

    asyncio.run(run())


def test_a_failure_is_forgotten_sooner() -> None:
    site, clock = Site(FetchError("HTTP 500", status=500)), Clock()

    async def run() -> None:
        cache = RobotsCache(site, now=clock)
        assert not await cache.allowed(PAGE, AGENT)
        site.answer = b""
        assert not await cache.allowed(PAGE, AGENT)
        clock.pass_by(HOUR)
        assert await cache.allowed(PAGE, AGENT)

    asyncio.run(run())


def test_a_clock_set_back_does_not_keep_an_old_file() -> None:
    site, clock = Site(DISALLOW_ALL.encode()), Clock()

    async def run() -> None:
        cache = RobotsCache(site, now=clock)
        clock.pass_by(999 * HOUR)
        await cache.allowed(PAGE, AGENT)
        clock.pass_by(-999 * HOUR)
        site.answer = b""
        assert await cache.allowed(PAGE, AGENT)

    asyncio.run(run())


def test_a_host_that_was_not_asked_has_said_nothing() -> None:
    site = Site(HostPaused("wait", retry_after=60))

    async def run() -> None:
        cache = RobotsCache(site, now=Clock())
        with pytest.raises(HostPaused):
            await cache.allowed(PAGE, AGENT)
        site.answer = b""
        assert await cache.allowed(PAGE, AGENT)

    asyncio.run(run())


@pytest.mark.parametrize(
    "rule", ["Disallow: /" + "*a" * 2000 + "$", "Disallow: /%" + "%" * 9000, "Crawl-delay: 1e999"]
)
def test_a_hostile_file_costs_little(rule: str) -> None:
    text = "User-agent: *\n" + f"{rule}\n" * 50
    allowed(text, "https://paper.example/" + "a" * 2000, AGENT)
    assert crawl_delay(text, AGENT) in {None, timedelta(days=1)}
