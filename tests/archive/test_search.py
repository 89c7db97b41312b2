"""Searching the stored articles."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.archive import search as searching
from monitor.archive.queries import query_rules, refers
from monitor.archive.search import search
from monitor.errors import RuleError
from monitor.model.article import Article
from monitor.store.engine import Store
from tests.support.archived import archive
from tests.support.rulebook import book, person
from tests.support.stored import NOW

ARTICLES = [
    Article(title="Troops", text="Troops were deployed near the border.", language="en"),
    Article(title="Truppen", text="Die Sanktionen der Union.", language="de"),
    Article(title="Oil", text="Sanctions on oil. More sanctions follow.", language="en"),
    Article(
        title="A sanction", text="The union of troops.", language="en", url="https://a.test/1"
    ),
]
FOUND = {
    "sanction": [4, 3],
    "=sanctions": [3],
    "sanktion": [2],
    "troop*": [4, 1],
    "*ops": [4, 1],
    "troops NEAR/3 deploy": [1],
    "title:sanction": [4],
    "sanction -oil": [4],
    "/[Ss]an[ck]t/": [4, 3, 2],
    "site:a.test": [4],
    "lang:de": [2],
    "sanction{2,}": [3],
    "helicopter": [],
}


def ids(store: Store, query: str, **options: object) -> list[int]:
    return [each.article.id or 0 for each in search(store, query_rules(query), **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize("query", FOUND)
def test_a_query_finds_what_a_rule_would_the_newest_first(store: Store, query: str) -> None:
    archive(store, ARTICLES)
    assert ids(store, query) == FOUND[query]


@pytest.mark.parametrize("query", FOUND)
def test_the_same_is_found_while_the_index_is_empty(store: Store, query: str) -> None:
    archive(store, ARTICLES, index=False)
    assert ids(store, query) == FOUND[query]


def test_no_more_are_found_than_wished(store: Store) -> None:
    archive(store, ARTICLES)
    assert ids(store, "sanction", limit=1) == [4]


def test_only_what_was_seen_since_is_found(store: Store) -> None:
    archive(store, ARTICLES)
    assert ids(store, "troop*", since=NOW + timedelta(minutes=3)) == [4]
    assert ids(store, "troop*", since=NOW + timedelta(minutes=4)) == []


def test_articles_that_came_out_of_the_order_of_time_are_found_since(store: Store) -> None:
    late = replace(ARTICLES[0], seen=NOW - timedelta(days=1))
    archive(store, [ARTICLES[0], late, ARTICLES[3]])
    assert ids(store, "troop*", since=NOW) == [3, 1]


def test_the_best_come_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(store, ARTICLES)
    assert ids(store, "troop* OR deploy* OR oil", best=True)[0] == 1
    monkeypatch.setattr(searching, "BEST_OF", 2)
    assert 1 not in ids(store, "troop* OR deploy* OR oil", best=True)


def test_many_articles_are_read_in_portions(store: Store) -> None:
    archive(store, [Article(title=f"Oil {n}", language="en") for n in range(50)])
    assert ids(store, "oil") == list(range(50, 0, -1))


def test_a_query_may_name_what_the_rule_files_define(store: Store) -> None:
    archive(store, [Article(title="Angela Merkel speaks", language="en"), *ARTICLES])
    assert refers("@merkel")
    rules = query_rules("@merkel", book({}, [person("merkel", "Angela Merkel")]))
    assert [each.article.id for each in search(store, rules)] == [1]


@pytest.mark.parametrize("query", ["NOT oil", "(oil", "@nobody", ""])
def test_a_wrong_query_is_refused_with_its_place(query: str) -> None:
    with pytest.raises(RuleError) as caught:
        query_rules(query)
    assert str(caught.value.problems[0]).startswith("QUERY:1:")
