"""The smallest set of clauses that keeps a tree from being true."""

from collections.abc import Iterator
from dataclasses import replace

from monitor.matching.evaluate import Evaluation
from monitor.matching.meta import restriction_holds
from monitor.matching.missing import Detail, Lack, Missing, Weight, effort
from monitor.matching.nearmiss import near_miss
from monitor.matching.verdict import Truth
from monitor.model.hit import FieldName
from monitor.rules.tree import (
    And,
    At,
    AtLeast,
    Clause,
    Count,
    Meta,
    Node,
    Not,
    Or,
    Regex,
    Restriction,
    Scope,
    Weighted,
    children,
)

RESTRICTION = "feeds, languages or until of the rule"


def lacks(tree: Node, evaluation: Evaluation) -> tuple[Missing, ...]:
    """The clauses that failed, or whose text is not known, of a tree that is not true."""
    return tuple(dict.fromkeys(_Lacks(evaluation).of(tree, None, wanted=True)))


class _Lacks:
    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation

    def of(self, node: Node, field: FieldName | None, *, wanted: bool) -> list[Missing]:
        """The fewest clauses that would have to change for a node to be as wanted."""
        match node:
            case And(parts):
                return self._some(parts, len(parts) if wanted else 1, field, wanted=wanted)
            case Or(parts):
                return self._some(parts, 1 if wanted else len(parts), field, wanted=wanted)
            case AtLeast(minimum, parts):
                needed = minimum if wanted else len(parts) - minimum + 1
                found = self._some(parts, needed, field, wanted=wanted)
                return [self._group(node, field), *found] if wanted else found
            case Not(part):
                return self.of(part, field, wanted=not wanted)
            case Scope(inner, part):
                return self.of(part, inner, wanted=wanted)
            case _:
                return [self._leaf(node, field, wanted=wanted)]

    def _some(
        self, parts: tuple[Node, ...], needed: int, field: FieldName | None, *, wanted: bool
    ) -> list[Missing]:
        """Of parts, ``needed`` of which must be as wanted, those that take the least change."""
        verdicts = [self._evaluation.verdict(part, field) for part in parts]
        short = needed - verdicts.count(wanted)
        failed: Truth = None
        if short > verdicts.count(None):
            short, failed = short - verdicts.count(None), not wanted
        found = [
            self.of(part, field, wanted=wanted)
            for part, value in zip(parts, verdicts, strict=True)
            if value is failed
        ]
        if short < len(found):
            found = sorted(found, key=effort)[:short]
        return [lack for each in found for lack in each]

    def _group(self, node: AtLeast, field: FieldName | None) -> Missing:
        found = sum(self._evaluation.holds(part, field) for part in node.parts)
        ats = list(_ats(node))
        return Missing(
            clause=f"ATLEAST/{node.minimum}",
            at=(min(start for start, _ in ats), max(end for _, end in ats)),
            reason=Lack.ABSENT,
            found=found,
            needed=node.minimum,
            detail="parts",
        )

    def _leaf(self, node: Node, field: FieldName | None, *, wanted: bool) -> Missing:
        name, at = _name(node)
        if self._evaluation.verdict(node, field) is None:
            return Missing(clause=name, at=at, reason=Lack.UNDECIDED)
        if wanted:
            return self._absent(node, field)
        spans = self._evaluation.spans(node, field)
        passage = spans[0].text if spans else None
        return Missing(clause=name, at=at, reason=Lack.EXCLUDED, passage=passage)

    def _absent(self, node: Node, field: FieldName | None) -> Missing:
        name, at = _name(node)
        fields = (field,) if field else self._evaluation.article.searched
        match node:
            case Clause():
                return near_miss(node, fields, self._evaluation)
            case Count(clause, minimum):
                number = sum(
                    self._evaluation.fields[each].occurrences(clause.what) for each in fields
                )
                miss = near_miss(clause, fields, self._evaluation)
                if number:
                    spans = self._evaluation.spans(clause, field)
                    miss = replace(miss, reason=Lack.ABSENT, passage=spans[0].text, detail=None)
                return replace(miss, found=number, needed=minimum)
            case Weighted():
                return self._weighed(node, field)
            case Restriction():
                return Missing(
                    clause=name, at=at, reason=Lack.EXCLUDED, detail=self._restricting(node)
                )
            case _:
                return Missing(clause=name, at=at, reason=Lack.ABSENT)

    def _weighed(self, node: Weighted, field: FieldName | None) -> Missing:
        held = [each for each in node.parts if self._evaluation.holds(each[0], field)]
        there = []
        for part, weight in held:
            spans = self._evaluation.spans(part, field)
            there.append(Weight(weight, spans[0].text if spans else None))
        return Missing(
            clause=node.name,
            at=node.at,
            reason=Lack.ABSENT,
            found=sum(weight for _, weight in held),
            needed=node.threshold,
            there=tuple(there),
        )

    def _restricting(self, node: Restriction) -> Detail | None:
        view = self._evaluation.article
        parts: tuple[tuple[Detail, Restriction], ...] = (
            ("feeds", Restriction(node.feeds, (), None)),
            ("languages", Restriction((), node.languages, None)),
            ("until", Restriction((), (), node.until)),
        )
        for detail, part in parts:
            if not restriction_holds(part, view.article, view.language):
                return detail
        return None


def _name(node: Node) -> tuple[str, At]:
    """What a leaf is called, and where it stands in its query."""
    match node:
        case Clause(name, at, _) | Regex(name, at, _) | Weighted(name, at, _, _):
            return name, at
        case Count(clause, _):
            return clause.name, clause.at
        case Meta(kind, value, at):
            return f"{kind}:{value}", at
        case _:
            return RESTRICTION, (0, 0)


def _ats(node: Node) -> Iterator[At]:
    below = children(node)
    if below:
        for part in below:
            yield from _ats(part)
    else:
        yield _name(node)[1]
