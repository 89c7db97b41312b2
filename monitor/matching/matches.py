"""What a rule that holds for an article says of it: passages, reason and score."""

from collections.abc import Iterable, Iterator
from itertools import islice
from math import fsum
from typing import Final

from monitor.matching.evaluate import Evaluation
from monitor.model.hit import FieldName, Match, Span
from monitor.rules.compile import CompiledRule
from monitor.rules.tree import And, AtLeast, Node, Or, Scope, Weighted

_NAMED: Final = 6  # texts that ``why`` names for a clause
_LONGEST: Final = 150  # characters of each


def evaluate_rule(rule: CompiledRule, evaluation: Evaluation) -> Match | None:
    """The match of one rule; None if it does not certainly hold."""
    return match_of(rule, evaluation) if evaluation.holds(rule.tree) else None


def match_of(rule: CompiledRule, evaluation: Evaluation) -> Match:
    """The match of a rule that is known to hold."""
    spans = evaluation.spans(rule.tree)
    return Match(
        rule=rule.spec.id,
        spans=spans,
        why=why(spans),
        score=score(rule.tree, spans, evaluation),
    )


def score(tree: Node, spans: Iterable[Span], evaluation: Evaluation) -> float:
    """What the weighted topics that hold sum up to, else the number of clauses with a passage."""
    sums = dict(_sums(tree, None, evaluation))
    return fsum(sums.values()) if sums else float(len({span.clause for span in spans}))


def _sums(
    node: Node, field: FieldName | None, evaluation: Evaluation
) -> Iterator[tuple[str, float]]:
    """The weighted topics of a true tree that hold, with their sums."""
    match node:
        case Weighted(name, _, parts, _):
            yield name, fsum(weight for part, weight in parts if evaluation.holds(part, field))
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                if isinstance(part, And | Or | AtLeast | Scope | Weighted) and evaluation.holds(
                    part, field
                ):
                    yield from _sums(part, field, evaluation)
        case Scope(inner, part):
            yield from _sums(part, inner, evaluation)
        case _:
            pass


def why(spans: Iterable[Span]) -> str:
    """One line for people: each clause with what it found, how often and in which fields."""
    clauses: dict[str, dict[str, int]] = {}
    fields: dict[str, dict[str, None]] = {}
    for span in spans:
        texts = clauses.setdefault(span.clause, {})
        text = " ".join(span.text.split())
        texts[text] = texts.get(text, 0) + 1
        fields.setdefault(span.clause, {})[span.field] = None
    if not clauses:
        return "all conditions hold; none of them is a passage"
    return "; ".join(
        f"{name}: {_found(texts)} in {', '.join(fields[name])}" for name, texts in clauses.items()
    )


def _found(texts: dict[str, int]) -> str:
    named = [
        f"“{_clipped(text)}”" + (f" ×{number}" if number > 1 else "")
        for text, number in islice(texts.items(), _NAMED)
    ]
    more = len(texts) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
