"""Positions are those of the characters people count in their editor."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.document import parse_toml
from monitor.config.positions import KeyPath, locate

SAMPLE = """\
# a comment
top.deep = "é"
"quoted key" = 'literal'
[table]
list = [ # with a comment
  "é", { inner = "x" },
]
long = \"\"\"
first line\"\"\"
short = '''same line'''
[[array.of.tables]]
key = 1
[[array.of.tables]]
key = 2
[array.of.tables.child]
key = 3
"""


def test_items_of_a_very_long_line_are_located_in_linear_time() -> None:
    names = ", ".join(f'"é{number:06}"' for number in range(200_000))
    assert locate(f"names = [{names}]").key(("names", 199_999)) == (1, 10 + 199_999 * 11)


@pytest.mark.parametrize(
    ("path", "position"),
    [
        pytest.param(("top", "deep"), (2, 5), id="dotted key"),
        pytest.param(("quoted key",), (3, 1), id="quoted key"),
        pytest.param(("table",), (4, 2), id="table header"),
        pytest.param(("table", "list", 1), (6, 8), id="list item after a wide character"),
        pytest.param(("table", "list", 1, "inner"), (6, 10), id="key of an inline table"),
        pytest.param(("array", "of", "tables", 0), (11, 12), id="first array element"),
        pytest.param(("array", "of", "tables", 1), (13, 12), id="second array element"),
        pytest.param(("array", "of", "tables", 1, "child", "key"), (16, 1), id="child table"),
        pytest.param(("table", "absent"), (4, 2), id="a missing key is its table"),
        pytest.param(("nothing",), (1, 1), id="unknown is the top"),
    ],
)
def test_a_key_is_found_at_its_first_character(path: KeyPath, position: tuple[int, int]) -> None:
    assert locate(SAMPLE).key(path) == position


@pytest.mark.parametrize(
    ("path", "position"),
    [
        pytest.param(("top", "deep"), (2, 13), id="basic"),
        pytest.param(("quoted key",), (3, 17), id="literal"),
        pytest.param(("table", "list", 0), (6, 4), id="list item"),
        pytest.param(("table", "list", 1, "inner"), (6, 19), id="inline table"),
        pytest.param(("table", "long"), (9, 1), id="long string, newline dropped"),
        pytest.param(("table", "short"), (10, 12), id="long string on one line"),
    ],
)
def test_a_text_is_found_inside_its_quotes(path: KeyPath, position: tuple[int, int]) -> None:
    assert locate(SAMPLE).text(path) == position


def test_a_value_is_found_at_its_first_character() -> None:
    positions = locate("a = true\nb = 'x'\n")
    assert positions.value(("a",)) == (1, 5)
    assert positions.value(("b",)) == (2, 5)


def test_the_own_header_of_a_table_is_better_than_a_mention() -> None:
    assert locate("[a.b]\nx = 1\n[a]\ny = 2\n").key(("a",)) == (3, 2)


KEYS = st.text(string.ascii_letters + string.digits + "-_é ü\"'.\\", max_size=5)
LEAVES = st.one_of(st.integers(0, 99), st.booleans(), st.text(max_size=5))
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def _quoted(text: str) -> str:
    plain = string.ascii_letters + string.digits + "-_ é."
    return '"' + "".join(c if c in plain else f"\\U{ord(c):08x}" for c in text) + '"'


def _inline(value: object) -> str:
    match value:
        case dict():
            pairs = (f"{_quoted(key)} = {_inline(item)}" for key, item in value.items())
            return "{ " + ", ".join(pairs) + " }"
        case list():
            return "[" + ", ".join(map(_inline, value)) + "]"
        case bool():
            return str(value).lower()
        case str():
            return _quoted(value)
        case _:
            return str(value)


def _toml(tree: dict[str, Any]) -> str:
    """Top-level values as pairs, tables as headers, lists of tables as arrays of tables."""
    pairs, tables = [], []
    for key, value in tree.items():
        if isinstance(value, dict):
            tables += [f"[{_quoted(key)}] # é", *_pairs(value)]
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            for each in value:
                tables += [f"[[{_quoted(key)}]]", *_pairs(each)]
        else:
            pairs += _pairs({key: value})
    return "\n".join([*pairs, *tables, ""])


def _pairs(table: dict[str, Any]) -> list[str]:
    return [f"  {_quoted(key)} = {_inline(value)}" for key, value in table.items()]


def _paths(value: object, path: KeyPath = ()) -> list[KeyPath]:
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [each for key, item in items for each in ((*path, key), *_paths(item, (*path, key)))]


@given(TREES)
def test_the_place_of_every_key_really_holds_that_key(tree: dict[str, Any]) -> None:
    text = _toml(tree)
    document = parse_toml(text, "generated.toml")
    assert document.data == tree
    lines = text.split("\n")
    for path in _paths(tree):
        place = document.key(path)
        rest = lines[place.line - 1][place.column - 1 :]
        if isinstance(path[-1], str):
            assert rest.startswith(_quoted(path[-1]))
        elif not isinstance(document.at(path), dict):
            assert rest.startswith(_inline(document.at(path)))


@given(TREES)
def test_the_place_of_every_text_really_holds_that_text(tree: dict[str, Any]) -> None:
    text = _toml(tree)
    document = parse_toml(text, "generated.toml")
    lines = text.split("\n")
    for path in _paths(tree):
        if isinstance(value := document.at(path), str):
            place = document.text(path)
            assert lines[place.line - 1][place.column - 1 :].startswith(_quoted(value)[1:])


@given(st.text())
def test_any_text_can_be_located(text: str) -> None:
    assert locate(text).key(("absent", 0)) == locate(text).key(("absent",))
