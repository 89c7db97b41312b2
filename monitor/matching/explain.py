"""Why a rule holds for an article; or which of its clauses failed, and how near they came."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitor.matching import find
from monitor.matching.evaluate import Evaluation
from monitor.matching.find import Range
from monitor.matching.mentions import misfits
from monitor.matching.meta import rule_applies
from monitor.matching.percolator import why
from monitor.matching.view import ArticleView, FieldView
from monitor.model.article import Article
from monitor.model.hit import FieldName, Span
from monitor.rules.compile import CompiledRule
from monitor.rules.tree import (
    And,
    AnyOf,
    At,
    Clause,
    Entity,
    Meta,
    Near,
    Node,
    Not,
    Or,
    Positional,
    Scope,
    Window,
)


class Lack(StrEnum):
    """What kept a clause from being true."""

    ABSENT = "absent"
    TOO_FAR = "too-far"
    OTHER_SENTENCE = "other-sentence"
    EXCLUDED = "excluded"
    CASE = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A clause that failed.

    Attributes:
        at: its range in the query it was written in.
        distance: other words found between, ``allowed``: how many may be (only too-far).
        passage: where it nearly was, or what excluded the article.
    """

    clause: str
    at: At
    reason: Lack
    distance: int | None = None
    allowed: int | None = None
    passage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The verdict of one rule on one article with its reasons."""

    rule: str
    match: bool
    spans: tuple[Span, ...]
    why: str
    missing: tuple[Missing, ...]


def explain(rules: Iterable[CompiledRule], article: Article) -> list[Explanation]:
    """One explanation a rule."""
    evaluation = Evaluation(ArticleView(article))
    return [_explain(rule, evaluation) for rule in rules]


def _explain(rule: CompiledRule, evaluation: Evaluation) -> Explanation:
    missing = _outside(rule, evaluation.article.article)
    if not missing and not evaluation.holds(rule.tree):
        missing = _lacks(rule.tree, None, evaluation)
    spans = () if missing else evaluation.spans(rule.tree)
    return Explanation(
        rule=rule.spec.id,
        match=not missing,
        spans=spans,
        why="; ".join(map(_sentence, missing)) if missing else why(spans),
        missing=tuple(missing),
    )


def _outside(rule: CompiledRule, article: Article) -> list[Missing]:
    if rule_applies(rule.spec, article):
        return []
    return [
        Missing(
            clause="feeds, languages or until of the rule",
            at=(0, 0),
            reason=Lack.EXCLUDED,
        )
    ]


def _sentence(missing: Missing) -> str:
    match missing.reason:
        case Lack.TOO_FAR:
            return f"{missing.clause}: {missing.distance} words apart, {missing.allowed} allowed"
        case Lack.OTHER_SENTENCE:
            return f"{missing.clause}: only in different sentences"
        case Lack.EXCLUDED:
            what = f" by “{missing.passage}”" if missing.passage else ""
            return f"{missing.clause}: excluded{what}"
        case Lack.CASE:
            return f"{missing.clause}: “{missing.passage}” has another case"
        case Lack.ABSENT:
            return f"{missing.clause}: absent"


def _lacks(node: Node, field: FieldName | None, evaluation: Evaluation) -> list[Missing]:
    """The smallest set of clauses that would have to change for a false tree to be true."""
    match node:
        case Clause(name, at, what):
            fields = (field,) if field else evaluation.article.searched
            return [_clause_lacks(name, at, what, fields, evaluation)]
        case And(parts):
            return [
                lack
                for part in parts
                if not evaluation.holds(part, field)
                for lack in _lacks(part, field, evaluation)
            ]
        case Or(parts):
            return min((_lacks(part, field, evaluation) for part in parts), key=_effort)
        case Scope(inner, part):
            return _lacks(part, inner, evaluation)
        case Not(part):
            return [_excluding(part, evaluation)]
        case Meta(kind, value, at):
            return [Missing(clause=f"{kind}:{value}", at=at, reason=Lack.ABSENT)]


def _effort(lacks: list[Missing]) -> tuple[int, int, int]:
    """Fewest clauses first, then those that nearly held."""
    absent = sum(lack.reason is Lack.ABSENT for lack in lacks)
    return len(lacks), absent, min((lack.distance or 0 for lack in lacks), default=0)


def _excluding(part: Node, evaluation: Evaluation) -> Missing:
    spans = evaluation.spans(part)
    first = spans[0] if spans else None
    return Missing(
        clause=first.clause if first else "NOT",
        at=(0, 0),
        reason=Lack.EXCLUDED,
        passage=first.text if first else None,
    )


def _clause_lacks(
    name: str, at: At, what: Positional, fields: Iterable[FieldName], evaluation: Evaluation
) -> Missing:
    candidates = [
        _near_miss(name, at, part, field, evaluation)
        for field in fields
        for part in (what.parts if isinstance(what, AnyOf) else (what,))
    ]
    return min(candidates, key=lambda lack: _effort([lack]))


def _near_miss(
    name: str, at: At, what: Positional, field: FieldName, evaluation: Evaluation
) -> Missing:
    view = evaluation.article.fields[field]
    match what:
        case Entity():
            for where, range_ in misfits(what, evaluation.article):
                if where == field:
                    passage = _passage(view, range_)
                    return Missing(clause=name, at=at, reason=Lack.CASE, passage=passage)
        case Near(left, right, allowed, _):
            ranges = evaluation.ranges(left, field), evaluation.ranges(right, field)
            if all(ranges):
                return _apart(name, at, view, find.gap(view, *ranges), allowed)
        case Window(tokens, allowed):
            if all(view.find(test) for test in tokens):
                return _apart(name, at, view, _window_gap(view, what), allowed)
        case _:
            pass
    return Missing(clause=name, at=at, reason=Lack.ABSENT)


def _window_gap(view: FieldView, what: Window) -> tuple[int, Range] | None:
    ranges = find.window(view, what.tokens, len(view.tokens))
    if not ranges:
        return None
    first, last = min(ranges, key=lambda range_: range_[1] - range_[0])
    return last - first + 1 - len(what.tokens), (first, last)


def _apart(
    name: str, at: At, view: FieldView, gap: tuple[int, Range] | None, allowed: int
) -> Missing:
    if gap is None:
        return Missing(clause=name, at=at, reason=Lack.OTHER_SENTENCE)
    distance, range_ = gap
    return Missing(
        clause=name,
        at=at,
        reason=Lack.TOO_FAR,
        distance=distance,
        allowed=allowed,
        passage=_passage(view, range_),
    )


def _passage(view: FieldView, range_: Range) -> str:
    return view.tokens.text[view.tokens.start[range_[0]] : view.tokens.end[range_[1]]]
