"""Queries, phrases, entities, topics and rules -> trees without references."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar, cast

from monitor.errors import Place, Problem, RuleError
from monitor.model.rule import EntitySpec, RuleSpec, SourceText, TopicSpec
from monitor.rules.expand import (
    depth,
    identity,
    positions_of,
    renamed,
    with_children,
    with_operands,
)
from monitor.rules.names import entity_of
from monitor.rules.parse import odd_words, parse_query, phrase_node
from monitor.rules.places import problem_at
from monitor.rules.references import Kind, is_phrase, offset_of, unknown, written
from monitor.rules.tree import (
    And,
    At,
    Clause,
    Count,
    Entity,
    Node,
    Not,
    Or,
    Positional,
    Reference,
    Restriction,
    Sequence,
    Weighted,
    Window,
    children,
    operands,
    size,
)

MAX_NESTED: Final = 20
MAX_NODES: Final = 20_000
MAX_LEVELS: Final = 100  # far below what recursion over a tree can bear

PHRASE_SLOP: Final = 4
"""Other words that the window of a topic phrase may hold (337 of 421 right in a trial)."""

Spec: TypeAlias = EntitySpec | TopicSpec | RuleSpec
AnySpec = TypeVar("AnySpec", EntitySpec, TopicSpec, RuleSpec)


@dataclass(slots=True)
class _Open:
    """A name that is being expanded: what went into it, and how many names deep it goes."""

    name: str
    uses: dict[int, Spec] = field(default_factory=dict)
    depth: int = 0

    def take(self, other: "_Open") -> None:
        self.uses |= other.uses
        self.depth = max(self.depth, other.depth + 1)


class QueryCompiler:
    """Parses queries and expands their references; one object per rule book."""

    def __init__(
        self,
        entities: Mapping[str, EntitySpec],
        topics: Mapping[str, TopicSpec],
        rules: Mapping[str, RuleSpec] | None = None,
    ) -> None:
        self._entities, self._topics, self._rules = entities, topics, rules or {}
        self._known: dict[str, tuple[Node, _Open]] = {}
        self._failed: dict[str, RuleError] = {}
        self._open = [_Open("")]
        self._shared: dict[object, Positional] = {}
        self._named: dict[tuple[str, At], Node] = {}
        self._queries: dict[str, Node] = {}
        self.warnings: dict[Problem, None] = {}

    def query(self, source: SourceText) -> Node:
        """The tree of a query.

        Raises:
            RuleError: the query is wrong, or refers to something that does not exist.
        """
        text = source.text
        if text in self._queries:
            return self._queries[text]
        query = parse_query(source)
        node = self._resolve(query.node, source)
        if query.warnings:
            self.warnings.update(dict.fromkeys(query.warnings))
        elif not ("@" in text or "#" in text or "rule:" in text):
            self._queries[text] = node
        return node

    def phrase(self, source: SourceText) -> Clause:
        """The window of a phrase, named by its text."""
        clause = phrase_node(source, PHRASE_SLOP)
        if warnings := odd_words(source):
            self.warnings.update(dict.fromkeys(warnings))
        what = self._positional(clause.what, source, clause.at)
        return clause if what is clause.what else Clause(clause.name, clause.at, what)

    def entity(self, id_: str, source: SourceText, offset: int = 0) -> Node:
        """The mentions of an entity, named ``@id``."""
        mentions = self._mentions(id_, source, offset)
        name, at = f"@{id_}", (0, len(source.text))
        return self._named.get((name, at)) or self._named.setdefault(
            (name, at), Clause(name, at, mentions)
        )

    def topic(self, id_: str, source: SourceText, offset: int = 0) -> Node:
        """The tree of a topic, each passage named ``#id``."""
        node = self._subject(id_, source, offset)
        return self._renamed(node, f"#{id_}", (0, len(source.text)))

    def rule(self, spec: RuleSpec) -> tuple[Node, tuple[Spec, ...]]:
        """The tree of a rule, and the specs that it refers to.

        Raises:
            RuleError: with every problem of the rule.
        """
        opened = _Open("")
        self._open.append(opened)
        try:
            return self._tree(spec), tuple(opened.uses.values())
        finally:
            self._open.pop()

    def _tree(self, spec: RuleSpec) -> Node:
        problems: list[Problem] = []
        nodes: list[Node] = []
        if spec.feeds or spec.languages or spec.until:
            nodes.append(Restriction(spec.feeds, spec.languages, spec.until))
        if spec.topics:
            nodes.append(_any(_built(self._listed_topic, spec.topics, problems)))
        if spec.entities:
            nodes.append(_any(_built(self._listed_entity, spec.entities, problems)))
        if spec.query:
            nodes += _built(self.query, (spec.query,), problems)
        if spec.exclude:
            nodes.append(Not(_any(_built(self.query, spec.exclude, problems))))
        if problems:
            raise RuleError(problems)
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _listed_topic(self, source: SourceText) -> Node:
        if is_phrase(source.text, self._topics):
            return self.phrase(source)
        return self.topic(source.text, source)

    def _listed_entity(self, source: SourceText) -> Node:
        return self.entity(source.text, source)

    def _resolve(self, node: Node, source: SourceText) -> Node:
        if isinstance(node, Clause):
            return self._clause(node, source)
        if isinstance(node, Count):
            name, at, what = node.clause.name, node.clause.at, node.clause.what
            places = (
                self._places(what, source, at, "be counted")
                if isinstance(what, Reference)
                else self._positional(what, source, at)
            )
            return Count(Clause(name, at, places), node.minimum)
        parts = children(node)
        return with_children(node, [self._resolve(part, source) for part in parts])

    def _clause(self, clause: Clause, source: SourceText) -> Node:
        what, at = clause.what, clause.at
        if isinstance(what, Reference) and what.kind != "entity":
            return self._renamed(self._referred(what, source, at), clause.name, at)
        placed = self._positional(what, source, at)
        return clause if placed is what else Clause(clause.name, at, placed)

    def _positional(self, what: Positional, source: SourceText, at: At) -> Positional:
        if isinstance(what, Sequence | Window):
            return self._shared.setdefault(what, what)
        if isinstance(what, Reference):
            return self._places(what, source, at, "stand beside a proximity operator")
        parts = [self._positional(part, source, at) for part in operands(what)]
        return self._one(with_operands(what, parts))

    def _one(self, what: Positional) -> Positional:
        """The one object of this rule set that is equal to a positional of shared operands."""
        return self._shared.setdefault(identity(what), what)

    def _places(self, reference: Reference, source: SourceText, at: At, role: str) -> Positional:
        offset = offset_of(reference, source, at)
        places: Positional | str = _NO_PLACE
        if reference.kind == "entity":
            return self._mentions(reference.id, source, offset)
        if reference.kind == "topic":
            places = positions_of(self._subject(reference.id, source, offset))
        if isinstance(places, str):
            message = f"{written(reference.kind, reference.id)} can't {role}: {places}"
            raise RuleError([problem_at(source, offset, message)])
        return self._one(places)

    def _referred(self, reference: Reference, source: SourceText, at: At) -> Node:
        expand = self._subject if reference.kind == "topic" else self._other
        return expand(reference.id, source, offset_of(reference, source, at))

    def _renamed(self, node: Node, name: str, at: At) -> Node:
        if (name, at) not in self._named:
            self._named[name, at] = renamed(node, name, at)
        return self._named[name, at]

    # --- what a name stands for ---

    def _mentions(self, id_: str, source: SourceText, offset: int) -> Entity:
        spec = _find("entity", id_, self._entities, source, offset)
        node = self._expanded(f"@{id_}", spec, self._entity, source, offset)
        return cast("Entity", cast("Clause", node).what)

    def _subject(self, id_: str, source: SourceText, offset: int) -> Node:
        spec = _find("topic", id_, self._topics, source, offset)
        return self._expanded(f"#{id_}", spec, self._topic, source, offset)

    def _other(self, id_: str, source: SourceText, offset: int) -> Node:
        spec = _find("rule", id_, self._rules, source, offset)
        return self._expanded(f"rule:{id_}", spec, self._tree, source, offset)

    def _expanded(
        self,
        name: str,
        spec: AnySpec,
        build: Callable[[AnySpec], Node],
        source: SourceText,
        offset: int,
    ) -> Node:
        if name not in self._known:
            self._known[name] = self._expand(name, spec, build, source, offset)
        node, opened = self._known[name]
        top = self._open[-1]
        top.take(opened)
        if top.name and top.depth > MAX_NESTED:
            raise RuleError([problem_at(source, offset, _TOO_NESTED)])
        return node

    def _expand(
        self,
        name: str,
        spec: AnySpec,
        build: Callable[[AnySpec], Node],
        source: SourceText,
        offset: int,
    ) -> tuple[Node, _Open]:
        if name in self._failed:
            raise self._failed[name]
        self._check_open(name, source, offset)
        opened = _Open(name, {id(spec): spec})
        self._open.append(opened)
        try:
            return self._sized(build, spec, name), opened
        except RuleError as error:
            self._failed[name] = error
            raise
        finally:
            self._open.pop()

    def _sized(self, build: Callable[[AnySpec], Node], spec: AnySpec, name: str) -> Node:
        try:
            return _checked(build(spec), name, spec.place)
        except RecursionError:  # groups in groups, in each of many names
            message = f"{name} is nested too deep once its references are filled in; split it"
            raise RuleError([Problem(spec.place, message)]) from None

    def _check_open(self, name: str, source: SourceText, offset: int) -> None:
        names = [opened.name for opened in self._open if opened.name]
        if name in names:
            circle = " -> ".join((*names[names.index(name) :], name))
            raise RuleError([problem_at(source, offset, f"this goes in a circle: {circle}")])
        if len(names) > MAX_NESTED:
            raise RuleError([problem_at(source, offset, _TOO_NESTED)])

    def _entity(self, spec: EntitySpec) -> Node:
        return Clause(f"@{spec.id}", (0, 0), entity_of(spec, self.query))

    def _topic(self, spec: TopicSpec) -> Node:
        problems: list[Problem] = []
        parts = _built(self.phrase, spec.phrases, problems)
        parts += _built(self.query, spec.queries, problems)
        weighted = _built(self.query, (query for query, _ in spec.weights), problems)
        if problems:
            raise RuleError(problems)
        if spec.threshold is not None:
            weights = (weight for _, weight in spec.weights)
            lines = tuple(zip(weighted, weights, strict=True))
            return Weighted(f"#{spec.id}", (0, 0), lines, spec.threshold)
        return _any(parts)


_NO_PLACE: Final = "a rule has no place in a text; put what is looked for into a topic"
_TOO_NESTED: Final = f"references lead to references more than {MAX_NESTED} deep"


def _find(
    kind: Kind, id_: str, known: Mapping[str, AnySpec], source: SourceText, offset: int
) -> AnySpec:
    if id_ not in known:
        raise RuleError([unknown(kind, id_, known, source, offset)])
    return known[id_]


def _checked(node: Node, name: str, place: Place) -> Node:
    """What is made of names of names grows without a sign of it in any file."""
    nodes, levels = size(node), depth(node)
    if nodes > MAX_NODES:
        much = f"is too large: {nodes:,} parts"
    elif levels > MAX_LEVELS:
        much = f"is nested too deep: {levels:,} levels"
    else:
        return node
    raise RuleError([Problem(place, f"{name} {much} once its references are filled in; split it")])


def _built(
    build: Callable[[SourceText], Node], sources: Iterable[SourceText], problems: list[Problem]
) -> list[Node]:
    nodes = []
    for source in sources:
        try:
            nodes.append(build(source))
        except RuleError as error:
            problems.extend(error.problems)
    return nodes


def _any(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))
