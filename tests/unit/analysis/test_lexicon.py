"""The lexicon: what is kept of words seen before."""

import pytest

from monitor.analysis import lexicon as lexicon_module
from monitor.analysis.lexicon import Lexicon, lexicon


def test_a_word_is_read_once() -> None:
    words = Lexicon("en")
    assert words["Troops"] is words["Troops"]


def test_hostile_words_are_read_but_not_kept() -> None:
    words = Lexicon("en")
    assert words["X" * 1000].fold == "x" * 1000
    assert not words


def test_the_number_of_kept_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_module, "_KEPT", 10)
    words = Lexicon("en")
    for number in range(100):
        assert words[f"word{number}"].raw == f"word{number}"
        assert len(words) <= 10


def test_languages_without_a_stemmer_share_one_lexicon() -> None:
    assert lexicon("uk") is lexicon("bg") is not lexicon(None)
    assert lexicon("en-GB") is lexicon("en_US") is not lexicon("de")
