"""What the process that matches answers can only be data."""

import json
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typing_extensions import override

from monitor.errors import Place, Problem, RuleError
from monitor.model.alert import RuleFacts
from monitor.model.hit import Match, PartialVerdict, RuleFailure, Span, Verdict
from monitor.model.rule import Severity
from monitor.model.spike import WatchedRule
from monitor.service import wire
from monitor.service.wire import Digest, RemoteError

MATCH = Match(
    rule="flood",
    spans=(Span("title", 0, 5, "Flööd \ud800", "query"), Span("text", 7, 9, "\0é", "topic")),
    why="query: “Flood” in title",
    score=2.5,
)
FAILURE = RuleFailure(rule="fire", error="ValueError: no")


def test_verdicts_come_back_as_they_were() -> None:
    verdicts = [Verdict(matches=(MATCH, MATCH), failures=(FAILURE,)), Verdict(matches=())]
    assert wire.verdicts_in(wire.answer(wire.good(wire.verdicts_out(verdicts)))) == verdicts


def test_verdicts_without_a_text_come_back_as_they_were() -> None:
    verdicts = [
        PartialVerdict(matches=(MATCH,), undecided=True, evident=("a", "b"), failures=(FAILURE,)),
        PartialVerdict(matches=(), undecided=False),
    ]
    assert wire.partial_in(wire.answer(wire.good(wire.partial_out(verdicts)))) == verdicts


@pytest.mark.parametrize("channels", [None, (), ("desk", "press")])
def test_a_digest_comes_back_as_it_was(channels: tuple[str, ...] | None) -> None:
    facts = RuleFacts(
        id="flood",
        title="Flood",
        severity=Severity.HIGH,
        tags=("water",),
        entities=("un",),
        channels=channels,
    )
    digest = Digest(
        revision="ab",
        sources={"a.toml": "x"},
        facts={"flood": facts, "fire": replace(facts, id="fire")},
        new=("fire",),
        watched=(
            WatchedRule(facts=facts, until=date(2027, 12, 31)),
            WatchedRule(facts=replace(facts, id="fire")),
        ),
    )
    assert wire.digest_in(wire.answer(wire.good(wire.digest_out(digest)))) == digest


def test_refused_rules_keep_the_places_of_their_problems() -> None:
    problems = (Problem(Place("a.toml", 3, 16), "wrong"), Problem(Place("b.toml"), "odd"))
    with pytest.raises(RuleError) as refused:
        wire.answer(wire.refused(RuleError(problems)))
    assert refused.value.problems == problems


def test_a_failure_is_raised_with_its_kind() -> None:
    with pytest.raises(RemoteError, match="ZeroDivisionError: by zero"):
        wire.answer(wire.failed(ZeroDivisionError("by zero")))


def test_an_answer_that_is_pickled_is_not_read(tmp_path: Path) -> None:
    class Evil:
        @override
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (tmp_path / "taken-over",)

    with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
        wire.answer(pickle.dumps(Evil()))
    assert not (tmp_path / "taken-over").exists()
