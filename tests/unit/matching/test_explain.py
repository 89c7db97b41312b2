"""Why a rule does not match: which clause, and how near it came."""

import json
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.explain import shape
from monitor.matching.explain import explain
from monitor.matching.missing import Lack, Missing
from monitor.model.article import Article, Carrier
from monitor.model.rule import RuleSpec
from monitor.rules.compile import compile_rules
from tests.support.rulebook import HERE, book, entity, person, source, weighted

NATO = entity("nato", "NATO")
SHELL = entity("shell", "Shell")

CASES: dict[str, tuple[str, str, list[Missing]]] = {
    "absent": (
        "troops",
        "Nothing here.",
        [Missing(clause="troops", at=(0, 6), reason=Lack.ABSENT)],
    ),
    "every failed part of an AND": (
        "troops nothing tanks",
        "Nothing here.",
        [
            Missing(clause="troops", at=(0, 6), reason=Lack.ABSENT),
            Missing(clause="tanks", at=(15, 20), reason=Lack.ABSENT),
        ],
    ),
    "the nearest part of an OR": (
        "(troops tanks) OR @nato",
        "Troops left.",
        [Missing(clause="tanks", at=(8, 13), reason=Lack.ABSENT)],
    ),
    "too far": (
        "troop* NEAR/2 deploy*",
        "Troops of the old allied armies deployed.",
        [
            Missing(
                clause="troop* NEAR/2 deploy*",
                at=(0, 21),
                reason=Lack.TOO_FAR,
                distance=5,
                allowed=2,
                passage="Troops of the old allied armies deployed",
            )
        ],
    ),
    "a window too wide": (
        '"sanctions package"~1',
        "A package of new Russian sanctions.",
        [
            Missing(
                clause='"sanctions package"~1',
                at=(0, 21),
                reason=Lack.TOO_FAR,
                distance=3,
                allowed=1,
                passage="package of new Russian sanctions",
            )
        ],
    ),
    "in other sentences": (
        "troop* NEAR deploy*",
        "Troops wait. They deploy soon.",
        [Missing(clause="troop* NEAR deploy*", at=(0, 19), reason=Lack.OTHER_SENTENCE)],
    ),
    "in the wrong order": (
        "troop* ONEAR/4 deploy*",
        "They deploy troops.",
        [Missing(clause="troop* ONEAR/4 deploy*", at=(0, 22), reason=Lack.ABSENT)],
    ),
    "near itself": (
        "troop* NEAR troop*",
        "Troops left.",
        [Missing(clause="troop* NEAR troop*", at=(0, 18), reason=Lack.ABSENT)],
    ),
    "an exact form in another case": (
        "{NATO}",
        "The Nato summit.",
        [Missing(clause="{NATO}", at=(0, 6), reason=Lack.CASE, passage="Nato")],
    ),
    "excluded in a field": (
        "text:(troops NOT nato)",
        "Troops of NATO.",
        [Missing(clause="nato", at=(17, 21), reason=Lack.EXCLUDED, passage="NATO")],
    ),
    "the case is wrong": (
        "@shell",
        "A shell was found.",
        [Missing(clause="@shell", at=(0, 6), reason=Lack.CASE, passage="shell")],
    ),
    "excluded": (
        "troops NOT football",
        "Troops play football.",
        [Missing(clause="football", at=(11, 19), reason=Lack.EXCLUDED, passage="football")],
    ),
    "a question about the article": (
        "troops site:ft.com",
        "Troops left.",
        [Missing(clause="site:ft.com", at=(12, 18), reason=Lack.ABSENT)],
    ),
    "in a field": (
        "title:troops",
        "Troops left.",
        [Missing(clause="troops", at=(6, 12), reason=Lack.ABSENT)],
    ),
}


@pytest.mark.parametrize(("query", "text", "missing"), CASES.values(), ids=CASES.keys())
def test_a_miss_names_the_clauses_that_failed(
    query: str, text: str, missing: list[Missing]
) -> None:
    rules = compile_rules(book({"r": query}, [NATO, SHELL]))

    (explanation,) = explain(rules.rules.values(), Article(title="", text=text, language="en"))

    assert not explanation.match
    assert list(explanation.missing) == missing
    assert explanation.spans == ()


def test_a_hit_is_explained_by_its_passages() -> None:
    rules = compile_rules(book({"r": "troops (@nato OR @shell)"}, [NATO, SHELL]))
    article = Article(title="Nato troops", text="NATO moves troops.", language="en")

    (explanation,) = explain(rules.rules.values(), article)

    assert explanation.match
    assert (
        explanation.why
        == "@nato: “Nato”, “NATO” in title, text; troops: “troops” ×2 in title, text"
    )
    assert explanation.missing == ()


def test_a_rule_of_another_feed_says_so() -> None:
    spec = RuleSpec(id="r", title="R", query=source("troops"), feeds=("tag:europe",), place=HERE)
    rules = compile_rules(book([spec]))
    carrier = Carrier(name="Desk", url="https://desk.example/rss", tags=("asia",))

    (explanation,) = explain(rules.rules.values(), Article(title="Troops", carriers=(carrier,)))

    assert explanation.why == "feeds, languages or until of the rule: excluded"


GOLDEN: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("explanations.toml").read_text("utf-8")
)["explanation"]
US = entity("us", "America", contexts={"US": "congress OR trump"})
ESCALATION = weighted("escalation", 5, {"missile": 3, '"air raid"': 2, "football": -6})
ASIA = Carrier(name="Desk", url="https://desk.example/rss", tags=("asia",))


@pytest.mark.parametrize("case", GOLDEN, ids=[case["name"] for case in GOLDEN])
def test_an_explanation_reads_as_agreed(case: dict[str, Any]) -> None:
    feeds = tuple(case.get("feeds", ()))
    spec = RuleSpec(id="r", title="R", query=source(case["query"]), feeds=feeds, place=HERE)
    names = [NATO, US, person("rutte", "Mark Rutte")]
    rules = compile_rules(book([spec], names, [ESCALATION])).rules.values()
    article = Article(
        title=case.get("title", ""), text=case.get("text", ""), language="en", carriers=(ASIA,)
    )

    (explanation,) = explain(rules, article, text_known=case.get("text_known", True))

    expected = {"rule": "r", "match": None, "spans": [], "missing": []} | case["expected"]
    assert json.loads(json.dumps(shape(explanation))) == expected


EXCLUDED: dict[str, tuple[RuleSpec, str]] = {
    "languages": (
        RuleSpec(id="r", title="", query=source("troops"), languages=("de",), place=HERE),
        "languages",
    ),
    "until": (
        RuleSpec(id="r", title="", query=source("troops"), until=date(2026, 11, 1), place=HERE),
        "until",
    ),
}


@pytest.mark.parametrize(("spec", "detail"), EXCLUDED.values(), ids=EXCLUDED.keys())
def test_a_rule_that_does_not_look_says_by_which_key(spec: RuleSpec, detail: str) -> None:
    article = Article(title="troops", language="en", seen=datetime(2026, 11, 2, tzinfo=UTC))
    (explanation,) = explain(compile_rules(book([spec])).rules.values(), article)
    assert [lack.detail for lack in explanation.missing] == [detail]


SMALLEST: dict[str, tuple[str, list[str]]] = {
    "an excluded AND needs one part to go": ("a1 NOT (a1 b1)", ["a1"]),
    "an excluded OR needs all to go": ("a1 NOT (a1 OR b1)", ["a1", "b1"]),
    "an excluded ATLEAST needs those above to go": (
        "a1 NOT ATLEAST/2(a1 b1 c1 x1)",
        ["a1", "b1"],
    ),
    "twice negated": ("a1 NOT (b1 NOT x1)", ["b1"]),
    "the shorter way of OR": ("(x1 y1) OR (a1 z1)", ["z1"]),
    "the nearer way of OR": ("x1 OR (a1 NEAR/0 c1)", ["a1 NEAR/0 c1"]),
    "each clause once": ("(x1 OR x1) x1", ["x1"]),
    "an excluded count": ("a1 NOT b1{1,}", ["b1"]),
    "an excluded question": ("a1 NOT lang:en", ["lang:en"]),
    "an excluded expression": ("a1 NOT /b./", ["/b./"]),
}


@pytest.mark.parametrize(("query", "clauses"), SMALLEST.values(), ids=SMALLEST.keys())
def test_the_smallest_set_of_clauses_is_named(query: str, clauses: list[str]) -> None:
    rules = compile_rules(book({"r": query})).rules.values()
    (explanation,) = explain(rules, Article(title="", text="a1 b1 c1", language="en"))
    assert list(dict.fromkeys(lack.clause for lack in explanation.missing)) == clauses
