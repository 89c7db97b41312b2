"""Words and stems as a full-text index files them."""

import pytest

from monitor.analysis.inflection import case_prefixes
from monitor.analysis.wordset import (
    OTHER,
    UNKNOWN,
    WordSets,
    language_key,
    name_prefixes,
    stems_in,
)


@pytest.mark.parametrize(
    ("language", "key"),
    [
        (None, UNKNOWN),
        ("und", UNKNOWN),
        ("en-GB", "en"),
        ("uk", "uk"),  # no stemmer, but names decline
        ("zh", OTHER),
        ("made-up", OTHER),
    ],
)
def test_languages_that_neither_stem_nor_decline_share_a_key(
    language: str | None, key: str
) -> None:
    assert language_key(language) == key


def test_every_form_and_stem_of_all_fields_is_there_once() -> None:
    articles: list[tuple[str, str, str]] = [
        ("Sanctions", "", "Sanctioned ŁÓDŹ, sanctions"),
        ("", "Häuser", ""),
        ("", "", ""),
    ]
    found = WordSets().of(articles, ["en", "de", "en"])
    expected = [
        ("en", frozenset({"sanctions", "sanction", "sanctioned", "lodz"})),
        ("de", frozenset({"hauser", "haus"})),
        ("en", frozenset()),
    ]
    assert found == expected


def test_words_are_stemmed_in_each_language_that_is_asked_for() -> None:
    assert stems_in("sanctions", ["en", "zxx"]) == ("sanction", "sanctions")
    assert stems_in("sanctions", [UNKNOWN]) == ("sanction",)
    assert stems_in("sanctions", []) == ()


def test_case_forms_begin_with_what_the_language_keeps() -> None:
    assert name_prefixes("putin", ["en"]) == ()
    prefixes = name_prefixes("путин", ["en", "ru"])
    assert all(any(map(form.startswith, prefixes)) for form in ("путина", "путину", "путиным"))
    assert case_prefixes("usa", "cs") == ()
