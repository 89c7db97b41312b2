"""One rule file: what it defines, and what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from monitor.config.document import Document, parse_toml
from monitor.config.places import Origin, TablePlace
from monitor.config.problems import Report
from monitor.config.rule_specs import entity_spec, rule_spec, topic_spec
from monitor.config.rule_tables import EntityTable, RuleFile, RuleTable, TopicTable
from monitor.config.rule_text import TableKey, split
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
    """What a file says.

    Attributes:
        source: its text.
        origin: what its places are looked up in.
        is_toml: it could be read at all.
    """

    source: str
    origin: Origin
    problems: tuple[Problem, ...] = ()
    is_toml: bool = True
    entities: Table[EntitySpec] = Table()
    topics: Table[TopicSpec] = Table()
    rules: Table[RuleSpec] = Table()


def read_file(name: str, source: str, before: FileRules | None = None) -> FileRules:
    """Read the text of a rule file.

    Args:
        name: of the file.
        source: its text.
        before: the same file as it was: of tables that have not changed the specs are taken over,
            the same objects.
    """
    if before is not None and before.source == source:
        before.origin.source = source  # a text that was refused may have been read in between
        return before
    return (before and _read_changes(source, before)) or _read_whole(name, source)


def _read_whole(name: str, source: str) -> FileRules:
    origin = Origin(name, source)
    try:
        document = parse_toml(source, name)
    except ConfigError as error:
        return FileRules(source, origin, error.problems, is_toml=False)
    return _read(document, origin)


def _read(document: Document, origin: Origin) -> FileRules:
    report = Report()
    read_table(RuleFile, document, (), report)
    entities = _defined("entities", EntityTable, entity_spec, document, origin, report)
    topics = _defined("topics", TopicTable, topic_spec, document, origin, report)
    rules = _defined("rules", RuleTable, rule_spec, document, origin, report)
    return FileRules(
        document.source,
        origin,
        report.problems("error"),
        entities=entities,
        topics=topics,
        rules=rules,
    )


def _read_changes(source: str, before: FileRules) -> FileRules | None:
    """What a new text says, its changed tables read only; None if it must be read as a whole."""
    old, new = split(before.source), split(source)
    if before.problems or old is None or new is None:
        return None
    changed = [key for key, text in new.items() if old.get(key) != text]
    try:
        document = parse_toml("".join(new[key] for key in changed), before.origin.file)
    except ConfigError:
        return None
    found = _read(document, before.origin)
    if found.problems:  # their places are those of another text
        return None
    before.origin.source = source
    return FileRules(
        source,
        before.origin,
        entities=_joined("entities", new, found.entities, before.entities),
        topics=_joined("topics", new, found.topics, before.topics),
        rules=_joined("rules", new, found.rules, before.rules),
    )


def _joined(
    kind: str, keys: Iterable[TableKey], found: Table[Spec], before: Table[Spec]
) -> Table[Spec]:
    names = (name for each, name in keys if each == kind)
    return Table({name: found.specs.get(name) or before.specs[name] for name in names})


def _defined(
    kind: str,
    model: type[AnyTable],
    spec: Callable[[str, AnyTable, TablePlace], Spec],
    document: Document,
    origin: Origin,
    report: Report,
) -> Table[Spec]:
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
