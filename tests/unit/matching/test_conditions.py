"""What must occur if a query holds, and whether that says all."""

import pytest

from monitor.matching.conditions import Condition, ConditionBuilder
from monitor.model.rule import Case
from monitor.rules.compile import compile_rules
from tests.support.rulebook import book, entity, person, topic

ENTITIES = (
    entity("nato", "NATO", "North Atlantic Treaty Organization"),
    entity("covid", "COVID-19"),
    entity("may", "Theresa May", case=Case.EXACT),
    person("rutte", "Mark Rutte"),
)
TOPICS = (topic("air", queries=['"air raid" OR "air strike"', "bomb*"]),)

# Number of atoms in each clause, number of barred ones, whether the evaluator may be spared.
CASES: dict[str, tuple[str, tuple[list[int], int, bool]]] = {
    "a word": ("troops", ([1], 0, True)),
    "a phrase": ('"troop deployment"', ([1], 0, True)),
    "a phrase of four words": ('"boots on the ground"~', ([1], 0, True)),
    "a wildcard": ("sanct*", ([1], 0, True)),
    "an expression": ("/sanct[a-z]+/", ([1], 0, True)),
    "alternatives": ("troops OR tanks OR missile*", ([3], 0, True)),
    "the same word twice": ("troops OR troops", ([1], 0, True)),
    "both": ("troops AND tanks", ([1, 1], 0, True)),
    "groups": ("(a1 OR b1) AND (c1 OR d1 OR e1)", ([2, 3], 0, True)),
    "an exclusion": ("troops NOT football", ([1], 1, True)),
    "several exclusions": ("troops NOT (football OR handball)", ([1], 2, True)),
    "an exclusion of two together": ("troops NOT (football AND ball)", ([1], 0, False)),
    "what is not excluded": ("troops NOT (NOT tanks)", ([1, 1], 0, True)),
    "an AND in an OR": ("(a1 AND b1) OR c1", ([2, 2], 0, True)),
    "two ANDs in an OR": ("(a1 AND b1) OR (c1 AND d1)", ([2, 2, 2, 2], 0, True)),
    "too many ANDs in an OR": (
        "(a1 b1 c1) OR (d1 e1 f1) OR (g1 h1 i1)",
        ([3], 0, False),
    ),
    "an exclusion in an OR": ("(a1 NOT b1) OR c1", ([2], 0, False)),
    "a window of two words": ('"sanctions package"~4', ([1], 0, True)),
    "a window of three words": ('"oil price cap"~4', ([1], 0, True)),
    "a window of four words": ('"oil price cap deal"~4', ([1], 0, False)),
    "a window with a wildcard": ('"sanct* package"~4', ([1, 1], 0, False)),
    "words near words": ("(troop* OR force*) NEAR/4 deploy*", ([2], 0, True)),
    "words before words": ("troops ONEAR/2 deployed", ([1], 0, True)),
    "a phrase near a word": ('"air raid" NEAR kyiv', ([1, 1], 0, False)),
    "in one sentence": ("troops SENT tanks", ([1, 1], 0, False)),
    "not near": ("troops NOT NEAR/5 football", ([1], 0, False)),
    "not in": ('us NOT IN "us open"', ([1], 0, False)),
    "a count": ("sanction{3,}", ([1], 0, False)),
    "a count of one": ("sanction{1,}", ([1], 0, True)),
    "some of a list": ("ATLEAST/2(a1 b1 c1)", ([2], 0, False)),
    "one of a list": ("ATLEAST/1(a1 b1 c1)", ([3], 0, True)),
    "all of a list": ("ATLEAST/3(a1 b1 c1)", ([1, 1, 1], 0, True)),
    "a field": ("title:(troops AND tanks)", ([1, 1], 0, True)),
    "an entity": ("@nato", ([2], 0, True)),
    "an acronym of two words": ("@covid", ([1], 0, True)),
    "an exact name": ("@may", ([1], 0, True)),
    "an entity in a field": ("title:@rutte", ([1, 2], 0, False)),
    "an entity near a word": ("@rutte NEAR troops", ([1, 1], 0, False)),
    "a topic": ("#air", ([3], 0, True)),
    "a question beside a word": ("troops site:ft.com", ([1], 0, False)),
    "a question or a word": ("troops OR site:ft.com", ([], 0, False)),
}


def condition_of(query: str) -> Condition:
    rules = compile_rules(book({"r": query}, ENTITIES, TOPICS))
    return ConditionBuilder().condition(rules.rules["r"].tree)


@pytest.mark.parametrize(("query", "expected"), CASES.values(), ids=CASES.keys())
def test_a_query_is_as_strong_a_condition_as_its_parts_allow(
    query: str, expected: tuple[list[int], int, bool]
) -> None:
    found = condition_of(query)
    assert (list(map(len, found.clauses)), len(found.barred), found.exact) == expected


def test_rules_share_their_atoms() -> None:
    builder = ConditionBuilder()
    rules = compile_rules(
        book({"a": '"troop deployment"', "b": 'tanks "troop deployment"', "c": "title:tanks"})
    )
    one, both, title = (builder.condition(rule.tree) for rule in rules.rules.values())
    assert one.clauses[0] in both.clauses
    assert title.clauses[0] not in both.clauses
    assert len(builder.atoms.fields) == 3
