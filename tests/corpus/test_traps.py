"""The traps: queries on short articles where it is easy to find too much or too little."""

import json
import os
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor.config.ruleset import restore_rules
from monitor.matching.percolator import Percolator
from monitor.model.article import Article
from monitor.model.hit import Verdict

SOURCE = Path(__file__).with_name("traps.toml").read_text(encoding="utf-8")
DEFINITIONS = SOURCE.partition("[[case]]")[0]
CASES: list[dict[str, Any]] = tomllib.loads(SOURCE)["case"]


@cache
def verdicts() -> tuple[Verdict, ...]:
    """What the queries say of each article; ``trap-1`` is the query of the first case."""
    rules = "".join(
        f"[rules.trap-{number}]\nquery = {json.dumps(case['query'], ensure_ascii=False)}\n"
        for number, case in enumerate(CASES, 1)
    )
    percolator = Percolator(restore_rules({"traps.toml": DEFINITIONS + rules}).rules)
    return tuple(percolator.match_batch([article_of(case) for case in CASES]))


def article_of(case: dict[str, Any]) -> Article:
    return Article(
        title=case.get("title", ""),
        lead=case.get("lead", ""),
        text=case.get("text", ""),
        language=case.get("language", "en") or None,
    )


def found(case: dict[str, Any]) -> list[str] | None:
    """The passages that the query of a case finds in its article; None if it does not match."""
    number = CASES.index(case)
    verdict = verdicts()[number]
    assert not verdict.failures
    matches = [match for match in verdict.matches if match.rule == f"trap-{number + 1}"]
    return [span.text for span in matches[0].spans] if matches else None


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_trap_catches_nobody(case: dict[str, Any]) -> None:
    assert found(case) == case.get("spans")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case_says_what_it_expects(case: dict[str, Any]) -> None:
    known = {"name", "title", "lead", "text", "language", "query", "match", "spans"}
    assert not case.keys() - known
    assert case.get("match", True) is bool(case.get("spans"))


def test_no_two_cases_have_one_name() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_the_order_of_what_is_found_does_not_depend_on_the_seed_of_hashes() -> None:
    program = "import tests.corpus.test_traps as t; print(*map(ascii, map(t.found, t.CASES)))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
