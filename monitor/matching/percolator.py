"""Percolator: a fixed rule set against one article after the other (prospective search)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.matching.evaluate import Evaluation
from monitor.matching.meta import rule_applies
from monitor.matching.presearch import Presearcher, WordIndex
from monitor.matching.view import ArticleView
from monitor.model.alert import RuleFacts
from monitor.model.article import Article
from monitor.model.hit import Match, RuleFailure, Span
from monitor.rules.compile import CompiledRule, RuleSet

_NAMED: Final = 6  # texts that ``why`` names for a clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a rule set says of an article."""

    matches: tuple[Match, ...]
    failures: tuple[RuleFailure, ...] = ()


class Percolator:
    """Immutable after construction: a reload builds another one and swaps the reference."""

    def __init__(self, rules: RuleSet, presearcher: Presearcher | None = None) -> None:
        self.revision = rules.revision
        self.facts: Mapping[str, RuleFacts] = {
            id_: rule.facts for id_, rule in rules.rules.items()
        }
        self._rules = rules.rules
        self._presearcher = presearcher or WordIndex(rules)

    def match(self, article: Article) -> Verdict:
        """Every rule that holds, with its passages; a rule that fails stops no other."""
        view = ArticleView(article)
        evaluation = Evaluation(view)
        matches, failures = [], []
        for id_ in self._presearcher.candidates(view.keys(), view.language):
            try:
                match = evaluate_rule(self._rules[id_], evaluation)
            except Exception as error:  # noqa: BLE001 - one bad rule never stops the batch
                failures.append(RuleFailure(rule=id_, error=f"{type(error).__name__}: {error}"))
            else:
                matches += [match] if match else []
        return Verdict(matches=tuple(matches), failures=tuple(failures))


def evaluate_rule(rule: CompiledRule, evaluation: Evaluation) -> Match | None:
    """The match of one rule, or None."""
    view = evaluation.article
    if not rule_applies(rule.spec, view.article, view.language):
        return None
    if not evaluation.holds(rule.tree):
        return None
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
