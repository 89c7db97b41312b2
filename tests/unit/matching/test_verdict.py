"""Three values: what title and lead decide, whatever the text will say."""

from dataclasses import replace
from itertools import product

import pytest

from monitor.matching import verdict
from monitor.matching.evaluate import Evaluation
from monitor.matching.verdict import Truth
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.rules.tree import (
    AnyOf,
    Apart,
    AtLeast,
    Count,
    Meta,
    MetaField,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Positional,
    Scope,
    Together,
    Unit,
)
from tests.support import trees

VALUES: tuple[Truth, ...] = (True, None, False)
THREES = tuple(product(VALUES, repeat=3))
AND: dict[tuple[Truth, Truth], Truth] = {
    (True, True): True,
    (True, None): None,
    (True, False): False,
    (None, True): None,
    (None, None): None,
    (None, False): False,
    (False, True): False,
    (False, None): False,
    (False, False): False,
}
OR: dict[tuple[Truth, Truth], Truth] = {
    (True, True): True,
    (True, None): True,
    (True, False): True,
    (None, True): True,
    (None, None): None,
    (None, False): None,
    (False, True): True,
    (False, None): None,
    (False, False): False,
}


@pytest.mark.parametrize("values", AND)
def test_and(values: tuple[Truth, Truth]) -> None:
    assert verdict.all_of(values) is AND[values]


@pytest.mark.parametrize("values", OR)
def test_or(values: tuple[Truth, Truth]) -> None:
    assert verdict.any_of(values) is OR[values]


@pytest.mark.parametrize(("value", "opposite"), [(True, False), (None, None), (False, True)])
def test_not(value: Truth, opposite: Truth) -> None:
    assert verdict.opposite(value) is opposite


def completions(values: tuple[Truth, ...]) -> list[tuple[bool, ...]]:
    return list(product(*((True, False) if value is None else (value,) for value in values)))


@pytest.mark.parametrize("values", THREES, ids=str)
@pytest.mark.parametrize("minimum", [1, 2, 3])
def test_at_least_some_are_certain_if_every_completion_agrees(
    minimum: int, values: tuple[Truth, ...]
) -> None:
    outcomes = {sum(each) >= minimum for each in completions(values)}
    expected = outcomes.pop() if len(outcomes) == 1 else None
    assert verdict.at_least(minimum, values) is expected


@pytest.mark.parametrize("values", THREES, ids=str)
@pytest.mark.parametrize("threshold", [2.0, 3.0, 5.0])
def test_weights_are_certain_if_every_completion_reaches_or_misses_the_threshold(
    threshold: float, values: tuple[Truth, ...]
) -> None:
    weights = (3.0, 2.0, -2.0)
    outcomes = {
        sum(weight for holds, weight in zip(each, weights, strict=True) if holds) >= threshold
        for each in completions(values)
    }
    expected = outcomes.pop() if len(outcomes) == 1 else None
    assert verdict.reaches(threshold, zip(values, weights, strict=True)) is expected


def decide(tree: Node, title: str, lead: str) -> Truth:
    article = Article(title=title, lead=lead, language="en", url="https://desk.example/a")
    return Evaluation(ArticleView(article, text_known=False)).verdict(tree)


RUTTE = trees.entity(trees.alias("Mark Rutte"), surname=trees.alias("Rutte"))
SHELL = trees.entity(trees.alias("Shell"))
US = trees.entity(trees.alias("US", context=trees.query("congress OR trump")))
US_NOT_OPEN = trees.entity(trees.alias("US", context=Not(trees.query("tennis"))))

UNKNOWN: dict[str, tuple[Node, str, str, Truth]] = {
    "a word of the title": (trees.query("troops"), "Troops", "", True),
    "a word of the lead": (trees.query("troops"), "", "Troops left.", True),
    "a word of neither": (trees.query("troops"), "Tanks", "Tanks left.", None),
    "the last word of a cut lead": (trees.query("troop"), "", "They sent troop…", None),
    "a word before it": (trees.query("they"), "", "They sent troop...", True),
    "a window that touches it": (trees.query('"sent troop"~2'), "", "They sent troop…", None),
    "a companion that is it": (trees.query("sent SENT troop"), "", "They sent troop…", None),
    "the last word of a lead that is not cut": (trees.query("troop"), "", "A troop", True),
    "not near in the title": (trees.query("troops NOT NEAR/4 football"), "Troops", "", True),
    "not near in the lead": (trees.query("troops NOT NEAR/4 football"), "", "Troops left.", None),
    "not in the lead": (trees.query('us NOT IN "us open"'), "", "US troops.", None),
    "excluded by the title": (Not(trees.query("football")), "Football", "", False),
    "not excluded yet": (Not(trees.query("football")), "Troops", "", None),
    "title: is known": (trees.query("title:troops"), "Tanks", "Troops", False),
    "lead: is known": (trees.query("lead:troop"), "", "A troop…", True),
    "lead: is known to be without": (trees.query("lead:tank"), "Tank", "", False),
    "text: is not": (trees.query("text:troops"), "Troops", "Troops", None),
    "a count that is reached": (trees.query("troops{2,}"), "Troops", "Troops left.", True),
    "a count that is not": (trees.query("troops{3,}"), "Troops", "Troops left.", None),
    "a count in the title": (
        trees.query("title:(troops{2,})"),
        "Troops",
        "Troops left.",
        False,
    ),
    "an expression in the title": (trees.expression("T.o"), "Troops", "", True),
    "an expression in the lead": (trees.expression("T.o"), "", "Troops", None),
    "an expression in a field": (
        Scope("lead", trees.expression("T.o")),
        "Troops",
        "",
        False,
    ),
    "a question": (Meta(MetaField.SITE, "desk.example", (0, 0)), "", "", True),
    "ATLEAST that can't be reached": (
        AtLeast(2, (trees.query("title:a"), trees.query("b"))),
        "b",
        "",
        False,
    ),
    "a full name": (trees.clause(RUTTE), "Mark Rutte left", "", True),
    "a surname whose full name the lead has": (
        Scope("title", trees.clause(RUTTE)),
        "Rutte left",
        "Mark Rutte left.",
        True,
    ),
    "a surname whose full name the text may have": (
        Scope("title", trees.clause(RUTTE)),
        "Rutte left",
        "",
        None,
    ),
    "no trace of a name": (Scope("title", trees.clause(RUTTE)), "Mark left", "", False),
    "a mention that the text may clear up": (
        Scope("title", trees.clause(SHELL)),
        "Shell",
        "",
        None,
    ),
    "a mention that the lead clears up": (
        Scope("title", trees.clause(SHELL)),
        "Shell",
        "Workers of Shell left.",
        True,
    ),
    "a context that the text may bring": (trees.clause(US), "US troops", "", None),
    "a context that the lead has": (trees.clause(US), "US troops", "Congress met.", True),
    "a context that the text may spoil": (trees.clause(US_NOT_OPEN), "US troops", "", None),
    "a context that is spoilt": (
        Scope("title", trees.clause(US_NOT_OPEN)),
        "US tennis",
        "",
        False,
    ),
    "far from a name that the text may clear up": (
        trees.clause(Apart(trees.what("troops"), SHELL, 4)),
        "Troops of Paris. Shell",
        "",
        None,
    ),
}


@pytest.mark.parametrize(
    ("tree", "title", "lead", "expected"), UNKNOWN.values(), ids=UNKNOWN.keys()
)
def test_a_verdict_without_the_text(tree: Node, title: str, lead: str, expected: Truth) -> None:
    assert decide(tree, title, lead) is expected


def test_without_a_text_only_certain_passages_are_shown() -> None:
    tree = Or((trees.query("troops"), Not(trees.query("football")), trees.query("tanks")))
    view = ArticleView(Article(title="Troops", text="Tanks"), text_known=False)
    assert [span.text for span in Evaluation(view).spans(tree)] == ["Troops"]


A, B = trees.what("a"), trees.what("b")
PAIRS = [(A, B), (A, SHELL), (SHELL, A), (RUTTE, A), (A, US_NOT_OPEN)]
POSITIONALS: list[Positional] = [
    *(A, RUTTE, SHELL, US, US_NOT_OPEN, trees.what('"a b"'), trees.what('"a b"~1')),
    *(Near(*pair, 1, ordered=False) for pair in PAIRS),
    *(Together(*pair, Unit.SENTENCE) for pair in PAIRS),
    *(Apart(*pair, 1) for pair in PAIRS),
    *(Outside(AnyOf(pair), trees.what('"a b"')) for pair in PAIRS),
]
CLAUSES = list(map(trees.clause, POSITIONALS))
LEAVES: list[Node] = [*CLAUSES, *(Count(clause, 2) for clause in CLAUSES), trees.expression("a b")]
TREES: list[Node] = [
    *LEAVES,
    *(Scope("title", leaf) for leaf in LEAVES),
    *(Scope("lead", leaf) for leaf in LEAVES),
]
TITLES = ["", "a", "b a", "Shell a", "a Rutte", "Mark Rutte", "US tennis", "The US a"]
LEADS = [
    "",
    "a",
    "a…",
    "a b.",
    "a Shell",
    "a Shell…",
    "b Rutte a",
    "The US and a.",
    "Mark Rutte a…",
]
RESTS = ["", " b", "s b", " Shell", ". Of Shell", " Mark Rutte", " US trump", "\n\ntennis a"]


@pytest.mark.parametrize(("title", "lead"), list(product(TITLES, LEADS)))
def test_no_text_changes_a_verdict_that_was_certain(title: str, lead: str) -> None:
    article = Article(title=title, lead=lead, language="en")
    early = Evaluation(ArticleView(article, text_known=False))
    texts = {text for rest in RESTS for text in (rest, f"{lead.removesuffix('…')}{rest}")}
    full = [Evaluation(ArticleView(replace(article, text=text))) for text in texts]
    for tree in TREES:
        value = early.verdict(tree)
        assert value is None or {each.verdict(tree) for each in full} == {value}, tree
