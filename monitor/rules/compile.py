"""RuleBook -> RuleSet: every query parsed, its references expanded, equal parts shared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from monitor.errors import Problem, RuleError
from monitor.model.alert import RuleFacts
from monitor.model.rule import EntitySpec, RuleBook, RuleSpec, SourceText, TopicSpec
from monitor.model.spike import WatchedRule
from monitor.rules.bulk import uncollected
from monitor.rules.queries import QueryCompiler, Spec
from monitor.rules.tree import Node


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its references expanded.

    Attributes:
        tree: everything that decides, the rule's own feeds, languages and last day included.
        facts: what travels with its hits.
        uses: the entities, topics and rules that went into the tree, also through others.
    """

    spec: RuleSpec
    tree: Node
    facts: RuleFacts
    uses: tuple[Spec, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All enabled rules, immutable: a reload builds another one.

    Attributes:
        revision: of the rule book it was compiled from.
        warnings: what is odd in the queries that were compiled for it.
    """

    revision: str
    rules: Mapping[str, CompiledRule]
    warnings: tuple[Problem, ...] = ()


Compiled: TypeAlias = tuple[RuleBook, RuleSet]


@uncollected
def compile_rules(book: RuleBook, before: Compiled | None = None) -> RuleSet:
    """Compile everything or nothing.

    Args:
        book: what the files say.
        before: an earlier book and its rules: those whose specs are still the same objects are
            taken over.

    Raises:
        RuleError: with every problem of every rule, topic and entity.
    """
    compiler = _Compiler(book, before)
    rules = {id_: compiler.rule(spec) for id_, spec in book.rules.items()}
    compiler.check_unused()
    if compiler.problems:
        raise RuleError(sorted(set(compiler.problems)))
    compiled = {id_: rule for id_, rule in rules.items() if rule and rule.spec.enabled}
    return RuleSet(book.revision, compiled, compiler.warnings)


def watched(rules: RuleSet) -> tuple[WatchedRule, ...]:
    """The rules whose spikes and silence people are told of."""
    return tuple(
        WatchedRule(facts=rule.facts, until=rule.spec.until)
        for rule in rules.rules.values()
        if rule.spec.spike
    )


class _Compiler:
    """Collects problems instead of stopping at the first."""

    def __init__(self, book: RuleBook, before: Compiled | None) -> None:
        self._book = book
        self._queries = QueryCompiler(book.entities, book.topics, book.rules)
        self._known = {} if before is None else before[1].rules
        self._checked = {} if before is None else before[0].entities
        self.problems: list[Problem] = []

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(self._queries.warnings)

    def rule(self, spec: RuleSpec) -> CompiledRule | None:
        known = self._known.get(spec.id)
        if known and known.spec is spec and all(map(self._is_current, known.uses)):
            return known
        try:
            tree, uses = self._queries.rule(spec)
        except RuleError as error:
            self.problems.extend(error.problems)
            return None
        return CompiledRule(spec, tree, _facts(spec), uses)

    def _is_current(self, spec: Spec) -> bool:
        match spec:
            case EntitySpec():
                return self._book.entities.get(spec.id) is spec
            case TopicSpec():
                return self._book.topics.get(spec.id) is spec
            case RuleSpec():
                return self._book.rules.get(spec.id) is spec

    def check_unused(self) -> None:
        """Topics and entities that no rule uses must be right as well."""
        for topic in self._book.topics.values():
            self._check(self._queries.topic, topic)
        for id_, entity in self._book.entities.items():
            # An entity without contexts is as right as it was before.
            if self._checked.get(id_) is not entity or any(
                alias.context for alias in entity.aliases
            ):
                self._check(self._queries.entity, entity)

    def _check(
        self, build: Callable[[str, SourceText], Node], spec: EntitySpec | TopicSpec
    ) -> None:
        try:
            build(spec.id, SourceText(spec.id, spec.place))
        except RuleError as error:
            self.problems.extend(error.problems)


def _facts(spec: RuleSpec) -> RuleFacts:
    return RuleFacts(
        id=spec.id,
        title=spec.title,
        severity=spec.severity,
        tags=spec.tags,
        entities=tuple([entity.text for entity in spec.entities]),
        channels=spec.channels,
    )
