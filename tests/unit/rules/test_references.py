"""Names in queries: what nothing defines is told with the nearest that something does."""

import pytest

from monitor.errors import Place, Problem
from monitor.model.rule import RuleSpec, SourceText
from monitor.rules.references import Names, query_problems
from tests.support.rulebook import HERE, book, entity, source, topic, weighted

NAMES: Names = {"entity": {"nato", "eu-council"}, "topic": {"sanctions"}, "rule": {"watch"}}


def problems_of(query: str, names: Names | None = NAMES) -> list[str]:
    spec = RuleSpec(id="r", title="r", query=SourceText(query, Place("r.toml", 3, 10)), place=HERE)
    return [shown(problem) for problem in query_problems(book([spec]), names)]


def shown(problem: Problem) -> str:
    return f"{problem.place.column}: {problem.message.splitlines()[0]}"


UNKNOWN = {
    "@natoo": '10: unknown entity "natoo"; did you mean "nato"?',
    "a1 OR #sanction": '16: unknown topic "sanction"; did you mean "sanctions"?',
    "a1 rule:wach": '13: unknown rule "wach"; did you mean "watch"?',
    "a1 rule:x1": '13: unknown rule "x1"; define it under [rules.x1]',
    "NOT (b1 OR @x1) a1": '21: unknown entity "x1"; define it under [entities.x1]',
    "title:(@x1 a1)": '17: unknown entity "x1"; define it under [entities.x1]',
    "@x1{2,}": '10: unknown entity "x1"; define it under [entities.x1]',
    "ATLEAST/2(a1 b1 @x1)": '26: unknown entity "x1"; define it under [entities.x1]',
    "a1 NEAR @x1": '18: unknown entity "x1"; define it under [entities.x1]',
    "a1 SENT (b1 OR @x1)": '25: unknown entity "x1"; define it under [entities.x1]',
    "@x1 NOT NEAR/3 b1": '10: unknown entity "x1"; define it under [entities.x1]',
    "a1 NOT IN #x1": '20: unknown topic "x1"; define it under [topics.x1]',
    "(@eu-council OR @eu) NEAR a1": '26: unknown entity "eu"; define it under [entities.eu]',
}


@pytest.mark.parametrize(("query", "message"), UNKNOWN.items(), ids=UNKNOWN)
def test_a_name_that_nothing_defines_is_found_wherever_it_stands(query: str, message: str) -> None:
    assert problems_of(query) == [message]


def test_names_that_something_defines_are_fine() -> None:
    assert problems_of("@nato NEAR @eu-council OR (#sanctions{2,} rule:watch)") == []


def test_names_are_not_judged_while_it_is_unknown_what_is_defined() -> None:
    assert problems_of("@x1 #x1 rule:x1", None) == []
    assert problems_of("@x1 OR", None) == ['14: "OR" needs an operand after it']


def test_every_query_of_a_book_is_looked_at() -> None:
    spec = RuleSpec(id="r", title="r", query=source("@q"), exclude=(source("@x"),), place=HERE)
    found = query_problems(
        book(
            [spec],
            [entity("e", "Some Body", contexts={"Body": "@c"})],
            [topic("t", queries=["@t"]), weighted("w", 1, {"@w": 1})],
        ),
        NAMES,
    )
    assert sorted(problem.message.split('"')[1] for problem in found) == ["c", "q", "t", "w", "x"]
