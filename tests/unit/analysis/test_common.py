"""Common words: names that need their capital."""

import pytest

from monitor.analysis.common import is_common
from monitor.analysis.fold import fold
from monitor.analysis.wordlists import WORDS

ACRONYMS = "us who it aids ice is may un"
NAMES = "shell reading target orange will march bill mark art apple gates nice turkey brown bush"
NO_WORDS = "nato opec putin zelenskyy kyiv ukraine kremlin nvidia trump china merz tusk macron"


@pytest.mark.parametrize("word", f"{ACRONYMS} {NAMES}".split())
def test_english_words_that_are_also_names_are_common(word: str) -> None:
    assert is_common(word, "en-US")


@pytest.mark.parametrize("word", NO_WORDS.split())
@pytest.mark.parametrize("language", ["en", None])
def test_names_that_are_no_words_are_not_common(word: str, language: str | None) -> None:
    assert not is_common(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("und", "de"),
        ("linke", "de-AT"),
        ("liberation", "fr"),
        ("casa", "es"),
        ("lega", "it"),
        ("zijn", "nl"),
        ("não", "pt"),
        ("się", "pl"),
        ("мир", "ru"),
        ("också", "sv"),
        ("yıldız", "tr"),
    ],
)
def test_each_list_knows_its_language(word: str, language: str) -> None:
    assert is_common(fold(word), language)
    assert not is_common(fold(word), "en")


@pytest.mark.parametrize("language", [None, "uk", "xx"])
def test_without_a_list_a_word_of_any_list_is_common(language: str | None) -> None:
    assert is_common("us", language)
    assert is_common(fold("się"), language)
    assert not is_common("nato", language)


def test_lists_hold_plain_words_of_at_least_one_letter() -> None:
    assert all(word.isalpha() for words in WORDS.values() for word in words.split())
    assert all(len(words.split()) > 150 for words in WORDS.values())
