"""Tokens: what is a word, how it is written, and where it stands."""

import pytest

from monitor.analysis.tokens import Tokens, tokenise


def slices(tokens: Tokens) -> list[str]:
    return [tokens.text[start:end] for start, end in zip(tokens.start, tokens.end, strict=True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("troop [deployment]", "troop deployment", id="brackets are no token"),
        pytest.param("EU-Sanktionspaket", "EU Sanktionspaket", id="hyphen separates"),
        pytest.param("loans-for-arms", "loans for arms", id="hyphens separate"),
        pytest.param("km/h", "km h", id="slash separates"),
        pytest.param("snake_case", "snake case", id="underscore separates"),
        pytest.param("@K24English #Ukraine", "K24English Ukraine", id="handles and hashtags"),
        pytest.param("its 19th package, 150 troops", "its 19th package 150 troops", id="digits"),
        pytest.param("1.5 million", "1 5 million", id="decimals are two"),
        pytest.param("Zelenskyy’s Putin's WEST’S", "Zelenskyy Putin WEST", id="possessive"),
        pytest.param("the soldiers’ and troops' pay", "the soldiers and troops pay", id="plural"),
        pytest.param("don't we’re I'll", "dont we I", id="contraction"),
        pytest.param("L’Union dell'Ucraina qu’elle", "Union Ucraina elle", id="elision"),
        pytest.param("L’Estat d'Espanya s’ha", "Estat Espanya ha", id="Catalan elision"),
        pytest.param("D’États l'ÉTAT", "États ÉTAT", id="elision before an accent"),
        pytest.param("N’Djamena O'Brien", "N Djamena O Brien", id="no elision: consonant"),
        pytest.param("Erdoğan'ın NATO'nun", "Erdoğan ın NATO nun", id="Turkish endings"),
        pytest.param("п’ять Слов'янськ", "пять Словянськ", id="Ukrainian apostrophe joins"),
        pytest.param("НАТО'да", "НАТО да", id="Tatar ending is no Ukrainian apostrophe"),
        pytest.param('צה"ל צה״ל', "צהל צהל", id="Hebrew acronym"),
        pytest.param("U.S. and U.K.'s", "US and UK", id="dotted acronym"),
        pytest.param("U.S", "US", id="dotted acronym without its last dot"),
        pytest.param("J.Smith", "J Smith", id="an initial is no acronym"),
        pytest.param("U.S.Army", "US Army", id="acronym glued to a word"),
        pytest.param("sanc\u00adtions", "sanctions", id="soft hyphen"),
        pytest.param("dep\u200bloy\u2060ment", "deployment", id="zero-width characters"),
        pytest.param("\u202btroops\u202c", "troops", id="bidi marks outside"),
        pytest.param("تحریم\u200cها", "تحریمها", id="Persian zero-width non-joiner"),
        pytest.param("cafe\u0301 ﬁnance ＥＵ", "café finance EU", id="NFKC"),
        pytest.param("यूक्रेन में", "यूक्रेन में", id="Hindi marks stay in the word"),
        pytest.param("欧盟派遣", "欧 盟 派 遣", id="Han: a token a character"),
        pytest.param("プーチン", "プ ー チ ン", id="kana with the long mark"),
        pytest.param("푸틴은", "푸 틴 은", id="Hangul syllables"),
        pytest.param("ลังนี่ส่", "ลั ง นี่ ส่", id="Thai grapheme clusters"),
        pytest.param("iPhone発売", "iPhone 発 売", id="scripts mixed"),
        pytest.param("ʼ ʻ ـ ՝", "", id="modifier letters alone are no word"),
        pytest.param("… — “” 😀 \ufeff", "", id="nothing to read"),
        pytest.param("", "", id="empty"),
    ],
)
def test_a_text_is_split_into_words(text: str, words: str) -> None:
    tokens = tokenise(text, None)
    assert tokens.raw == words.split()
    assert len(tokens) == len(words.split())


def test_offsets_point_into_the_original() -> None:
    tokens = tokenise("“Zelenskyy’s” L’Union, U.S. sanc\u00adtions\u200b ＥＵ 欧盟", "en")
    assert slices(tokens) == ["Zelenskyy", "Union", "U.S.", "sanc\u00adtions", "ＥＵ", "欧", "盟"]


def test_raw_keeps_case_and_fold_does_not() -> None:
    tokens = tokenise("NATO Nato U.S. us Čapek", "en")
    assert tokens.raw == ["NATO", "Nato", "US", "us", "Čapek"]
    assert tokens.fold == ["nato", "nato", "us", "us", "capek"]


def test_stems_follow_the_language() -> None:
    assert tokenise("Sanktionen", "de").stem == tokenise("Sanktion", "de-AT").stem
    assert tokenise("Sanktionen", "uk").stem == ["sanktionen"]
    assert tokenise("Troops", None).stem == ["troop"]


@pytest.mark.parametrize("language", ["en", "de", "fr", "uk", "zh", None])
def test_words_are_the_same_in_every_language(language: str | None) -> None:
    text = "L’UE et “Putin’s” п’ять U.S. 欧盟. No. 5 km/h"
    here, there = tokenise(text, language), tokenise(text, "tr")
    assert (here.start, here.end, here.raw, here.fold) == (
        there.start,
        there.end,
        there.raw,
        there.fold,
    )


@pytest.mark.parametrize(
    ("text", "shouting"),
    [
        pytest.param("WHO TELLS US WHAT IT IS", True, id="all capitals"),
        pytest.param("EXCLUSIVE: TROOPS for Kyiv", True, id="over 60 %"),
        pytest.param("NATO TROOPS for the east", False, id="under 60 %"),
        pytest.param("EU AND NATO", False, id="fewer than 12 letters"),
        pytest.param("NATO meets", False, id="an acronym"),
        pytest.param("ПЕРЕГОВОРЫ В МОСКВЕ", True, id="Cyrillic"),
        pytest.param("北约峰会北约峰会北约峰会", False, id="a script without case"),
    ],
)
def test_a_line_in_capitals_is_shouting(text: str, shouting: bool) -> None:  # noqa: FBT001
    assert set(tokenise(text, "en").shouting) == {shouting}


def test_shouting_is_decided_line_by_line() -> None:
    tokens = tokenise("Leaders meet in Paris\nTROOPS SENT TO UKRAINE\r\nand us too", "en")
    assert [word for word, loud in zip(tokens.raw, tokens.shouting, strict=True) if loud] == [
        "TROOPS",
        "SENT",
        "TO",
        "UKRAINE",
    ]


def initial(text: str, *, title: bool = False) -> list[str]:
    tokens = tokenise(text, "en", title=title)
    return [word for word, first in zip(tokens.raw, tokens.initial, strict=True) if first]


def test_the_first_word_of_a_sentence_is_initial() -> None:
    assert initial("May came. “Shell is big,” he said.\nReading lost") == [
        "May",
        "Shell",
        "Reading",
    ]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        pytest.param(
            "Shell Profits Rise for a Third Year",
            "Shell Profits Rise for a Third Year",
            id="Title Case: every word",
        ),
        pytest.param("Shell profits rise in May", "Shell", id="sentence case: the first word"),
        pytest.param("Troops for May", "Troops", id="no other long word"),
        pytest.param("Shell", "Shell", id="one word"),
        pytest.param("", "", id="empty"),
    ],
)
def test_in_a_title_case_headline_every_word_is_initial(title: str, words: str) -> None:
    assert initial(title, title=True) == words.split()


def test_a_title_is_one_sentence() -> None:
    tokens = tokenise("What next? Troops, says Rutte. Yes", "en", title=True)
    assert set(tokens.sentence) == set(tokens.paragraph) == {0}
