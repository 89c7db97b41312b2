"""What a rule that holds for an article says of it: passages, reason and score."""

from collections.abc import Iterable
from itertools import islice
from math import fsum
from typing import Final

from monitor.matching.evaluate import Evaluation, Evidence
from monitor.model.hit import FieldName, Match, Span
from monitor.rules.compile import CompiledRule

_NAMED: Final = 6  # texts that ``why`` names for a clause
_LONGEST: Final = 150  # characters of each


def evaluate_rule(rule: CompiledRule, evaluation: Evaluation) -> Match | None:
    """The match of one rule; None if it does not certainly hold."""
    return match_of(rule, evaluation) if evaluation.holds(rule.tree) else None


def match_of(rule: CompiledRule, evaluation: Evaluation) -> Match:
    """The match of a rule that is known to hold."""
    evidence = evaluation.evidence(rule.tree)
    return Match(
        rule=rule.spec.id, spans=evidence.spans, why=why(evidence.spans), score=score(evidence)
    )


def score(evidence: Evidence) -> float:
    """What the weighted topics that hold sum up to, else the number of clauses with a passage."""
    if evidence.sums:
        return fsum(evidence.sums.values())
    return float(len({span.clause for span in evidence.spans}))


def why(spans: Iterable[Span]) -> str:
    """One line for people: each clause with what it found, how often and in which fields."""
    clauses: dict[str, tuple[dict[str, int], dict[FieldName, None]]] = {}
    for span in spans:
        texts, fields = clauses.setdefault(span.clause, ({}, {}))
        text = " ".join(span.text.split())
        texts[text] = texts.get(text, 0) + 1
        fields[span.field] = None
    if not clauses:
        return "all conditions hold; none of them is a passage"
    return "; ".join(
        [
            f"{name}: {_found(texts)} in {', '.join(fields)}"
            for name, (texts, fields) in clauses.items()
        ]
    )


def _found(texts: dict[str, int]) -> str:
    found = ", ".join([_quoted(*each) for each in islice(texts.items(), _NAMED)])
    return found if len(texts) <= _NAMED else f"{found} and {len(texts) - _NAMED} more"


def _quoted(text: str, number: int) -> str:
    quoted = f"“{text}”" if len(text) <= _LONGEST else f"“{text[:_LONGEST]}…”"
    return quoted if number == 1 else f"{quoted} ×{number}"
