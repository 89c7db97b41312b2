"""Printed trees: the words people read, and brackets just where they are needed."""

from datetime import date

import pytest

from monitor.errors import Place
from monitor.model.rule import SourceText
from monitor.rules.parse import parse_query
from monitor.rules.tree import (
    And,
    AnyOf,
    Clause,
    Entity,
    Near,
    Node,
    Restriction,
    Sequence,
    Term,
    Weighted,
)
from tests.properties.show import show


@pytest.mark.parametrize(
    ("query", "printed"),
    [
        ("Zełenski", "zelenski"),
        ("EU-Paket U.S.", '"eu paket"~ AND us'),
        ('"OR" OR {NATO Pact}', "=or OR {NATO Pact}"),
        ('"EU-Paket 制裁 x*"~3', '"eu-paket 制-裁 x*"~3'.replace("x*", "xy*")),
        ("(a1 OR (b1 c1)) -d1", "(a1 OR b1 AND c1) AND NOT d1"),
        ("NOT (a1 OR NOT b1) c1", "NOT (a1 OR NOT b1) AND c1"),
        ("a1 PRE/3 (b1 OR @nato)", "a1 ONEAR/3 (b1 OR @nato)"),
        ("ingress:(a1 W/2 b1)", "lead:(a1 NEAR/2 b1)"),
        ("title:(a1){2,}", "title:a1{2,}"),
        ("(a1 NOT IN b1){2,} rule:x", "(a1 NOT IN b1){2,} AND rule:x"),
        ("ATLEAST/2(a1 W/S b1 (c1 d1) #t)", "ATLEAST/2(a1 SENT b1 (c1 AND d1) #t)"),
        ('tag:("top – news" OR x) a1', '(tag:"top – news" OR tag:x) AND a1'),
        (r"/a \/ b/i", r"/a \/ b/i"),
    ],
)
def test_a_tree_is_printed_as_a_query(query: str, printed: str) -> None:
    query = query.replace("x*", "xy*")

    assert show(parse_query(SourceText(query, Place("rules.toml"))).node) == printed


@pytest.mark.parametrize(
    ("node", "printed"),
    [
        (Clause("", (0, 0), Entity("nato", (), None)), "@nato"),
        (
            Clause("", (0, 0), Near(Sequence((Term("a"),)), AnyOf((Near(Sequence((Term("b"),)), Sequence((Term("c"),)), 1, ordered=False),)), 2, ordered=True)),
            "a ONEAR/2 ((b NEAR/1 c))",
        ),
        (And((Weighted("#escalation", (0, 0), (), 5.0), Restriction((), ("en",), None))), "#escalation AND lang:(en)"),
        (
            Restriction(("tag:europe", "BBC News"), (), date(2027, 12, 31)),
            'feed:(tag:europe OR "BBC News") AND until 2027-12-31',
        ),
    ],
)  # fmt: skip
def test_what_only_compiled_trees_hold_is_printed_for_people(node: Node, printed: str) -> None:
    assert show(node) == printed
