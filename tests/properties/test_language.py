"""The parser against the grammar file, and a printed tree against the tree it was printed from."""

import re
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import cast

from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark, Token, Tree, UnexpectedInput

from monitor.errors import Place, RuleError
from monitor.model.rule import SourceText
from monitor.rules.grammar import Parser
from monitor.rules.lexer import tokens_of
from monitor.rules.parse import parse_query
from monitor.rules.places import QueryError, SyntaxProblem
from monitor.rules.tree import And, AtLeast, Clause, Count, Meta, Node, Not, Or, Regex, Scope
from tests.properties.show import show

Shape = tuple[object, ...]

GRAMMAR = Path(__file__).with_name("query.lark").read_text(encoding="utf-8")
PIECES = [
    "a1", "b", "U.S.", "EU-Paket", "sanct*", "制裁", "in", "IN", "OR", "AND", "NOT", "-", "(", ")", "NEAR", "NEAR/3",
    "NEAR/2f", "ONEAR/4", "PRE/2", "W/3", "W/S", "W/P", "SENT", "PARA", "NOT IN", "NOT NEAR/3", "NOT  W/2", "NEAR/x",
    "W/3x", "SENT/3", "ATLEAST", "ATLEAST/2", "ATLEAST/2(", "{NATO}", "{3,}", "{3}", "{3,4}", "{", "}", '"a b"', '"a b"~', '"a b"~4', '"',
    "~", "=x", "=", "==x", "@nato", "@", "#t", "#", "rule:r", "rule:", "title:", "tag:", "tag:x", 'tag:"x y"', "url:http://x/a",
    "titel:", ":", "/x+/i", "/x y/", "/", "a/b", "^", "!", "\n", "NOT a1", "a1 OR", "(a1 OR b)",
]  # fmt: skip
blanks = st.sampled_from([" ", " ", " ", "", "\n"])
soups = st.lists(st.tuples(st.sampled_from(PIECES), blanks), min_size=1, max_size=7).map(
    lambda pairs: "".join(piece + blank for piece, blank in pairs)
)


@cache
def grammar() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", propagate_positions=True)


def by_grammar(text: str) -> Tree[Token] | None:
    try:
        return grammar().parse(text)
    except UnexpectedInput:
        return None


def by_hand(text: str) -> Node | QueryError:
    try:
        return Parser(tokens_of(text), text, text).query()
    except QueryError as error:
        return error


def shape_of_tree(tree: Tree[Token]) -> Shape:
    """Which operators stand over which ranges of the text."""
    branches = [shape_of_tree(child) for child in tree.children if isinstance(child, Tree)]
    match tree.data:
        case "start" | "group":
            return branches[0]
        case "leaf" | "near":
            return ("leaf", tree.meta.start_pos, tree.meta.end_pos)
        case "meta":
            colon = str(tree.children[0]).index(":") + 1
            return ("leaf", tree.meta.start_pos + colon, tree.meta.end_pos)
        case "count":
            operand = cast("Tree[Token]", tree.children[0])
            return ("leaf", operand.meta.start_pos, operand.meta.end_pos)
        case "scope" if str(tree.children[0]) in {"tag:", "url:"}:
            return branches[0]
        case name:
            return (str(name).strip("_"), *branches)


def shape_of_node(node: Node) -> Shape:
    match node:
        case And(parts) | Or(parts):
            return (type(node).__name__.lower(), *map(shape_of_node, parts))
        case AtLeast(_, parts):
            return ("at_least", *map(shape_of_node, parts))
        case Not(part):
            return ("not", shape_of_node(part))
        case Scope(_, part):
            return ("scope", shape_of_node(part))
        case Clause(_, at, _) | Count(Clause(_, at, _), _) | Meta(_, _, at) | Regex(_, at, _):
            return ("leaf", *at)
        case _:
            raise AssertionError(node)


def check_agreement(text: str) -> None:
    tree, node = by_grammar(text), by_hand(text)
    if tree is None:
        assert isinstance(node, QueryError), "the grammar refuses it"
    elif isinstance(node, QueryError):
        assert not isinstance(node, SyntaxProblem), f"the grammar takes it, but: {node}"
    else:
        assert shape_of_node(node) == shape_of_tree(tree)


@given(text=soups)
@example(text="a1 OR b AND NOT NOT -b title:(a1 OR tag:x)")
@example(text="NOT IN")
@example(text="a1 {3,}")
@example(text='tag:(x OR "y z"){3,}')
@settings(max_examples=1500)
def test_pieces_in_any_order_are_a_query_just_where_the_grammar_says_so(text: str) -> None:
    check_agreement(text)


words = st.sampled_from(["a1", "sanct*", "wom?n", "EU-Paket", "U.S.", "制裁", "и", "Ещё", "km/h"])
TERMINALS = {
    "OR": st.just(" OR"),
    "AND": st.just(" AND"),
    "NOT": st.just(" NOT"),
    "MINUS": st.just(" -"),
    "PROX": st.sampled_from([" NEAR", " NEAR/3", " PRE/2", " W/S", " PARA", " NOT IN", " NOT  W/4"]),
    "ATLEAST": st.sampled_from([" ATLEAST/1", " ATLEAST/2"]),
    "META": st.sampled_from([" tag:x", ' author:"x y"', " url:https://x/a?b={3,}"]),
    "FIELD": st.sampled_from([" title:", " ingress:"]),
    "RULE": st.just(" rule:r-1"),
    "WORD": words.map(" {}".format),
    "EXACT": words.map(" ={}".format),
    "CASED": st.sampled_from([" {NATO}", " {European Commission}", " {3,4}"]),
    "STRING": st.builds(' "{} {}"{}'.format, words, words, st.sampled_from(["", "~", "~4"])),
    "ENTITY": st.just(" @nato"),
    "TOPIC": st.just(" #asset-freeze"),
    "REGEX": st.sampled_from([" /x+/i", r" /a (b) \/c/"]),
    "COUNT": st.sampled_from(["{3,}", "{1,}"]),
}  # fmt: skip
WITHOUT_BLANKS = Lark(GRAMMAR.replace(r"%ignore /\s+/", ""), ambiguity="explicit")
generated = from_lark(WITHOUT_BLANKS, explicit=TERMINALS).map(
    lambda text: re.sub(r"(?<=[:-]) +", "", text)
)


@given(text=generated)
@settings(max_examples=400)
def test_what_the_grammar_makes_is_parsed_the_same_way(text: str) -> None:
    assert by_grammar(text) is not None
    check_agreement(text)


# --- printing ---

letters = st.sampled_from("abzñøßłšİжіїйґαώςعربيةहिन्दी日本語のコ한국ไทย09")
natural = st.text(letters, min_size=1, max_size=5)
spelt = natural | st.builds("{}-{}".format, natural, natural) | st.sampled_from(["U.S.", "l'Union", "п'ять", "don't", "Putin’s", "Hawai‘i"])  # fmt: skip
wild = st.builds("{}{}*".format, st.sampled_from(["sanct", "?at", "санкц", "*ρωσ"]), natural)
word = spelt | wild
phrase = st.builds('"{}"{}'.format, st.lists(word, min_size=1, max_size=3).map(" ".join), st.sampled_from(["", "~", "~0", "~4"]))  # fmt: skip
exact = st.builds("={}".format, word) | st.builds("{{{} {}}}".format, spelt, spelt)
named = st.sampled_from(["@nato", "#asset-freeze"])


@st.composite
def drawn_places(draw: st.DrawFn) -> str:
    """Composed, since the repr of the strategies would be too long for hypothesis."""
    return draw(word | phrase | exact | named)


places = drawn_places()
either = st.lists(places, min_size=2, max_size=3).map(" OR ".join).map("({})".format)
proximity = st.builds(
    "{} {} {}".format,
    places | either,
    st.sampled_from(["NEAR", "NEAR/7", "PRE/2", "NEAR/3f", "W/S", "PARA", "NOT IN", "NOT NEAR/5", "NOT W/1"]),
    places | either,
)  # fmt: skip
counts = st.builds("{}{{{},}}".format, places | either | proximity.map("({})".format), st.integers(1, 1000))  # fmt: skip
values = st.sampled_from(["tag:world", 'tag:"top — news"', "tag:(a OR NOT b)", "site:ft.com/world", "lang:en-GB", 'author:"O’Neill (x)"'])  # fmt: skip
regexes = st.sampled_from([r"/sanctio\w+/i", r"/a \/ “b”/sm", r"/[^\W\d]x—y/"])
leaves = st.deferred(
    lambda: places | proximity.map("({})".format) | counts | values | regexes | st.just("rule:r")
)


def branches(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=2, max_size=3)
    return (
        several.map(" OR ".join).map("({})".format)
        | several.map(" ".join).map("({})".format)
        | inner.map("(NOT {})".format)
        | inner.map("title:({})".format)
        | st.builds("ATLEAST/{}({})".format, st.integers(1, 2), several.map(" ".join))
    )


queries = st.recursive(leaves, branches, max_leaves=8).map("always AND {}".format) | proximity


def parse(text: str) -> Node:
    return parse_query(SourceText(text, Place("rules.toml"))).node


def bare(value: object) -> object:
    """A tree without the names and positions of its parts."""
    if not is_dataclass(value):
        return tuple(map(bare, value)) if isinstance(value, tuple) else value
    kept = [field.name for field in fields(value) if field.name not in {"name", "at"}]
    return (type(value).__name__, *(bare(getattr(value, name)) for name in kept))


@given(text=queries)
@settings(max_examples=600)
def test_a_printed_tree_parses_to_the_same_tree(text: str) -> None:
    try:
        node = parse(text)
    except RuleError:  # a field inside a field, a word without letters
        reject()

    printed = show(node)

    again = parse(printed)
    assert bare(again) == bare(node)
    assert show(again) == printed
