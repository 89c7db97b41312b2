"""Stems: which inflections are one word, which words stay apart."""

import pytest

from monitor.analysis.fold import fold
from monitor.analysis.stem import has_stemmer, stem


def stems(words: str, language: str | None) -> set[str]:
    return {stem(fold(word), language) for word in words.split()}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "deploy deploys deployed deploying deployment deployments"),
        ("en", "sanction sanctions sanctioned"),
        ("en-GB", "troop troops"),
        ("EN_us", "guarantee guarantees guaranteed"),
        ("de", "Sanktion Sanktionen"),
        ("de", "Land Länder Landes"),
        ("fr", "négociation négociations"),
        ("es", "sanción sanciones"),
        ("it", "sanzione sanzioni"),
        ("nl", "onderhandeling onderhandelingen"),
        ("pl", "sankcja sankcje sankcji sankcjami"),
        ("ru", "военный военная военные"),
        ("ru", "санкция санкций санкциями"),
        ("tr", "asker askerler askerleri"),
        ("no", "soldat soldater"),
        ("nb", "soldat soldater"),
    ],
    ids=str,
)
def test_inflections_have_one_stem(language: str, words: str) -> None:
    assert len(stems(words, language)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "news new",
        "policy police",
        "organization organ",
        "general generate",
        "universe university",
        "past paste",
    ],
    ids=str,
)
def test_english_is_not_the_old_porter(words: str) -> None:
    assert len(stems(words, "en")) == len(words.split())


@pytest.mark.parametrize("language", ["uk", "bg", "sk", "he", "th", "zh", "xx"])
def test_in_a_language_without_stemmer_a_word_is_its_own_stem(language: str) -> None:
    assert not has_stemmer(language)
    assert stem("санкціями", language) == "санкціями"
    assert stem("sanctions", language) == "sanctions"


@pytest.mark.parametrize("language", ["en", "en-GB", "de_AT", "ru", "pl", "cs", "fa", "nn"])
def test_languages_of_snowball_have_a_stemmer(language: str) -> None:
    assert has_stemmer(language)


@pytest.mark.parametrize("language", [None, "", "und"])
def test_without_a_language_ascii_words_are_read_as_english(language: str | None) -> None:
    assert not has_stemmer(language)
    assert stem("sanctions", language) == stem("sanction", "en")
    assert stem("санкциями", language) == "санкциями"


def test_what_is_too_long_for_a_word_is_not_stemmed() -> None:
    endless = "sanction" * 9 + "s"
    assert stem(endless, "en") == endless
