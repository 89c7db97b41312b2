import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import FetchError, HostPaused, StoreError
from monitor.feeds.arrival import FLOOD
from monitor.feeds.fetch import Fetched
from monitor.feeds.schedule import phase
from monitor.jobs.intake import PollReport
from monitor.jobs.poll import Poller
from monitor.model.article import Arrival
from monitor.model.feed import Entry, FeedSpec, Pause, Quiet, Validators
from monitor.model.source import EventKind, Health
from monitor.store import articles, feed_events, hosts
from monitor.store.arrivals import Stored
from monitor.store.engine import Store
from monitor.store.feed_health import FeedHealth, health
from tests.support.fakes import Clock, Web, dice, page, restart, rss, unchanged
from tests.support.stored import DAY, FEED, HOUR, MINUTE, NOW, OTHER, entry

FIXED = replace(FEED, every=10 * MINUTE)


class Polling:
    """A poller with its world; ``poll`` runs one pass and returns its reports."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.web = Web()
        self.clock = Clock()
        self.reports: list[PollReport] = []
        self.poller = Poller(
            store,
            self.web,
            now=self.clock,
            random=dice(),
            on_done=self.reports.append,
        )

    def poll(self, *, everything: bool = False) -> list[PollReport]:
        self.reports.clear()
        self.poller.start_due(self.clock.now, everything=everything)
        self.poller.drain()
        return list(self.reports)

    def poll_one(self) -> PollReport:
        (report,) = self.poll()
        return report

    def arrivals(self) -> dict[str, Arrival]:
        with self.store.read() as connection:
            return {line.title: line.arrival for line in articles.recent(connection)}

    def health(self) -> FeedHealth:
        with self.store.read() as connection:
            return health(connection, self.clock.now)[0]

    def asked(self) -> Validators:
        return self.web.requests[-1][1]


@pytest.fixture
def polling(store: Store) -> Iterator[Polling]:
    running = Polling(store)
    yield running
    running.poller.close()
    assert running.web.closed


def test_a_document_is_stored_and_the_next_fetch_is_conditional(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = page(entry(1), entry(2), etag='"1"')
    report = polling.poll_one()
    assert (report.outcome, report.first, report.feed) == ("stored", True, FIXED)
    assert report.stored == Stored(new=2, quiet=2)
    assert report.next_poll == NOW + phase(FIXED.url, 10 * MINUTE)
    assert polling.asked() == Validators()
    assert polling.poll() == []
    polling.clock.pass_by(10 * MINUTE)
    polling.web.pages[FEED.location] = unchanged()
    report = polling.poll_one()
    assert (report.outcome, report.first) == ("unchanged", False)
    assert report.next_poll == NOW + 20 * MINUTE
    assert polling.asked().etag == '"1"'
    assert polling.health().last_ok == NOW + 10 * MINUTE


def test_a_feed_follows_its_rhythm_also_when_nothing_changed(polling: Polling) -> None:
    polling.poller.use([FEED])
    entries = [replace(entry(n), published=NOW - n * HOUR) for n in range(1, 9)]
    polling.web.pages[FEED.location] = page(*entries)
    first = polling.poll_one().next_poll
    assert first == NOW + phase(FEED.url, HOUR / 2)
    for _ in range(2):
        polling.clock.now = first
        polling.web.pages[FEED.location] = unchanged()
        second = polling.poll_one().next_poll
        assert second is not None
        assert abs(second - first - HOUR / 2) <= 3 * MINUTE  # half the gap, 10 % either way
        first = second


def test_the_same_entries_again_do_not_quicken_the_rhythm(polling: Polling) -> None:
    polling.poller.use([FEED])
    entries = [replace(entry(n), published=NOW - n * HOUR) for n in range(1, 9)]
    polling.web.pages[FEED.location] = page(*entries)
    polling.poll()
    polling.clock.pass_by(HOUR)
    report = polling.poll_one()
    assert (report.outcome, report.stored) == ("stored", Stored())
    assert report.next_poll is not None
    assert abs(report.next_poll - NOW - HOUR * 3 / 2) <= 3 * MINUTE


@pytest.mark.parametrize(
    ("backlog", "old", "young", "undated"),
    [
        pytest.param(Quiet.QUIET, "backlog", "backlog", "backlog", id="quiet"),
        pytest.param(Quiet.ALERT, "live", "live", "live", id="alert"),
        pytest.param(timedelta(hours=24), "backlog", "live", "backlog", id="a window"),
    ],
)
def test_a_first_poll_tells_what_its_feed_wishes(
    polling: Polling, backlog: Quiet | timedelta, old: str, young: str, undated: str
) -> None:
    polling.poller.use([replace(FIXED, backlog=backlog)])
    polling.web.pages[FEED.location] = page(
        replace(entry(1), published=NOW - 2 * DAY),
        replace(entry(2), published=NOW - HOUR),
        replace(entry(3), published=None),
    )
    polling.poll()
    assert polling.arrivals() == {"Title 1": old, "Title 2": young, "Title 3": undated}


def test_entries_of_later_polls_are_live_whatever_their_date(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = page(entry(1))
    polling.poll()
    polling.clock.pass_by(HOUR)
    polling.web.pages[FEED.location] = page(entry(1), replace(entry(2), published=NOW - 9 * DAY))
    polling.poll()
    assert polling.arrivals() == {"Title 1": Arrival.BACKLOG, "Title 2": Arrival.LIVE}


def test_the_first_entry_of_a_feed_that_was_empty_is_live(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = page()
    assert polling.poll_one().stored == Stored()
    polling.clock.pass_by(HOUR)
    polling.web.pages[FEED.location] = page(entry(1))
    polling.poll()
    assert polling.arrivals() == {"Title 1": Arrival.LIVE}


def cut_off(*entries: Entry) -> Fetched:
    body = rss(*entries).removesuffix(b"</channel></rss>")
    return Fetched(body=body, url=FEED.location, validators=Validators(etag='"cut"'))


def test_a_document_that_was_cut_off_keeps_its_entries_and_no_validators(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = cut_off(entry(1))
    report = polling.poll_one()
    assert (report.outcome, report.stored.new) == ("incomplete", 1)
    assert polling.health().health is Health.FAILING
    polling.clock.pass_by(HOUR)
    later = replace(entry(3), published=NOW + HOUR)
    polling.web.pages[FEED.location] = page(later, entry(1), entry(2))
    report = polling.poll_one()
    assert polling.asked() == Validators()
    assert (report.outcome, report.first) == ("stored", True)
    # What was missing is as old as what was there; only what came since is news.
    assert polling.arrivals() == {
        "Title 1": Arrival.BACKLOG,
        "Title 2": Arrival.BACKLOG,
        "Title 3": Arrival.LIVE,
    }


def test_one_feed_that_fails_stops_no_other(polling: Polling) -> None:
    polling.poller.use([FIXED, OTHER])
    polling.web.pages[FEED.location] = FetchError("HTTP 503", status=503)
    polling.web.pages[OTHER.location] = page(entry(1), url=OTHER.location)
    reports = {report.feed.name: report for report in polling.poll()}
    assert reports["Other"].outcome == "stored"
    failed = reports["News"]
    assert (failed.outcome, failed.problem) == ("failed", "HTTP 503")
    assert isinstance(failed.error, FetchError)
    assert failed.next_poll is not None
    assert failed.next_poll > NOW
    line = polling.health()
    assert (line.name, line.failures, line.last_error) == ("News", 1, "HTTP 503")


def test_a_page_that_is_no_feed_is_a_failure_with_its_reason(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = Fetched(
        body=b"<!doctype html><html><body>Hello</body></html>",
        url=FEED.location,
        validators=Validators(etag='"page"'),
    )
    report = polling.poll_one()
    assert report.outcome == "failed"
    assert "HTML page" in (report.problem or "")
    polling.clock.pass_by(DAY)
    polling.poll()
    assert polling.asked() == Validators()


def test_a_defect_is_a_failure_of_its_feed_and_keeps_its_cause(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = ZeroDivisionError("oops")
    report = polling.poll_one()
    assert report.problem == "unexpected ZeroDivisionError: oops"
    assert report.error is not None
    assert isinstance(report.error.__cause__, ZeroDivisionError)


def test_polling_everything_heeds_what_a_server_asked_for(polling: Polling) -> None:
    polling.poller.use([FIXED, replace(OTHER, every=HOUR)])
    polling.web.pages[FEED.location] = FetchError("HTTP 429", status=429, retry_after=7200)
    polling.web.pages[OTHER.location] = page(entry(1), url=OTHER.location)
    assert len(polling.poll()) == 2
    assert polling.poll() == []
    assert [report.feed.name for report in polling.poll(everything=True)] == ["Other"]
    polling.clock.pass_by(2 * HOUR)
    assert len(polling.poll()) == 2


def addresses(polling: Polling, times: int, wait: timedelta = DAY) -> list[str]:
    fetched = []
    for _ in range(times):
        polling.poll()
        fetched.append(polling.web.requests[-1][0].location)
        polling.clock.pass_by(wait)
    return fetched


def test_a_permanent_move_on_the_same_host_is_followed_until_it_fails(polling: Polling) -> None:
    new = "https://news.example/new"
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = replace(page(entry(1)), moved_to=new)
    polling.web.pages[new] = FetchError("HTTP 404", status=404)
    assert addresses(polling, 3) == [FEED.location, new, FEED.location]


@pytest.mark.parametrize("changes", [True, False], ids=["another document", "unchanged"])
def test_a_move_to_another_host_is_believed_at_the_third_time_over_a_day(
    polling: Polling, *, changes: bool
) -> None:
    new = "https://new.example/feed"
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = replace(page(entry(1)), moved_to=new)
    polling.web.pages[new] = page(entry(2), url=new)
    polling.poll()
    if not changes:
        polling.web.pages[FEED.location] = replace(unchanged(), moved_to=new)
    polling.clock.pass_by(10 * HOUR)
    assert addresses(polling, 4, 10 * HOUR) == [FEED.location] * 3 + [new]


def test_a_move_that_changes_its_mind_starts_anew(polling: Polling) -> None:
    polling.poller.use([FIXED])
    for number in range(9):
        new = f"https://new{number % 2}.example/feed"
        polling.web.pages[FEED.location] = replace(page(entry(1)), moved_to=new)
        assert addresses(polling, 1) == [FEED.location]


@pytest.mark.parametrize(
    ("target", "followed"),
    [
        pytest.param("https://evil.example/feed", False, id="another site"),
        pytest.param("https://news.example/other", True, id="the same site"),
    ],
)
def test_a_password_does_not_move_to_another_site(
    polling: Polling, target: str, *, followed: bool
) -> None:
    polling.poller.use([replace(FIXED, auth="user:secret")])
    polling.web.pages[FEED.location] = replace(page(), moved_to=target)
    polling.web.pages[target] = page()
    assert (addresses(polling, 4)[-1] == target) is followed


def test_a_host_that_is_busy_is_left_alone_also_by_its_other_feeds_and_after_a_restart(
    store: Store,
) -> None:
    second = replace(FIXED, url="https://news.example/2", location="https://news.example/2")
    polling = Polling(store)
    polling.poller.use([FIXED, second])
    polling.web.pages[FEED.location] = FetchError(
        "HTTP 429", status=429, retry_after=7200, host="news.example"
    )
    polling.web.pages[second.location] = HostPaused("wait", retry_after=7200)
    polling.web.pauses.note("news.example", 429, 7200, NOW)
    outcomes = {report.feed.url: report.outcome for report in polling.poll()}
    assert outcomes == {FIXED.url: "failed", second.url: "postponed"}
    polling.poller.close()
    restart(store)
    again = Polling(store)
    again.web.pages = {FEED.location: page(), second.location: page(url=second.location)}
    again.poller.use([FIXED, second])
    assert again.web.pauses.known("news.example") == Pause(
        host="news.example", began=NOW, until=NOW + 2 * HOUR
    )
    assert again.poll(everything=True) == []
    again.clock.pass_by(2 * HOUR)
    assert len(again.poll()) == 2
    again.poller.close()


def test_a_feed_that_was_not_asked_has_not_failed(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = HostPaused("wait", retry_after=60)
    report = polling.poll_one()
    assert (report.outcome, report.problem, report.next_poll) == (
        "postponed",
        None,
        NOW + MINUTE,
    )
    assert polling.health().failures == 0


def test_a_feed_that_says_for_a_day_that_it_is_gone_is_asked_no_more(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = FetchError("HTTP 410", status=410, gone=True)
    for _ in range(9):
        polling.poll(everything=True)
        polling.clock.pass_by(31 * HOUR)
    assert len(polling.web.requests) == 2


def test_a_server_that_says_not_modified_for_ever_must_show_its_document_once_a_day(
    polling: Polling,
) -> None:
    polling.poller.use([replace(FIXED, every=HOUR)])
    known = Validators(url=FEED.location, etag='"1"', body_hash="0")
    polling.web.pages[FEED.location] = replace(page(entry(1)), validators=known)
    polling.poll()
    polling.web.pages[FEED.location] = replace(unchanged(), validators=known, received=False)
    asked = []
    for _ in range(30):
        polling.clock.pass_by(HOUR)
        polling.poll()
        asked.append(polling.asked())
    assert asked[:23] == [known] * 23
    assert asked[23] == Validators(body_hash="0")


def test_an_unchanged_document_remembers_what_its_feed_asked_for(polling: Polling) -> None:
    polling.poller.use([FEED])
    polling.web.pages[FEED.location] = replace(
        page(entry(1)), body=rss(entry(1)).replace(b"<title>", b"<ttl>50</ttl><title>", 1)
    )
    first = polling.poll_one().next_poll
    assert first is not None
    assert first >= NOW + 50 * MINUTE
    polling.clock.pass_by(HOUR)
    polling.web.pages[FEED.location] = unchanged()
    report = polling.poll_one()
    assert report.next_poll is not None
    assert report.next_poll >= NOW + HOUR + 50 * MINUTE


def test_entries_without_a_link_are_told_apart_by_feed(polling: Polling) -> None:
    polling.poller.use([FIXED, OTHER])
    item = replace(entry(1, guid="7"), url="")
    polling.web.pages[FEED.location] = page(item)
    polling.web.pages[OTHER.location] = page(item, url=OTHER.location)
    assert sorted(report.stored.new for report in polling.poll()) == [1, 1]


def test_the_language_of_the_file_counts_for_entries_that_name_none(polling: Polling) -> None:
    polling.poller.use([replace(FIXED, language="de")])
    polling.web.pages[FEED.location] = page(entry(1))
    polling.poll()
    with polling.store.read() as connection:
        assert articles.recent(connection)[0].language == "de"


def test_no_more_polls_are_in_flight_than_there_are_slots(store: Store) -> None:
    release = threading.Event()
    web, reports = Web(), list[PollReport]()
    poller = Poller(store, web, now=Clock(), random=dice(), on_done=reports.append, slots=1)
    poller.use([FIXED, OTHER])
    web.pages = {feed.location: waiting_for(release) for feed in (FEED, OTHER)}
    assert poller.start_due(NOW) == 1
    assert poller.start_due(NOW) == 0
    release.set()
    poller.drain()
    assert poller.start_due(NOW) == 1
    poller.drain()
    poller.close()
    assert {report.outcome for report in reports} == {"unchanged"}


def waiting_for(event: threading.Event) -> Callable[[Validators], Fetched]:
    def answer(_: Validators) -> Fetched:
        assert event.wait(60)
        return unchanged()

    return answer


def test_polls_in_flight_at_the_end_are_made_by_the_next_process(store: Store) -> None:
    first = Polling(store)
    first.poller.use([FIXED])
    first.web.pages[FEED.location] = None
    assert first.poller.start_due(NOW) == 1
    first.poller.close()
    assert first.reports == []
    restart(store)
    second = Polling(store)
    second.poller.use([FIXED])
    second.web.pages[FEED.location] = page(entry(1))
    assert second.poll_one().stored.new == 1
    second.poller.close()


def test_a_clock_that_was_set_back_does_not_silence_a_feed(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = page(entry(1))
    polling.clock.now = NOW + 365 * DAY  # a fast clock
    polling.poll()
    polling.clock.now = NOW
    assert polling.poll() == []
    polling.clock.pass_by(2 * DAY)
    assert len(polling.poll()) == 1


def test_a_poll_that_can_not_be_stored_is_reported_and_made_again(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = page(entry(1))

    def fail(*_: object, **__: object) -> None:
        raise StoreError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("monitor.jobs.intake.feed_polls.record_parsed", fail)
        report = polling.poll_one()
    assert (report.outcome, report.problem) == ("failed", "disk full")
    assert report.next_poll is None
    assert polling.arrivals() == {}  # entries and validators are one transaction
    assert polling.poll() == []
    polling.clock.pass_by(MINUTE)
    assert polling.poll_one().stored.new == 1


def test_a_defect_of_the_listener_is_raised_where_polls_are_started(store: Store) -> None:
    def defect(_: PollReport) -> None:
        raise ZeroDivisionError

    web = Web()
    web.pages[FEED.location] = unchanged()
    poller = Poller(store, web, now=Clock(), random=dice(), on_done=defect)
    poller.use([FIXED])
    poller.start_due(NOW)
    with pytest.raises(ZeroDivisionError):
        poller.drain()
    poller.close()


def test_feeds_that_left_the_configuration_are_not_polled(polling: Polling) -> None:
    polling.poller.use([FIXED, OTHER])
    polling.poller.use([OTHER])
    polling.web.pages[OTHER.location] = page(url=OTHER.location)
    assert [report.feed for report in polling.poll()] == [OTHER]


def words(number: int) -> str:
    """A text that no other number has a part of."""
    return " ".join(f"word{number}of{place}" for place in range(30))


def stories(*numbers: int, poll: int = 0, **changes: object) -> list[Entry]:
    """Entries with texts of their own, under GUIDs that hold for one poll only."""
    return [
        replace(
            entry(n, guid=f"{n}-{poll}", text=words(n)),
            published=NOW - DAY + n * HOUR,
            **changes,  # type: ignore[arg-type]
        )
        for n in numbers
    ]


def test_articles_are_stored_once_however_often_their_guids_change(polling: Polling) -> None:
    polling.poller.use([FIXED])
    for poll in range(6):
        first = stories(*range(poll + 4, poll, -1), poll=poll)
        polling.web.pages[FEED.location] = page(*first)
        polling.poll()
        polling.clock.pass_by(HOUR)
    assert sorted(polling.arrivals()) == [f"Title {n}" for n in range(1, 10)]


def test_articles_are_stored_once_though_guids_addresses_and_dates_change(
    polling: Polling,
) -> None:
    polling.poller.use([FIXED])
    for poll in range(8):
        session = [
            replace(one, url=f"{one.url}/{poll}", published=polling.clock.now)
            for one in stories(3, 2, 1, poll=poll)
        ]
        if poll < 3:  # until the GUIDs have proved worthless, the dates hold
            session = [replace(one, published=NOW - DAY) for one in session]
        polling.web.pages[FEED.location] = page(*session)
        polling.poll()
        polling.clock.pass_by(HOUR)
    assert sorted(polling.arrivals()) == ["Title 1", "Title 2", "Title 3"]


def test_guids_that_are_used_again_are_distrusted_and_hide_nothing(polling: Polling) -> None:
    polling.poller.use([FIXED])
    for poll in range(5):
        numbered = [
            replace(one, guid=str(place), published=NOW - DAY)
            for place, one in enumerate(stories(*range(poll + 4, poll, -1)))
        ]
        polling.web.pages[FEED.location] = page(*numbered)
        polling.poll()
        polling.clock.pass_by(HOUR)
    assert sorted(polling.arrivals()) == [f"Title {n}" for n in range(1, 9)]


def test_a_feed_that_moves_house_is_quiet_and_its_news_are_told(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = page(*stories(5, 4, 3, 2))
    polling.poll()
    polling.clock.pass_by(HOUR)
    moved = [
        replace(one, url=one.url.replace("news.example", "new.example/archive"))
        for one in stories(6, 5, 4, 3, 2, 1, poll=1)
    ]
    moved[0] = replace(moved[0], published=polling.clock.now)
    polling.web.pages[FEED.location] = page(*moved)
    assert polling.poll_one().stored == Stored(new=2, quiet=1)
    arrivals = polling.arrivals()
    assert (arrivals["Title 6"], arrivals["Title 1"]) == (Arrival.LIVE, Arrival.BACKLOG)


def test_what_came_while_the_address_of_a_feed_was_edited_is_news(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = page(*stories(3, 2, 1))
    polling.poll()
    polling.clock.pass_by(DAY)
    edited = replace(FIXED, url="https://news.example/rss", location="https://news.example/rss")
    polling.poller.use([edited])
    polling.web.pages[edited.location] = page(*stories(4, 3, 2), url=edited.location)
    assert polling.poll_one().stored == Stored(new=1, carried=2)
    assert polling.arrivals()["Title 4"] is Arrival.LIVE


def test_an_article_that_is_edited_and_moved_is_one_with_a_new_text(polling: Polling) -> None:
    polling.poller.use([FIXED])
    (story,) = stories(1)
    polling.web.pages[FEED.location] = page(story)
    polling.poll()
    polling.clock.pass_by(HOUR)
    edited = replace(
        story,
        title="Quite another headline",
        url="https://news.example/world/1",
        text=f"{story.text} Parliament votes in May.",
    )
    polling.web.pages[FEED.location] = page(edited)
    assert polling.poll_one().stored == Stored(revised=1)
    assert list(polling.arrivals()) == ["Quite another headline"]


def test_a_flood_is_stored_and_marked(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = page(entry(0))
    polling.poll()
    polling.clock.pass_by(HOUR)
    polling.web.pages[FEED.location] = page(*map(entry, range(FLOOD + 2)))
    assert polling.poll_one().stored == Stored(new=FLOOD + 1, flood=FLOOD + 1)
    assert polling.arrivals()[f"Title {FLOOD}"] is Arrival.FLOOD
    assert events(polling) == [EventKind.FLOOD]


def wordpress(*entries: Entry, url: str = FEED.location) -> Fetched:
    generator = b"<generator>https://wordpress.org/?v=6.8</generator>"
    body = rss(*entries).replace(b"<channel>", b"<channel>" + generator)
    return Fetched(body=body, url=url, validators=Validators(body_hash=str(hash(body))))


def events(polling: Polling) -> list[EventKind]:
    with polling.store.read() as connection:
        return [event.kind for event in feed_events.recent(connection, NOW - DAY)]


def test_a_gap_is_recorded_and_shortens_the_interval(polling: Polling) -> None:
    polling.poller.use([FEED])
    polling.web.pages[FEED.location] = page(*stories(4, 3, 2, 1))
    polling.poll()
    polling.clock.pass_by(DAY)
    polling.web.pages[FEED.location] = page(*stories(10, 9, 8))
    report = polling.poll_one()
    assert events(polling) == [EventKind.GAP]
    assert "missed" in (report.event or "")
    assert set(polling.arrivals().values()) == {Arrival.BACKLOG, Arrival.LIVE}
    assert report.next_poll is not None
    wait = report.next_poll - polling.clock.now
    assert wait < 20 * MINUTE  # half of half an hour
    polling.clock.now = report.next_poll
    polling.web.pages[FEED.location] = page(*stories(11, 10, 9))
    report = polling.poll_one()
    assert report.next_poll is not None
    assert report.next_poll - polling.clock.now > 25 * MINUTE
    assert events(polling) == [EventKind.GAP]


@pytest.mark.parametrize(
    ("hours", "told"),
    [pytest.param(30, True, id="a hole"), pytest.param(2, False, id="joined")],
)
def test_a_gap_is_told_where_something_seems_to_be_missing(
    polling: Polling, hours: int, *, told: bool
) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = page(*stories(*range(11)))
    polling.poll()
    polling.clock.pass_by(DAY)
    polling.web.pages[FEED.location] = page(*stories(*range(9 + hours, 30 + hours)))
    polling.poll()
    assert events(polling) == [EventKind.GAP]
    with polling.store.read() as connection:
        assert feed_events.has_undecided(connection) is told


def test_older_pages_fill_a_gap(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = wordpress(*stories(3, 2))
    polling.poll()
    polling.clock.pass_by(2 * DAY)
    second, third = (f"{FEED.location}?paged={n}" for n in (2, 3))
    polling.web.pages[FEED.location] = wordpress(*stories(9, 8))
    polling.web.pages[second] = wordpress(*stories(7, 6), url=second)
    polling.web.pages[third] = wordpress(*stories(4, 3, 1), url=third)
    report = polling.poll_one()
    asked = [feed.location for feed, _ in polling.web.requests]
    assert asked == [FEED.location, FEED.location, second, third]
    assert report.stored == Stored(new=6, quiet=1)
    assert events(polling) == [EventKind.FILLED]
    assert polling.arrivals()["Title 6"] is Arrival.LIVE
    assert polling.arrivals()["Title 1"] is Arrival.BACKLOG


def test_older_pages_that_can_not_be_had_leave_the_gap(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = wordpress(*stories(3, 2, 1))
    polling.poll()
    polling.clock.pass_by(2 * DAY)
    polling.web.pages[FEED.location] = wordpress(*stories(9, 8, 7))
    polling.web.pages[f"{FEED.location}?paged=2"] = FetchError("HTTP 404", status=404)
    report = polling.poll_one()
    assert (report.outcome, report.stored.new) == ("stored", 3)
    assert events(polling) == [EventKind.GAP]


def test_a_host_that_refuses_an_older_page_is_left_alone_by_the_next_process(
    polling: Polling,
) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = wordpress(*stories(3, 2, 1))
    polling.poll()
    polling.clock.pass_by(2 * DAY)
    polling.web.pages[FEED.location] = wordpress(*stories(9, 8, 7))
    pause = polling.web.pauses.note("news.example", 429, 3600.0, polling.clock())
    refusal = FetchError("HTTP 429", status=429, retry_after=3600.0, host="news.example")
    polling.web.pages[f"{FEED.location}?paged=2"] = refusal
    assert polling.poll_one().outcome == "stored"
    with polling.store.read() as connection:
        assert hosts.pauses(connection) == [pause]


def test_without_a_gap_no_older_page_is_read(polling: Polling) -> None:
    polling.poller.use([FIXED])
    polling.web.pages[FEED.location] = wordpress(*stories(3, 2, 1))
    polling.poll()
    polling.clock.pass_by(DAY)
    polling.web.pages[FEED.location] = wordpress(*stories(4, 3, 2))
    polling.poll()
    assert len(polling.web.requests) == 2
    assert events(polling) == []


def test_a_first_poll_reads_as_many_older_pages_as_wished(polling: Polling) -> None:
    polling.poller.use([replace(FIXED, backfill_pages=1)])
    second = f"{FEED.location}?paged=2"
    polling.web.pages[FEED.location] = wordpress(*stories(4, 3))
    polling.web.pages[second] = wordpress(*stories(2, 1), url=second)
    assert polling.poll_one().stored == Stored(new=4, quiet=4)
    assert len(polling.web.requests) == 2
    assert events(polling) == []


def spec(number: int) -> FeedSpec:
    url = f"https://news{number}.example/feed"
    return FeedSpec(url=url, location=url, name=f"News {number}")


def test_many_feeds_are_polled_in_one_pass(polling: Polling) -> None:
    specs = [spec(number) for number in range(60)]
    polling.poller.use(specs)
    for number, item in enumerate(specs):
        polling.web.pages[item.location] = page(entry(number), url=item.location)
    assert sum(report.stored.new for report in polling.poll()) == 60
