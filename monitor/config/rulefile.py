"""One rule file: what it defines, and what is wrong with it."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from monitor.config.document import Document, parse_toml
from monitor.config.places import TablePlace
from monitor.config.problems import Report
from monitor.config.rule_specs import entity_spec, rule_spec, topic_spec
from monitor.config.rule_tables import EntityTable, RuleFile, RuleTable, TopicTable
from monitor.config.schema import AnyTable, read_name, read_rest, read_table
from monitor.errors import ConfigError, Place, Problem
from monitor.model.rule import EntitySpec, RuleSpec, TopicSpec

Spec = TypeVar("Spec", EntitySpec, TopicSpec, RuleSpec)


@dataclass(frozen=True, slots=True)
class Table(Generic[Spec]):
    """Everything of one kind.

    Attributes:
        specs: by name; of a table with problems what is right in it.
        broken: places of tables of which nothing could be used.
    """

    specs: Mapping[str, Spec] = field(default_factory=dict)
    broken: Mapping[str, Place] = field(default_factory=dict)

    def names(self) -> AbstractSet[str]:
        """All that is defined."""
        return self.specs.keys() | self.broken.keys()

    def place(self, name: str) -> Place:
        """Where a name is defined."""
        return self.specs[name].place if name in self.specs else self.broken[name]


@dataclass(frozen=True, slots=True)
class FileRules:
    """What a file says; immutable, so that a reload can use it again.

    Attributes:
        source: its text.
        is_toml: it could be read at all.
    """

    source: str
    problems: tuple[Problem, ...]
    is_toml: bool = True
    entities: Table[EntitySpec] = Table()
    topics: Table[TopicSpec] = Table()
    rules: Table[RuleSpec] = Table()


def read_file(name: str, source: str) -> FileRules:
    """Read the text of a rule file."""
    try:
        document = parse_toml(source, name)
    except ConfigError as error:
        return FileRules(source, error.problems, is_toml=False)
    report = Report()
    read_table(RuleFile, document, (), report)
    entities = _defined("entities", EntityTable, entity_spec, document, report)
    topics = _defined("topics", TopicTable, topic_spec, document, report)
    rules = _defined("rules", RuleTable, rule_spec, document, report)
    return FileRules(
        source, report.problems("error"), entities=entities, topics=topics, rules=rules
    )


def _defined(
    kind: str,
    model: type[AnyTable],
    spec: Callable[[str, AnyTable, TablePlace], Spec],
    document: Document,
    report: Report,
) -> Table[Spec]:
    origin = (document.file, document.source)
    specs: dict[str, Spec] = {}
    broken: dict[str, Place] = {}
    for path in document.tables(kind):
        name = read_name(document, path, report)
        table = read_table(model, document, path, report) or read_rest(model, document, path)
        place = TablePlace(origin, path)
        if name and table:
            specs[name] = spec(name, table, place)
        else:
            broken[str(path[-1])] = place
    return Table(specs, broken)
