"""Common words: names that need their capital."""

import pytest

from monitor.analysis.common import is_common
from monitor.analysis.fold import fold
from monitor.analysis.wordlists import WORDS

ACRONYMS = "us who it aids ice is may un"
NAMES = "shell reading target orange will march bill mark art apple gates nice turkey brown bush"
NO_WORDS = "nato opec putin zelenskyy kyiv ukraine kremlin nvidia trump china merz tusk macron usa"

# Outlets, parties and brands that are everyday words of their language.
OUTLETS_AND_PARTIES = {
    "be": "Звязда Ніва Час Дзень",
    "bg": "Днес Час Труд Дело Правда Стандарт Капитал Сега Възраждане",
    "cs": "Právo Dnes Deník Reflex Respekt Blesk ANO STAN Piráti Spolu",
    "da": "Information Politiken Børsen Venstre Radikale Moderaterne",
    "el": "Καθημερινή Βήμα Αυγή Νέα Νίκη Ελευθερία Έθνος",
    "et": "Postimees Isamaa Reform Ekspress",
    "fi": "Keskusta Kokoomus Vihreät Liike Ilta Talous",
    "hr": "Index Novosti Večernji Jutarnji Most Možemo SAD",
    "hu": "Index Telex Jobbik Momentum Párbeszéd",
    "lt": "Respublika Laisvė Rytas Darbas Tvarka",
    "lv": "Diena Ir Saskaņa Vienotība Neatkarīgā",
    "mk": "Вечер Слобода Левица Дневник Нова",
    "nb": "Høyre Venstre Rødt Dagbladet Dagen",
    "ro": "Adevărul Libertatea Gândul Jurnalul Ziua",
    "sk": "Pravda Smer Hlas Sme Život Denník Sloboda",
    "sl": "Delo Večer Dnevnik Svoboda Levica Novice Mladina",
    "sr": "Blic Kurir Politika Danas Vreme Nova Dan Блиц Данас Политика Недељник Индекс",
    "uk": "Правда День Голос Слуга Рада Свобода Сьогодні",
}
NAMES_OF_PEOPLE = {
    "bg": "Борисов Радев",
    "cs": "Svoboda Novák Malý Černý Fiala Babiš",
    "et": "Kallas Saar Tamm Lind",
    "fi": "Niemi Koski Virtanen Orpo Stubb",
    "hu": "Magyar Nagy Szabó Orbán Erdő",
    "lv": "Siliņa Kalniņš",
    "nb": "Støre Lie Berg",
    "ro": "Putin Dan Popa",
    "sl": "Golob Kos Janša",
    "uk": "Мороз Коваль Кравчук Шмигаль",
}


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
        ("гэта", "be"),
        ("къде", "bg"),
        ("protože", "cs"),
        ("også", "da"),
        ("σήμερα", "el"),
        ("täna", "et"),
        ("mutta", "fi"),
        ("hogy", "hu"),
        ("šiandien", "lt"),
        ("šodien", "lv"),
        ("денес", "mk"),
        ("ikke", "nb"),
        ("astăzi", "ro"),
        ("včera", "sk"),
        ("včeraj", "sl"),
        ("juče", "sr"),
        ("јуче", "sr"),
        ("сьогодні", "uk"),
    ],
)
def test_each_list_knows_its_language(word: str, language: str) -> None:
    assert is_common(fold(word), language)
    assert not is_common(fold(word), "en")


@pytest.mark.parametrize(
    ("language", "name"),
    [(language, n) for language, names in OUTLETS_AND_PARTIES.items() for n in names.split()],
)
def test_outlets_and_parties_that_are_everyday_words_are_common(language: str, name: str) -> None:
    assert is_common(fold(name), language)


@pytest.mark.parametrize(
    ("language", "name"),
    [(language, n) for language, names in NAMES_OF_PEOPLE.items() for n in names.split()],
)
def test_family_names_are_not_common_even_if_they_mean_something(language: str, name: str) -> None:
    assert not is_common(fold(name), language)


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("hr-HR", "tjedan"),
        ("bs", "sedmica"),
        ("sr-Cyrl", "недеља"),
        ("sr-Latn", "nedelja"),
        ("sh", "juče"),
        ("no", "ikke"),
        ("nn", "ikkje"),
    ],
)
def test_a_language_without_a_list_shares_that_of_a_related_one(language: str, word: str) -> None:
    assert is_common(fold(word), language)
    assert not is_common("casa", language)


@pytest.mark.parametrize("language", [None, "ar", "id", "xx"])
def test_without_a_list_a_word_of_any_list_is_common(language: str | None) -> None:
    assert is_common("us", language)
    assert is_common(fold("się"), language)
    assert is_common("днес", language)
    assert not is_common("nato", language)


def test_lists_hold_plain_words_of_at_least_one_letter() -> None:
    assert all(word.isalpha() for words in WORDS.values() for word in words.split())
    assert all(len(words.split()) > 150 for words in WORDS.values())


def test_every_listed_word_can_be_written_with_a_capital() -> None:
    assert all(word[0].upper() != word[0] for words in WORDS.values() for word in words.split())
