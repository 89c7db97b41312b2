"""What a measuring process is told.

Articles and rules lie in files: their making leaves no memory behind that the rules could use.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from monitor.model.article import Article
from tests.bench.draft import Draft, Search, Written, searches, written

NAIVE_RULES: Final = 1_000
"""Rules up to which the naive loop is measured."""

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """What to measure.

    Attributes:
        folder: see ``prepare``.
        rules: so many of its rules.
    """

    folder: Path
    rules: int
    batches: tuple[int, ...]
    cold: bool
    spans: bool


def prepare(folder: Path, articles: Iterable[Article], drafts: list[Draft]) -> None:
    """Write down what jobs need."""
    _save(folder / "articles", ({"title": each.title, "text": each.text} for each in articles))
    _save(folder / "rules", map(asdict, written(drafts)))
    naive = (list(map(asdict, searches(draft))) for draft in drafts[:NAIVE_RULES])
    _save(folder / "searches", naive)


def articles_of(job: Job) -> list[Article]:
    """The articles to measure with."""
    return [Article(**each, language="en") for each in _read(job.folder / "articles")]


def rules_of(job: Job, spare: int = 0) -> Iterator[Written]:
    """The job's rules, and so many more."""
    for each, _ in zip(_read(job.folder / "rules"), range(job.rules + spare), strict=False):
        yield Written(each["number"], tuple(each["names"]), each["query"])


def searches_of(job: Job) -> list[list[Search]]:
    """The regular expressions of each of the job's rules."""
    every = list(_read(job.folder / "searches"))
    return [[Search(**search) for search in each] for each in every[: job.rules]]


def _save(file: Path, entries: Iterable[object]) -> None:
    lines = (f"{json.dumps(entry)}\n" for entry in entries)
    file.write_text("".join(lines), encoding="utf-8")


def _read(file: Path) -> Iterator[Any]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
