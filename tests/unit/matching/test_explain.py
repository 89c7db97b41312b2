"""Why a rule does not match: which clause, and how near it came."""

import pytest

from monitor.matching.explain import explain
from monitor.matching.missing import Lack, Missing
from monitor.model.article import Article, Carrier
from monitor.model.rule import RuleSpec
from monitor.rules.compile import compile_rules
from tests.support.rulebook import HERE, book, entity, source

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
        [Missing(clause="nato", at=(0, 0), reason=Lack.EXCLUDED, passage="NATO")],
    ),
    "the case is wrong": (
        "@shell",
        "A shell was found.",
        [Missing(clause="@shell", at=(0, 6), reason=Lack.CASE, passage="shell")],
    ),
    "excluded": (
        "troops NOT football",
        "Troops play football.",
        [Missing(clause="football", at=(0, 0), reason=Lack.EXCLUDED, passage="football")],
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
