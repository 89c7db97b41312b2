"""Rule files -> a rule book: everything they say, not yet compiled."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path, PurePath
from typing import TypeVar

from monitor.config.document import read_text, shown
from monitor.config.problems import Report
from monitor.config.rulefile import FileRules, Table, read_file
from monitor.errors import ConfigError, Place, Problem
from monitor.model.rule import EntitySpec, RuleBook, RuleSpec, TopicSpec
from monitor.rules.bulk import uncollected
from monitor.rules.references import Names

Spec = TypeVar("Spec", EntitySpec, TopicSpec, RuleSpec)


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of rule files, and what could not.

    Attributes:
        whole: every file was TOML; else what seems unknown may be defined in the others.
        names: that the files define, those with problems included.
        files: what each file says, by its name.
    """

    book: RuleBook
    problems: tuple[Problem, ...]
    whole: bool
    names: Names
    files: Mapping[str, FileRules]


def read_rules(
    paths: Iterable[PurePath],
    cwd: Path | None = None,
    before: Mapping[str, FileRules] | None = None,
) -> Reading:
    """Read rule files, and all ``*.toml`` files of folders and their folders in path order.

    Args:
        paths: files and folders, in reading order.
        cwd: file names are relative to it (default: the working directory).
        before: the files of an earlier reading: what they still say is not read again, and its
            specs are the same objects.
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
    return _reading(sources, report, before or {})


def book_of(sources: Mapping[str, str], before: Mapping[str, FileRules] | None = None) -> Reading:
    """The same from texts by file name, e.g. the stored ones of the last good set."""
    return _reading(sources, Report(), before or {})


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


@uncollected
def _reading(
    sources: Mapping[str, str], report: Report, before: Mapping[str, FileRules]
) -> Reading:
    files = {name: read_file(name, source, before.get(name)) for name, source in sources.items()}
    for file in files.values():
        report.extend(file.problems)
    entities = _merged((file.entities for file in files.values()), "entities", report)
    topics = _merged((file.topics for file in files.values()), "topics", report)
    rules = _merged((file.rules for file in files.values()), "rules", report)
    return Reading(
        RuleBook(
            entities=entities.specs,
            topics=topics.specs,
            rules=rules.specs,
            revision=_revision(sources),
            sources={name: file.source for name, file in files.items()},
        ),
        tuple(report.problems("error")),
        whole=all(file.is_toml for file in files.values()),
        names={"entity": entities.names(), "topic": topics.names(), "rule": rules.names()},
        files=files,
    )


def _merged(tables: Iterable[Table[Spec]], kind: str, report: Report) -> Table[Spec]:
    specs: dict[str, Spec] = {}
    broken: dict[str, Place] = {}
    for table in tables:
        for name in table.names() & (specs.keys() | broken.keys()):
            first = specs[name].place if name in specs else broken[name]
            message = f"[{kind}.{name}] is defined at {first} as well; rename one"
            report.error(table.place(name), message)
        specs.update(table.specs)
        broken.update(table.broken)
    return Table(specs, broken)


def _revision(sources: Mapping[str, str]) -> str:
    digest = sha256()
    for part in (part for source in sources.items() for part in source):
        data = part.encode(errors="replace")
        digest.update(len(data).to_bytes(8) + data)  # the length keeps parts apart
    return digest.hexdigest()
