"""Folding makes one form of all spellings that differ in case, accents or width."""

import pytest

from monitor.analysis.fold import fold, normalise


@pytest.mark.parametrize(
    ("spellings", "folded"),
    [
        pytest.param(["Zełenski", "ZEŁENSKI"], "zelenski", id="Polish l with stroke"),
        pytest.param(["Đoković", "đoković"], "dokovic", id="South Slavic d with stroke"),
        pytest.param(["Ørsted", "ørsted"], "orsted", id="Danish o with stroke"),
        pytest.param(["Ærø", "ÆRØ"], "aero", id="ae is two letters"),
        pytest.param(["cœur", "CŒUR"], "coeur", id="oe is two letters"),
        pytest.param(["Þór", "þór"], "thor", id="Icelandic thorn"),
        pytest.param(["Straße", "STRASSE", "STRAẞE"], "strasse", id="sharp s"),
        pytest.param(["Müller", "mu\u0308ller"], "muller", id="umlaut, composed or not"),
        pytest.param(["café", "cafe\u0301", "CAFÉ"], "cafe", id="accent, composed or not"),
        pytest.param(["İstanbul", "ISTANBUL", "ıstanbul"], "istanbul", id="Turkish i and ı"),
        pytest.param(["ﬁnance", "FINANCE"], "finance", id="ligature"),
        pytest.param(["ＥＵ", "EU"], "eu", id="full width"),
        pytest.param(["sanc\u00adtions", "sanc\u200btions"], "sanctions", id="unseen characters"),
        pytest.param(["Ελλάδας", "ΕΛΛΆΔΑΣ"], "ελλαδασ", id="Greek accent and final sigma"),
        pytest.param(["Ёлка", "елка"], "елка", id="Russian ё"),
        pytest.param(["за́мок", "замок"], "замок", id="Cyrillic stress mark"),
        pytest.param(["أوكرانيا", "اوكرانيا"], "اوكرانيا", id="Arabic alef with hamza"),
        pytest.param(["عُقُوبَات", "عقـــوبات"], "عقوبات", id="Arabic vowel marks and tatweel"),
        pytest.param(["שָׁלוֹם", "שלום"], "שלום", id="Hebrew points"),
        pytest.param(["Oʻzbekiston", "Ozbekiston"], "ozbekiston", id="modifier apostrophe"),
        pytest.param(["ﾄﾞﾛｰﾝ", "ドローン"], "ドローン", id="half-width kana"),
        pytest.param(["\u1112\u1161\u11ab", "한"], "한", id="Hangul from its letters"),
    ],
)
def test_spellings_of_a_word_fold_to_one_form(spellings: list[str], folded: str) -> None:
    assert {fold(spelling) for spelling in spellings} == {folded}


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("यूक्रेन", id="Hindi vowels and virama"),
        pytest.param("ประธานาธิบดี", id="Thai vowels"),
        pytest.param("ខ្មែរ", id="Khmer vowels"),
        pytest.param("がん", id="Japanese voicing marks"),
        pytest.param("новый", id="Russian й, a letter of its own"),
    ],
)
def test_marks_that_make_another_word_stay(word: str) -> None:
    assert fold(word) == word


def test_wildcards_and_blanks_survive() -> None:
    assert fold("Sanct*  wom?n") == "sanct*  wom?n"


def test_ascii_is_normal_already() -> None:
    assert normalise("NATO") == "NATO"


def test_a_word_of_endless_marks_is_cut_to_thirty_of_them() -> None:
    # Normalising takes quadratic time in the marks: minutes for these.
    assert len(normalise("x" + "\u0301\u0327" * 200_000)) == 31
