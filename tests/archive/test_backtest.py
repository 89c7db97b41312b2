"""What rules would have caught."""

import os
from datetime import timedelta

import pytest

from monitor.archive import replay as replaying
from monitor.archive.backtest import Backtest, backtest
from monitor.archive.replay import Job
from monitor.archive.sieve import sieve
from monitor.errors import WorkerError
from monitor.model.article import Article
from monitor.model.feed import FullText
from monitor.rules.compile import RuleSet, compile_rules
from monitor.store.engine import Store
from tests.support.archived import NEWS, archive
from tests.support.rulebook import book
from tests.support.stored import NOW

DAY = timedelta(days=1)


def article(title: str, text: str = "Something.", days: int = 0) -> Article:
    seen = NOW - days * DAY
    return Article(title=title, text=text, language="en", seen=seen, carriers=(NEWS,))


ARTICLES = [
    article("Oil price", days=3),
    article("Oil prices rise", "Oil and gas.", days=3),
    article("Gas", days=1),
    article("A quiet day"),
    article("Oil again"),
]


def rules(**queries: str) -> RuleSet:
    return compile_rules(book(queries))


def run(
    store: Store,
    now: RuleSet,
    before: RuleSet | None = None,
    days: int | None = None,
    sample: int = 5,
) -> Backtest:
    since = None if days is None else NOW - days * DAY
    job = Job(store_url=store.url, rules=now, modes={}, since=since)
    return backtest(job, lambda *_: None, before=before, sample=sample)


def test_hits_are_counted_by_day(store: Store) -> None:
    archive(store, ARTICLES)

    result = run(store, rules(oil="oil", gas="gas", war="war"))

    assert (result.articles, result.hit, result.undecided) == (5, 4, 0)
    oil, gas, war = result.rules
    assert [(each.rule, each.hits) for each in result.rules] == [
        ("oil", 3),
        ("gas", 2),
        ("war", 0),
    ]
    today = NOW.date()
    assert oil.days == {today - 3 * DAY: 2, today: 1}
    assert gas.days == {today - 3 * DAY: 1, today - DAY: 1}
    assert war.days == {}
    assert [each.article.title for each in oil.sample] == [
        "Oil again", "Oil prices rise", "Oil price",
    ]  # fmt: skip
    assert oil.sample[0].match.spans[0].text == "Oil"


def test_only_what_was_seen_since_counts(store: Store) -> None:
    archive(store, ARTICLES)
    result = run(store, rules(oil="oil"), days=1)
    assert (result.articles, result.hit) == (3, 1)
    assert list(result.rules[0].days) == [NOW.date()]


def test_the_words_that_catch_most_are_named_with_their_share(store: Store) -> None:
    archive(store, ARTICLES)
    (either,) = run(store, rules(either="oil OR gas")).rules
    assert [(each.clause, each.text, each.share) for each in either.terms] == [
        ("oil", "oil", 0.75), ("gas", "gas", 0.5),
    ]  # fmt: skip


def test_a_sample_is_spread_over_the_time(store: Store) -> None:
    archive(store, [article(f"Oil {n}") for n in range(10)])
    (oil,) = run(store, rules(oil="oil"), sample=2).rules
    assert [each.article.title for each in oil.sample] == ["Oil 9", "Oil 4"]


def test_two_versions_are_compared(store: Store) -> None:
    archive(store, ARTICLES)
    before = rules(energy="oil", same="gas", gone="quiet")
    now = rules(energy="title:gas OR price", same="gas", fresh="gas")

    by_name = {each.rule: each for each in run(store, now, before).rules}

    assert set(by_name) == {"energy", "same", "fresh", "gone"}
    energy = by_name["energy"].compared
    assert energy is not None
    assert (energy.gained, energy.lost, energy.unchanged) == (1, 1, 2)
    assert [each.article.title for each in energy.gains] == ["Gas"]
    assert [each.article.title for each in energy.losses] == ["Oil again"]
    assert energy.losses[0].match.spans[0].text == "Oil"
    figures = {
        name: (each.compared.gained, each.compared.lost, each.compared.unchanged)
        for name, each in by_name.items()
        if each.compared
    }
    assert figures["same"] == (0, 0, 2)
    assert figures["fresh"] == (2, 0, 0)
    assert figures["gone"] == (0, 1, 0)
    assert by_name["gone"].hits == 0


def test_articles_whose_page_never_came_are_undecided_as_in_the_daemon(store: Store) -> None:
    url = {"url": "https://news.example/1", "own_url": True}
    archive(store, [Article(title="Oil", carriers=(NEWS,), **url)])  # type: ignore[arg-type]
    asked = rules(gas="gas", oil="oil", calm="oil -war")
    job = Job(store_url=store.url, rules=asked, modes={NEWS.url: FullText.AUTO})

    result = backtest(job, lambda *_: None)

    assert [each.hits for each in result.rules] == [0, 1, 0]
    assert result.undecided == 1


def test_several_processes_find_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(store, [article(f"Oil {n}", days=n % 7) for n in range(30)] + ARTICLES)
    asked = rules(oil="oil", gas="gas", seven="/[17]/")
    expected = run(store, asked)
    monkeypatch.setattr(replaying, "CHUNK", 7)
    job = Job(store_url=store.url, rules=asked, modes={})
    told: list[tuple[int, int]] = []

    found = replaying.replay(job, lambda *done: told.append(done), processes=2)

    assert len(found.rules) == sum(each.hits for each in expected.rules)
    assert sum(found.read.values()) == 35
    assert told == [(7, 35), (14, 35), (21, 35), (28, 35), (35, 35)]


def test_a_process_that_dies_is_an_error_and_no_wrong_figure(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(store, ARTICLES)
    monkeypatch.setattr(replaying, "CHUNK", 1)
    job = Job(store_url=store.url, rules=rules(oil="/oil/i"), modes={})
    monkeypatch.setattr(replaying, "_start", end_at_once)
    with pytest.raises(WorkerError, match="died"):
        replaying.replay(job, lambda *_: None, processes=2)


def end_at_once(_: Job) -> None:
    os._exit(1)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("/[Oo]il/", ["Oil price", "Oil prices rise", "Oil again"]),
        ("title:/again/ AND oil", ["Oil again"]),
        ("(/quiet/ OR /Gas/) rise", ["A quiet day", "Gas"]),
        ("feed:News oil", None),
        ("feed:other oil", []),
        ("oil", None),
        ("oil OR /x/", None),
        ("lang:de oil", None),
    ],
)
def test_expressions_and_questions_turn_articles_down_before_they_are_read(
    query: str, kept: list[str] | None
) -> None:
    passes = sieve(tuple(rules(one=query).rules.values()))
    titles = [each.title for each in ARTICLES if passes is None or passes(each)]
    assert sorted(titles) == sorted([each.title for each in ARTICLES] if kept is None else kept)
