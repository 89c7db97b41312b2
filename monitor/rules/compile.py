"""RuleBook -> RuleSet: parse every query, expand references, share equal parts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from monitor.errors import Problem, RuleError
from monitor.model.alert import RuleFacts
from monitor.model.rule import EntitySpec, RuleBook, RuleSpec, SourceText, TopicSpec
from monitor.rules.names import entity_of
from monitor.rules.parse import odd_words, parse_query, phrase_node
from monitor.rules.places import problem_at
from monitor.rules.references import is_phrase, offset_of, unknown
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
    size,
)

MAX_NESTED_TOPICS = 20
MAX_TOPIC_NODES = 20_000

PHRASE_SLOP = 4
"""Other words that the window of a topic phrase may hold (337 of 421 right in a trial)."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its references expanded; ``facts`` is what travels with its hits."""

    spec: RuleSpec
    tree: Node
    facts: RuleFacts


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All enabled rules, immutable: a reload builds another one.

    Attributes:
        revision: of the rule book it was compiled from.
        warnings: what is odd in the queries.
    """

    revision: str
    rules: Mapping[str, CompiledRule]
    warnings: tuple[Problem, ...] = ()


def compile_rules(book: RuleBook) -> RuleSet:
    """Compile everything or nothing.

    Raises:
        RuleError: with every problem of every rule, topic and entity.
    """
    compiler = _Compiler(book)
    rules = {id_: compiler.rule(spec) for id_, spec in book.rules.items()}
    compiler.check_unused()
    if compiler.problems:
        raise RuleError(sorted(set(compiler.problems)))
    compiled = {id_: rule for id_, rule in rules.items() if rule and rule.spec.enabled}
    return RuleSet(book.revision, compiled, tuple(compiler.warnings))


class QueryCompiler:
    """Parses queries and expands their references; one object per rule book."""

    def __init__(
        self, entities: Mapping[str, EntitySpec], topics: Mapping[str, TopicSpec]
    ) -> None:
        self._entities, self._topics = entities, topics
        self._known: dict[str, Entity] = {}
        self._expanded: dict[str, Node] = {}
        self._failed: dict[str, RuleError] = {}
        self._open: list[str] = []
        self._shared: dict[Positional, Positional] = {}
        self.warnings: dict[Problem, None] = {}

    def query(self, source: SourceText) -> Node:
        """The tree of a query.

        Raises:
            RuleError: the query is wrong, or refers to something that does not exist.
        """
        query = parse_query(source)
        self.warnings.update(dict.fromkeys(query.warnings))
        return self._resolve(query.node, source)

    def phrase(self, source: SourceText) -> Node:
        """The window of a phrase, named by its text."""
        clause = phrase_node(source, PHRASE_SLOP)
        self.warnings.update(dict.fromkeys(odd_words(source)))
        return Clause(clause.name, clause.at, self._share(clause.what))

    def entity(self, id_: str, source: SourceText, offset: int = 0) -> Clause:
        """The mentions of an entity, named ``@id``."""
        return Clause(f"@{id_}", (0, len(source.text)), self._mentions(id_, source, offset))

    def topic(self, id_: str, source: SourceText, offset: int = 0) -> Node:
        """The tree of a topic, each passage named ``#id``."""
        return _renamed(self._subject(id_, source, offset), f"#{id_}", (0, len(source.text)))

    def _mentions(self, id_: str, source: SourceText, offset: int) -> Entity:
        if id_ not in self._entities:
            raise RuleError([unknown("entity", id_, self._entities, source, offset)])
        if id_ not in self._known:
            entity = entity_of(self._entities[id_])
            self._known[id_] = entity
        return self._known[id_]

    def _subject(self, id_: str, source: SourceText, offset: int) -> Node:
        if id_ not in self._topics:
            raise RuleError([unknown("topic", id_, self._topics, source, offset)])
        if id_ in self._failed:
            raise self._failed[id_]
        if len(self._open) > MAX_NESTED_TOPICS:
            message = f"topics refer to topics more than {MAX_NESTED_TOPICS} deep"
            raise RuleError([problem_at(source, offset, message)])
        if id_ in self._open:
            circle = " -> ".join(
                f"#{each}" for each in (*self._open[self._open.index(id_) :], id_)
            )
            raise RuleError([problem_at(source, offset, f"topics refer to each other: {circle}")])
        if id_ not in self._expanded:
            self._open.append(id_)
            try:
                self._expanded[id_] = self._checked(self._any_of_topic(self._topics[id_]), id_)
            except RuleError as error:
                self._failed[id_] = error
                raise
            finally:
                self._open.pop()
        return self._expanded[id_]

    def _checked(self, node: Node, id_: str) -> Node:
        """Topics of topics of topics grow without a sign of it in any file."""
        nodes = size(node)
        if nodes <= MAX_TOPIC_NODES:
            return node
        message = f"topic {id_} is too large: {nodes:,} parts once its #topics are filled in"
        raise RuleError([Problem(self._topics[id_].place, f"{message}; split it")])

    def _any_of_topic(self, spec: TopicSpec) -> Node:
        parts: list[Node] = []
        problems: list[Problem] = []
        for build, source in (
            *((self.phrase, phrase) for phrase in spec.phrases),
            *((self.query, query) for query in spec.queries),
        ):
            try:
                parts.append(build(source))
            except RuleError as error:
                problems.extend(error.problems)
        if problems:
            raise RuleError(problems)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _resolve(self, node: Node, source: SourceText) -> Node:
        resolve = partial(self._resolve, source=source)
        match node:
            case Clause(name, at, Reference("topic", id_)):
                return _renamed(self._subject(id_, source, at[0]), name, at)
            case Clause(name, at, what):
                return Clause(name, at, self._share(self._positional(what, source, at)))
            case And(parts):
                return And(tuple(map(resolve, parts)))
            case Or(parts):
                return Or(tuple(map(resolve, parts)))
            case Not(part):
                return Not(resolve(part))
            case Scope(field, part):
                return Scope(field, resolve(part))
            case Meta():
                return node

    def _positional(self, what: Positional, source: SourceText, at: tuple[int, int]) -> Positional:
        match what:
            case Reference("entity", id_):
                return self._mentions(id_, source, offset_of("@", id_, source, at))
            case Reference(_, id_):
                offset = offset_of("#", id_, source, at)
                return _positions_of(self._subject(id_, source, offset), id_, source, offset)
            case Near(left, right, distance, ordered):
                return Near(
                    self._share(self._positional(left, source, at)),
                    self._share(self._positional(right, source, at)),
                    distance,
                    ordered,
                )
            case AnyOf(parts):
                return AnyOf(
                    tuple(self._share(self._positional(part, source, at)) for part in parts)
                )
            case _:
                return what

    def _share(self, what: Positional) -> Positional:
        """The one object of this rule set that is equal to ``what``."""
        return self._shared.setdefault(what, what)


class _Compiler:
    """Collects problems instead of stopping at the first."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._queries = QueryCompiler(book.entities, book.topics)
        self.problems: list[Problem] = []

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(self._queries.warnings)

    def rule(self, spec: RuleSpec) -> CompiledRule | None:
        before = len(self.problems)
        parts: list[Node | None] = [
            self._any(map(self._topic, spec.topics)),
            self._any(self._try(self._queries.entity, each.text, each) for each in spec.entities),
            self._try(self._queries.query, spec.query) if spec.query else None,
        ]
        exclude = self._any(self._try(self._queries.query, each) for each in spec.exclude)
        if len(self.problems) > before:
            return None
        positive = tuple(part for part in parts if part is not None)
        nodes = (*positive, Not(exclude)) if exclude is not None else positive
        return CompiledRule(spec, nodes[0] if len(nodes) == 1 else And(nodes), _facts(spec))

    def check_unused(self) -> None:
        """Topics and entities that no rule uses must be right as well."""
        for topic in self._book.topics.values():
            self._try(self._queries.topic, topic.id, SourceText(topic.id, topic.place))
        for entity in self._book.entities.values():
            self._try(self._queries.entity, entity.id, SourceText(entity.id, entity.place))

    def _topic(self, source: SourceText) -> Node | None:
        if is_phrase(source.text, self._book.topics):
            return self._try(self._queries.phrase, source)
        return self._try(self._queries.topic, source.text, source)

    def _any(self, nodes: Iterable[Node | None]) -> Node | None:
        found = tuple(node for node in nodes if node is not None)
        return None if not found else found[0] if len(found) == 1 else Or(found)

    def _try(self, build: Callable[..., Node], *arguments: object) -> Node | None:
        try:
            return build(*arguments)
        except RuleError as error:
            self.problems.extend(error.problems)
            return None


def _facts(spec: RuleSpec) -> RuleFacts:
    return RuleFacts(
        id=spec.id,
        title=spec.title,
        severity=spec.severity,
        tags=spec.tags,
        entities=tuple(entity.text for entity in spec.entities),
        channels=spec.channels,
    )


def _renamed(node: Node, name: str, at: tuple[int, int]) -> Node:
    """The same tree with every passage under one name."""
    match node:
        case Clause(_, _, what):
            return Clause(name, at, what)
        case And(parts):
            return And(tuple(_renamed(part, name, at) for part in parts))
        case Or(parts):
            return Or(tuple(_renamed(part, name, at) for part in parts))
        case Not(part):
            return Not(_renamed(part, name, at))
        case Scope(field, part):
            return Scope(field, _renamed(part, name, at))
        case Meta():
            return node


def _positions_of(node: Node, id_: str, source: SourceText, offset: int) -> Positional:
    match node:
        case Clause(_, _, what):
            return what
        case Or(parts):
            return AnyOf(tuple(_positions_of(part, id_, source, offset) for part in parts))
        case _:
            message = (
                f"#{id_} can't stand beside a proximity operator: "
                "one of its queries has an AND, a NOT or a field"
            )
            raise RuleError([problem_at(source, offset, message)])
