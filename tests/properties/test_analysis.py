"""Whatever the text: tokens are in order, point into it and read the same again."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.analysis.document import analyse
from monitor.analysis.fold import fold
from monitor.analysis.stem import stem
from monitor.analysis.tokens import tokenise

PIECES = [
    *"aZé1.,!?…'’\"”“([-_/ \n\r\t",
    *"жҐяї۔।。،",
    *"\u00ad\u200b\u200c\u202e\u0301\u0327\u3099\u2029\ufe0f\u1160",
    *"ʼـ½ﬁＥ⒈①ßİıς",
    "l’", "dell'", "’s", "n't", "U.S.", "J. ", "Gen. ", "No. 5", ". . .", "\n\n", ". The ",
    "欧盟", "ド", "ﾄﾞ", "한", "\u1112\u1161\u11ab", "กำ", "ខ្មែ", "यूक्रे", 'צה"ל', "п’я", "عُقُ", "😀",
]  # fmt: skip
texts = st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
words = st.text(max_size=30) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
languages = st.sampled_from([None, "en", "de", "fr", "ru", "uk", "zh", "tr", "", "xx-YY"])


@given(texts, languages, st.booleans())
def test_tokens_stand_in_order_inside_the_text(
    text: str,
    language: str | None,
    title: bool,  # noqa: FBT001
) -> None:
    tokens = tokenise(text, language, title=title)
    assert all(start < end for start, end in zip(tokens.start, tokens.end, strict=True))
    assert all(end <= start for end, start in zip(tokens.end, tokens.start[1:], strict=False))
    assert not tokens.start or (tokens.start[0] >= 0 and tokens.end[-1] <= len(text))


@given(texts, languages)
def test_each_token_has_every_attribute(text: str, language: str | None) -> None:
    tokens = tokenise(text, language)
    lists = (
        tokens.start, tokens.end, tokens.raw, tokens.fold, tokens.stem,
        tokens.sentence, tokens.paragraph, tokens.shouting, tokens.initial,
    )  # fmt: skip
    assert {len(each) for each in lists} == {len(tokens)}
    assert all(tokens.raw)
    assert all(tokens.fold)
    assert all(tokens.stem)


@given(texts)
@example("U.S.Army")
def test_the_passage_of_a_token_alone_reads_as_the_same_word(text: str) -> None:
    tokens = tokenise(text, "en")
    for i in range(len(tokens)):
        alone = tokenise(text[tokens.start[i] : tokens.end[i]], "en")
        assert (alone.raw, alone.fold, alone.stem) == (
            [tokens.raw[i]],
            [tokens.fold[i]],
            [tokens.stem[i]],
        )


@given(texts)
def test_raw_folds_to_fold_and_fold_to_stem(text: str) -> None:
    tokens = tokenise(text, "ru")
    assert list(map(fold, tokens.raw)) == tokens.fold
    assert [stem(each, "ru") for each in tokens.fold] == tokens.stem


@given(texts, languages)
def test_sentences_and_paragraphs_are_numbered_from_zero_without_gaps(
    text: str, language: str | None
) -> None:
    tokens = tokenise(text, language)
    for numbers in (tokens.sentence, tokens.paragraph):
        assert numbers[:1] in ([], [0])
        assert all(after - before in {0, 1} for before, after in pairwise(numbers))


@given(texts, languages)
def test_a_paragraph_ends_only_where_a_sentence_ends(text: str, language: str | None) -> None:
    tokens = tokenise(text, language)
    ends = list(zip(pairwise(tokens.paragraph), pairwise(tokens.sentence), strict=True))
    assert all(sentence[0] < sentence[1] for (a, b), sentence in ends if a != b)


@given(words)
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(words)
def test_folding_does_not_see_how_accents_are_encoded(word: str) -> None:
    forms = {fold(unicodedata.normalize(form, word)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {fold(word)}


@given(st.text(st.characters(categories=["L", "N"]), max_size=30))
def test_folding_does_not_see_case(word: str) -> None:
    assert fold(word.upper()) == fold(word) == fold(word.casefold())


@given(texts, texts, texts, languages)
def test_any_article_can_be_analysed(
    title: str, lead: str, text: str, language: str | None
) -> None:
    document = analyse(title, lead, text, language)
    assert not document.lead_in_text or 0 < len(document.lead) <= len(document.text)


@given(texts, st.integers(min_value=0, max_value=200))
def test_a_text_cut_at_a_blank_is_recognised_as_its_lead(text: str, at: int) -> None:
    text = f"{text} end"
    cut = text.find(" ", min(at, len(text) - 4))
    document = analyse("", text[:cut], text, "en")
    assert (
        not document.lead_in_text or document.lead.raw == document.text.raw[: len(document.lead)]
    )


@pytest.mark.parametrize(
    "piece",
    ["a", "A.", "aé", "a\u0301", "\u0301\u0327", "欧\u0301\u0327", "欧", ". ", ".", " ", "\n", ".”",
     '."', ".   ", "l'", "a'", "a\u00ad", "\u00ad", "п’я", 'א"', "A.b", "a.\n ", "1.", "(", "’s"],
    ids=ascii,
)  # fmt: skip
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    # With quadratic time any of these would run for hours.
    text = "x" + piece * (500_000 // len(piece))
    tokens = tokenise(text, "en")
    assert tokens.end[-1] <= len(text)
    assert tokens.start[0] == 0


def test_a_word_of_five_million_letters_is_one_token() -> None:
    tokens = tokenise("a" * 5_000_000, "en")
    assert tokens.end == [5_000_000]
