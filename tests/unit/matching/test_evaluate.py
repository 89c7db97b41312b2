"""What each operator finds, and when it holds."""

import weakref
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.document import analyse
from monitor.matching import evaluate
from monitor.matching.evaluate import Evaluation
from monitor.matching.matches import match_of
from monitor.matching.view import ArticleView
from monitor.model.article import Article, Carrier
from monitor.rules.compile import compile_rules
from monitor.rules.tree import (
    And,
    Apart,
    Count,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Restriction,
    Scope,
    Together,
    Unit,
    Window,
)
from tests.support import trees
from tests.support.rulebook import book, entity

TWO_SENTENCES = "Troops wait here. They deploy."
TWO_PARAGRAPHS = "Troops wait.\n\nThey deploy."

FOUND: dict[str, tuple[Node, str, list[str]]] = {
    "SENT shows both operands": (
        trees.query("troops SENT deploy"),
        "Troops will deploy. Tanks deploy. Troops rest.",
        ["Troops", "deploy"],
    ),
    "SENT does not cross a sentence": (trees.query("troops SENT deploy"), TWO_SENTENCES, []),
    "SENT takes the same word for both": (
        trees.query("troops SENT troop*"),
        "Troops.",
        ["Troops"],
    ),
    "PARA crosses sentences": (
        trees.query("troops PARA deploy"),
        TWO_SENTENCES,
        ["Troops", "deploy"],
    ),
    "PARA does not cross a blank line": (trees.query("troops PARA deploy"), TWO_PARAGRAPHS, []),
    "NOT NEAR leaves what is far": (
        trees.query("troops NOT NEAR/1 football"),
        "Football for troops and for other troops.",
        ["troops"],
    ),
    "NOT NEAR looks to both sides": (
        trees.query("troops NOT NEAR/1 football"),
        "Troops play football. Football bores troops.",
        [],
    ),
    "NOT NEAR ends with the sentence": (
        trees.query("troops NOT NEAR/5 football"),
        "No football. Troops left. Football.",
        ["Troops"],
    ),
    "NOT NEAR excludes what overlaps": (
        trees.query('troops NOT NEAR/0 "allied troops"'),
        "Allied troops left.",
        [],
    ),
    "NOT NEAR of what is not there": (
        trees.query("troops NOT NEAR/5 football"),
        "Troops left.",
        ["Troops"],
    ),
    "NOT NEAR needs its left operand": (trees.query("troops NOT NEAR/5 football"), "Tanks.", []),
    "NOT IN a phrase": (
        trees.query('us NOT IN "us open"'),
        "US open: the US lost.",
        ["US"],
    ),
    "NOT IN only what lies inside as a whole": (
        trees.query('"us open" NOT IN "open final"'),
        "The US open final.",
        ["US open"],
    ),
    "a count over all occurrences": (
        trees.query("troop*{2,}"),
        "Troops, a trooper.",
        ["Troops", "trooper"],
    ),
    "a count that is not reached": (trees.query("troop*{3,}"), "Troops, a trooper.", []),
    "a count of passages that don't overlap": (
        trees.query('"ha ha"{2,}'),
        "ha ha ha",
        [],
    ),
    "ATLEAST some": (
        trees.query("ATLEAST/2(troops tanks drones)"),
        "Troops and drones.",
        ["Troops", "drones"],
    ),
    "ATLEAST too few": (trees.query("ATLEAST/2(troops tanks drones)"), "Troops, troops.", []),
    "weights that reach the threshold": (
        trees.weighted(5, {"missile OR drone*": 3, '"air raid"': 3, "football": -6}),
        "A missile and drones, an air raid.",
        ["missile", "drones", "air raid"],
    ),
    "weights that don't": (
        trees.weighted(5, {"missile OR drone*": 3, '"air raid"': 1}),
        "A missile and drones, an air raid.",
        [],
    ),
    "a weight that counts against": (
        trees.weighted(5, {"missile": 3, "raid": 3, "football": -6}),
        "A missile, a raid, football.",
        [],
    ),
    "what counts against is not shown": (
        trees.weighted(5, {"missile": 9, "football": -3}),
        "A missile, football.",
        ["missile"],
    ),
    "tenths add up": (
        trees.weighted(1, {"a": 0.7, "b": 0.2, "c": 0.1}),
        "a b c",
        ["a", "b", "c"],
    ),
    "a regular expression in the original text": (
        trees.expression(r"(?i)sanctio[a-z]+"),
        "Sanctions; sanctio; SANCTIONED!",
        ["Sanctions", "SANCTIONED"],
    ),
    "a regular expression counts characters": (
        trees.expression(r"\d\d €"),
        "Größer: 10 €, größer: 20 €",
        ["10 €", "20 €"],
    ),
    "a regular expression in one field": (
        Scope("title", trees.expression("(?i)troops")),
        "Troops",
        [],
    ),
    "a text that is no Unicode": (trees.expression("b"), "a \ud800 b", ["b"]),
}


@pytest.mark.parametrize(("tree", "text", "found"), FOUND.values(), ids=FOUND.keys())
def test_an_operator_finds_its_passages(tree: Node, text: str, found: list[str]) -> None:
    evaluation = Evaluation(ArticleView(Article(title="", text=text, language="en")))

    spans = evaluation.spans(tree) if evaluation.holds(tree) else ()

    assert [span.text for span in spans] == found
    assert all(text[span.start : span.end] == span.text for span in spans)


def test_a_count_sums_the_fields_that_are_searched() -> None:
    evaluation = Evaluation(ArticleView(Article(title="Troops", text="Troops")))
    assert evaluation.holds(trees.query("troops{2,}"))
    assert not evaluation.holds(trees.query("text:(troops{2,})"))


def test_what_a_topic_finds_is_named_by_the_topic() -> None:
    tree = trees.weighted(1, {"a OR {B}": 1, "c": 1}, name="#letters")
    evaluation = Evaluation(ArticleView(Article(title="", text="a B c")))
    assert {span.clause for span in evaluation.spans(tree)} == {"#letters"}


def test_a_lead_that_begins_the_text_counts_once() -> None:
    tree = trees.query("troops{2,}")
    lead = Article(title="", lead="Troops left.", text="Troops left. Rain came.")
    assert not Evaluation(ArticleView(lead)).holds(tree)
    assert Evaluation(ArticleView(replace(lead, lead="Troops leave."))).holds(tree)


DESK = Carrier(name="Desk", url="https://desk.example/rss", tags=("asia",))
RESTRICTIONS = {
    "nothing": (Restriction((), (), None), True),
    "its feed": (Restriction(("desk",), (), None), True),
    "its feed by tag": (Restriction(("tag:Asia", "other"), (), None), True),
    "another feed": (Restriction(("other",), (), None), False),
    "its language": (Restriction((), ("de", "en"), None), True),
    "another language": (Restriction((), ("de",), None), False),
    "on its last day": (Restriction((), (), date(2026, 11, 2)), True),
    "after its last day": (Restriction((), (), date(2026, 11, 1)), False),
}


@pytest.mark.parametrize(("node", "holds"), RESTRICTIONS.values(), ids=RESTRICTIONS.keys())
@pytest.mark.parametrize("text_known", [True, False])
def test_a_rule_is_limited_to_feeds_languages_and_days(
    node: Restriction, *, holds: bool, text_known: bool
) -> None:
    article = Article(
        title="", language="en-GB", carriers=(DESK,), seen=datetime(2026, 11, 2, 1, tzinfo=UTC)
    )
    view = ArticleView(article, text_known=text_known)
    assert Evaluation(view).verdict(node) is holds


SCORES: dict[str, tuple[Node, float]] = {
    "clauses": (And((trees.query("a"), trees.query("b OR c OR d"))), 3.0),
    "a weighted topic": (
        And((trees.query("a"), trees.weighted(1, {"b": 2, "c": -0.5, "x": 9}))),
        1.5,
    ),
    "two weighted topics": (
        Or((trees.weighted(1, {"a": 2}, "#one"), trees.weighted(1, {"b": 3}, "#two"))),
        5.0,
    ),
    "one topic twice": (
        And((trees.weighted(1, {"a": 2}), Or((trees.weighted(1, {"a": 2}),)))),
        2.0,
    ),
    "a weighted topic that does not hold": (
        Or((trees.query("a"), trees.weighted(9, {"b": 2}))),
        1.0,
    ),
    "a weighted topic that is excluded": (
        And((trees.query("a"), Not(trees.weighted(9, {"b": 2})))),
        1.0,
    ),
    "a weighted topic in a field": (Scope("text", trees.weighted(1, {"b": 4})), 4.0),
}


@pytest.mark.parametrize(("tree", "score"), SCORES.values(), ids=SCORES.keys())
def test_the_score_sums_weights_or_counts_clauses(tree: Node, score: float) -> None:
    rule = replace(compile_rules(book({"r": "a"})).rules["r"], tree=tree)
    evaluation = Evaluation(ArticleView(Article(title="", text="a b c")))
    assert evaluation.holds(tree)
    assert match_of(rule, evaluation).score == score


def test_the_analysis_of_an_article_may_be_given() -> None:
    article = Article(title="", text="Troops")
    document = analyse("", "", "Tanks", "en")
    assert Evaluation(ArticleView(article, document)).holds(trees.query("tanks"))


def test_an_evaluation_is_freed_when_it_is_done() -> None:
    """A cycle would stay until the garbage collector comes round."""
    spec = entity("us", "America", contexts={"US": "congress OR trump"})
    rules = compile_rules(book({"r": "@us"}, [spec]))
    evaluation = Evaluation(ArticleView(Article(title="", text="The US Congress met.")))
    assert evaluation.spans(rules.rules["r"].tree)
    left = weakref.ref(evaluation)

    del evaluation

    assert left() is None


leaves = st.sampled_from(["a", "b", '"a b"', '"a b"~2', "a NEAR/2 b", "(a OR b) NEAR/1 c"])
positionals = leaves.map(trees.what)
operators = (
    positionals
    | st.builds(Together, positionals, positionals, st.sampled_from(Unit))
    | st.builds(Apart, positionals, positionals, st.integers(0, 2))
    | st.builds(Outside, positionals, positionals)
)
single = operators.map(trees.clause)
clauses = single | st.builds(Count, single, st.integers(1, 4))
texts = st.lists(st.sampled_from(["a", "b", "c", "A.", "B\n\n"]), max_size=30).map(" ".join)


@given(tree=clauses, text=texts, head=st.integers(1, 12))
def test_the_head_of_a_long_text_is_a_short_cut_only(tree: Node, text: str, head: int) -> None:
    view = ArticleView(Article(title="", text=text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "MOST_PASSAGES", 3)
        whole = Evaluation(view)
        expected = (whole.verdict(tree), whole.spans(tree))
        patch.setattr(evaluate, "HEAD", head)
        short = Evaluation(view)
        assert short.verdict(tree) is expected[0]
        if not isinstance(getattr(tree, "what", None), Window):
            assert short.spans(tree) == expected[1]


def test_the_head_is_not_all_that_is_searched() -> None:
    text = "a " * 6_000 + "b c b c"
    evaluation = Evaluation(ArticleView(Article(title="", text=text)))
    assert evaluation.holds(trees.query("b NEAR c"))
    assert not evaluation.holds(
        trees.clause(Near(trees.what("b"), trees.what("a"), 0, ordered=True))
    )
    assert evaluation.holds(trees.query("b{2,}"))
