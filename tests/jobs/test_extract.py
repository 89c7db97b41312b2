"""Pages of wanted articles: fetched, read, stored, put off and given up."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from monitor.errors import FetchError, HostPaused, StoreError, WorkerError
from monitor.feeds.fetch import Fetched
from monitor.feeds.files import too_large
from monitor.feeds.pages import Page, PageSource, read_page
from monitor.jobs.extract import Extraction, PageReport, Reading
from monitor.jobs.match import Matching
from monitor.model.article import Stage
from monitor.model.feed import FeedSpec, FullText, Validators
from monitor.store import articles, rules
from monitor.store.articles import ArticleLine
from monitor.store.engine import Store
from tests.support.fakes import Clock, Web, Words
from tests.support.stored import (
    DAY,
    FEED,
    HOUR,
    MINUTE,
    NOW,
    OTHER,
    REVISION,
    entry,
    store_entries,
)

URL = "https://news.example/1"
STORY = "The minister of defence said that Sanctions would follow within a week or two."
MORE = "He spoke to reporters after a long meeting with the heads of all the governments."


def html(*paragraphs: str, head: str = "", lang: str = "en") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>x</title>{head}</head>'
        f"<body><article><h1>Title</h1>{body}</article></body></html>"
    ).encode()


def served(body: bytes, url: str = URL, kind: str = "text/html; charset=utf-8") -> Fetched:
    return Fetched(body=body, url=url, content_type=kind, validators=Validators())


class Sites:
    """What sites wish; asked for each page."""

    def __init__(self) -> None:
        self.closed: set[str] = set()
        self.asked: list[tuple[str, str | None]] = []

    async def allowed(self, url: str, feed: FeedSpec) -> bool:
        self.asked.append((url, feed.user_agent))
        return url not in self.closed


class Desk:
    """The jobs from new articles to their pages, with a web."""

    def __init__(self, store: Store, loop: asyncio.AbstractEventLoop) -> None:
        self.store = store
        self.clock = Clock()
        self.web = Web()
        self.sites = Sites()
        self.reports: list[PageReport] = []
        self.matching = Matching(store, Words("Troops", "Sanctions"), lambda _: None)
        reading = Reading(loop=loop, fetcher=self.web, robots=self.sites, read=self.read)
        self.job = Extraction(store, reading, now=self.clock, on_done=self.reports.append)
        self.read_error: Exception | None = None
        with store.write() as connection:
            rules.save(connection, REVISION, {}, NOW)
        self.use(FEED)

    def use(self, *specs: FeedSpec) -> None:
        self.job.specs = {spec.url: spec for spec in specs}
        self.matching.modes = {spec.url: spec.full_text for spec in specs}

    def read(self, source: PageSource) -> Page:
        if self.read_error:
            raise self.read_error
        return read_page(source)

    def arrive(
        self,
        *numbers: int,
        spec: FeedSpec = FEED,
        lead: str = "Troops …",
        title: str | None = None,
    ) -> None:
        entries = [replace(entry(n, text=""), lead=lead) for n in reversed(numbers or (1,))]
        if title is not None:
            entries = [replace(each, title=title) for each in entries]
        with self.store.write() as connection:
            store_entries(connection, entries, spec=spec)

    def match(self) -> None:
        while self.matching.run(self.clock.now):
            pass

    def run(self) -> list[str]:
        """Matches and extracts until nothing is due; returns how pages ended."""
        before = len(self.reports)
        self.match()
        while self.job.start_due(self.clock.now):
            self.job.drain()
            self.match()
        return [report.outcome for report in self.reports[before:]]

    def article(self, number: int = 1) -> ArticleLine:
        with self.store.read() as connection:
            found = articles.recent(connection)
        return next(line for line in found if line.id == number)

    def requests(self) -> list[str]:
        return [spec.location for spec, _ in self.web.requests]


async def cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    desk = Desk(store, loop)
    yield desk
    asyncio.run_coroutine_threadsafe(cancel_all(), loop).result()
    desk.job.close()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_the_page_of_a_site_is_not_taken_for_that_of_an_article(desk: Desk) -> None:
    item = replace(entry(1, text=""), url="https://paper.example/blog", own_url=False)
    with desk.store.write() as connection:
        store_entries(connection, [replace(item, lead="Troops …")])
    assert desk.run() == []
    assert desk.requests() == []
    assert desk.article().stage is Stage.MATCHED


def test_the_text_of_a_page_is_matched(desk: Desk) -> None:
    desk.web.pages[URL] = served(html(STORY, MORE, lang="en-GB"))
    desk.arrive()
    assert desk.run() == ["text"]
    article = desk.article()
    assert article.hits == ("Troops", "Sanctions")
    assert (article.stage, article.reason, article.language) == (Stage.MATCHED, None, "en-GB")
    assert desk.run() == []


def test_no_page_is_fetched_that_no_rule_needs(desk: Desk) -> None:
    desk.matching.matcher = Words("Troops")
    desk.arrive()
    assert desk.run() == []
    assert desk.requests() == []


def test_an_error_that_may_pass_is_tried_three_times_with_growing_pauses(desk: Desk) -> None:
    desk.web.pages[URL] = FetchError("HTTP 500", status=500)
    desk.arrive()
    assert desk.run() == ["later"]
    assert desk.article().stage is Stage.WANTED
    assert desk.article().reason == "undecided: its page was not had: HTTP 500"
    desk.clock.pass_by(9 * MINUTE)
    assert desk.run() == []
    desk.clock.pass_by(MINUTE)
    assert desk.run() == ["later"]
    desk.clock.pass_by(HOUR)
    assert desk.run() == []
    desk.clock.pass_by(HOUR)
    assert desk.run() == ["ended"]
    article = desk.article()
    assert (article.stage, article.hits) == (Stage.MATCHED, ("Troops",))
    assert article.reason == "undecided: its page was not had: HTTP 500"
    desk.clock.pass_by(DAY)
    assert desk.run() == []
    assert len(desk.requests()) == 3


def test_a_page_that_comes_at_the_second_try_is_matched(desk: Desk) -> None:
    desk.web.pages[URL] = FetchError("timed out")
    desk.arrive()
    desk.run()
    desk.web.pages[URL] = served(html(STORY, MORE))
    desk.clock.pass_by(10 * MINUTE)
    assert desk.run() == ["text"]
    assert desk.article().hits == ("Troops", "Sanctions")
    assert desk.article().reason is None


def test_a_server_that_asks_us_to_wait_is_not_asked_before(desk: Desk) -> None:
    desk.web.pages[URL] = FetchError("HTTP 429", status=429, retry_after=3 * 3600.0)
    desk.arrive()
    assert desk.run() == ["later"]
    desk.clock.pass_by(2 * HOUR)
    assert desk.run() == []
    desk.clock.pass_by(HOUR)
    assert desk.run() == ["later"]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_an_error_that_will_not_pass_ends_the_search(desk: Desk, status: int) -> None:
    desk.web.pages[URL] = FetchError(f"HTTP {status}", status=status)
    desk.arrive()
    assert desk.run() == ["ended"]
    assert desk.article().reason == f"undecided: its page was not had: HTTP {status}"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (served(b"%PDF", kind="application/pdf"), "its page is no HTML but application/pdf"),
        (too_large(2_000_000), "its page was not had: body is larger than 2 MB"),
        (served(html()), "no text of an article was found on its page"),
    ],
    ids=["pdf", "large", "empty"],
)
def test_a_document_without_an_article_leaves_the_rules_undecided(
    desk: Desk, answer: Fetched, reason: str
) -> None:
    desk.web.pages[URL] = answer
    desk.arrive()
    assert desk.run() == ["ended"]
    article = desk.article()
    assert (article.stage, article.reason) == (Stage.MATCHED, f"undecided: {reason}")


def test_a_page_that_says_no_more_than_its_feed_leaves_the_rules_undecided(desk: Desk) -> None:
    desk.web.pages[URL] = served(html(STORY, MORE))
    desk.arrive(lead=f"Title {STORY} {MORE}")
    desk.matching.matcher = Words("Football")
    assert desk.run() == ["ended"]
    assert desk.article().reason == "undecided: its page says no more than its feed"


def test_robots_txt_is_heeded_and_the_article_says_so(desk: Desk) -> None:
    desk.web.pages[URL] = served(html(STORY))
    desk.sites.closed.add(URL)
    desk.arrive()
    assert desk.run() == ["ended"]
    assert desk.requests() == []
    assert desk.article().reason == (
        "undecided: the site does not want its page to be fetched (robots.txt)"
    )


def test_robots_txt_of_the_site_that_a_redirect_led_to_counts_as_well(desk: Desk) -> None:
    other = "https://other.example/1"
    desk.web.pages[URL] = served(html(STORY, MORE), url=other)
    desk.sites.closed.add(other)
    desk.arrive()
    assert desk.run() == ["ended"]
    assert desk.article().hits == ("Troops",)


def test_a_host_that_is_left_alone_was_not_tried(desk: Desk) -> None:
    desk.web.pages[URL] = HostPaused("news.example asked us to wait", retry_after=3600)
    desk.arrive()
    for _ in range(5):
        assert desk.run() == ["later"]
        desk.clock.pass_by(HOUR)
    desk.web.pages[URL] = served(html(STORY, MORE))
    assert desk.run() == ["text"]


def test_robots_txt_is_asked_with_the_name_we_fetch_with(desk: Desk) -> None:
    desk.use(replace(FEED, user_agent="desk/1.0"))
    desk.web.pages[URL] = served(html(STORY, MORE))
    desk.arrive()
    desk.run()
    assert desk.sites.asked == [(URL, "desk/1.0")]
    assert desk.web.requests[0][0].user_agent == "desk/1.0"


@pytest.mark.parametrize(("url", "sent"), [(FEED.location, True), (OTHER.location, False)])
def test_secrets_of_a_feed_go_to_its_own_site_only(desk: Desk, url: str, *, sent: bool) -> None:
    spec = replace(FEED, location=url, auth="user:secret", headers={"x-key": "secret"})
    desk.use(spec)
    desk.web.pages[URL] = served(html(STORY, MORE))
    desk.arrive()
    desk.run()
    ((asked, _),) = desk.web.requests
    assert (asked.auth, asked.headers.get("x-key")) == (
        ("user:secret", "secret") if sent else (None, None)
    )


def test_a_part_of_the_text_is_matched_and_the_rest_stays_undecided(desk: Desk) -> None:
    desk.web.pages[URL] = served(html(STORY, "Already a subscriber? Log in"))
    desk.matching.matcher = Words("Sanctions", "Football")
    desk.arrive()
    assert desk.run() == ["part"]
    article = desk.article()
    assert article.hits == ("Sanctions",)
    assert article.reason == "undecided: its page shows only the beginning (for subscribers?)"


def test_a_page_that_sends_its_readers_on_is_followed(desk: Desk) -> None:
    real = "https://news.example/real"
    refresh = '<meta http-equiv="refresh" content="0; url=/real">'
    desk.web.pages[URL] = served(html(head=refresh))
    desk.web.pages[real] = served(html(STORY, MORE), url=real)
    desk.arrive()
    assert desk.run() == ["text"]
    assert [url for url, _ in desk.sites.asked] == [URL, real]


def test_pages_that_send_their_readers_in_circles_are_left(desk: Desk) -> None:
    for url, target in ((URL, "/a"), ("https://news.example/a", "/1")):
        refresh = f'<meta http-equiv="refresh" content="0; url={target}">'
        desk.web.pages[url] = served(html(head=refresh), url=url)
    desk.arrive()
    assert desk.run() == ["ended"]
    assert len(desk.requests()) == 3
    assert desk.article().reason == "undecided: its page sends its readers on and on"


def test_behind_a_redirect_to_another_site_the_page_names_the_address(desk: Desk) -> None:
    real = "https://ft.com/world/1"
    canonical = f'<link rel="canonical" href="{real}">'
    desk.web.pages[URL] = served(html(STORY, MORE, head=canonical), url=f"{real}?utm_source=rss")
    desk.arrive()
    desk.run()
    assert desk.article().url == real


def test_a_page_that_cannot_be_read_is_tried_again_and_then_left(desk: Desk) -> None:
    desk.web.pages[URL] = served(html(STORY))
    desk.read_error = WorkerError("took more than 10 s")
    desk.arrive()
    outcomes = []
    for _ in range(3):
        outcomes += desk.run()
        desk.clock.pass_by(2 * HOUR)
    assert outcomes == ["later", "later", "ended"]
    assert desk.article().reason == "undecided: its page was not had: took more than 10 s"


def test_a_defect_of_ours_stops_no_other_page(desk: Desk) -> None:
    desk.web.pages[URL] = ValueError("odd")
    desk.web.pages["https://news.example/2"] = served(html(STORY, MORE))
    desk.arrive(1, 2)
    assert sorted(desk.run()) == ["later", "text"]
    assert desk.article(1).reason == "undecided: its page was not read: unexpected ValueError: odd"


def test_what_exceeds_the_budget_is_fetched_the_next_day(desk: Desk) -> None:
    desk.use(replace(FEED, pages_per_day=2))
    for n in range(1, 4):
        desk.web.pages[f"https://news.example/{n}"] = served(html(f"{n} {STORY}", f"{n} {MORE}"))
    desk.arrive(1, 2, 3)
    assert desk.run() == ["text", "text"]
    assert (
        desk.article(1).reason
        == "undecided: the budget of its feed is used up (pages_per_day = 2)"
    )
    desk.clock.pass_by(DAY)
    assert desk.run() == ["text"]
    assert desk.article(1).reason is None


def test_a_feed_without_a_budget_fetches_nothing_and_says_so(desk: Desk) -> None:
    desk.use(replace(FEED, pages_per_day=0))
    desk.arrive()
    assert desk.run() == []
    desk.clock.pass_by(3 * DAY)
    assert desk.run() == ["ended"]
    article = desk.article()
    assert article.stage is Stage.MATCHED
    assert article.reason == "undecided: the budget of its feed is used up (pages_per_day = 0)"


def test_a_feed_that_stops_fetching_pages_frees_what_waits(desk: Desk) -> None:
    desk.web.pages[URL] = FetchError("HTTP 500", status=500)
    desk.arrive()
    desk.run()
    desk.use(replace(FEED, full_text=FullText.NEVER))
    desk.clock.pass_by(HOUR)
    assert desk.run() == ["ended"]
    assert desk.article().reason == "undecided: no feed that carries it fetches pages"


def test_a_text_that_the_feed_sends_meanwhile_wins(desk: Desk) -> None:
    def answer(_: Validators) -> Fetched:
        desk.arrive(lead="Football …")
        return served(html(STORY, MORE))

    desk.web.pages[URL] = answer
    desk.arrive()
    desk.match()
    desk.job.start_due(desk.clock.now)
    desk.job.drain()
    assert [report.outcome for report in desk.reports] == ["outdated"]
    assert desk.article().stage is Stage.NEW


def test_what_cannot_be_stored_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("disk full")

    desk.web.pages[URL] = served(html(STORY, MORE))
    desk.arrive()
    with monkeypatch.context() as patch:
        patch.setattr("monitor.jobs.extract.pages.add_text", fail)
        assert desk.run() == ["later"]
    desk.clock.pass_by(10 * MINUTE)
    assert desk.run() == ["text"]


def test_a_disk_that_is_full_for_hours_costs_a_page_no_try(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("disk full")

    desk.web.pages[URL] = served(html(STORY, MORE))
    desk.arrive()
    with monkeypatch.context() as patch:
        patch.setattr("monitor.store.pages.add_text", full)
        for _ in range(5):
            assert desk.run() == ["later"]
            desk.clock.pass_by(HOUR)
    assert desk.run() == ["text"]
    assert desk.article().stage is Stage.MATCHED


def test_text_that_many_pages_show_is_not_matched(desk: Desk) -> None:
    banner = "Subscribe to our newsletter: Sanctions, wars and more, every day in your mail box."
    for n in range(1, 6):
        story = f"Number {n} of the ministers said that nothing of the kind would ever happen."
        desk.web.pages[f"https://news.example/{n}"] = served(
            html(story, f"{n} {MORE} Yes.", banner)
        )
    for n in range(1, 6):
        desk.arrive(n)
        desk.run()
    assert [("Sanctions" in desk.article(n).hits) for n in range(1, 6)] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_two_articles_with_one_text_have_a_wall_before_them(desk: Desk) -> None:
    wall = html("We value your privacy and that of our partners.", "Accept all the cookies now.")
    for n in range(1, 4):
        desk.web.pages[f"https://news.example/{n}"] = served(wall)
    desk.arrive(1)
    assert desk.run() == ["text"]
    desk.arrive(2, 3)
    assert desk.run() == ["ended", "ended"]
    for n in (1, 2, 3):
        article = desk.article(n)
        assert article.stage is Stage.MATCHED
        assert article.reason is not None
        assert article.reason.startswith("undecided: its page shows")


def test_an_article_that_its_site_prints_again_and_again_is_no_banner(desk: Desk) -> None:
    for n in range(1, 6):
        desk.web.pages[f"https://news.example/{n}"] = served(html(MORE, "The ministers agreed."))
        desk.arrive(n, title="Ministers agree")
        assert desk.run() == ["text"]
        assert desk.article(n).reason is None


def test_at_most_so_many_pages_are_in_flight_as_there_are_slots(desk: Desk) -> None:
    limited = Extraction(
        desk.store, desk.job._reading, now=desk.clock, on_done=desk.reports.append, slots=2
    )
    limited.specs = desk.job.specs

    for n in range(1, 5):
        desk.web.pages[f"https://news.example/{n}"] = None
    desk.arrive(1, 2, 3, 4)
    desk.match()
    assert [limited.start_due(NOW), limited.start_due(NOW + timedelta(days=1))] == [2, 0]
    limited.close()
