"""The query language: what is refused, in which words and where."""

import pytest

from monitor.errors import Place, RuleError
from monitor.model.rule import SourceText
from monitor.rules.parse import parse_query
from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    AtLeast,
    CasedForm,
    Clause,
    Count,
    Form,
    Meta,
    MetaField,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Pattern,
    Reference,
    Regex,
    Scope,
    Sequence,
    Term,
    Together,
    Unit,
    Window,
    children,
)


def parse(text: str) -> Node:
    return parse_query(SourceText(text, Place("rules.toml", 7, 11))).node


def clause(what: object, name: str, at: int = 0) -> Clause:
    return Clause(name, (at, at + len(name)), what)  # type: ignore[arg-type]


def word(text: str) -> Sequence:
    return Sequence((Term(text),))


def term(text: str, at: int = 0) -> Clause:
    return clause(word(text), text, at)


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
    "the same sentence": (
        "a1 SENT b1",
        clause(Together(word("a1"), word("b1"), Unit.SENTENCE), "a1 SENT b1"),
    ),
    "W/S is SENT": (
        "a1 W/S b1",
        clause(Together(word("a1"), word("b1"), Unit.SENTENCE), "a1 W/S b1"),
    ),
    "the same paragraph": (
        "a1 PARA @nato",
        clause(Together(word("a1"), Reference("entity", "nato"), Unit.PARAGRAPH), "a1 PARA @nato"),
    ),
    "W/P is PARA": (
        "a1 W/P b1",
        clause(Together(word("a1"), word("b1"), Unit.PARAGRAPH), "a1 W/P b1"),
    ),
    "not near": (
        "a1 NOT NEAR/5 b1",
        clause(Apart(word("a1"), word("b1"), 5), "a1 NOT NEAR/5 b1"),
    ),
    "NOT W/5 is NOT NEAR/5, over a line": (
        "a1 NOT\n W/5 b1",
        clause(Apart(word("a1"), word("b1"), 5), "a1 NOT\n W/5 b1"),
    ),
    "not near is NOT NEAR/4": (
        "a1 NOT NEAR b1",
        clause(Apart(word("a1"), word("b1"), 4), "a1 NOT NEAR b1"),
    ),
    "not in": (
        '@us NOT IN "us open"',
        clause(
            Outside(Reference("entity", "us"), Sequence((Form("us"), Form("open")))),
            '@us NOT IN "us open"',
        ),
    ),
    "IN is a word elsewhere": ("a1 IN", And((term("a1"), clause(word("in"), "IN", 3)))),
    "NEAR/2f is ONEAR/2": (
        "a1 NEAR/2f b1",
        clause(Near(word("a1"), word("b1"), 2, ordered=True), "a1 NEAR/2f b1"),
    ),
    "a count": ("a1{3,}", Count(term("a1"), 3)),
    "a count of a group": (
        "(a1 OR b1){2,}",
        Count(clause(AnyOf((word("a1"), word("b1"))), "(a1 OR b1)"), 2),
    ),
    "a count of proximity": (
        "(a1 NEAR b1){1,}",
        Count(clause(Near(word("a1"), word("b1"), 4, ordered=False), "(a1 NEAR b1)"), 1),
    ),
    "a count of a reference": (
        "-#topic{1000,} a1",
        And((Not(Count(clause(Reference("topic", "topic"), "#topic", 1), 1000)), term("a1", 15))),
    ),
    "a count in a field": ("title:a1{2,}", Scope("title", Count(term("a1", 6), 2))),
    "at least": (
        'ATLEAST/2(a1 "b1 c1" (d1 AND e1))',
        AtLeast(
            2,
            (
                term("a1", 10),
                clause(Sequence((Form("b1"), Form("c1"))), '"b1 c1"', 13),
                And((term("d1", 22), term("e1", 29))),
            ),
        ),
    ),
    "each operand of at least may be proximity or have a field": (
        "ATLEAST/1 (a1 NEAR b1 title:c1)",
        AtLeast(
            1,
            (
                clause(Near(word("a1"), word("b1"), 4, ordered=False), "a1 NEAR b1", 11),
                Scope("title", term("c1", 28)),
            ),
        ),
    ),
    "at least in a field": (
        "title:ATLEAST/1(a1 b1)",
        Scope("title", AtLeast(1, (term("a1", 16), term("b1", 19)))),
    ),
    "a regular expression": (
        "/sanctio[a-z]+/i",
        Regex("/sanctio[a-z]+/i", (0, 16), "(?i)sanctio[a-z]+"),
    ),
    "a regular expression holds any sign": (
        r"a1 /km\/h (“x—y” OR)/",
        And((term("a1"), Regex(r"/km\/h (“x—y” OR)/", (3, 21), r"km\/h (“x—y” OR)"))),
    ),
    "a slash inside a word is none": ("km/h", clause(Sequence((Term("km"), Term("h"))), "km/h")),
    "a rule": (
        "rule:asset-freeze",
        clause(Reference("rule", "asset-freeze"), "rule:asset-freeze"),
    ),
    "a value keeps its dashes and quotes": (
        "tag:“A – O’B”",
        Meta(MetaField.TAG, "A – O’B", (4, 13)),
    ),
    "values in a group keep theirs": (
        "tag:(“A – B” OR c1)",
        Or((Meta(MetaField.TAG, "A – B", (5, 12)), Meta(MetaField.TAG, "c1", (16, 18)))),
    ),
    "operators may touch brackets and quotes": (
        '("a1"OR(b1))AND"c1"',
        And(
            (
                Or((clause(Sequence((Form("a1"),)), '"a1"', 1), term("b1", 8))),
                clause(Sequence((Form("c1"),)), '"c1"', 15),
            )
        ),
    ),
    "what can't be seen beside an operator": (
        "a1\u200b OR\u200e b1",
        Or((term("a1"), term("b1", 8))),
    ),
    "brackets of Chinese and Japanese keyboards": (
        "（a1 OR b1）",
        Or((term("a1", 1), term("b1", 7))),
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
        "an operand of NEAR/3 can't be negated; write a NOT NEAR/3 b",
    ),
    "negated operand of an ordered operator": (
        "a1 PRE/3 -b1",
        20,
        "an operand of PRE/3 can't be negated; write a AND NOT (a PRE/3 b)",
    ),
    "negated operand of NOT NEAR": (
        "a1 NOT NEAR NOT b1",
        23,
        "an operand of NOT NEAR can't be negated; write a AND NOT (a NEAR b)",
    ),
    "AND before NOT NEAR": (
        "a1 AND NOT NEAR/3 b1",
        18,
        '"AND" is too much here; write a NOT NEAR/3 b',
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
    "an operator without operands": (
        "SENT a1",
        11,
        '"SENT" needs an operand before it; to search for the word, quote it',
    ),
    "an ordered operator can't be negated": (
        "a1 NOT ONEAR/3 b1",
        18,
        '"ONEAR/3" needs an operand before it; to search for the word, quote it',
    ),
    "a dangling operator of two words": ("a1 NOT  IN", 14, '"NOT IN" needs an operand after it'),
    "a distance that is no number": (
        "a1 NEAR/x b1",
        14,
        '"NEAR/x" is written with a number of words: NEAR/4; to search for it, quote it',
    ),
    "a distance of the sentence": (
        "a1 SENT/3 b1",
        14,
        '"SENT/3" takes no number; within a number of words is NEAR/4; to search for it, quote it',
    ),
    "proximity like elsewhere": ("a1 AROUND(4) b1", 20, "AROUND(4) is written NEAR/4 here"),
    "NOT NEAR too far": ("a1 NOT NEAR/65 b1", 14, "a distance is at most 64 words, not 65"),
    "a regular expression inside proximity": (
        "a1 NEAR /x/",
        19,
        "NEAR takes words, phrases, references and OR groups: "
        "a regular expression has no words to measure from",
    ),
    "a count inside proximity": (
        "a1 NOT IN b1{2,}",
        21,
        "NOT IN takes words, phrases, references and OR groups: "
        "the count goes outside: (a NEAR/3 b){2,}",
    ),
    "a rule inside proximity": (
        "rule:x SENT a1",
        11,
        "SENT takes words, phrases, references and OR groups: "
        "a rule speaks of whole articles; write rule:name AND (a NEAR/3 b)",
    ),
    "ATLEAST inside proximity": (
        "a1 NEAR (b1 OR ATLEAST/1(c1))",
        19,
        "NEAR takes words, phrases, references and OR groups: "
        "write ATLEAST/2(a NEAR/3 b a NEAR/3 c) instead of an ATLEAST inside",
    ),
    "proximity inside a group inside proximity": (
        "(a1 NEAR b1 OR c1) NEAR d1",
        11,
        "NEAR takes words, phrases, references and OR groups: proximity can't be chained",
    ),
    "a count without a comma": (
        "sanction{3}",
        19,
        "a count is written with a comma: {3,}",
    ),
    "a count with an upper bound": (
        "sanction{2,4}",
        19,
        "a count has no upper bound; write a{2,} AND NOT a{5,}",
    ),
    "a count with nothing but an upper bound": (
        "sanction{,4}",
        19,
        "a count has no upper bound; write a AND NOT a{5,}",
    ),
    "a count of nothing": ("sanction{0,}", 19, "a count is from 1 to 1,000, not 0"),
    "a count beyond all bounds": (
        "sanction{" + "9" * 5000 + ",}",
        19,
        "a count is from 1 to 1,000, not 999999999",
    ),
    "a count that lost its operand": (
        "sanction {3,}",
        20,
        "a count stands right after its operand: sanction{3,}",
    ),
    "an exact form that touches a word": (
        "sanction{NATO}",
        19,
        "a blank is missing before {NATO}; a count is written {3,}",
    ),
    "a count of an AND": (
        "(a1 b1){2,}",
        11,
        "a count takes a word, a phrase, a reference or an OR group: "
        "write a{3,} AND b{3,} instead of an AND inside",
    ),
    "a count of a field": (
        "(title:a1){2,}",
        11,
        "a count takes a word, a phrase, a reference or an OR group: "
        "the field goes outside: title:(a OR b){3,}",
    ),
    "a count of a rule": (
        "rule:x{2,}",
        11,
        "a count takes a word, a phrase, a reference or an OR group: "
        "a rule speaks of whole articles",
    ),
    "a count of a regular expression": (
        "/x/{2,}",
        11,
        "a count takes a word, a phrase, a reference or an OR group: not what stands here",
    ),
    "ATLEAST without a number": (
        "ATLEAST(a1 b1)",
        11,
        '"ATLEAST" is written with a number and a group: ATLEAST/2(a b c); '
        "to search for it, quote it",
    ),
    "ATLEAST without a group": (
        "ATLEAST/2 a1 b1",
        11,
        "ATLEAST/2 takes a group: ATLEAST/2(a b c)",
    ),
    "ATLEAST of more than there are": (
        "ATLEAST/3(a1 b1)",
        11,
        "ATLEAST has 2 operands here, so its number is from 1 to 2, not 3",
    ),
    "ATLEAST of none": (
        "ATLEAST/00(a1 b1)",
        11,
        "ATLEAST has 2 operands here, so its number is from 1 to 2, not 0",
    ),
    "OR in ATLEAST": (
        "ATLEAST/1(a1 OR b1)",
        24,
        "ATLEAST takes operands separated by blanks; write (x OR y) for one",
    ),
    "NOT in ATLEAST": (
        "ATLEAST/1(a1 -b1)",
        24,
        "ATLEAST takes operands separated by blanks; write (NOT x) for one",
    ),
    "an empty ATLEAST": (
        "ATLEAST/1()",
        20,
        "the group is empty; write at least one word in it",
    ),
    "an open ATLEAST": ("a1 ATLEAST/1(b1", 14, '"ATLEAST/1(" is never closed'),
    "ATLEAST that may hold by absence": (
        "ATLEAST/1(a1 (NOT b1))",
        11,
        "this query can be true of an article that has nothing of it; add what must occur",
    ),
    "a regular expression that is never closed": (
        "a1 /sanct",
        14,
        'a regular expression is written /sanctio[a-z]+/; quote "/" to search for words',
    ),
    "a rule without a name": (
        "rule: a1",
        15,
        '"rule:" needs the name of one rule right after it: rule:asset-freeze',
    ),
    "a negation behind a field": (
        "title:-a1",
        17,
        "a negation stands before the field: NOT title:a",
    ),
    "a field behind a field": (
        "title:tag:a1",
        11,
        'a field stands inside "title:"; name one of them',
    ),
    "a phrase that touches a word": (
        '"EU"-Paket a1',
        15,
        'a blank is missing between "EU" and -; or a quote is missing or too much',
    ),
    "quotes inside quotes": (
        '"he said "no" twice"',
        21,
        'a blank is missing between "he said " and no; or a quote is missing or too much',
    ),
    "a comma after an entity": (
        "@nato, @eu",
        16,
        "a blank is missing between @nato and ,",
    ),
    "an exact phrase": (
        '="a1 b1"',
        11,
        '"=" must stand right before a word: =sanctions; a phrase is exact anyway',
    ),
    "operators of programmers": (
        "a1 || b1",
        14,
        "'||' has no letter or digit to search for; write OR",
    ),
    "a question about what is no value": (
        'tag:("a1 b1"~)',
        15,
        '"tag:" takes words, quoted texts or a group of them',
    ),
    "a lonely minus": (
        "a1 - b1",
        14,
        '"-" must stand right before what it excludes: -football',
    ),
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
    "deep nesting": ("(" * 3000 + "a1" + ")" * 3000, None, "more than 60 levels of nesting"),
    "deep nesting of ATLEAST": (
        "ATLEAST/1(" * 1900 + "a1",
        None,
        "more than 60 levels of nesting",
    ),
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


def test_sixty_levels_of_nesting_are_read() -> None:
    node = parse("(x1 OR y1 NOT (z1 " * 20 + "z1" + "))" * 20)

    depth = 0
    below: tuple[Node, ...] = (node,)
    while below:
        below = tuple(child for each in below for child in children(each))
        depth += 1
    assert depth > 60  # each of the 20 has an OR, an AND, a NOT and an AND


def test_equal_words_of_a_rule_set_are_one_object() -> None:
    first, second = parse("merkel OR x1"), parse("NOT x2 AND merkel")

    assert isinstance(first, Or)
    assert isinstance(second, And)
    one, other = first.parts[0], second.parts[1]
    assert isinstance(one, Clause)
    assert isinstance(other, Clause)
    assert one.what is other.what


def test_a_text_is_parsed_once_and_its_problems_stand_where_it_stands() -> None:
    first = parse_query(SourceText("x1 or x2", Place("a.toml", 3, 5)))
    second = parse_query(SourceText("x1 or x2", Place("b.toml", 4, 9)))

    assert first.node is second.node
    assert [str(each.warnings[0].place) for each in (first, second)] == [
        "a.toml:3:8",
        "b.toml:4:12",
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("salt and pepper", ["and"]),
        ("salt or pepper not vinegar", ["or", "not"]),
        ("troops near/4 kyiv", ["near/4"]),
        ('"war and peace" android', []),
        ("(and salt) or", []),
        ("tag:x and salt", ["and"]),
    ],
)
def test_words_that_look_like_operators_are_warned_of(query: str, words: list[str]) -> None:
    warnings = parse_query(SourceText(query, Place("rules.toml"))).warnings

    assert [each.message.split('"')[1] for each in warnings] == words


def test_lower_case_operators_are_searched_and_warned_of() -> None:
    query = parse_query(SourceText('salt and pepper "war and peace"', Place("rules.toml", 7, 11)))

    (warning,) = query.warnings
    assert warning.level == "warning"
    assert str(warning).startswith(
        'rules.toml:7:16: warning: "and" is searched as a word; the operator is "AND"'
    )
