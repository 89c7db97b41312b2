from dataclasses import replace

import pytest
import sqlalchemy as sa
from typing_extensions import override

from monitor.errors import StoreError
from monitor.jobs.match import Matching, MatchReport
from monitor.model.article import Arrival, Article, Stage
from monitor.model.feed import FeedSpec, FullText
from monitor.model.hit import PartialVerdict, RuleFailure, Verdict
from monitor.store import articles, hit_list, pages, rules
from monitor.store.articles import ArticleLine
from monitor.store.engine import Store
from monitor.store.pages import PageText
from monitor.store.tables import ARTICLE_REVISION
from tests.support.fakes import Words
from tests.support.stored import FEED, HOUR, NOW, OTHER, REVISION, entry, store_entries


class Matches:
    """The job with its reports."""

    def __init__(self, store: Store, matcher: Words) -> None:
        self.store = store
        self.reports: list[MatchReport] = []
        self.job = Matching(store, matcher, self.reports.append)
        with store.write() as connection:
            rules.save(connection, REVISION, {}, NOW)

    def run(self) -> int:
        return self.job.run(NOW)

    def article(self, title: str = "Title 1") -> ArticleLine:
        with self.store.read() as connection:
            found = articles.recent(connection)
        return next(line for line in found if line.title == title)


def fill(store: Store, *texts: str) -> None:
    with store.write() as connection:
        entries = [entry(number, text=text) for number, text in enumerate(texts, 1)]
        store_entries(connection, reversed(entries))


def test_new_articles_are_matched_once_and_their_hits_stored(store: Store) -> None:
    fill(store, "Troops were deployed.", "A quiet day.")
    matches = Matches(store, Words("Troops", "deployed"))
    assert matches.run() == 2
    assert matches.run() == 0
    assert matches.reports == [MatchReport(articles=2, hits=2)]
    assert matches.article("Title 1").hits == ("Troops", "deployed")
    assert matches.article("Title 2").hits == ()
    with store.read() as connection:
        line = hit_list.recent(connection)[-1]
    assert (line.rule.id, line.rule_revision, line.seen) == ("Troops", REVISION, NOW)


def test_a_later_text_adds_hits_and_keeps_the_first(store: Store) -> None:
    fill(store, "Troops were deployed.")
    matches = Matches(store, Words("Troops", "Sanctions"))
    matches.run()
    fill(store, "Troops were deployed. Sanctions follow.")
    assert matches.run() == 1
    assert matches.article().hits == ("Troops", "Sanctions")
    with store.read() as connection:
        revisions = {line.rule.id: line.article.revision for line in hit_list.recent(connection)}
    assert revisions == {"Troops": 1, "Sanctions": 2}


def test_a_new_carrier_makes_the_article_matched_again(store: Store) -> None:
    fill(store, "Troops were deployed.")
    words = Words("Troops")
    matches = Matches(store, words)
    matches.run()
    with store.write() as connection:
        store_entries(connection, [entry(1)], spec=OTHER)
    matches.run()
    assert [len(article.carriers) for article in words.seen] == [1, 2]
    assert [report.hits for report in matches.reports] == [1, 0]


def test_a_rule_that_fails_is_named_with_the_article_and_the_others_stand(store: Store) -> None:
    fill(store, "bad news: Troops were deployed.")
    matches = Matches(store, Words("Troops"))
    matches.run()
    failure = RuleFailure(rule="bad", error="boom")
    assert matches.reports == [MatchReport(articles=1, hits=1, failures=((1, failure),))]
    assert matches.article().reason == "rule bad: boom"


def test_an_article_that_breaks_the_matcher_stops_no_other(store: Store) -> None:
    fill(store, "Troops", "Troops", "Troops")
    matches = Matches(store, Words("Troops", defects={"Title 2": ValueError("odd")}))
    assert matches.run() == 3
    assert matches.reports[0].hits == 2
    assert matches.article("Title 2").reason == "rule *: ValueError: odd"
    assert matches.run() == 0


class DeathError(BaseException):
    """Ends the process in the middle of matching."""


def test_an_article_that_kills_the_process_is_left_behind_and_holds_up_none(store: Store) -> None:
    fill(store, "Troops", "Troops", "Troops")
    deadly = Words("Troops", defects={"Title 2": DeathError()})
    deaths = 0
    for _ in range(9):
        process = Matches(store, deadly)
        try:
            while process.run():
                pass
        except DeathError:
            deaths += 1
    assert deaths == 3
    matches = Matches(store, deadly)
    assert matches.article("Title 1").hits == matches.article("Title 3").hits == ("Troops",)
    poisoned = matches.article("Title 2")
    assert (poisoned.stage, poisoned.hits) == ("matched", ())
    assert poisoned.reason == "undecided: not matched, 3 tries ended with the process"


def test_an_article_that_was_given_up_is_reported(store: Store) -> None:
    fill(store, "Troops")
    with store.write() as connection:
        for _ in range(3):
            articles.claim_new(connection, 9)
    matches = Matches(store, Words("Troops"))
    assert matches.run() == 1
    assert matches.reports == [MatchReport(articles=0, hits=0, given_up=(1,))]


def test_what_was_found_is_kept_until_it_can_be_stored(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("disk full")

    fill(store, "Troops")
    words = Words("Troops")
    matches = Matches(store, words)
    with monkeypatch.context() as patch:
        patch.setattr("monitor.jobs.match.hits.add", fail)
        for _ in range(5):  # more often than an article is tried
            with pytest.raises(StoreError):
                matches.run()
    assert matches.run() == 1
    assert len(words.seen) == 1
    assert matches.article().hits == ("Troops",)


def test_a_text_that_comes_while_the_old_one_is_matched_is_matched_too(store: Store) -> None:
    class Meanwhile(Words):
        @override
        def match(self, article: Article) -> Verdict:
            if not self.seen:
                fill(store, "Sanctions follow.")
            return super().match(article)

    fill(store, "Troops")
    matches = Matches(store, Meanwhile("Troops", "Sanctions"))
    assert [matches.run(), matches.run(), matches.run()] == [1, 1, 0]
    assert matches.article().hits == ("Troops", "Sanctions")


def test_replaced_rules_count_from_the_next_batch_on(store: Store) -> None:
    fill(store, "Troops and Sanctions")
    matches = Matches(store, Words("Troops"))
    matches.run()
    matches.job.matcher = Words("Sanctions")
    fill(store, "Troops and Sanctions again")
    matches.run()
    assert matches.article().hits == ("Troops", "Sanctions")


def test_a_large_backlog_is_matched_in_batches(store: Store) -> None:
    fill(store, *(["Troops"] * 250))
    matches = Matches(store, Words("Troops"))
    assert [matches.run() for _ in range(4)] == [100, 100, 50, 0]


def fill_teasers(
    store: Store, *leads: str, spec: FeedSpec = FEED, arrival: Arrival = Arrival.LIVE
) -> None:
    entries = [replace(entry(n, text=""), lead=lead) for n, lead in enumerate(leads, 1)]
    with store.write() as connection:
        store_entries(connection, reversed(entries), spec=spec, arrival=arrival)


def partly(store: Store, *words: str, mode: FullText = FullText.AUTO) -> Matches:
    matches = Matches(store, Words(*words))
    matches.job.modes = {FEED.url: mode}
    return matches


def test_certain_hits_are_told_at_once_and_the_page_is_wanted_for_the_others(
    store: Store,
) -> None:
    fill_teasers(store, "Troops were deployed …")
    matches = partly(store, "Troops", "Sanctions")
    assert matches.run() == 1
    assert matches.reports == [MatchReport(articles=1, hits=1, wanted=1)]
    article = matches.article()
    assert (article.stage, article.hits) == (Stage.WANTED, ("Troops",))
    assert article.reason == "undecided: waits for its page"
    assert matches.run() == 0


def test_an_article_of_which_nothing_is_open_needs_no_page(store: Store) -> None:
    fill_teasers(store, "Troops were deployed …")
    matches = partly(store, "Troops")
    matches.run()
    assert (matches.article().stage, matches.article().reason) == (Stage.MATCHED, None)


def test_an_article_with_its_text_needs_no_page(store: Store) -> None:
    fill(store, "A quiet day.")
    matches = partly(store, "Troops")
    matches.run()
    assert (matches.article().stage, matches.article().reason) == (Stage.MATCHED, None)


def test_without_pages_the_lead_is_all_there_is(store: Store) -> None:
    fill_teasers(store, "A quiet day …")
    matches = partly(store, "Troops", mode=FullText.NEVER)
    matches.run()
    assert (matches.article().stage, matches.article().reason) == (Stage.MATCHED, None)


def test_an_article_without_an_address_has_no_page(store: Store) -> None:
    with store.write() as connection:
        store_entries(connection, [replace(entry(text=""), url="", lead="Troops …")])
    matches = partly(store, "Sanctions")
    matches.run()
    assert (matches.article().stage, matches.article().reason) == (Stage.MATCHED, None)


def test_one_feed_that_fetches_pages_is_enough(store: Store) -> None:
    fill_teasers(store, "A quiet day …")
    fill_teasers(store, "A quiet day …", spec=OTHER)
    matches = partly(store, "Troops", mode=FullText.NEVER)
    matches.job.modes = {FEED.url: FullText.NEVER, OTHER.url: FullText.AUTO}
    matches.run()
    assert matches.article().stage is Stage.WANTED


def test_a_feed_may_want_the_page_of_every_article(store: Store) -> None:
    fill(store, "Troops were deployed.")
    matches = partly(store, "Troops", mode=FullText.ALWAYS)
    matches.run()
    assert (matches.article().stage, matches.article().hits) == (Stage.WANTED, ("Troops",))
    page(store, "More Troops were deployed.")
    matches.run()
    assert (matches.article().stage, matches.article().reason) == (Stage.MATCHED, None)


def page(store: Store, text: str, problem: str | None = None) -> None:
    """The page of the only wanted article comes; without a text its lead is longer."""
    with store.write() as connection:
        ((claim,), _) = pages.claim(connection, NOW, {FEED.url: 9}, limit=9, wait=HOUR)
        lead = claim.article.lead if not problem else text
        found = PageText(lead=lead, text="" if problem else text, problem=problem)
        assert pages.add_text(connection, claim, found, NOW)


def test_the_text_of_the_page_decides(store: Store) -> None:
    fill_teasers(store, "Troops were deployed …")
    matches = partly(store, "Troops", "Sanctions", "Football")
    matches.run()
    page(store, "Troops were deployed. Sanctions followed.")
    assert matches.run() == 1
    article = matches.article()
    assert (article.stage, article.reason) == (Stage.MATCHED, None)
    assert article.hits == ("Troops", "Sanctions")
    assert [report.hits for report in matches.reports] == [1, 1]


def test_a_part_of_the_page_is_matched_and_what_it_leaves_open_stays_undecided(
    store: Store,
) -> None:
    fill_teasers(store, "Troops were deployed …")
    matches = partly(store, "Troops", "Sanctions", "Football")
    matches.run()
    page(store, "Troops were deployed. Sanctions follow …", "subscribers only")
    matches.run()
    article = matches.article()
    assert article.hits == ("Troops", "Sanctions")
    assert (article.stage, article.reason) == (Stage.MATCHED, "undecided: subscribers only")


def test_an_article_whose_page_was_not_had_stays_undecided_with_a_new_carrier(
    store: Store,
) -> None:
    fill_teasers(store, "A quiet day …")
    matches = partly(store, "Troops")
    matches.run()
    with store.write() as connection:
        ((claim,), _) = pages.claim(connection, NOW, {FEED.url: 9}, limit=9, wait=HOUR)
        pages.end(connection, claim, "HTTP 404")
    fill_teasers(store, "A quiet day …", spec=OTHER)
    matches.run()
    assert matches.article().stage is Stage.MATCHED
    assert matches.article().reason == "undecided: HTTP 404"


def test_pages_of_rules_with_evidence_go_first_and_backlog_last(store: Store) -> None:
    for arrival in Arrival:
        leads = ("A quiet day …", "A day of Doubt …")
        entries = [
            replace(entry(10 * n + len(arrival), text=""), title=f"{arrival} {n}", lead=lead)
            for n, lead in enumerate(leads)
        ]
        with store.write() as connection:
            store_entries(connection, entries, arrival=arrival)
    matches = partly(store)
    matches.job.matcher = Doubting("Troops", "Sanctions")
    matches.run()
    with store.write() as connection:
        claims, _ = pages.claim(connection, NOW, {FEED.url: 9}, limit=9, wait=HOUR)
    assert [claim.article.title for claim in claims] == [
        "live 1",
        "live 0",
        "flood 1",
        "backlog 1",
        "flood 0",
        "backlog 0",
    ]


class Doubting(Words):
    """Sees evidence in the word Doubt."""

    @override
    def match_without_text(self, article: Article) -> PartialVerdict:
        evident = ("Troops",) if "Doubt" in article.lead else ()
        return replace(super().match_without_text(article), evident=evident)


def test_a_teaser_that_breaks_the_matcher_stops_no_other(store: Store) -> None:
    fill_teasers(store, "Troops …", "Troops …", "Troops …")
    matches = partly(store)
    matches.job.matcher = Words("Troops", defects={"Title 2": ValueError("odd")})
    assert matches.run() == 3
    assert matches.reports[0].hits == 2
    assert matches.article("Title 2").reason == "rule *: ValueError: odd"
    assert matches.run() == 0


def texts(store: Store) -> list[str]:
    query = sa.select(ARTICLE_REVISION.c.text).order_by(
        ARTICLE_REVISION.c.article, ARTICLE_REVISION.c.n
    )
    with store.read() as connection:
        return list(connection.scalars(query))


def test_texts_without_a_hit_are_dropped_if_that_is_wished(store: Store) -> None:
    fill(store, "Troops were deployed.", "A quiet day.")
    matches = Matches(store, Words("Troops"))
    matches.job.keeps_texts = False
    assert matches.run() == 2
    assert texts(store) == ["Troops were deployed.", ""]
    assert matches.article("Title 2").title == "Title 2"


def test_the_text_of_an_article_that_hit_once_is_kept_for_good(store: Store) -> None:
    fill(store, "Troops were deployed.")
    matches = Matches(store, Words("Troops"))
    matches.job.keeps_texts = False
    matches.run()
    fill(store, "They came home.")
    assert matches.run() == 1
    assert texts(store) == ["Troops were deployed.", "They came home."]


def test_a_dropped_text_that_a_feed_still_lists_is_not_new(store: Store) -> None:
    fill(store, "A quiet day.")
    matches = Matches(store, Words("Troops"))
    matches.job.keeps_texts = False
    matches.run()
    fill(store, "A quiet day.")
    assert matches.run() == 0
    assert texts(store) == [""]
