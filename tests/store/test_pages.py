from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model.article import Stage
from monitor.model.feed import Entry
from monitor.store import articles, pages
from monitor.store.articles import ArticleClaim, ArticleLine
from monitor.store.engine import Connection, Store
from monitor.store.pages import PageClaim, PageText
from tests.support.stored import DAY, FEED, HOUR, MINUTE, NOW, OTHER, entry, store_entries

BUDGETS = {FEED.url: 200, OTHER.url: 200}


def teaser(number: int = 1) -> Entry:
    return replace(entry(number, text=""), lead="Troops …")


def want_all(connection: Connection, rank: int = 0, now: datetime = NOW) -> list[ArticleClaim]:
    """Everything that is new was matched, and rules are undecided about it."""
    claims = articles.claim_new(connection, 100)
    for claim in claims:
        assert pages.want(connection, claim.article, claim.tries, rank, now)
    return claims


def wanted(connection: Connection, *numbers: int) -> None:
    store_entries(connection, map(teaser, reversed(numbers or (1,))))
    want_all(connection)


def claim(
    connection: Connection,
    now: datetime = NOW,
    budgets: Mapping[str, int] = BUDGETS,
    limit: int = 99,
) -> list[PageClaim]:
    claims, _ = pages.claim(connection, now, budgets, limit=limit, wait=HOUR)
    return claims


def add(connection: Connection, page: PageClaim, text: str, language: str | None = None) -> bool:
    found = PageText(lead=page.article.lead, text=text, language=language)
    return pages.add_text(connection, page, found, NOW)


def line(connection: Connection, article: int = 1) -> ArticleLine:
    return next(each for each in articles.recent(connection) if each.id == article)


def test_a_wanted_article_is_no_longer_matched_and_says_what_it_waits_for(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        assert not articles.has_new(connection)
        assert pages.is_due(connection, NOW)
        assert not pages.is_due(connection, NOW - MINUTE)
        shown = articles.recent(connection, undecided=True)
    assert [(each.stage, each.reason) for each in shown] == [
        (Stage.WANTED, "undecided: waits for its page")
    ]


def test_a_page_becomes_a_revision_that_is_matched_again(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        (page,) = claim(connection)
        assert (page.tries, page.feed, page.article.revision) == (1, FEED.url, 1)
        assert add(connection, page, "Troops left\0 for good.", "de")
        assert line(connection).stage is Stage.TEXT
        (again,) = articles.claim_new(connection, 9)
    assert (again.page_sought, again.page_problem, again.tries) == (True, None, 1)
    assert (again.article.title, again.article.lead) == ("Title 1", "Troops …")
    assert (again.article.text, again.article.revision) == ("Troops left for good.", 2)
    assert again.article.language == "de"


def test_the_language_of_the_feed_goes_before_that_of_the_page(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [replace(teaser(), language="en-GB")])
        want_all(connection)
        (page,) = claim(connection)
        add(connection, page, "Text.", "de")
        assert line(connection).language == "en-GB"


def test_a_page_that_says_what_the_feed_said_adds_no_revision(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [entry()])
        want_all(connection)
        (page,) = claim(connection)
        assert add(connection, page, "Troops were deployed.")
        (again,) = articles.claim_new(connection, 9)
    assert (again.page_sought, again.article.revision) == (True, 1)


def test_a_feed_may_edit_an_article_whose_page_came(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        (page,) = claim(connection)
        add(connection, page, "Text.")
        store_entries(connection, [teaser()])  # the same teaser is nothing new
        assert line(connection).stage is Stage.TEXT
        store_entries(connection, [replace(teaser(), lead="Troops have left …")])
        (again,) = articles.claim_new(connection, 9)
        assert (again.article.revision, again.article.text, again.page_sought) == (3, "", False)
        pages.want(connection, again.article, again.tries, 0, NOW)
        (page,) = claim(connection)
        assert page.tries == 1
        add(connection, page, "Text.")
        (again,) = articles.claim_new(connection, 9)
    assert (again.article.revision, again.article.text) == (4, "Text.")


def test_a_text_that_comes_while_the_page_is_fetched_makes_the_page_worthless(
    store: Store,
) -> None:
    with store.write() as connection:
        wanted(connection)
        (page,) = claim(connection)
        store_entries(connection, [replace(teaser(), lead="Something else …")])
        assert not add(connection, page, "Old page.")
        assert not pages.end(connection, page, "HTTP 404")
        assert not pages.put_off(connection, page, "HTTP 500", NOW)
        assert (line(connection).stage, line(connection).reason) == (Stage.NEW, None)


def test_a_new_carrier_does_not_begin_the_search_anew(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        claim(connection)
        store_entries(connection, [teaser()], spec=OTHER)
        want_all(connection, now=NOW + MINUTE)
        assert not pages.is_due(connection, NOW + MINUTE)  # a try is under way
        (page,) = claim(connection, NOW + HOUR)
        assert page.tries == 2
        pages.end(connection, page, "HTTP 404")
        store_entries(connection, [replace(teaser(), guid="other")], spec=OTHER)
        assert articles.claim_new(connection, 9) == []


def test_an_article_without_its_page_stays_undecided_when_it_is_matched_again(
    store: Store,
) -> None:
    with store.write() as connection:
        wanted(connection)
        (page,) = claim(connection)
        assert pages.end(connection, page, "HTTP 404 (not found)")
        assert line(connection).reason == "undecided: HTTP 404 (not found)"
        store_entries(connection, [teaser()], spec=OTHER)
        (again,) = articles.claim_new(connection, 9)
    assert (again.page_sought, again.page_problem) == (True, "HTTP 404 (not found)")


def test_lower_ranks_go_first_and_then_the_newest(store: Store) -> None:
    with store.write() as connection:
        for number, rank in enumerate((1, 0, 1, 0), 1):
            store_entries(connection, [teaser(number)], now=NOW + number * MINUTE)
            want_all(connection, rank)
        found = claim(connection, NOW + HOUR, limit=3)
    assert [page.id for page in found] == [4, 2, 3]


def test_pages_over_the_budget_wait_for_the_next_day_and_say_so(store: Store) -> None:
    budgets = {FEED.url: 2}
    with store.write() as connection:
        wanted(connection, 1, 2, 3)
        assert [page.id for page in claim(connection, NOW, budgets)] == [3, 2]
        waiting = line(connection, 1)
        assert waiting.stage is Stage.WANTED
        assert waiting.reason == "undecided: the budget of its feed is used up (pages_per_day = 2)"
        assert claim(connection, NOW + DAY - MINUTE, budgets) == []  # retries cost as well
        assert {page.id for page in claim(connection, NOW + DAY, budgets)} == {3, 1}


def test_each_feed_has_its_own_budget(store: Store) -> None:
    with store.write() as connection:
        wanted(connection, 1, 2)
        store_entries(connection, [teaser(3)], spec=OTHER)
        want_all(connection)
        found = claim(connection, NOW, {FEED.url: 1, OTHER.url: 1})
    assert [page.id for page in found] == [3, 2]


def test_a_budget_counted_in_the_future_begins_anew(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        claim(connection, NOW + 9 * DAY, {FEED.url: 1})
        pages.clamp(connection, NOW)
        assert len(claim(connection, NOW, {FEED.url: 1})) == 1


def test_the_first_carrier_that_fetches_pages_pays(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        store_entries(connection, [teaser()], spec=OTHER)
        want_all(connection)
        (page,) = claim(connection, budgets={OTHER.url: 1})
    assert page.feed == OTHER.url


def test_without_a_feed_that_fetches_pages_the_search_ends_with_the_reason(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        claims, ended = pages.claim(connection, NOW, {}, limit=9, wait=HOUR)
        assert (claims, [each.article for each in ended]) == ([], [1])
        assert line(connection).stage is Stage.MATCHED
        reason = line(connection).reason
    assert reason == "undecided: no feed that carries it fetches pages"


def test_pages_in_flight_are_not_claimed_again(store: Store) -> None:
    with store.write() as connection:
        wanted(connection, 1, 2)
        claim(connection, limit=1)
        later = NOW + HOUR
        found, _ = pages.claim(connection, later, BUDGETS, limit=9, wait=HOUR, busy=[2])
    assert [page.id for page in found] == [1]


def test_a_page_that_ends_every_process_is_given_up_with_its_reason(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        for number in range(3):
            now = NOW + number * HOUR
            assert pages.give_up(connection, now) == []
            assert [page.tries for page in claim(connection, now)] == [number + 1]
        assert claim(connection, NOW + 3 * HOUR) == []
        (ended,) = pages.give_up(connection, NOW + 3 * HOUR)
        assert line(connection).reason == f"undecided: {ended.reason}"
    assert ended.reason == "the page was not read: 3 tries ended with the process"


@pytest.mark.parametrize(
    ("problem", "reason"),
    [(None, "its page was not had within 3 days"), ("HTTP 500", "HTTP 500")],
)
def test_nobody_waits_for_a_page_for_ever(store: Store, problem: str | None, reason: str) -> None:
    with store.write() as connection:
        wanted(connection)
        if problem:
            (page,) = claim(connection)
            assert pages.put_off(connection, page, problem, NOW + 9 * DAY)
        assert pages.give_up(connection, NOW + timedelta(days=3) - MINUTE) == []
        (ended,) = pages.give_up(connection, NOW + timedelta(days=3))
        assert (line(connection).stage, ended.reason) == (Stage.MATCHED, reason)


def test_a_clock_that_was_set_back_delays_no_page(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [teaser()])
        want_all(connection, now=NOW + 9 * DAY)
        pages.clamp(connection, NOW)
        assert pages.is_due(connection, NOW)
        assert len(pages.give_up(connection, NOW + 3 * DAY)) == 1


def test_what_was_not_claimed_is_not_changed(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [teaser()])
        (new,) = articles.claim_new(connection, 9)
        store_entries(connection, [replace(teaser(), lead="Edited …")])
        assert not pages.want(connection, new.article, new.tries, 0, NOW)
        assert line(connection).stage is Stage.NEW


def test_what_a_page_shows_to_all_is_matched_and_the_rest_stays_unknown(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        (page,) = claim(connection)
        found = PageText(lead="Troops left on Mon …", text="", problem="subscribers only")
        assert pages.add_text(connection, page, found, NOW)
        (again,) = articles.claim_new(connection, 9)
    assert (again.article.lead, again.article.text) == ("Troops left on Mon …", "")
    assert (again.page_sought, again.page_problem) == (True, "subscribers only")


def test_an_article_behind_a_redirect_gets_the_address_of_its_page(store: Store) -> None:
    with store.write() as connection:
        wanted(connection)
        (page,) = claim(connection)
        found = PageText(lead="", text="Text.", url="https://ft.com/1")
        pages.add_text(connection, page, found, NOW)
        assert line(connection).url == "https://ft.com/1"
