"""Whether a query tree holds for an article, and by which passages.

This is the plain evaluator: it asks the article for each clause. The presearcher only decides for
which rules it is asked.
"""

from collections.abc import Callable
from typing import Final

from monitor.matching import find
from monitor.matching.find import Range
from monitor.matching.mentions import mentions
from monitor.matching.meta import meta_holds
from monitor.matching.view import ArticleView
from monitor.model.hit import FieldName, Span
from monitor.rules.tree import (
    And,
    AnyOf,
    Clause,
    Entity,
    Meta,
    Near,
    Node,
    Not,
    Or,
    Positional,
    Reference,
    Scope,
    Sequence,
    Window,
)

_ORDER: Final[dict[FieldName, int]] = {"title": 0, "lead": 1, "text": 2}
# Of a clause in a field; a text that repeats one word for half a megabyte has no more to say.
MOST_PASSAGES: Final = 500
_BRACKETS: Final = (("[", "]"), ("(", ")"))


class Evaluation:
    """One article under evaluation; every positional is looked for once in each field."""

    def __init__(self, article: ArticleView) -> None:
        self.article = article
        # By identity: equal positionals of a rule set are one object, and hashing trees is slow.
        self._ranges: dict[tuple[int, FieldName], list[Range]] = {}
        self._mentions: dict[int, dict[FieldName, list[Range]]] = {}

    def ranges(self, what: Positional, field: FieldName) -> list[Range]:
        """Where a positional stands in a field."""
        key = (id(what), field)
        if key not in self._ranges:
            self._ranges[key] = self._find(what, field)
        return self._ranges[key]

    def _find(self, what: Positional, field: FieldName) -> list[Range]:
        view = self.article.fields[field]
        match what:
            case Sequence(tokens):
                return find.neighbours(view, tokens)
            case Window(parts, slop):
                return find.window(view, parts, slop)
            case Near(left, right, distance, ordered):
                one, other = self.ranges(left, field), self.ranges(right, field)
                return find.near(view, one, other, distance, ordered=ordered)
            case AnyOf(parts):
                return find.merged(self.ranges(part, field) for part in parts)
            case Entity():
                if id(what) not in self._mentions:
                    self._mentions[id(what)] = mentions(what, self.article)
                return self._mentions[id(what)][field]
            case Reference():
                raise AssertionError(what)  # expanded when the rule was compiled

    def holds(self, node: Node, field: FieldName | None = None) -> bool:
        """Whether the tree is true of the article, in one field or in all."""
        match node:
            case Clause(_, _, what):
                fields = (field,) if field else self.article.searched
                return any(self.ranges(what, each) for each in fields)
            case And(parts):
                return all(self.holds(part, field) for part in parts)
            case Or(parts):
                return any(self.holds(part, field) for part in parts)
            case Not(part):
                return not self.holds(part, field)
            case Scope(inner, part):
                return self.holds(part, inner)
            case Meta():
                return meta_holds(node, self.article.article, self.article.language)

    def _passages(self, what: Positional, field: FieldName) -> list[Range]:
        """The ranges that people are shown: the shortest, windows without overlaps."""
        match what:
            case Window():
                return find.leftmost(find.smallest(self.ranges(what, field)))
            case Near():
                return find.smallest(self.ranges(what, field))
            case AnyOf(parts):
                return find.merged(self._passages(part, field) for part in parts)
            case _:
                return self.ranges(what, field)

    def spans(self, node: Node, field: FieldName | None = None) -> tuple[Span, ...]:
        """The passages of every clause that is true and counts, each once, in reading order."""
        found: dict[tuple[str, FieldName], list[Range]] = {}

        def collect(clause: Clause, field: FieldName | None) -> None:
            for each in (field,) if field else self.article.searched:
                passages = self._passages(clause.what, each)
                found.setdefault((clause.name, each), []).extend(passages)

        self._true_clauses(node, field, collect)
        spans = (
            self._span(name, where, range_)
            for (name, where), ranges in found.items()
            for range_ in find.largest(ranges)[:MOST_PASSAGES]
        )
        return tuple(sorted(spans, key=lambda span: (_ORDER[span.field], span.start, span.end)))

    def _true_clauses(
        self,
        node: Node,
        field: FieldName | None,
        collect: Callable[[Clause, FieldName | None], None],
    ) -> None:
        match node:
            case Clause():
                collect(node, field)
            case And(parts) | Or(parts):
                for part in parts:
                    if self.holds(part, field):
                        self._true_clauses(part, field, collect)
            case Scope(inner, part):
                self._true_clauses(part, inner, collect)
            case Not() | Meta():
                pass

    def _span(self, name: str, field: FieldName, range_: Range) -> Span:
        tokens = self.article.fields[field].tokens
        start, end = tokens.start[range_[0]], tokens.end[range_[1]]
        text = tokens.text
        for opening, closing in _BRACKETS:
            # "troop [deployment" looks broken; brackets are no tokens.
            more = text.count(opening, start, end) - text.count(closing, start, end)
            if more > 0 and text.startswith(closing, end):
                end += 1
            elif more < 0 and text.endswith(opening, 0, start):
                start -= 1
        return Span(field, start, end, text[start:end], name)
