"""The index of words: what it finds, and that nothing that is not in it is overlooked."""

import pytest

from monitor.model.search import AllOf, ArticleWords, Like, Need, OneOf, Word
from monitor.store import articles, search
from monitor.store.engine import Connection, Store
from monitor.store.prune import articles as prune
from monitor.store.tables import ARTICLE
from tests.support.stored import DAY, NOW, ON_SQLITE, entry, store_entries

TROOPS = frozenset({"troops", "troop", "zelenskyj", "(1)", "日", "क्षा"})
OIL = frozenset({"oil", "price", "troop"})


def words(article: int, found: frozenset[str], revision: int = 1) -> ArticleWords:
    return ArticleWords(article=article, revision=revision, language="en", words=found)


@pytest.fixture
def filled(store: Store) -> Store:
    """Two articles in the index."""
    with store.write() as connection:
        store_entries(connection, [entry(2), entry(1)])  # the oldest stands last
        search.add(connection, [words(1, TROOPS), words(2, OIL)])
    return store


def found(store: Store, need: Need, first: int = 0) -> list[int] | None:
    with store.read() as connection:
        ids = search.candidates(connection, need, first)
    return None if ids is None else list(ids)


NEEDS: dict[str, tuple[Need, list[int]]] = {
    "a word": (Word("troop"), [2, 1]),
    "no part of a word": (Word("tro"), []),
    "the beginning of a word": (Word("tro", prefix=True), [2, 1]),
    "the end of a word": (Like("*ps"), [1]),
    "the middle of a word": (Like("*r?o*"), [2, 1]),
    "a pattern that no word fits": (Like("*xyz"), []),
    "a pattern and a word": (AllOf((Like("*oo*"), Word("oil"))), [2]),
    "all of some": (AllOf((Word("troop"), Word("oil"))), [2]),
    "one of some": (OneOf((Word("oil"), Word("troops"))), [2, 1]),
    "some of each": (AllOf((OneOf((Word("oil"), Word("日"))), Word("troops"))), [1]),
    "a word with punctuation of its own": (Word("(1)"), [1]),
    "a word with combining marks": (Word("क्षा"), [1]),
    "another word with the same letters": (Word("कषा"), []),
    "an operator of the index": (Word("AND"), []),
    "a quote": (Word('"'), []),
}


PATTERNS = {
    name: NEEDS.pop(name) for name, (need, _) in list(NEEDS.items()) if isinstance(need, Like)
}


@ON_SQLITE
@pytest.mark.parametrize(("need", "ids"), PATTERNS.values(), ids=PATTERNS.keys())
def test_the_index_of_a_file_knows_forms_of_words(
    filled: Store, need: Need, ids: list[int]
) -> None:
    assert found(filled, need) == ids


@pytest.mark.parametrize(("need", "ids"), NEEDS.values(), ids=NEEDS.keys())
def test_the_index_has_whole_words(filled: Store, need: Need, ids: list[int]) -> None:
    assert found(filled, need) == ids


def test_a_pattern_that_too_many_words_fit_is_not_looked_up(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_MOST_LIKE", 1)
    assert found(filled, Like("*oop*")) is None
    assert found(filled, OneOf((Like("*oop*"), Word("oil")))) is None
    assert found(filled, AllOf((Like("*oop*"), Word("oil")))) == [2]


def test_only_articles_from_some_id_on_are_asked_for(filled: Store) -> None:
    assert found(filled, Word("troop"), 2) == [2]


def test_an_article_that_is_not_in_the_index_is_always_a_candidate(filled: Store) -> None:
    with filled.write() as connection:
        store_entries(connection, [entry(3)])
    assert found(filled, Word("oil")) == [3, 2]
    assert found(filled, Word("oil"), 4) == []


def revise(connection: Connection) -> None:
    store_entries(connection, [entry(1, text="Oil.")])


def test_a_revised_article_is_a_candidate_until_its_text_is_in_the_index(filled: Store) -> None:
    with filled.write() as connection:
        revise(connection)
        assert [each.id for each in search.to_index(connection, 9)] == [1]
    assert found(filled, Word("price")) == [2, 1]
    with filled.write() as connection:
        search.add(connection, [words(1, frozenset({"gas"}), revision=2)])
    assert found(filled, Word("price")) == [2]
    assert found(filled, Word("gas")) == [1]


def test_words_of_a_text_that_was_revised_meanwhile_do_not_count_as_done(filled: Store) -> None:
    with filled.write() as connection:
        revise(connection)
        search.add(connection, [words(1, TROOPS, revision=1)])
        assert [each.revision for each in search.to_index(connection, 9)] == [2]


def test_an_index_of_another_version_is_made_anew(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.read() as connection:
        assert not search.is_outdated(connection)
    monkeypatch.setattr(search, "VERSION", search.VERSION + 1)
    with filled.write() as connection:
        assert search.is_outdated(connection)
        search.empty(connection)
        assert not search.is_outdated(connection)
        assert search.languages(connection) == ()
        assert {each.id for each in search.to_index(connection, 9)} == {1, 2}


def test_an_index_that_is_mostly_about_pruned_articles_is_made_anew(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_LEAST_GONE", 1)
    with filled.write() as connection:
        connection.execute(ARTICLE.update().values(stage="matched"))
        connection.exec_driver_sql("UPDATE article_feed SET last_seen = '2020-01-01'")
        connection.exec_driver_sql("UPDATE feed SET parsed_at = '2026-11-24'")
        assert prune(connection, NOW + DAY, NOW + DAY, 1) == 1
        assert not search.is_outdated(connection)
        assert prune(connection, NOW + DAY, NOW + DAY, 1) == 1
        assert search.is_outdated(connection)
        assert articles.recent(connection) == []
