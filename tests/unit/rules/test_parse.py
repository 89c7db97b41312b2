"""The query language: what is refused, in which words and where."""

import pytest

from monitor.errors import Place, RuleError
from monitor.model.rule import SourceText
from monitor.rules.parse import parse_query
from monitor.rules.tree import (
    And,
    AnyOf,
    CasedForm,
    Clause,
    Form,
    Meta,
    MetaField,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Reference,
    Scope,
    Sequence,
    Term,
    Window,
)


def parse(text: str) -> Node:
    return parse_query(SourceText(text, Place("rules.toml", 7, 11))).node


def clause(what: object, name: str, at: int = 0) -> Clause:
    return Clause(name, (at, at + len(name)), what)  # type: ignore[arg-type]


def term(word: str, at: int = 0) -> Clause:
    return clause(Sequence((Term(word),)), word, at)


MEANINGS = {
    "a word": ("sanction", term("sanction")),
    "a word is folded": ("Café", clause(Sequence((Term("cafe"),)), "Café")),
    "an exact form": ("=Sanctions", clause(Sequence((Form("sanctions"),)), "=Sanctions")),
    "an exact case": (
        "{European Commission}",
        clause(
            Sequence((CasedForm("European", "european"), CasedForm("Commission", "commission"))),
            "{European Commission}",
        ),
    ),
    "a phrase": (
        '"oil price*"',
        clause(Sequence((Form("oil"), Pattern("price*"))), '"oil price*"'),
    ),
    "a phrase on stems": (
        '"troop deployment"~',
        clause(Sequence((Term("troop"), Term("deployment"))), '"troop deployment"~'),
    ),
    "a window": (
        '"sanctions package"~4',
        clause(Window(((Term("sanctions"),), (Term("package"),)), 4), '"sanctions package"~4'),
    ),
    "a wildcard": ("wom?n", clause(Sequence((Pattern("wom?n"),)), "wom?n")),
    "a word of several tokens is a phrase on stems": (
        "EU-Paket",
        clause(Sequence((Term("eu"), Term("paket"))), "EU-Paket"),
    ),
    "an apostrophe inside a Ukrainian word": (
        "п'ят*",
        clause(Sequence((Pattern("пят*"),)), "п'ят*"),
    ),
    "blank means AND": ("a1 b1", And((term("a1"), term("b1", 3)))),
    "AND binds tighter than OR": (
        "a1 OR b1 AND c1",
        Or((term("a1"), And((term("b1", 6), term("c1", 13))))),
    ),
    "a minus excludes": ("a1 -b1", And((term("a1"), Not(term("b1", 4))))),
    "a minus inside a word is none": (
        "co-op",
        clause(Sequence((Term("co"), Term("op"))), "co-op"),
    ),
    "bare NEAR is NEAR/4": (
        "a1 NEAR b1",
        clause(
            Near(Sequence((Term("a1"),)), Sequence((Term("b1"),)), 4, ordered=False), "a1 NEAR b1"
        ),
    ),
    "PRE/2 is ONEAR/2": (
        "a1 PRE/2 b1",
        clause(
            Near(Sequence((Term("a1"),)), Sequence((Term("b1"),)), 2, ordered=True), "a1 PRE/2 b1"
        ),
    ),
    "proximity of groups": (
        "(a1 OR b1) W/3 @nato",
        clause(
            Near(
                AnyOf((Sequence((Term("a1"),)), Sequence((Term("b1"),)))),
                Reference("entity", "nato"),
                3,
                ordered=False,
            ),
            "(a1 OR b1) W/3 @nato",
        ),
    ),
    "proximity binds tighter than NOT": (
        "c1 NOT a1 NEAR b1",
        And(
            (
                term("c1"),
                Not(
                    clause(
                        Near(Sequence((Term("a1"),)), Sequence((Term("b1"),)), 4, ordered=False),
                        "a1 NEAR b1",
                        7,
                    )
                ),
            )
        ),
    ),
    "a field over a group": (
        "title:(a1 OR b1)",
        Scope("title", Or((term("a1", 7), term("b1", 13)))),
    ),
    "synonyms of fields": ("ingress:a1", Scope("lead", term("a1", 8))),
    "a question about the article": (
        "site:ft.com/world",
        Meta(MetaField.SITE, "ft.com/world", (5, 17)),
    ),
    "an address with its signs": (
        "url:https://ft.com/a",
        Meta(MetaField.URL, "https://ft.com/a", (4, 20)),
    ),
    "a question with a group": (
        'tag:(world OR "top news")',
        Or((Meta(MetaField.TAG, "world", (5, 10)), Meta(MetaField.TAG, "top news", (14, 24)))),
    ),
    "a topic": ("#asset-freeze", clause(Reference("topic", "asset-freeze"), "#asset-freeze")),
    "a year in braces is an exact form": (
        "a1 {2024}",
        And((term("a1"), clause(Sequence((CasedForm("2024", "2024"),)), "{2024}", 3))),
    ),
    "initials in any case": ("u.s.", clause(Sequence((Term("us"),)), "u.s.")),
    "a phrase with a wildcard is analysed word by word": (
        '"putin\'s U.S. sanction*"',
        clause(
            Sequence((Form("putin"), Form("us"), Pattern("sanction*"))),
            '"putin\'s U.S. sanction*"',
        ),
    ),
    "elision before a wildcard": (
        "l'ukrain*",
        clause(Sequence((Pattern("ukrain*"),)), "l'ukrain*"),
    ),
    "curly quotes are plain ones": (
        "“a1 b1”",
        clause(Sequence((Form("a1"), Form("b1"))), '"a1 b1"'),
    ),
    "a reserved word in quotes is a word": ('"OR"', clause(Sequence((Form("or"),)), '"OR"')),
    "a hashtag in quotes is a word": ('"#MeToo"', clause(Sequence((Form("metoo"),)), '"#MeToo"')),
}


@pytest.mark.parametrize(("query", "tree"), MEANINGS.values(), ids=MEANINGS.keys())
def test_a_query_means_what_the_manual_says(query: str, tree: Node) -> None:
    assert parse(query) == tree


ERRORS = {
    "empty": ("", 11, "the query is empty; write at least one word"),
    "only what must not be": (
        "NOT a1",
        11,
        "this query can be true of an article that has nothing of it; add what must occur",
    ),
    "one way without anything": (
        "a1 OR NOT b1",
        11,
        "this query can be true of an article that has nothing of it; add what must occur",
    ),
    "double negation is positive, but not here": (
        "NOT (a1 AND NOT b1)",
        11,
        "this query can be true of an article that has nothing of it; add what must occur",
    ),
    "unbalanced quote": (
        'a1 "b1',
        14,
        'this quote has no partner; a phrase is written "like this"',
    ),
    "open bracket": ("(a1 OR b1", 11, '"(" is never closed'),
    "closing bracket": ("a1 OR b1)", 19, '")" has no "("'),
    "empty group": ("a1 ()", 14, "the group is empty; write at least one word in it"),
    "dangling operator": ("a1 OR", 14, '"OR" needs an operand after it'),
    "dangling operator in a group": ("(a1 AND) b1", 15, '"AND" needs an operand after it'),
    "leading operator": (
        "OR a1",
        11,
        '"OR" needs an operand before it; to search for the word, quote it: "OR"',
    ),
    "chained proximity": (
        "a1 NEAR b1 NEAR c1",
        22,
        "proximity can't be chained; use parentheses: (a OR b) NEAR/4 c",
    ),
    "negated operand": (
        "a1 NEAR/3 NOT b1",
        21,
        "an operand of NEAR/3 can't be negated; write NOT (a NEAR/3 b)",
    ),
    "AND inside proximity": (
        "a1 NEAR (b1 AND c1)",
        19,
        "NEAR takes words, phrases, references and OR groups: "
        "write (a NEAR/3 b) AND (a NEAR/3 c) instead of an AND inside",
    ),
    "field inside proximity": (
        "a1 NEAR/2 title:b1",
        21,
        "NEAR/2 takes words, phrases, references and OR groups: "
        "the field goes outside: title:(a NEAR/3 b)",
    ),
    "too far": ("a1 NEAR/65 b1", 14, "a distance is at most 64 words, not 65"),
    "window too wide": ('"a1 b1"~65', 11, "a distance is at most 64 words, not 65"),
    "unknown field": ("titel:a1", 16, 'unknown field "titel:"; did you mean "title:"?'),
    "bare wildcard": ("a1 b*", 14, "the wildcard 'b*' needs at least two letters"),
    "nothing to search for": ("&", 11, "'&' has no letter or digit to search for"),
    "operators of later versions": (
        "a1 SENT b1",
        14,
        'SENT is not available yet; to search for the word, quote it: "SENT"',
    ),
    "regular expressions": (
        "/sanct/",
        11,
        "regular expressions are not available yet; a word may carry wildcards: sanct*",
    ),
    "a lonely minus": (
        "a1 - b1",
        14,
        '"-" must stand right before what it excludes: -football',
    ),
    "counts": ("sanction{3,}", 19, "counts like {3,} are not available yet"),
    "excluding like elsewhere": (
        "!NASA",
        11,
        '"!" is no operator; exclude with -NASA, an exact form is written {NASA}',
    ),
    "a field inside a field": (
        "title:(a1 OR text:b1)",
        17,
        'a field stands inside "title:"; name one of them',
    ),
    "an empty question": ('author:"/"', 18, '"author:" needs something to look for'),
    "a question with a wildcard": (
        "url:world*",
        15,
        '"url:" takes no wildcards: it looks for a part of the whole',
    ),
    "wildcards where every sign is a word": (
        "制裁*",
        11,
        "'制裁*' is found inside longer words anyway; leave the wildcard out",
    ),
    "wildcards in an exact form": (
        "{EU*}",
        11,
        "an exact form has no wildcards; leave the braces out",
    ),
    "a distance beyond all bounds": (
        "a1 NEAR/" + "9" * 5000 + " b1",
        14,
        "a distance is at most 64 words, not 999999999",
    ),
    "NOT IN": (
        'a1 NOT IN "b1"',
        14,
        'NOT IN is not available yet; to search for the word, quote it: "NOT IN"',
    ),
    "deep nesting": ("(" * 3000 + "a1" + ")" * 3000, None, "more than 60 levels of nesting"),
    "many negations": ("NOT " * 3000 + "a1", None, "more than 60 levels of nesting"),
    "too long": ("a1 " * 10_000, 11, "a query has at most 20,000 characters; split it into rules"),
}


@pytest.mark.parametrize(("query", "column", "message"), ERRORS.values(), ids=ERRORS.keys())
def test_a_wrong_query_is_refused_with_place_and_reason(
    query: str, column: int | None, message: str
) -> None:
    with pytest.raises(RuleError) as caught:
        parse(query)

    (problem,) = caught.value.problems
    first, line, caret = problem.message.split("\n")
    assert first.startswith(message)
    assert caret.strip() == "^"
    if column is not None:
        assert first == message
        assert (problem.place.line, problem.place.column) == (7, column)
        assert caret.index("^") - 4 == column - 11 or len(line) > 90


def test_a_query_over_several_lines_counts_them() -> None:
    with pytest.raises(RuleError) as caught:
        parse("a1 OR\n  (b1")

    assert str(caught.value.problems[0].place) == "rules.toml:8:3"
    assert caught.value.problems[0].message == '"(" is never closed\n      (b1\n      ^'


def test_lower_case_operators_are_searched_and_warned_of() -> None:
    query = parse_query(SourceText('salt and pepper "war and peace"', Place("rules.toml", 7, 11)))

    (warning,) = query.warnings
    assert warning.level == "warning"
    assert str(warning).startswith(
        'rules.toml:7:16: warning: "and" is searched as a word; the operator is "AND"'
    )
