"""Documents: fields, a lead that the text repeats, languages that are not stated."""

import pytest

from monitor.analysis.document import analyse, guess_language
from monitor.analysis.language import primary

TEXT = "EU leaders plan troops for Kyiv.\nThe plan is precise. It needs money."


@pytest.mark.parametrize(
    ("lead", "covered"),
    [
        pytest.param("EU leaders plan troops for Kyiv.", 6, id="first sentence"),
        pytest.param("EU  leaders plan\xa0troops", 4, id="other blanks"),
        pytest.param("EU leaders plan\ntroops", 0, id="another sentence, so another text"),
        pytest.param(TEXT.replace("\n", " "), 13, id="a line and a blank both end the sentence"),
        pytest.param(TEXT.replace("\n", "\n\n"), 0, id="another paragraph"),
        pytest.param("EU leaders plan troops for Kyiv. The plan…", 8, id="cut after a word"),
        pytest.param("EU leaders plan tro...", 3, id="cut inside a word"),
        pytest.param("EU leaders plan troops [...]", 4, id="cut with brackets"),
        pytest.param(TEXT, 13, id="whole text"),
        pytest.param("Leaders of the EU plan troops.", 0, id="another text"),
        pytest.param("eu leaders plan", 0, id="another case is another text"),
        pytest.param("EU leaders plan tro", 0, id="a word cut without a sign of it"),
        pytest.param(TEXT + " And more", 0, id="longer than the text"),
        pytest.param(TEXT + " And…", 0, id="longer than the text, and cut"),
        pytest.param("", 0, id="empty"),
        pytest.param("…", 0, id="nothing but dots"),
    ],
)
def test_a_lead_that_begins_the_text_is_a_range_of_it(lead: str, covered: int) -> None:
    document = analyse("Title", lead, TEXT, "en")
    assert document.lead_in_text is (covered > 0)


def test_the_fields_are_analysed_in_the_language_of_the_article() -> None:
    document = analyse("Die Sanktionen", "Am 24. November", "Sanktion", "de")
    assert document.title.stem[1] == document.text.stem[0]
    assert len(set(document.lead.sentence)) == 1
    assert document.language == "de"


def test_only_the_title_is_read_as_a_headline() -> None:
    document = analyse("May Leads Shell", "May Leads Shell", "May Leads Shell Today", "en")
    assert document.title.initial == [True] * 3
    assert document.lead.initial == [True, False, False]


@pytest.mark.parametrize("language", [None, "", "und"])
def test_a_missing_language_is_guessed(language: str | None) -> None:
    assert analyse("Πόλεμος", "", "Κυρώσεις", language).language == "el"


def test_a_given_language_stays_as_it_is() -> None:
    assert analyse("Πόλεμος", "", "", "en-GB").language == "en-GB"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("プーチン大統領が会談", "ja"),
        ("東京電力の株価が急落", "ja"),
        ("欧盟派遣部队", "zh"),
        ("푸틴 대통령", "ko"),
        ("Κυρώσεις", "el"),
        ("עיצומים", "he"),
        ("ประธานาธิบดี", "th"),
        ("ປະທານ", "lo"),
        ("ខ្មែរ", "km"),
        ("မြန်မာ", "my"),
        ("სანქციები", "ka"),
        ("Պատժամիջոցներ", "hy"),
        ("தடைகள்", "ta"),
        ("ఆంక్షలు", "te"),
        ("ನಿರ್ಬಂಧಗಳು", "kn"),
        ("ഉപരോധം", "ml"),
        ("සම්බාධක", "si"),
        ("પ્રતિબંધો", "gu"),
        ("ਪਾਬੰਦੀਆਂ", "pa"),
        ("ନିଷେଧ", "or"),
        ("Sanctions", None),
        ("Санкции", None),
        ("عقوبات", None),
        ("प्रतिबंध", None),
        ("Xi Jinping (习近平) met leaders", None),
        ("The president of China (习近平) told the ministers of five countries to wait", "en"),
        ("Президент (Πρόεδρος) встретился с министрами пяти стран в Афинах", "ru"),
        ("", None),
        ("2026", None),
    ],
    ids=str,
)
def test_a_script_of_one_language_tells_the_language_of_any_word(
    text: str, language: str | None
) -> None:
    assert guess_language(text) == language


def test_the_language_is_read_from_all_fields() -> None:
    lead = "Die Regierung hat am Montag neue Hilfen"
    text = "für die Landwirte beschlossen, wie der Minister sagte."
    document = analyse("Merz", lead, text, None)
    assert document.language == "de"
    assert guess_language("Merz") is None


@pytest.mark.parametrize(
    ("tag", "subtag"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("zh-Hant-TW", "zh"),
        ("iw", "he"),
        ("in-ID", "id"),
        ("sh", "sr"),
        ("mo", "ro"),
        ("ji", "yi"),
        ("und", None),
        ("", None),
        (None, None),
    ],
    ids=str,
)
def test_a_tag_is_read_by_its_first_part(tag: str | None, subtag: str | None) -> None:
    assert primary(tag) == subtag
