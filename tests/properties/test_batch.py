"""Reading many texts at once gives exactly what reading each alone gives."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.analysis.arrays import Groups, HashTable, Lists, distinct
from monitor.analysis.batch import Batch, Hasher
from monitor.analysis.document import Document, is_beginning
from monitor.analysis.tokens import Tokens, tokenise
from monitor.analysis.vocabulary import Vocabulary

PIECES = [
    "troops", "Troops", "NATO", "U.S.", "U.S", "Gen.", "No.", "24.", "e.g.", "z.", "B.", "5", "don't", "Putin’s",
    "l’Union", "dell'Ucraina", "п’ять", "צה״ל", "欧盟派遣部队。", "ไทย", "यूक्रेन", "EU-Paket", "[deployment]", "“said",
    "said.”", "(end.)", "...", ".", "…", "?!", "—", "¿Qué?", "x" * 70, "é" * 40, "a\u00adb", "\u200b", "STOP", "THE", "news", "\ud800",
    "word.\u00a0Next", "one。Two", "。", "\U0001f600", "İstanbul", "ﬁn", "_", "@", "1,000.5", "A", "a", "ministers’", "s.",
]  # fmt: skip
BLANKS = [" ", " ", " ", "  ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\t", " \n ", "\n \n", "\r", "\v", "\f", "\u00a0", "\u2028",
          "\u2029", "\x1c", "\x1d", "\x85", "\u3000", "\x1f", "\x00", "", ".", "\n.\n"]  # fmt: skip

texts = (
    st.lists(st.sampled_from(PIECES) | st.sampled_from(BLANKS), max_size=14).map("".join)
    | st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BLANKS)), max_size=10).map(
        lambda pairs: "".join(piece + blank for piece, blank in pairs)
    )
    | st.text(max_size=30)
)
articles = st.tuples(texts, texts, texts)
languages = st.sampled_from([None, "en", "de", "fr", "ru", "cs", "zh"])
HASHER = Hasher((0x9E3779B97F4A7C15 >> 1, 0x1656_67B1_9E37_79F9))


def alone(article: tuple[str, str, str], language: str | None) -> Document:
    title, lead, text = article
    return Document(
        title=tokenise(title, language, title=True),
        lead=(lead_tokens := tokenise(lead, language)),
        text=(text_tokens := tokenise(text, language)),
        language=language,
        lead_in_text=is_beginning(lead_tokens, text_tokens),
    )


def assert_same(found: Document, expected: Document) -> None:
    for name in ("title", "lead", "text"):
        ours, theirs = getattr(found, name), getattr(expected, name)
        for column in fields(Tokens):
            assert getattr(ours, column.name) == getattr(theirs, column.name), (name, column.name)
    assert found.lead_in_text is expected.lead_in_text


@given(batch=st.lists(articles, min_size=1, max_size=4), language=languages)
@example(batch=[("a.", "\u00a0", "He left. \u00a0 24. May")], language="de")
@example(batch=[("", "z.", "z. B. Haus. Next")], language="de")
@settings(max_examples=150)
def test_a_batch_reads_each_article_as_if_it_were_alone(
    batch: list[tuple[str, str, str]], language: str | None
) -> None:
    vocabulary = Vocabulary(language)
    for _ in range(2):  # first unknown chunks, then known ones
        read = Batch(batch, vocabulary, HASHER)
        for number, article in enumerate(batch):
            assert_same(read.document(number), alone(article, language))


@given(batch=st.lists(articles, min_size=1, max_size=4), language=languages)
@settings(max_examples=100)
def test_the_columns_of_a_batch_are_the_tokens_of_its_articles(
    batch: list[tuple[str, str, str]], language: str | None
) -> None:
    read = Batch(batch, Vocabulary(language), HASHER)
    every = [
        tokens
        for article in batch
        for document in [alone(article, language)]
        for tokens in (document.title, document.lead, document.text)
    ]

    raw = [read.vocabulary.words[word].raw for word in read.word.tolist()]
    assert raw == [word for tokens in every for word in tokens.raw]
    assert read.shouting.tolist() == [each for tokens in every for each in tokens.shouting]
    assert read.initial(np.arange(len(raw))).tolist() == [
        each for tokens in every for each in tokens.initial
    ]
    starts = read.starts.tolist()
    for number, tokens in enumerate(every):
        here = read.sentence[starts[number] : starts[number + 1]].tolist()
        first = {sentence: sorted(set(here)).index(sentence) for sentence in here}
        assert [first[sentence] for sentence in here] == tokens.sentence


@given(
    texts=st.lists(
        st.tuples(texts, texts, st.integers(0, 40), st.sampled_from(["", "…", " ...", " z"])),
        min_size=1,
        max_size=4,
    ),
    language=languages,
)
@settings(max_examples=300)
def test_a_batch_knows_the_leads_that_are_beginnings(
    texts: list[tuple[str, str, int, str]], language: str | None
) -> None:
    batch = [(title, text[:cut] + end, text) for title, text, cut, end in texts]
    found = Batch(batch, Vocabulary(language), HASHER).lead_in_text.tolist()
    assert found == [alone(article, language).lead_in_text for article in batch]


def test_a_chunk_of_five_million_letters_is_one_token() -> None:
    read = Batch([("", "", "a" * 5_000_000)], Vocabulary("en"), HASHER)
    assert read.document(0).text.end == [5_000_000]
    assert read.vocabulary.is_full


@pytest.mark.parametrize("size", [1, 7, 8, 9, 16, 63, 64])
def test_hashes_see_every_byte_and_the_length(size: int) -> None:
    words = {bytes([65] * i + [66] + [65] * (size - i - 1)) for i in range(size)}
    words |= {b"A" * size, b"A" * (size - 1) + b"\0"}
    text = b" ".join(words) + b" " * 72
    start, at = [], 0
    for word in words:
        start.append(at)
        at += len(word) + 1
    keys = HASHER.keys(text, np.array(start), np.array([len(word) for word in words]))
    assert len(set(keys.tolist())) == len(words)


numbers = st.integers(min_value=0, max_value=2**64 - 1)


@given(st.lists(st.lists(numbers, unique=True, max_size=40), max_size=6), numbers)
def test_a_hash_table_finds_what_was_put_and_nothing_else(
    rounds: list[list[int]], other: int
) -> None:
    table = HashTable(1)
    expected: dict[int, int] = {}
    for keys in rounds:
        fresh = [key for key in keys if key not in expected]
        values = range(len(expected), len(expected) + len(fresh))
        expected |= dict(zip(fresh, values, strict=True))
        table.put(np.array(fresh, np.uint64), np.array(values, np.int64))
    asked = [*expected, other]
    found = table.get(np.array(asked, np.uint64)).tolist()
    assert found == [expected.get(key, -1) for key in asked]


@given(
    st.lists(st.lists(st.integers(0, 99), max_size=4), min_size=1, max_size=8),
    st.lists(st.integers(0, 7), max_size=9),
)
def test_lists_are_joined_in_the_order_asked_for(lists: list[list[int]], asked: list[int]) -> None:
    asked = [number % len(lists) for number in asked]
    table = Lists()
    table.append(lists[:1])
    table.append(lists[1:])
    source, value = table.of(np.array(asked, np.int64))
    assert list(zip(source.tolist(), value.tolist(), strict=True)) == [
        (index, each) for index, number in enumerate(asked) for each in lists[number]
    ]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.lists(st.integers(0, 12)))
def test_groups_give_the_places_of_each_key(keys: list[int], asked: list[int]) -> None:
    source, place = Groups(np.array(keys, np.uint64)).of(np.array(asked, np.uint64))
    assert sorted(zip(source.tolist(), place.tolist(), strict=True)) == [
        (index, at)
        for index, key in enumerate(asked)
        for at, have in enumerate(keys)
        if have == key
    ]


@given(st.lists(st.integers(-5, 5)))
def test_distinct_sorts_and_drops_repeats(values: list[int]) -> None:
    assert distinct(np.array(values, np.int64)).tolist() == sorted(set(values))
