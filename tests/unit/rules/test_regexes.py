"""Regular expressions: what RE2 is given, what is refused, and that nothing makes it slow."""

import unicodedata
from itertools import groupby

import pytest

from monitor.rules import regexes
from monitor.rules.places import QueryError
from monitor.rules.regexes import ExpressionSet, compiled, ready

CHARACTERS = {
    category: "".join(chars)
    for category, chars in groupby(
        sorted(map(chr, range(0x30000)), key=unicodedata.category), unicodedata.category
    )
    if category not in {"Cn", "Cs"}  # unassigned, surrogates
}


@pytest.mark.parametrize(
    ("written", "text", "found"),
    [
        pytest.param(r"/sanctio[a-z]+/", "the sanctions", "sanctions", id="plain"),
        pytest.param(r"/SANKTION/i", "sanktionen", "sanktion", id="any case"),
        pytest.param(r"/a.b/s", "a\nb", "a\nb", id="the dot is any sign"),
        pytest.param(r"/^b$/m", "a\nb", "b", id="lines"),
        pytest.param(r"/km\/h/", "5 km/h", "km/h", id="a slash"),
        pytest.param(r"/\w+/", "— Zełenski", "Zełenski", id="letters of any script"),
        pytest.param(r"/[\w-]+/", "эл-маил हिन्दी", "эл-маил", id="letters in a class"),
        pytest.param(r"/\W+/", "में, हिन्दी", ", ", id="what is no letter"),
        pytest.param(r"/[^\W\d]+/", "42й", "й", id="not what is no letter"),
        pytest.param(r"/\d+/", "٤٢", "٤٢", id="digits of any script"),
        pytest.param(r"/x\D/", "x٤ xй", "xй", id="what is no digit"),
        pytest.param(r"/10\s%/", "10\u202f%", "10\u202f%", id="blanks of any width"),
        pytest.param(r"/\S+/", "\xa0й", "й", id="what is no blank"),
        pytest.param(r"/\Qa+b\E+/", "a+bb", "a+bb", id="quoted"),
        pytest.param(r"/[]x]+/", "[]x", "]x", id="a bracket in a class"),
        pytest.param(r"/\bmoscow\b.*киев/", "moscow киев", "moscow киев", id="border of ASCII"),
    ],
)
def test_a_regular_expression_finds_what_analysts_mean(
    written: str, text: str, found: str
) -> None:
    assert compiled(ready(written)).search(text)[0] == found


@pytest.mark.parametrize(("one", "other"), [("w", "W"), ("d", "D"), ("s", "S")])
@pytest.mark.parametrize("category", CHARACTERS)
def test_a_class_and_its_opposite_share_out_all_characters(
    one: str, other: str, category: str
) -> None:
    text = CHARACTERS[category]

    inside = compiled(ready(rf"/[\{one}]/")).findall(text)
    outside = compiled(ready(rf"/[\{other}]/")).findall(text)

    assert sorted(inside + outside) == sorted(text)


def test_expressions_too_large_for_one_set_are_found_by_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regexes, "_SET_MEMORY", 1 << 20)
    expressions = [ready(rf"/k{number:02}\w+x/") for number in range(90)]
    assert sorted(ExpressionSet(expressions).found("k03abcx k88éx k89x")) == [3, 88]


BORDER = "{} knows ASCII letters only; search for the word with a word query: {}"
REFUSED = {
    "a bracket that is never closed": ("/(a/", 0, "not a regular expression: missing ): (a"),
    "look-around": ("/(?<!a)b/", 0, "not a regular expression: RE2 has no look-around"),
    "a back reference": (r"/(a)\1/", 0, "not a regular expression: RE2 has no back references"),
    "an unknown flag": (
        "/a/ix",
        3,
        '"x" is no flag of a regular expression; there are i, s and m',
    ),
    "single bytes": (r"/a\C/", 2, r"\C is no character; write . instead"),
    "a backspace": (
        "/\bkyiv/",
        1,
        r"a backspace stands here; in TOML \b needs single quotes: '/\bkyiv\b/'",
    ),
    "nothing": ("//", 0, "this expression can match the empty string"),
    "everything optional": ("/a*(b|c?)/", 0, "this expression can match the empty string"),
    "the empty line": ("/^$/m", 0, "this expression can match the empty string"),
    "only a border": (r"/\b|xy/", 0, "this expression can match the empty string"),
    "a border before a letter": (r"/x \bкиев/", 3, BORDER.format(r"\b", "=киев")),
    "a border behind a letter": (r"/киев\b/", 5, BORDER.format(r"\b", "=киев")),
    "no border before an accent": (r"/\Bé/", 1, BORDER.format(r"\B", "санкц*")),
    "a border behind a group": (r"/(moscow|москва)\b/", 16, BORDER.format(r"\b", "=москва")),
    "a border before a group": (r"/\b(?i:moscow|москва)/", 1, BORDER.format(r"\b", "=москва")),
    "a border at the end of a group": (r"/(x\b)й/", 3, BORDER.format(r"\b", "санкц*")),
    "a border behind something optional": (r"/йs?\b/", 4, BORDER.format(r"\b", "=йs")),
    "a border before something optional": (r"/\bs*й/", 1, BORDER.format(r"\b", "санкц*")),
    "a border beside a class": (r"/\b[а-я]/", 1, BORDER.format(r"\b", "санкц*")),
    "a border beside a script": (r"/\b\p{Greek}/", 1, BORDER.format(r"\b", "санкц*")),
    "a border beside a code": (r"/\x{439}\b/", 8, BORDER.format(r"\b", "санкц*")),
    "too long": ("/" + "a" * 1001 + "/", 0, "a regular expression has at most 1,000 characters"),
    "repeated beyond all bounds": (
        "/(a{1000}){1000}/",
        0,
        "not a regular expression: invalid repetition size: {1000}",
    ),
    "too large": (
        r"/\w{900}/",
        0,
        "not a regular expression: the expression is too large; repeat less",
    ),
}


@pytest.mark.parametrize(("written", "offset", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_can_not_be_searched_is_refused(written: str, offset: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        ready(written)

    assert caught.value.message.startswith(message)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(r"/\bmoscow\b|москва/", id="the letter is in another alternative"),
        pytest.param(r"/moscow\b москва/", id="a blank stands between"),
        pytest.param(r"/\bsanction\w*\b/", id="any letter"),
        pytest.param(r"/\b\d+\x41/", id="digits"),
        pytest.param(r"/(?i)\bkyiv/", id="flags stand before"),
    ],
)
def test_a_border_of_ascii_words_is_fine(written: str) -> None:
    assert ready(written)
