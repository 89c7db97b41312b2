"""Would the comparison with the oracle notice? Faults, and how soon it does.

A fault is a change of the trees that the engine gets to read: with NEAR/5 in the place of NEAR/4
it answers exactly as if it counted wrongly.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from monitor.matching import find
from monitor.matching.evaluate import Evaluation
from monitor.matching.find import Range
from monitor.matching.view import FieldView
from monitor.model.hit import FieldName
from monitor.model.rule import Case
from monitor.rules.tree import (
    AliasForm,
    And,
    AnyOf,
    Apart,
    AtLeast,
    CasedForm,
    Count,
    Entity,
    Form,
    Near,
    Node,
    Or,
    Outside,
    Pattern,
    Regex,
    Restriction,
    Scope,
    Sequence,
    Term,
    Together,
    Unit,
    Weighted,
    Window,
)
from tests.properties.compare import BATCHES, Answer, Engine, expected, percolator, plain
from tests.properties.generate import Batch, batch
from tests.properties.rewrite import rewritten

Change = Callable[[Any], Any]


def other_unit(unit: Unit) -> Unit:
    return Unit.PARAGRAPH if unit is Unit.SENTENCE else Unit.SENTENCE


FAULTS: dict[str, tuple[type, Change]] = {
    "NEAR reaches one word too far": (Near, lambda it: replace(it, distance=it.distance + 1)),
    "NEAR stops one word short": (Near, lambda it: replace(it, distance=max(0, it.distance - 1))),
    "ONEAR forgets the order": (Near, lambda it: replace(it, ordered=False)),
    "NEAR keeps the order": (Near, lambda it: replace(it, ordered=True)),
    "a field scope is dropped": (Scope, lambda it: it.part),
    "title: is text:": (Scope, lambda it: replace(it, field="text")),
    "the minimum of a count is ignored": (Count, lambda it: it.clause),
    "a count wants one more": (Count, lambda it: replace(it, minimum=it.minimum + 1)),
    "NOT IN takes all": (Outside, lambda it: it.left),
    "NOT NEAR takes all": (Apart, lambda it: it.left),
    "NOT NEAR reaches one word too far": (Apart, lambda it: replace(it, distance=it.distance + 1)),
    "NOT NEAR is NOT IN": (Apart, lambda it: Outside(it.left, it.right)),
    "SENT is PARA and PARA is SENT": (
        Together,
        lambda it: replace(it, unit=other_unit(it.unit)),
    ),
    "SENT shows its left side only": (Together, lambda it: AnyOf((it.left,))),
    "stems are forms": (Term, lambda it: Form(it.fold)),
    "forms are stems": (Form, lambda it: Term(it.fold)),
    "{Cased} forgets the case": (CasedForm, lambda it: Form(it.fold)),
    "? is *": (Pattern, lambda it: Pattern(it.fold.replace("?", "*"))),
    "the last word of a phrase does not count": (
        Sequence,
        lambda it: replace(it, tokens=it.tokens[:-1] or it.tokens),
    ),
    "a window is one word too wide": (Window, lambda it: replace(it, slop=it.slop + 1)),
    "a window is one word too narrow": (Window, lambda it: replace(it, slop=max(0, it.slop - 1))),
    "a window loses a part": (
        Window,
        lambda it: replace(it, parts=it.parts[1:]) if len(it.parts) > 2 else it,
    ),
    "a group loses a part": (AnyOf, lambda it: replace(it, parts=it.parts[1:])),
    "AND is OR": (And, lambda it: Or(it.parts)),
    "ATLEAST is OR": (AtLeast, lambda it: Or(it.parts)),
    "a weighted topic is OR": (Weighted, lambda it: Or(tuple(part for part, _ in it.parts))),
    "negative weights are ignored": (
        Weighted,
        lambda it: replace(it, parts=tuple(each for each in it.parts if each[1] > 0)),
    ),
    "expressions ignore case": (Regex, lambda it: replace(it, pattern=f"(?i){it.pattern}")),
    "a surname counts nowhere": (Entity, lambda it: replace(it, surname=None)),
    "aliases count without their context": (AliasForm, lambda it: replace(it, context=None)),
    "aliases count in any case": (AliasForm, lambda it: replace(it, case=Case.ANY)),
    "rules never sleep": (Restriction, lambda it: replace(it, until=None)),
    "feeds are not asked": (Restriction, lambda it: replace(it, feeds=())),
    "languages are not asked": (Restriction, lambda it: replace(it, languages=())),
}


@cache
def case(seed: int) -> tuple[Batch, list[list[Answer]]]:
    made = batch(seed)
    return made, expected(made)


def planted(of: Batch, kind: type, change: Change) -> Batch:
    def fault(part: Any) -> Any:  # noqa: ANN401
        return change(part) if type(part) is kind else part

    return Batch(rewritten(of.queries, fault), of.articles)


def is_caught(seed: int, engine: Engine, kind: type, change: Change) -> bool:
    made, right = case(seed)
    faulty = planted(made, kind, change)
    return faulty.queries != made.queries and engine(faulty) != right


@pytest.mark.parametrize("engine", [plain, percolator])
@pytest.mark.parametrize(("kind", "change"), FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_noticed_within_the_normal_run(
    kind: type, change: Change, engine: Engine
) -> None:
    assert any(is_caught(seed, engine, kind, change) for seed in range(BATCHES))


def test_a_fault_in_the_code_of_near_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = find.near

    def wrong(
        view: FieldView,
        left: list[Range],
        other: list[Range],
        distance: int,
        *,
        ordered: bool,
    ) -> list[Range]:
        return right(view, left, other, distance + 1, ordered=ordered)

    monkeypatch.setattr(find, "near", wrong)
    assert any(plain(case(seed)[0]) != case(seed)[1] for seed in range(BATCHES))


@pytest.mark.parametrize(
    ("kind", "change"),
    [FAULTS["a field scope is dropped"], FAULTS["the minimum of a count is ignored"]],
    ids=["scope", "count"],
)
def test_a_fault_in_the_code_of_verdicts_is_noticed(
    kind: type, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Evaluation.verdict

    def wrong(self: Evaluation, node: Node, field: FieldName | None = None) -> bool | None:
        return right(self, change(node) if type(node) is kind else node, field)

    monkeypatch.setattr(Evaluation, "verdict", wrong)
    assert any(plain(case(seed)[0]) != case(seed)[1] for seed in range(BATCHES))
