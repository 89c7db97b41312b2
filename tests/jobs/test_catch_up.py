"""New rules against articles that were there before them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.errors import StoreError, WorkerError
from monitor.jobs.catch_up import BATCH, CatchingUp, plan
from monitor.jobs.match import Matching
from monitor.matching.partial import PartialPercolator
from monitor.model.article import Article, Stage
from monitor.model.channel import ChannelPolicy
from monitor.model.feed import FullText
from monitor.model.hit import Verdict
from monitor.rules.changes import changed
from monitor.rules.compile import RuleSet, compile_rules
from monitor.store import catch_up, hits, rules
from monitor.store.engine import Store
from monitor.store.tables import ARTICLE
from tests.jobs.newsroom import Newsroom
from tests.support.archived import NEWS, archive, keep
from tests.support.rulebook import book
from tests.support.stored import DAY, HOUR, NOW

FLOODS = {"floods": "flood*"}
STRIKES = {**FLOODS, "strikes": "strike*"}


class Rules:
    """A rule set that matches in this process."""

    def __init__(self, compiled: RuleSet) -> None:
        self.compiled = compiled
        self.revision = compiled.revision
        self.all = PartialPercolator(compiled)
        self.facts = self.all.facts

    def only(self, rules: tuple[str, ...]) -> PartialPercolator:
        some = {id_: self.compiled.rules[id_] for id_ in rules}
        return PartialPercolator(replace(self.compiled, rules=some))


def compiled(queries: Mapping[str, str]) -> Rules:
    revision = "; ".join(f"{name} = {query}" for name, query in queries.items())
    return Rules(compile_rules(replace(book(queries), revision=revision)))


class Desk:
    """The two jobs that match, and rules that change."""

    def __init__(self, store: Store, queries: Mapping[str, str]) -> None:
        self.store = store
        self.rules = compiled(queries)
        with store.write() as connection:
            rules.save(connection, self.rules.revision, {}, NOW)
            plan(connection, self.rules, (), DAY, NOW)
        self.restart()

    def restart(self) -> None:
        self.matching = Matching(self.store, self.rules.all, lambda _: None)
        self.job = CatchingUp(self.store, self.matching, self.rules)

    def take_up(self, queries: Mapping[str, str], window: timedelta | None = DAY) -> None:
        before, self.rules = self.rules, compiled(queries)
        with self.store.write() as connection:
            rules.save(connection, self.rules.revision, {}, NOW)
            plan(
                connection, self.rules, changed(before.compiled, self.rules.compiled), window, NOW
            )

    def use(self) -> None:
        self.matching.matcher = self.rules.all
        self.job.rules = self.rules

    def run(self) -> int:
        """Until nothing is left; how many articles were looked at."""
        looked_at = 0
        while (report := self.job.run(NOW)) is not None:
            looked_at += report.articles
        return looked_at

    def hits(self) -> set[tuple[str, int, bool]]:
        """Rule and article of each hit, and whether nobody is to be told."""
        with self.store.write() as connection:
            return {
                (each.rule.id, each.article, each.late) for each in hits.undecided(connection, 999)
            }


def old(title: str, *, hours: float = 2, text: str = "…") -> Article:
    return Article(title=title, text=text, language="en", seen=NOW - hours * HOUR)


@pytest.fixture
def desk(store: Store) -> Desk:
    archive(store, [old("Strikes and floods"), old("Sport"), old("A strike ends")])
    return Desk(store, FLOODS)


def test_a_new_rule_hits_what_was_there_before_it_and_nobody_is_told(desk: Desk) -> None:
    desk.take_up(STRIKES)
    desk.use()
    assert desk.run() == 3
    assert desk.hits() == {("strikes", 1, True), ("strikes", 3, True)}
    room = Newsroom(desk.store, ChannelPolicy(name="desk", url="x:"))
    room.wait(HOUR)
    assert room.reasons() == ["archive", "archive"]
    assert room.messages() == []


def test_the_first_rules_of_a_database_look_back_on_nothing(desk: Desk) -> None:
    assert desk.run() == 0
    assert desk.hits() == set()


def test_a_changed_rule_is_matched_again_and_no_hit_comes_twice(desk: Desk) -> None:
    desk.take_up(STRIKES)
    desk.use()
    desk.run()
    desk.take_up({**FLOODS, "strikes": "strike* OR sport"})
    desk.use()
    assert desk.run() == 3
    assert desk.hits() == {("strikes", number, True) for number in (1, 2, 3)}


def test_only_articles_of_the_window_count(store: Store) -> None:
    archive(store, [old("Strike", hours=30), old("Strike", hours=23), old("Strike", hours=30)])
    desk = Desk(store, FLOODS)
    desk.take_up(STRIKES)
    desk.use()
    assert desk.run() == 1
    assert desk.hits() == {("strikes", 2, True)}


@pytest.mark.parametrize("window", [None, timedelta(hours=1)])
def test_without_articles_in_the_window_nothing_is_done(
    desk: Desk, window: timedelta | None
) -> None:
    desk.take_up(STRIKES, window)
    desk.use()
    assert desk.job.run(NOW) is None


def test_rules_of_before_wait_until_the_new_ones_are_in_use(desk: Desk) -> None:
    desk.take_up(STRIKES)
    assert desk.job.run(NOW) is None
    desk.use()
    assert desk.run() == 3


def test_what_a_reload_overtakes_is_not_stored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take_up(STRIKES)
    desk.use()
    advance = catch_up.advance

    def overtaken(*args: object) -> bool:
        args[0].exec_driver_sql("UPDATE catch_up_rules SET next_article = 2")  # type: ignore[attr-defined]
        return advance(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("monitor.store.catch_up.advance", overtaken)
        assert desk.job.run(NOW) is not None
    assert desk.hits() == set()
    assert desk.run() == 2


def test_a_rule_that_goes_is_not_matched_any_more(desk: Desk) -> None:
    desk.take_up(STRIKES)
    desk.take_up(FLOODS)
    desk.use()
    assert desk.run() == 0


def test_it_goes_on_after_a_restart_where_it_was(store: Store) -> None:
    archive(store, [old(f"Strike {number}") for number in range(BATCH + 5)], index=False)
    desk = Desk(store, FLOODS)
    desk.take_up(STRIKES)
    desk.use()
    first = desk.job.run(NOW)
    desk.restart()
    assert first is not None
    assert (first.articles, first.hits) == (BATCH, BATCH)
    assert desk.run() == 5
    assert len(desk.hits()) == BATCH + 5


def test_another_reload_leaves_the_rules_that_are_under_way_where_they_are(store: Store) -> None:
    archive(store, [old(f"Strike {number}") for number in range(BATCH + 5)], index=False)
    desk = Desk(store, FLOODS)
    desk.take_up(STRIKES)
    desk.use()
    desk.job.run(NOW)
    desk.take_up({**STRIKES, "sport": "sport*"})
    desk.use()
    assert desk.run() == 5 + BATCH + 5


class Deadly:
    """Rules whose process one article ends."""

    def __init__(self, rules: Rules, article: int) -> None:
        self.revision = rules.revision
        self.facts = rules.facts
        self._rules = rules
        self._article = article

    def only(self, rules: tuple[str, ...]) -> PartialPercolator:
        some, deadly = self._rules.only(rules), self._article

        def match_batch(articles: Sequence[Article]) -> list[Verdict]:
            if any(each.id == deadly for each in articles):
                raise WorkerError("the process died")
            return PartialPercolator.match_batch(some, articles)

        some.match_batch = match_batch  # type: ignore[method-assign]
        return some


def test_an_article_that_ends_the_process_is_set_aside_and_the_others_go_on(store: Store) -> None:
    archive(store, [old(f"Strike {number}") for number in range(9)])
    desk = Desk(store, FLOODS)
    desk.take_up(STRIKES)
    desk.job.rules = Deadly(desk.rules, 6)
    deaths, given_up = 0, list[int]()
    while True:
        try:
            report = desk.job.run(NOW)
        except WorkerError:
            deaths += 1
            continue
        if report is None:
            break
        given_up += report.given_up
    assert given_up == [6]
    assert {article for _, article, _ in desk.hits()} == {1, 2, 3, 4, 5, 7, 8, 9}
    assert deaths < 5


def test_a_step_that_cannot_be_stored_is_done_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("disk full")

    desk.take_up(STRIKES)
    desk.use()
    with monkeypatch.context() as patch:
        patch.setattr("monitor.jobs.match.hits.add", fail)
        with pytest.raises(StoreError):
            desk.job.run(NOW)
    assert desk.run() == 3
    assert len(desk.hits()) == 2


def test_what_is_still_to_be_matched_is_left_to_the_job_that_tells(store: Store) -> None:
    keep(store, [replace(old("Strike"), carriers=(NEWS,))], stage=Stage.NEW)
    desk = Desk(store, FLOODS)
    desk.take_up(STRIKES)
    desk.use()
    assert desk.run() == 0
    desk.matching.run(NOW)
    assert desk.hits() == {("strikes", 1, False)}


def test_of_a_text_that_is_not_stored_only_what_is_certain_counts(store: Store) -> None:
    archive(store, [old("Strike", text=""), old("Sport", text="")])
    for number in (1, 2):
        with store.write() as connection:
            connection.execute(
                sa.update(ARTICLE)
                .where(ARTICLE.c.id == number)
                .values(url=f"https://a.example/{number}")
            )
    desk = Desk(store, FLOODS)
    desk.take_up({**FLOODS, "strikes": "strike*", "calm": "sport NOT strike*"})
    desk.use()
    desk.matching.modes = {NEWS.url: FullText.AUTO}
    assert desk.run() == 2
    assert desk.hits() == {("strikes", 1, True)}


def test_articles_of_new_rules_are_in_stories(store: Store) -> None:
    words = (
        "Dockers of the port of Rotterdam walked out this morning over pay and night work. " * 9
    )
    archive(store, [old("Strike at the port", text=words), old("Port strike", text=words)])
    desk = Desk(store, FLOODS)
    desk.take_up(STRIKES)
    desk.use()
    desk.run()
    with store.write() as connection:
        assert len({each.story for each in hits.undecided(connection, 9)} - {None}) == 1


def test_another_title_or_place_is_no_change() -> None:
    before, now = compiled(STRIKES).compiled, compiled(STRIKES).compiled
    assert changed(before, now) == ()
    assert changed(compiled(FLOODS).compiled, now) == ("strikes",)
    assert changed(now, compiled({**STRIKES, "floods": "flood"}).compiled) == ("floods",)
