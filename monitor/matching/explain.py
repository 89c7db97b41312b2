"""Why a rule holds for an article; or which of its clauses failed, and how near they came."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.matching.evaluate import Evaluation
from monitor.matching.lacks import lacks
from monitor.matching.matches import why
from monitor.matching.missing import Missing, sentence
from monitor.matching.verdict import Truth
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.model.hit import Span
from monitor.rules.compile import CompiledRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The verdict of one rule on one article with its reasons.

    Attributes:
        match: None if only the text can tell, which is not known yet.
        spans: the passages of a match.
        missing: the smallest set of clauses that failed, or that are undecided.
    """

    rule: str
    match: Truth
    spans: tuple[Span, ...]
    why: str
    missing: tuple[Missing, ...]


def explain(
    rules: Iterable[CompiledRule], article: Article, *, text_known: bool = True
) -> list[Explanation]:
    """One explanation a rule; ``text_known`` is False if only title and lead have come."""
    evaluation = Evaluation(ArticleView(article, text_known=text_known))
    return [_explain(rule, evaluation) for rule in rules]


def _explain(rule: CompiledRule, evaluation: Evaluation) -> Explanation:
    match = evaluation.verdict(rule.tree)
    spans = evaluation.spans(rule.tree) if match else ()
    missing = () if match else lacks(rule.tree, evaluation)
    return Explanation(
        rule=rule.spec.id,
        match=match,
        spans=spans,
        why=why(spans) if match else "; ".join(map(sentence, missing)),
        missing=missing,
    )
