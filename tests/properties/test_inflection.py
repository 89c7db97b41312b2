"""Whatever the name: it is a form of itself, and every form of it is found by the index."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.fold import fold
from monitor.analysis.inflection import declines, index_keys, is_case_form, text_keys
from monitor.analysis.inflection_other import OTHER
from monitor.analysis.inflection_slavic import SLAVIC

TABLES = SLAVIC | OTHER
LATIN = "aeiouybcdgklmnprstvz"
CYRILLIC = "аеиоуыяійьбвгкнлмпрстцш"
GREEK = "αειουησκλνρτ"
ENDS = [
    *("ski", "ska", "sky", "ova", "ek", "ec", "ac", "el", "nen", "ki", "ti", "as", "is", "us"),
    *("os", "ius", "a", "o", "e", "y", "i", "n", "r", "k", "ica", "ия", "ий", "ая", "ов", "ин"),
    *("ец", "ок", "ко", "ів", "ський", "ська", "скі", "оў", "ски", "ост", "ος", "ης", "α", "ο"),
]
stems = st.text(LATIN, max_size=8) | st.text(CYRILLIC, max_size=8) | st.text(GREEK, max_size=8)
names = st.builds(lambda stem, end: fold(stem + end), stems, st.sampled_from(ENDS)) | st.text(
    max_size=12
).map(fold)
languages = st.sampled_from([None, "en", "", *TABLES])


@given(names, languages)
def test_a_word_is_a_case_form_of_itself(name: str, language: str | None) -> None:
    assert is_case_form(name, name, language)
    assert set(text_keys(name, language)) <= set(index_keys(name, language))


@given(names, st.sampled_from([*TABLES]), st.data())
def test_a_form_shares_a_key_with_its_name(name: str, language: str, data: st.DataObject) -> None:
    forms = [stem + end for stem, ends in TABLES[language].forms(name) for end in sorted(ends)]
    form = data.draw(st.sampled_from(forms or [name]))
    if is_case_form(name, form, language):
        assert set(text_keys(form, language)) & set(index_keys(name, language))
    assert is_case_form(name, form, language) or len(name) < 4 or not name.isalpha()


@given(names, stems, languages)
def test_a_case_form_shares_a_key_however_it_was_found(
    name: str, end: str, language: str | None
) -> None:
    for word in (name + end, name[:-1] + end, name[:-2] + end):
        if is_case_form(name, word, language):
            assert set(text_keys(word, language)) & set(index_keys(name, language))


@given(names, names)
def test_without_declension_only_equal_words_are_forms(name: str, word: str) -> None:
    assert not declines("en")
    assert is_case_form(name, word, "en") == (name == word)


@given(names, languages)
def test_a_name_has_few_keys(name: str, language: str | None) -> None:
    assert len(index_keys(name, language)) <= 40
