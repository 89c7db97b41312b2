"""The job that keeps the index of words."""

import pytest

from monitor.errors import StoreError
from monitor.jobs import index
from monitor.jobs.index import Indexing
from monitor.model.search import Word
from monitor.store import search
from monitor.store.engine import Store
from tests.support.stored import entry, store_entries


def store_numbers(store: Store, *numbers: int) -> None:
    with store.write() as connection:
        store_entries(connection, [entry(number, text="Café prices rose.") for number in numbers])


def candidates(store: Store, word: str) -> list[int]:
    with store.read() as connection:
        return list(search.candidates(connection, Word(word)) or ())


def test_folded_words_and_stems_of_every_field_are_found(store: Store) -> None:
    store_numbers(store, 1)
    job = Indexing(store)

    assert job.run() == 1
    assert job.run() == 0

    for word in ("cafe", "prices", "price", "rose", "title", "1"):
        assert candidates(store, word) == [1], word
    for word in ("Café", "café", "oil"):
        assert candidates(store, word) == [], word
    with store.read() as connection:
        assert search.languages(connection) == ("und",)


def test_a_store_is_taken_in_batch_by_batch(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 2)
    store_numbers(store, 1, 2, 3)

    assert [Indexing(store).run() for _ in range(3)] == [2, 1, 0]
    assert candidates(store, "price") == [3, 2, 1]


def test_a_batch_that_was_not_stored_is_still_to_be_done(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_numbers(store, 1)
    job = Indexing(store)

    def fail(*_: object) -> None:
        raise StoreError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(search, "insert_new", fail)  # after the words, before the mark
        with pytest.raises(StoreError):
            job.run()

    assert candidates(store, "oil") == [1]  # looked at, for want of better knowledge
    assert job.run() == 1
    assert candidates(store, "oil") == []
    assert candidates(store, "price") == [1]


def test_an_index_of_another_version_is_emptied_and_filled_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_numbers(store, 1)
    job = Indexing(store)
    job.run()
    monkeypatch.setattr(search, "VERSION", 2)

    while job.run():
        pass

    assert candidates(store, "price") == [1]
    assert candidates(store, "oil") == []
