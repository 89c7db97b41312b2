"""What the last parse saw is cut out of the bytes; the rest means what it means in the whole."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.delta import cut_known
from monitor.feeds.parse import parse
from monitor.model.feed import ParsedFeed
from tests.unit.feeds.documents import atom, read, received, rss

CHANNEL = "<link>https://paper.example/</link><language>en</language><ttl>30</ttl>"


def item(n: int, more: str = "") -> str:
    return f"<item><title>{n}</title><guid>{n}</guid><link>/{n}</link>{more}</item>"


def items(*numbers: int) -> str:
    return rss("\n".join(map(item, numbers)), CHANNEL)


def read_again(document: str, before: ParsedFeed) -> ParsedFeed:
    return parse(received(document, seen=before.item_hashes))


def titles(feed: ParsedFeed) -> list[str]:
    return [entry.title for entry in feed.entries]


def test_only_new_items_are_read_again() -> None:
    before = read(items(2, 1))
    assert (titles(before), before.known) == (["2", "1"], 0)
    after = read_again(items(4, 2, 3, 1), before)
    assert (titles(after), after.known) == (["4", "3"], 2)
    whole = read(items(4, 2, 3, 1))
    assert after.entries == (whole.entries[0], whole.entries[2])
    assert after.item_hashes == whole.item_hashes
    assert (after.title, after.language, after.ttl) == (whole.title, whole.language, whole.ttl)


def test_an_edited_item_is_new() -> None:
    after = read_again(items(2, 1).replace("<title>1<", "<title>One<"), read(items(2, 1)))
    assert (titles(after), after.known) == (["One"], 1)


def test_a_document_whose_head_changed_brings_no_items() -> None:
    after = read_again(items(2, 1).replace("World", "Wide World"), read(items(2, 1)))
    assert (titles(after), after.known, after.title) == ([], 2, "Wide World & Europe")


def test_entries_of_atom_are_cut_as_well() -> None:
    one, two = (f"<a:entry><a:title>{n}</a:title></a:entry>" for n in (1, 2))
    space = '<feed xmlns:a="http://www.w3.org/2005/Atom"'
    before = read(atom(one).replace("<feed", space))
    after = read_again(atom(two + one).replace("<feed", space), before)
    assert (titles(after), after.known) == (["2"], 1)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(rss(item(1) + "<item/>"), id="an empty item"),
        pytest.param(rss(item(1) + "<item />"), id="an empty item with a blank"),
        pytest.param(rss(item(1, item(2))), id="nested"),
        pytest.param(rss(item(1) + f"<!-- {item(2)} -->"), id="in a comment"),
        pytest.param(rss(item(1, "<x></y>")), id="not well-formed"),
        pytest.param(rss(item(1) + "<Item><title>2</title></Item>"), id="in capitals"),
        pytest.param(rss(item(1)).replace("?>", '?><!DOCTYPE r [<!ENTITY e "1">]>'), id="doctype"),
        pytest.param(items(*range(1001)), id="more than are read"),
        pytest.param('{"version": "https://jsonfeed.org/version/1"}', id="JSON"),
        pytest.param(rss(""), id="no items"),
    ],
)
def test_what_is_not_simple_is_read_whole_the_next_time(document: str) -> None:
    assert read(document).item_hashes == b""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda text: text.replace("<guid>3", "<x></y><guid>3"), "31", id="malformed"),
        pytest.param(lambda text: text.replace(item(1), item(1) + "<item/>"), "31", id="empty item"),
        pytest.param(lambda text: text.replace(item(3), f"{item(3)}<!--{item(4)}-->"), "31", id="comment"),
        pytest.param(lambda text: text[: text.index("<guid>1")], "3", id="cut off"),
    ],
)  # fmt: skip
def test_a_cut_that_proves_wrong_is_followed_by_a_whole_parse(
    change: Callable[[str], str], expected: str
) -> None:
    before = read(items(2, 1))
    document = change(items(3, 1))
    after = read_again(document, before)
    assert after == read(document)
    assert titles(after) == list(expected)
    assert (after.known, after.item_hashes) == (0, b"")


def test_items_in_a_text_are_no_items() -> None:
    text = "<description><![CDATA[ an <item> ]]></description>"
    assert read(rss(item(1, text))).item_hashes == b""
    assert cut_known(b"<item " * 100_000, b"") is None  # in linear time


@given(st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True))
def test_a_delta_parse_gives_what_a_whole_parse_gives_without_the_known(
    old: list[int], new: list[int]
) -> None:
    before, whole = read(items(*old)), read(items(*new))
    after = read_again(items(*new), before)
    assert after.entries == tuple(entry for entry in whole.entries if int(entry.title) not in old)
    assert after.known == len(set(new) & set(old))
