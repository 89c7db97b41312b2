"""What a rule that holds says: its passages, one line for people, a score."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from monitor.matching.evaluate import Evaluation
from monitor.matching.meta import rule_applies
from monitor.model.hit import Match, Span
from monitor.rules.compile import CompiledRule

_NAMED: Final = 6  # texts that ``why`` names for a clause


def evaluate_rule(rule: CompiledRule, evaluation: Evaluation) -> Match | None:
    """The match of one rule, or None."""
    view = evaluation.article
    if not rule_applies(rule.spec, view.article, view.language):
        return None
    return match_of(rule, evaluation) if evaluation.holds(rule.tree) else None


def match_of(rule: CompiledRule, evaluation: Evaluation) -> Match:
    """The match of a rule that holds."""
    spans = evaluation.spans(rule.tree)
    return Match(rule=rule.spec.id, spans=spans, why=why(spans), score=score(spans))


def score(spans: Iterable[Span]) -> float:
    """Number of distinct clauses with a passage."""
    return float(len({span.clause for span in spans}))


def why(spans: Iterable[Span]) -> str:
    """One line for people: each clause with what it found, how often and in which fields."""
    clauses: dict[str, Counter[str]] = {}
    fields: dict[str, dict[str, None]] = {}
    for span in spans:
        clauses.setdefault(span.clause, Counter())[" ".join(span.text.split())] += 1
        fields.setdefault(span.clause, {})[span.field] = None
    if not clauses:
        return "all conditions hold; none of them is a passage"
    return "; ".join(
        f"{name}: {_found(texts)} in {', '.join(fields[name])}" for name, texts in clauses.items()
    )


def _found(texts: Counter[str]) -> str:
    named = [
        f"“{text}”" if number == 1 else f"“{text}” ×{number}"
        for text, number in list(texts.items())[:_NAMED]
    ]
    more = len(texts) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
