"""Sentences and paragraphs: where they end and where they go on."""

from itertools import groupby

import pytest

from monitor.analysis.tokens import tokenise


def parts(text: str, language: str | None, *, by: str = "sentence") -> list[str]:
    tokens = tokenise(text, language)
    numbers: list[int] = getattr(tokens, by)
    return [
        " ".join(word for _, word in group)
        for _, group in groupby(zip(numbers, tokens.raw, strict=True), key=lambda pair: pair[0])
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", "Troops left. | The deployment ended.", id="full stop"),
        pytest.param(
            "en", "a build-up of troops.” | While acknowledging that", id="after a quote"
        ),
        pytest.param("en", "Really? | Yes! | “No.” | “Never", id="question, exclamation, quotes"),
        pytest.param("en", "They left (all of them.) | He stayed", id="after a bracket"),
        pytest.param("en", "They waited… | Then they left", id="ellipsis before a capital"),
        pytest.param("en", "They came. | 150 troops stayed", id="before a digit"),
        pytest.param("en", "They came. | – Reuters", id="before a dash"),
        pytest.param("en", "He said no. | The end", id="no is not a number"),
        pytest.param("en", "Sanctions | Nobody knows", id="newline"),
        pytest.param("fr", "C’est fini. | « Non »", id="guillemets"),
        pytest.param("es", "Se fue. | ¿Quién?", id="Spanish question"),
        pytest.param("es", "Salió al mar. | El barco", id="mar is the sea"),
        pytest.param("pl", "Pomógł im. | Potem", id="im is them"),
        pytest.param("ru", "Помог им. | Потом ушел", id="Russian"),
        pytest.param("el", "Ήρθε. | Έφυγε", id="Greek"),
        pytest.param("ka", "მოვიდა. | წავიდა", id="Georgian has no capitals in use"),
        pytest.param("he", "הוא בא. | היא", id="Hebrew has no capitals"),
        pytest.param("ar", "هل جاء؟ | نعم. | لا", id="Arabic"),
        pytest.param("ur", "وہ آیا۔ | وہ گیا", id="Urdu"),
        pytest.param("hi", "वह आया। | वह गया", id="Hindi danda"),
        pytest.param("zh", "他 说 。 | 她 来 ！ | “好 ？” | 是", id="Chinese"),
        pytest.param("ja", "来 た 。 | 行 っ た", id="Japanese"),
        pytest.param("ko", "왔 다. | 그 는", id="Korean: a syllable is no initial"),
        pytest.param("en", "in 2020. | The", id="a year ends an English sentence"),
        pytest.param("de", "im Jahr 2020. | Die", id="a year ends a German sentence"),
    ],
)
def test_a_sentence_ends(language: str, text: str) -> None:
    joined = text.replace(" | ", "\n" if "Nobody" in text else " ")
    expected = [" ".join(tokenise(part, language).raw) for part in text.split(" | ")]
    assert parts(joined, language) == [part for part in expected if part]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", "The U.S. President met U.K. Prime Minister Starmer", id="U.S."),
        pytest.param("en", "J. Smith and George W. Bush", id="initials"),
        pytest.param("en", "Gen. Smith, Mr. Brown and Sen. Young of St. Louis", id="titles"),
        pytest.param(None, "Gen. Smith", id="unknown language is read as English"),
        pytest.param("sw", "Gen. Smith", id="language without a list is read as English"),
        pytest.param("en-GB", "Apple Inc. Chief Tim Cook", id="company"),
        pytest.param("en", "No. 10 and Art. 5", id="counter before a number"),
        pytest.param("en", "urgency is high . . . and it’s going . . . forward", id="spaced dots"),
        pytest.param("en", "“Why?” he asked. . . and left", id="small letter follows"),
        pytest.param("en", "ft.com and 1.5 million", id="no blank follows"),
        pytest.param("en", "etc. and so on", id="small letter after an abbreviation"),
        pytest.param("de", "Am 24. November kam Dr. Müller", id="German ordinal"),
        pytest.param("de", "Panzer, z. B. Leopard", id="z. B."),
        pytest.param("de", "Panzer, d. h. Leopard und z.B. Puma", id="d. h. and z.B."),
        pytest.param("fr", "Le président, M. Macron, et Mme. Le Pen", id="M."),
        pytest.param("no", "Gen. Hansen", id="Norwegian shares a list"),
        pytest.param("ru", "В. Путин и проф. Иванов, ул. Ленина", id="Russian"),
        pytest.param("ru", "см. ст. 5", id="Russian counter"),
        pytest.param("ar", "د. محمد", id="Arabic title of one letter"),
    ],
)
def test_a_sentence_goes_on(language: str | None, text: str) -> None:
    assert len(parts(text, language)) == 1


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        pytest.param("one\ntwo", 1, id="newline"),
        pytest.param("one\n\ntwo", 2, id="blank line"),
        pytest.param("one\n \t\n\n two", 2, id="blanks in the blank line"),
        pytest.param("one\r\ntwo", 1, id="Windows newline"),
        pytest.param("one\r\n\r\ntwo", 2, id="Windows blank line"),
        pytest.param("one\u2028two", 1, id="line separator"),
        pytest.param("one\u2029two", 2, id="paragraph separator"),
        pytest.param("\n\none\n\n", 1, id="blank lines around"),
    ],
)
def test_a_paragraph_ends_at_a_blank_line(text: str, paragraphs: int) -> None:
    assert len(parts(text, "en", by="paragraph")) == paragraphs


def test_numbers_of_sentences_and_paragraphs_ascend_without_gaps() -> None:
    tokens = tokenise("A came.\n\nB came. “C” came.\nD came.\n\n\nE came.", "en")
    assert sorted(set(tokens.sentence)) == [0, 1, 2, 3, 4]
    assert sorted(set(tokens.paragraph)) == [0, 1, 2]
