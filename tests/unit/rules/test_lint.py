"""Warnings of what finds too much, too little or nothing: each with its place and a way out."""

from collections.abc import Sequence

import pytest

from monitor.errors import Place
from monitor.model.rule import Case, RuleBook, RuleSpec, SourceText
from monitor.rules.compile import compile_rules
from monitor.rules.lint import lint
from tests.support.rulebook import HERE, book, entity, source, topic, weighted


def warnings_of(*arguments: RuleBook) -> list[str]:
    (found,) = arguments
    problems = lint(found, compile_rules(found))
    assert {problem.level for problem in problems} <= {"warning"}
    return [problem.message.split("\n")[0] for problem in problems]


def of_query(query: str) -> list[str]:
    return warnings_of(book({"r": query}))


REDUNDANT = {
    "a1 OR b1 OR a1": '"a1" stands twice; leave it out',
    "a1 a1": '"a1" stands twice; leave it out',
    "sanction OR sanctions": '"sanctions" is the same as "sanction"; leave it out',
    "sanctions sanction": '"sanction" is the same as "sanctions"; leave it out',
    "=sanctions OR sanction": '"=sanctions" finds nothing that "sanction" does not; leave it out',
    "{NATO} OR nato": '"{NATO}" finds nothing that "nato" does not; leave it out',
    "{NATO} OR =nato": '"{NATO}" finds nothing that "=nato" does not; leave it out',
    "sanct* OR sanctions": '"sanctions" finds nothing that "sanct*" does not; leave it out',
    "sanct* sanctions": '"sanct*" holds whenever "sanctions" does; leave it out',
    "title:a1 OR a1": '"title:a1" finds nothing that "a1" does not; leave it out',
    '"a1 b1"~4 OR "b1 a1"~4': '"b1 a1"~4 is the same as "a1 b1"~4; leave it out',
    "a1 OR (a1 b1)": '"a1 b1" adds nothing to "a1", which is enough by itself; leave it out',
    "a1 (a1 OR b1)": '"a1 OR b1" holds whenever "a1" does; leave it out',
    "a1 OR (b1 c1) OR (c1 b1)": '"c1 b1" is the same as "b1 c1"; leave it out',
    "x1 (a1 NEAR b1 OR a1 NEAR b1)": '"a1 NEAR b1" stands twice; leave it out',
    "ATLEAST/2(a1 b1 a1)": '"a1" stands twice; leave it out',
    "ATLEAST/1(a1 b1)": "ATLEAST/1 is OR; write a OR b",
    "ATLEAST/2(a1 b1)": "ATLEAST of all its operands is AND; write a AND b",
    "ATLEAST/2(a1 b1 (NOT c1))": "an operand that only excludes counts in every article without "
    "it; put NOT outside",
}
NEVER = {
    "a1 b1 NOT a1": '"a1" is needed, but excluded by NOT "a1": this never matches',
    "sanction NOT sanctions": '"sanction" is needed, but excluded by NOT "sanctions": '
    "this never matches",
    "title:a1 NOT a1": '"title:a1" is needed, but excluded by NOT "a1": this never matches',
    "(a1 OR b1) NOT (b1 OR a1)": '"a1 OR b1" is needed, but excluded by NOT "a1": '
    "this never matches",
    "(a1 OR b1) NOT b1": '"b1" never counts: NOT "b1" excludes it; leave it out',
    "x1 OR (sanctions NOT sanct*)": '"sanctions" is needed, but excluded by NOT "sanct*": '
    "this never matches",
}
BROAD = {
    "in*": '"in*" finds very many words; give at least 3 letters',
    '"the in* x1"': '"in*" finds very many words; give at least 3 letters',
    "*ing": '"*ing" finds very many words; give at least 4 letters',
    "x1 NEAR/11 y1": "11 words between are most of a sentence: it finds what has nothing to do "
    "with each other; give at most 10, or write a SENT b",
    '"x1 y1"~20': "20 words between are most of a sentence: it finds what has nothing to do "
    "with each other; give at most 10, or write a SENT b",
}


@pytest.mark.parametrize(
    ("query", "message"), (REDUNDANT | NEVER | BROAD).items(), ids=REDUNDANT | NEVER | BROAD
)
def test_a_query_that_says_too_much_is_warned_of(query: str, message: str) -> None:
    assert of_query(query) == [message]


FINE = [
    'a1 OR b1 OR "a1 b1"',
    "title:a1 a1x NOT title:b1",
    "a1 NOT title:a1",
    "sanction OR =freeze OR {US}",
    "sanct* OR embargo",
    "wom?n OR *naut OR int*",
    "(a1 OR b1) (a1 OR c1)",
    "a1 NEAR/10 b1",
    "ATLEAST/2(a1 b1 c1)",
    '"a1 b1" OR "b1 a1"',
    "a1 NEAR/3 b1 OR a1 NEAR/4 b1",
    "title:a1 OR lead:a1",
]


@pytest.mark.parametrize("query", FINE)
def test_a_query_of_which_every_part_matters_is_no_warning(query: str) -> None:
    assert of_query(query) == []


def test_thousands_of_alternatives_are_compared_in_linear_time() -> None:
    groups = [f"a{n} b{n}" for n in range(5_000)]
    assert warnings_of(book({}, topics=[topic("t", queries=[*groups, "b7"])])) == [
        '"a7 b7" adds nothing to "b7", which is enough by itself; leave it out'
    ]


def test_words_are_the_same_only_if_they_are_in_every_language_of_the_rule() -> None:
    def spoken(*languages: str) -> list[str]:
        query = source("sanction OR sanctioning")
        spec = RuleSpec(id="r", title="r", query=query, languages=languages, place=HERE)
        return warnings_of(book([spec]))

    assert len(spoken()) == len(spoken("en")) == 1
    assert spoken("en", "fr") == []


def test_a_warning_stands_where_the_part_stands_and_shows_it() -> None:
    query = SourceText("a1 OR\n  b1 OR a1", Place("r.toml", 7, 11))
    spec = RuleSpec(id="r", title="r", query=query, place=HERE)
    (problem,) = lint(book([spec]), compile_rules(book([spec])))
    assert str(problem).split("\n") == [
        'r.toml:8:9: warning: "a1" stands twice; leave it out',
        "      b1 OR a1",
        "            ^",
    ]


def test_the_phrases_and_queries_of_a_topic_are_alternatives() -> None:
    subject = topic("t", phrases=["asset freeze", "freeze asset"], queries=["x1 y1", "y1 x1"])
    assert warnings_of(book({}, topics=[subject])) == [
        '"freeze asset" is the same as "asset freeze"; leave it out',
        '"y1 x1" is the same as "x1 y1"; leave it out',
    ]


def test_what_a_list_names_twice_is_warned_of() -> None:
    spec = RuleSpec(
        id="r",
        title="r",
        topics=(source("a1 b1"), source("t"), source("a1 b1"), source("t")),
        exclude=(source("c1"), source("c1")),
        place=HERE,
    )
    assert set(warnings_of(book([spec], topics=[topic("t", phrases=["x1 y1"])]))) == {
        "'a1 b1' stands twice; leave one out",
        "'t' stands twice; leave one out",
        "'c1' stands twice; leave one out",
    }


def test_an_exclusion_of_what_the_query_needs_is_warned_of() -> None:
    def excluding(*queries: str) -> list[str]:
        spec = RuleSpec(
            id="r",
            title="r",
            query=source("a1 (b1 OR c1)"),
            exclude=tuple(map(source, queries)),
            place=HERE,
        )
        return warnings_of(book([spec]))

    assert excluding("x1", "a1") == [
        '"a1" is needed, but excluded by NOT "a1": this never matches'
    ]
    assert excluding("c1") == ['"c1" never counts: NOT "c1" excludes it; leave it out']


def test_a_line_that_is_there_twice_and_a_threshold_of_one_line_are_warned_of() -> None:
    assert warnings_of(book({}, topics=[weighted("w", 2, {"missile": 2, "missiles": 3})])) == [
        "'missiles' means the same as 'missile', so its weight counts twice; leave one out",
        "topic w: every line alone reaches the threshold: plain queries say the same",
    ]
    assert warnings_of(book({}, topics=[weighted("w", 2, {"missile": 2, "sport": -1})])) == []


ALIASES = {
    "US": "is a common word (en) and counts in capitals only",
    "Shell": "is a common word (en) and needs its capital",
    "Mx": "is short, and likely to mean something else",
}


@pytest.mark.parametrize(("alias", "message"), ALIASES.items(), ids=ALIASES)
def test_an_alias_that_needs_more_than_its_letters_is_named(alias: str, message: str) -> None:
    (warning,) = warnings_of(book({}, [entity("e", "Some Body", alias)]))
    assert warning.startswith(f"the alias {alias!r} {message}")
    decided: Sequence[RuleBook] = (
        book({}, [entity("e", alias, case=Case.EXACT)]),
        book({}, [entity("e", "Some Body", contexts={alias: "x1"})]),
    )
    for each in decided:
        assert warnings_of(each) == []


def test_signs_of_other_scripts_and_codes_are_not_short() -> None:
    assert warnings_of(book({}, [entity("china", "China", "中国", "रूस", "G7")])) == []


def test_a_name_needs_another_way_out_than_an_alias() -> None:
    (of_name,) = warnings_of(book({}, [entity("e", "Shell")]))
    (of_alias,) = warnings_of(book({}, [entity("e", "Some Body", "Shell")]))
    assert "give the entity a longer name" in of_name
    assert "give it a case" in of_alias


def test_an_alias_that_stands_twice_is_warned_of() -> None:
    found = warnings_of(book({}, [entity("e", "Some Body", "Some Body")]))
    assert found == ["the alias 'Some Body' stands twice, first at rules.toml:1:1"]


def test_the_context_of_an_alias_is_a_query_like_others() -> None:
    found = warnings_of(book({}, [entity("e", "Some Body", contexts={"Body": "x1 x1"})]))
    assert found == ['"x1" stands twice; leave it out']


def test_rules_that_find_the_same_are_named() -> None:
    found = warnings_of(
        book(
            {"one": "a1 OR b1", "two": "b1 OR #t", "three": "a1 c1"},
            [],
            [topic("t", queries=["a1"])],
        )
    )
    assert found == ['rule "two" finds what rule "one" (rules.toml:1:1) finds; one is enough']


def test_a_language_without_a_stemmer_is_named_if_the_rule_has_words() -> None:
    def in_ukrainian(query: str) -> list[str]:
        spec = RuleSpec(id="r", title="r", query=source(query), languages=("uk", "de"), place=HERE)
        return warnings_of(book([spec], [entity("nato", "NATO")]))

    (warning,) = in_ukrainian("санкція NEAR x1")
    assert warning.startswith('rule "r": there is no stemmer for uk')
    assert in_ukrainian("санкц* OR @nato OR =x1") == []
