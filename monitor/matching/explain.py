"""Why a rule holds for an article; or which of its clauses failed, and how near they came."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitor.matching import find
from monitor.matching.evaluate import Evaluation
from monitor.matching.find import Pair, Range
from monitor.matching.mentions import misfit
from monitor.matching.meta import rule_applies
from monitor.matching.matches import why
from monitor.matching.view import ArticleView, FieldView
from monitor.model.article import Article
from monitor.model.hit import FieldName, Span
from monitor.rules.compile import CompiledRule
from monitor.rules.tree import (
    And,
    AnyOf,
    At,
    CasedForm,
    Clause,
    Entity,
    Form,
    Meta,
    Near,
    Node,
    Not,
    Or,
    Positional,
    Scope,
    Sequence,
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
    missing = _outside(rule, evaluation.article)
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


def _outside(rule: CompiledRule, view: ArticleView) -> list[Missing]:
    if rule_applies(rule.spec, view.article, view.language):
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
            return f"{missing.clause}: “{missing.passage}” does not count by its case"
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
            return [_excluding(part, field, evaluation)]
        case Meta(kind, value, at):
            return [Missing(clause=f"{kind}:{value}", at=at, reason=Lack.ABSENT)]


def _effort(lacks: list[Missing]) -> tuple[int, int, int]:
    """Fewest clauses first, then those that nearly held."""
    absent = sum(lack.reason is Lack.ABSENT for lack in lacks)
    return len(lacks), absent, min((lack.distance or 0 for lack in lacks), default=0)


def _excluding(part: Node, field: FieldName | None, evaluation: Evaluation) -> Missing:
    spans = evaluation.spans(part, field)
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
            return _miscased(name, at, view, misfit(what, view))
        case Sequence(tokens):
            anyhow = tuple(
                Form(test.fold) if isinstance(test, CasedForm) else test for test in tokens
            )
            return _miscased(name, at, view, next(iter(find.neighbours(view, anyhow)), None))
        case Near(left, right, allowed, ordered):
            sides = evaluation.ranges(left, field), evaluation.ranges(right, field)
            return _apart(name, at, view, sides, _gap(view, *sides, ordered=ordered), allowed)
        case Window(parts, allowed):
            places = [find.neighbours(view, part) for part in parts]
            return _apart(name, at, view, places, _window_gap(view, what), allowed)
        case _:
            return Missing(clause=name, at=at, reason=Lack.ABSENT)


def _miscased(name: str, at: At, view: FieldView, range_: Range | None) -> Missing:
    if range_ is None:
        return Missing(clause=name, at=at, reason=Lack.ABSENT)
    return Missing(clause=name, at=at, reason=Lack.CASE, passage=_passage(view, range_))


def _gap(view: FieldView, left: list[Range], right: list[Range], *, ordered: bool) -> Pair | None:
    return min(find.pairs(view, left, right, ordered=ordered), default=None)


def _window_gap(view: FieldView, what: Window) -> Pair | None:
    """The range that holds all parts with the fewest other words."""
    words = sum(map(len, what.parts))
    ranges = find.window(view, what.parts, len(view.tokens))
    return min(((last - first + 1 - words, (first, last)) for first, last in ranges), default=None)


def _apart(
    name: str,
    at: At,
    view: FieldView,
    places: Collection[list[Range]],
    gap: Pair | None,
    allowed: int,
) -> Missing:
    if gap is None:
        sentences = {view.tokens.sentence[start] for found in places for start, _ in found}
        scattered = all(places) and len(sentences) > 1
        reason = Lack.OTHER_SENTENCE if scattered else Lack.ABSENT
        return Missing(clause=name, at=at, reason=reason)
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
