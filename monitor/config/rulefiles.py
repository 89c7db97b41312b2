"""Rule files -> a rule book: everything they say, not yet compiled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Generic, TypeVar

from monitor.config.document import Document, parse_toml, read_text, shown
from monitor.config.positions import KeyPath
from monitor.config.problems import Report
from monitor.config.rule_specs import entity_spec, rule_spec, topic_spec
from monitor.config.rule_tables import EntityTable, RuleFile, RuleTable, TopicTable
from monitor.config.schema import Table, read_name, read_table
from monitor.config.values import nearest, quoted
from monitor.errors import ConfigError, Place, RuleError
from monitor.model.rule import RuleBook

AnyTable = TypeVar("AnyTable", bound=Table)


def read_rules(paths: Iterable[PurePath], cwd: Path | None = None) -> RuleBook:
    """Read rule files, and all ``*.toml`` files of folders and their folders in path order.

    Args:
        paths: files and folders, in reading order.
        cwd: file names are relative to it (default: the working directory).

    Raises:
        RuleError: with every problem of every file.
    """
    cwd = cwd or Path.cwd()
    report = Report()
    sources: dict[str, str] = {}
    for path in paths:
        for file in _files(cwd / path, cwd, report):
            try:
                sources[shown(file, cwd)] = read_text(file, cwd)
            except ConfigError as error:
                report.add(error)
    return _book(sources, report)


def book_of(sources: Mapping[str, str]) -> RuleBook:
    """The same from texts by file name, e.g. the stored ones of the last good set.

    Raises:
        RuleError: with every problem of every text.
    """
    return _book(sources, Report())


def _files(path: Path, cwd: Path, report: Report) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(
        file
        for file in path.rglob("*.toml")
        if file.is_file() and not any(part.startswith(".") for part in _parts_below(file, path))
    )
    if not found:
        message = "there is no rule file (*.toml) in this folder; `monitor init` writes some"
        report.error(Place(shown(path, cwd)), message)
    return found


def _parts_below(file: Path, folder: Path) -> tuple[str, ...]:
    """Editors keep their own files under names with a dot in front."""
    return file.relative_to(folder).parts


def _book(sources: Mapping[str, str], report: Report) -> RuleBook:
    documents = [
        document for file, text in sources.items() if (document := _parse(text, file, report))
    ]
    for document in documents:
        read_table(RuleFile, document, (), report)
    entities = _defined("entities", EntityTable, documents, report)
    topics = _defined("topics", TopicTable, documents, report)
    rules = _defined("rules", RuleTable, documents, report)
    if len(documents) == len(sources):  # else what seems unknown may be in the unreadable file
        known = _Names(documents)
        for rule in rules.values():
            known.check(rule, report)
    if errors := report.problems("error"):
        raise RuleError(errors)
    return RuleBook(
        entities={
            id_: entity_spec(id_, each.table, each.document) for id_, each in entities.items()
        },
        topics={id_: topic_spec(id_, each.table, each.document) for id_, each in topics.items()},
        rules={id_: rule_spec(id_, each.table, each.document) for id_, each in rules.items()},
        revision=_revision(sources),
        sources=dict(sources),
    )


def _parse(text: str, file: str, report: Report) -> Document | None:
    try:
        return parse_toml(text, file)
    except ConfigError as error:
        report.add(error)
        return None


@dataclass(frozen=True, slots=True)
class _Found(Generic[AnyTable]):
    table: AnyTable
    document: Document
    path: KeyPath


def _defined(
    kind: str, model: type[AnyTable], documents: Iterable[Document], report: Report
) -> dict[str, _Found[AnyTable]]:
    found: dict[str, _Found[AnyTable]] = {}
    places: dict[str, Place] = {}
    for document in documents:
        for path in document.tables(kind):
            name = read_name(document, path, report)
            table = read_table(model, document, path, report)
            place = document.key(path)
            if name and places.setdefault(name, place) is not place:
                message = f"[{kind}.{name}] is defined at {places[name]} as well; rename one"
                report.error(place, message)
            elif name and table is not None:
                found[name] = _Found(table, document, path)
    return found


class _Names:
    """All names that the files define, those with problems included."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._entities: dict[str, None] = {}
        self._topics: dict[str, None] = {}
        for document in documents:
            self._entities.update((str(path[-1]), None) for path in document.tables("entities"))
            self._topics.update((str(path[-1]), None) for path in document.tables("topics"))

    def check(self, rule: _Found[RuleTable], report: Report) -> None:
        for index, name in enumerate(rule.table.entities):
            if name not in self._entities:
                hint = nearest(name, self._entities) or f"define it under [entities.{name}]"
                place = rule.document.value((*rule.path, "entities", index))
                report.error(place, f"unknown entity {quoted(name)}; {hint}")
        for index, name in enumerate(rule.table.topics):
            if name not in self._topics and " " not in name.strip():  # with a blank: a phrase
                hint = nearest(name, self._topics) or (
                    f"define it under [topics.{name}], or look for the word with query = '{name}'"
                )
                place = rule.document.value((*rule.path, "topics", index))
                report.error(place, f"unknown topic {quoted(name)}; {hint}")


def _revision(sources: Mapping[str, str]) -> str:
    digest = sha256()
    for part in (part for source in sources.items() for part in source):
        data = part.encode(errors="replace")
        digest.update(len(data).to_bytes(8) + data)  # the length keeps parts apart
    return digest.hexdigest()
