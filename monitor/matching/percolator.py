"""Percolator: a fixed rule set against one article after the other (prospective search)."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.matching.evaluate import Evaluation
from monitor.matching.matches import evaluate_rule
from monitor.matching.presearch import Presearcher, WordIndex
from monitor.matching.view import ArticleView
from monitor.model.alert import RuleFacts
from monitor.model.article import Article
from monitor.model.hit import Match, RuleFailure
from monitor.rules.compile import RuleSet


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
