"""Rule files -> a rule book: everything they say, not yet compiled."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Generic, TypeVar

from monitor.config.document import Document, parse_toml, read_text, shown
from monitor.config.positions import KeyPath
from monitor.config.problems import Report
from monitor.config.rule_specs import entity_spec, rule_spec, topic_spec
from monitor.config.rule_tables import EntityTable, RuleFile, RuleTable, TopicTable
from monitor.config.schema import Table, read_name, read_table
from monitor.errors import ConfigError, Place, Problem
from monitor.model.rule import RuleBook

AnyTable = TypeVar("AnyTable", bound=Table)


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of rule files, and what could not.

    Attributes:
        whole: every file was TOML; else what seems unknown may be defined in the others.
        entities: names that the files define, those with problems included.
        topics: likewise.
    """

    book: RuleBook
    problems: tuple[Problem, ...]
    whole: bool
    entities: frozenset[str]
    topics: frozenset[str]


def read_rules(paths: Iterable[PurePath], cwd: Path | None = None) -> Reading:
    """Read rule files, and all ``*.toml`` files of folders and their folders in path order.

    Args:
        paths: files and folders, in reading order.
        cwd: file names are relative to it (default: the working directory).
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


def book_of(sources: Mapping[str, str]) -> Reading:
    """The same from texts by file name, e.g. the stored ones of the last good set."""
    return _book(sources, Report())


def _files(path: Path, cwd: Path, report: Report) -> list[Path]:
    try:
        files = _in_folder(path) if path.is_dir() else [path]
    except OSError as error:
        report.error(Place(shown(path, cwd)), f"can't be read: {error.strerror}")
        return []
    if not files:
        message = "there is no rule file (*.toml) in this folder; `monitor init` writes some"
        report.error(Place(shown(path, cwd)), message)
    return files


def _in_folder(folder: Path) -> list[Path]:
    """Rule files below a folder; names with a dot in front belong to editors and the like."""
    found: list[Path] = []
    for where, folders, names in os.walk(folder, onerror=_raise):  # rglob would hide errors
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(where, name) for name in names if fnmatch(name, "[!.]*.toml")]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


def _book(sources: Mapping[str, str], report: Report) -> Reading:
    documents = [
        document for file, text in sources.items() if (document := _parse(text, file, report))
    ]
    for document in documents:
        read_table(RuleFile, document, (), report)
    entities = _defined("entities", EntityTable, documents, report)
    topics = _defined("topics", TopicTable, documents, report)
    rules = _defined("rules", RuleTable, documents, report)
    book = RuleBook(
        entities={
            id_: entity_spec(id_, each.table, each.document) for id_, each in entities.items()
        },
        topics={id_: topic_spec(id_, each.table, each.document) for id_, each in topics.items()},
        rules={id_: rule_spec(id_, each.table, each.document) for id_, each in rules.items()},
        revision=_revision(sources),
        sources=dict(sources),
    )
    return Reading(
        book,
        tuple(report.problems("error")),
        whole=len(documents) == len(sources),
        entities=frozenset(_names("entities", documents)),
        topics=frozenset(_names("topics", documents)),
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


def _names(kind: str, documents: Iterable[Document]) -> list[str]:
    return [str(path[-1]) for document in documents for path in document.tables(kind)]


def _revision(sources: Mapping[str, str]) -> str:
    digest = sha256()
    for part in (part for source in sources.items() for part in source):
        data = part.encode(errors="replace")
        digest.update(len(data).to_bytes(8) + data)  # the length keeps parts apart
    return digest.hexdigest()
