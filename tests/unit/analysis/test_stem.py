"""Stems: which inflections are one word, which words stay apart."""

import pytest
import Stemmer

from monitor.analysis.fold import fold
from monitor.analysis.stem import _ALGORITHMS, has_stemmer, stem


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
        ("nn", "soldat soldatar"),
        ("da", "soldat soldaterne"),
        ("sv", "väpnad väpnade"),
        ("fi", "pakote pakotteita"),
        ("et", "sõdurid sõdurite"),
        ("lt", "sankcija sankcijos sankcijų sankcijoms"),
        ("pt", "soldado soldados"),
        ("ca", "soldat soldats"),
        ("ro", "sancțiune sancțiuni sancțiunilor"),
        ("hu", "hadsereg hadseregben"),
        ("cs", "voják vojáka vojáků vojáky"),
        ("el", "κύρωση κυρώσεις κυρώσεων"),
        ("hy", "պատժամիջոց պատժամիջոցներ"),
        ("sr", "санкције санкцијама sankcije sankcijama"),
        ("sr", "ћерка ћерке ćerka ćerke"),
        ("sr", "човек čovek čovjek"),
        ("hr", "sankcija sankcije sankcijama"),
        ("bs", "vojnik vojnika vojniku"),
        ("fa", "تحریم تحریمها تحریمهای"),
        ("hi", "प्रतिबंध प्रतिबंधों"),
        ("ne", "प्रतिबन्ध प्रतिबन्धहरू"),
        ("ta", "தடை தடைகள்"),
        ("id", "menghukum hukuman"),
        ("eu", "soldadua soldaduak"),
        ("eo", "sankcio sankcioj sankciojn"),
        ("yi", "סאנקציע סאנקציעס"),
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


@pytest.mark.parametrize(
    "words",
    [
        "قوة قوات القوات والقوات وقوات بالقوات للقوات وبالقوات",
        "عقوبة عقوبات العقوبات والعقوبات وعقوبات للعقوبات",
        "وزير الوزير والوزير للوزير",
        "وزارة وزارات الوزارة والوزارة",
        "التزام الالتزام بالالتزام التزامات",
        "ألمانيا وألمانيا",
        "حرب الحرب كالحرب فالحرب",
    ],
    ids=str,
)
def test_in_arabic_the_article_and_what_is_joined_to_it_do_not_count(words: str) -> None:
    assert len(stems(words, "ar")) == 1


@pytest.mark.parametrize("words", ["وزير زير", "وزارة زارت", "وقود قود", "الى ال"], ids=str)
def test_in_arabic_the_first_letters_of_a_short_or_usual_word_stay(words: str) -> None:
    assert len(stems(words, "ar")) == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        pytest.param("de", "Müller Mueller", id="German umlaut spelled out"),
        pytest.param("ar", "عُقُوبَات عقوبات", id="Arabic vowel signs"),
        pytest.param("ru", "за́мок замок", id="Russian stress"),
        pytest.param("el", "κυρώσεις κυρωσεισ", id="Greek accent and sigma"),
        pytest.param("fa", "آمریکا امریکا", id="Persian alef"),
        pytest.param("en", "café cafe", id="English loanword"),
        pytest.param(None, "cafés cafe", id="no language"),
    ],
)
def test_marks_that_writers_leave_out_do_not_count(language: str | None, words: str) -> None:
    assert len(stems(words, language)) == 1


def test_every_algorithm_of_snowball_is_used_but_the_old_ones() -> None:
    assert set(Stemmer.algorithms()) - set(_ALGORITHMS.values()) == {"porter", "dutch_porter"}


@pytest.mark.parametrize("language", sorted(_ALGORITHMS))
def test_a_stem_is_folded(language: str) -> None:
    for word in ("calismalarindan", "przelozonych", "ћерке", "daci", "eleves", "ules", "عقوبات"):
        assert fold(stem(word, language)) == stem(word, language)


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
