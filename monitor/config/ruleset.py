"""Rule files -> a rule set that passed its own tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.config.rulefiles import book_of, read_rules
from monitor.errors import RuleError
from monitor.matching.ruletests import run_tests
from monitor.model.rule import RuleBook
from monitor.rules.compile import RuleSet, compile_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRules:
    """A rule book, compiled; all of its tests passed."""

    book: RuleBook
    rules: RuleSet
    tests: int


def load_rules(paths: Iterable[Path]) -> LoadedRules:
    """Read, compile and test: all or nothing.

    Raises:
        RuleError: with every problem; failed rule tests are problems of their test's place.
    """
    return _tested(read_rules(paths))


def restore_rules(sources: Mapping[str, str]) -> LoadedRules:
    """The same from stored texts: the last good set after a restart.

    Raises:
        RuleError: this version of the program refuses what an earlier one accepted.
    """
    return _tested(book_of(sources))


def _tested(book: RuleBook) -> LoadedRules:
    rules = compile_rules(book)
    report = run_tests(rules)
    if report.failed:
        raise RuleError(report.failed)
    return LoadedRules(book=book, rules=rules, tests=report.tests)
