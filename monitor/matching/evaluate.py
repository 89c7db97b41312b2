"""Whether a query tree holds for an article, and by which passages.

This is the plain evaluator: it asks the article for each clause. The percolator asks it for
passages, and for verdicts where its tables don't say all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import fsum
from operator import attrgetter
from typing import Final

from monitor.matching import find, regexes, verdict
from monitor.matching.find import Range
from monitor.matching.mentions import Mentions
from monitor.matching.meta import meta_holds, restriction_holds
from monitor.matching.passages import span_of
from monitor.matching.search import FieldSearch
from monitor.matching.verdict import Truth, is_monotone
from monitor.matching.view import ArticleView, FieldView
from monitor.model.hit import FieldName, Span
from monitor.rules.tree import (
    And,
    AtLeast,
    Clause,
    Count,
    Meta,
    Node,
    Not,
    Or,
    Positional,
    Regex,
    Restriction,
    Scope,
    Weighted,
    Window,
)

_EXTENT: Final = attrgetter("start", "end")
_FIELDS: Final[tuple[FieldName, ...]] = ("title", "lead", "text")
# Of a clause in a field; a text that repeats one word for half a megabyte has no more to say.
MOST_PASSAGES: Final = 500
HEAD: Final = 5_000
"""Tokens of a long field that are searched first: they may have all that is asked for."""


class Evaluation:
    """One article under evaluation; trees must outlive it, see ``FieldSearch``.

    Attributes:
        fields: where positionals stand in each field; those of an unknown text nowhere.
    """

    def __init__(self, article: ArticleView) -> None:
        self.article = article
        self._mentions = Mentions(article, _judge)
        self.fields = {name: self._search(view) for name, view in article.fields.items()}
        # Where an occurrence certainly counts, in one field or in all.
        self._searched: dict[FieldName | None, tuple[FieldSearch, ...]] = {
            name: (search,) for name, search in self.fields.items()
        }
        every = [self.fields[name] for name in article.searched]
        self._searched[None] = tuple([each for each in every if len(each.view.tokens)])
        self._regexes: dict[tuple[str, FieldName], bool] = {}

    def _search(self, view: FieldView) -> FieldSearch:
        if len(view.tokens) <= HEAD:
            return FieldSearch(view, self._mentions)
        head = FieldSearch(view.first(HEAD), self._mentions)
        return FieldSearch(view, self._mentions, head=head)

    # --- verdicts ---

    def holds(self, node: Node, field: FieldName | None = None) -> bool:
        """Whether the tree is certainly true of the article, in one field or in all."""
        return self.verdict(node, field) is True

    def verdict(self, node: Node, field: FieldName | None = None) -> Truth:
        """Whether the tree is true; None if only the text can tell, which is not known.

        True or False then means that no text could change it.
        """
        match node:
            case Clause(what=what):
                return self._occurs(what, field) or self._undecided(what, 1, field)
            case And(parts):
                return verdict.all_of(self.verdict(part, field) for part in parts)
            case Or(parts):
                return verdict.any_of(self.verdict(part, field) for part in parts)
            case Not(part):
                return verdict.opposite(self.verdict(part, field))
            case Scope(inner, part):
                return self.verdict(part, inner)
            case AtLeast(minimum, parts):
                return verdict.at_least(minimum, (self.verdict(part, field) for part in parts))
            case Weighted(_, _, parts, threshold):
                weighed = ((self.verdict(part, field), weight) for part, weight in parts)
                return verdict.reaches(threshold, weighed)
            case _:
                return self._answer(node, field)

    def _answer(self, node: Count | Regex | Meta | Restriction, field: FieldName | None) -> Truth:
        match node:
            case Count(Clause(what=what), minimum):
                return self._recurs(what, minimum, field) or self._undecided(what, minimum, field)
            case Regex(_, _, pattern):
                return self._matches(pattern, field)
            case Meta():
                return meta_holds(node, self.article.article, self.article.language)
            case Restriction():
                return restriction_holds(node, self.article.article, self.article.language)

    def _occurs(self, what: Positional, field: FieldName | None) -> bool:
        return any(search.enough(what, 1) for search in self._places(what, field))

    def _recurs(self, what: Positional, minimum: int, field: FieldName | None) -> bool:
        places = self._places(what, field)
        some = (find.leftmost(search.enough(what, minimum)) for search in places)
        if sum(map(len, some)) >= minimum:
            return True
        return sum(search.occurrences(what) for search in places) >= minimum

    def _places(self, what: Positional, field: FieldName | None) -> tuple[FieldSearch, ...]:
        """Where an occurrence certainly counts."""
        if field or self.article.text_known:
            return self._searched[field]
        return self._beginning if is_monotone(what) else self._searched["title"]

    def _undecided(self, what: Positional, minimum: int, field: FieldName | None) -> Truth:
        """None if a text could make up for what does not occur often enough."""
        if self.article.text_known:
            return False
        if field is None or field == "text":
            return None
        return None if self._possible[field].occurrences(what) >= minimum else False

    @cached_property
    def _beginning(self) -> tuple[FieldSearch, ...]:
        """Title and lead for what counts if the text begins with the lead."""
        lead = FieldSearch(self.article.beginning, self._mentions, "beginning")
        return self.fields["title"], lead

    @cached_property
    def _possible(self) -> dict[FieldName, FieldSearch]:
        return {
            name: FieldSearch(view, self._mentions, "possible")
            for name, view in self.article.fields.items()
        }

    def _matches(self, pattern: str, field: FieldName | None) -> Truth:
        known = self.article.text_known
        fields = (field,) if field else self.article.searched if known else ("title",)
        if any(self._is_found(pattern, each) for each in fields):
            return True
        return False if known or field in {"title", "lead"} else None

    def _is_found(self, pattern: str, field: FieldName) -> bool:
        key = (pattern, field)
        if key not in self._regexes:
            text = self.article.fields[field].tokens.text
            self._regexes[key] = regexes.is_found(pattern, text)
        return self._regexes[key]

    # --- passages for people ---

    def spans(self, node: Node, field: FieldName | None = None) -> tuple[Span, ...]:
        """The passages of a tree that holds, see ``Evidence``."""
        return self.evidence(node, field).spans

    def evidence(self, node: Node, field: FieldName | None = None) -> "Evidence":
        """What makes a tree true that holds, in one field or in all."""
        found = _Found()
        self._collect(node, field, None, found)
        return Evidence(found.spans(self.fields), found.sums)

    def _collect(
        self, node: Node, field: FieldName | None, name: str | None, found: "_Found"
    ) -> None:
        """Add what a true node says; ``name`` is that of the topic it belongs to."""
        match node:
            case Clause():
                self._add(name or node.name, node.what, field, found)
            case And():
                for part in node.parts:
                    self._collect(part, field, name, found)
            case Or() | AtLeast():
                self._collect_true(node.parts, field, name, found)
            case Scope():
                self._collect(node.part, node.field, name, found)
            case Count():
                self._collect(node.clause, field, name, found)
            case Weighted():
                self._collect_weighted(node, field, name, found)
            case Regex():
                self._add_matches(name or node.name, node.pattern, field, found)
            case Not() | Meta() | Restriction():
                pass

    def _collect_true(
        self, parts: Iterable[Node], field: FieldName | None, name: str | None, found: "_Found"
    ) -> None:
        known = self.article.text_known
        for part in parts:
            # Then a clause that does not hold has no passages either.
            if (known and isinstance(part, Clause)) or self.holds(part, field):
                self._collect(part, field, name, found)

    def _collect_weighted(
        self, node: Weighted, field: FieldName | None, name: str | None, found: "_Found"
    ) -> None:
        true = [(part, weight) for part, weight in node.parts if self.holds(part, field)]
        if name is None:
            found.sums[node.name] = fsum(weight for _, weight in true)
        for part, weight in true:
            if weight > 0:
                self._collect(part, field, name or node.name, found)

    def _add(self, name: str, what: Positional, field: FieldName | None, found: "_Found") -> None:
        for search in self._searched[field]:
            passages = search.enough(what, MOST_PASSAGES)
            if passages:
                if isinstance(what, Window):
                    passages = find.leftmost(passages)
                found.add(search.view, name, passages[:MOST_PASSAGES])

    def _add_matches(
        self, name: str, pattern: str, field: FieldName | None, found: "_Found"
    ) -> None:
        for each in (field,) if field else self.article.searched:
            text = self.article.fields[each].tokens.text
            found.add_extents(each, name, regexes.matches(pattern, text, MOST_PASSAGES))


def _judge(article: ArticleView) -> Callable[[Node], Truth]:
    return Evaluation(article).verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """What makes a tree true.

    Attributes:
        spans: the passages of every clause that is true and counts, each once, in reading order.
        sums: of each weighted topic that is true and counts, the weights of its true parts.
    """

    spans: tuple[Span, ...]
    sums: Mapping[str, float]


class _Found:
    """Passages as they are found: of each field and each clause, a list for each positional."""

    def __init__(self) -> None:
        self.sums: dict[str, float] = {}
        self._extents: dict[FieldName, dict[str, list[list[Range]]]] = {}

    def add(self, view: FieldView, name: str, passages: list[Range]) -> None:
        """Add passages of a clause in a field."""
        start, end = view.tokens.start, view.tokens.end
        extents = [(start[first], end[last]) for first, last in passages]
        self.add_extents(view.name, name, extents)

    def add_extents(self, field: FieldName, name: str, extents: list[Range]) -> None:
        """Add passages of a clause by their first character and the one behind the last."""
        self._extents.setdefault(field, {}).setdefault(name, []).append(extents)

    def spans(self, fields: Mapping[FieldName, FieldSearch]) -> tuple[Span, ...]:
        spans: list[Span] = []
        for field in _FIELDS:
            if field in self._extents:
                text = fields[field].view.tokens.text
                here = [
                    span_of(text, start, end, name, field)
                    for name, extents in self._extents[field].items()
                    for start, end in _without_overlaid(extents)[:MOST_PASSAGES]
                ]
                spans += sorted(here, key=_EXTENT)
        return tuple(spans)


def _without_overlaid(extents: list[list[Range]]) -> list[Range]:
    """Of passages under one name, those that no other one contains."""
    return extents[0] if len(extents) == 1 else find.largest(chain.from_iterable(extents))
