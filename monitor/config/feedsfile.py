"""Edits of feeds.toml.

The file is edited as text, so that every comment and blank line of the user stays; the result is
read back before it replaces the file.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from monitor.config.config_tables import FeedTable
from monitor.config.document import Document, parse_toml, read_text, shown
from monitor.config.problems import Report
from monitor.config.schema import read_table
from monitor.errors import ConfigError, Place, Problem

_HEADER: Final = "# Read together with config.toml; `monitor feeds add` and `remove` write here.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """What is written of a feed; auth as ``env:NAME`` or ``file:PATH``."""

    url: str
    name: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    auth: str | None = None

    def table(self) -> dict[str, Any]:
        """Its keys with their values, without those that say nothing."""
        keys = {
            "url": self.url,
            "name": self.name,
            "tags": list(self.tags),
            "language": self.language,
            "auth": self.auth,
        }
        return {key: value for key, value in keys.items() if value}


def add_feeds(
    path: Path, new: Sequence[NewFeed], check: Callable[[], object] = lambda: None
) -> None:
    """Append feeds to feeds.toml, all or none; the file is made if there is none.

    Args:
        path: of the file.
        new: at least one feed.
        check: is called when they are written; what it raises takes them back.

    Raises:
        ConfigError: one is there already or not valid, or the file can't be edited.
    """
    with _alone(path):
        document, text = _read(path)
        feeds = _feeds(document)
        tables = [feed.table() for feed in new]
        known = {_url(feed): index for index, feed in reversed(list(enumerate(feeds)))}
        for feed in new:
            if feed.url in known:
                raise _failure(document, known[feed.url], "this feed is there already")
        edited = "\n".join([*text.rstrip("\n").split("\n"), *_lines(tables), ""])
        after = _reread(document, edited, [*feeds, *tables])
        _check(after, range(len(feeds), len(feeds) + len(tables)))
        _write_checked(path, edited, check)


def remove_feed(path: Path, url: str) -> bool:
    """Take a feed out of feeds.toml; False if it does not name it.

    Raises:
        ConfigError: the file can't be read or edited.
    """
    with _alone(path):
        document, text = _read(path)
        feeds = _feeds(document)
        indexes = [index for index, feed in enumerate(feeds) if _url(feed) == url]
        if not indexes:
            return False
        lines = text.split("\n")
        for index in reversed(indexes):
            del lines[_extent(document, index, lines)]
        edited = "\n".join(lines)
        _reread(document, edited, [feed for feed in feeds if _url(feed) != url])
        _write(path, edited)
        return True


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Edits by several commands at a time come one after another: the folder is the lock."""
    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _lines(tables: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for table in tables:
        yield from ("", "[[feeds]]")
        for key, value in table.items():
            yield f"{key} = {_toml(value)}"


def _toml(value: object) -> str:
    """JSON is TOML, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write_checked(path: Path, text: str, check: Callable[[], object]) -> None:
    before = path.read_bytes().decode() if path.exists() else None
    _write(path, text)
    try:
        check()
    except BaseException:
        if before is None:
            path.unlink()
        else:
            _write(path, before)
        raise


def _read(path: Path) -> tuple[Document, str]:
    cwd = Path.cwd()
    text = read_text(path, cwd) if path.exists() else _HEADER
    return parse_toml(text, shown(path, cwd)), text


def _feeds(document: Document) -> list[Any]:
    return [document.at(path) for path in document.elements("feeds")]


def _url(feed: object) -> object:
    return feed.get("url") if isinstance(feed, dict) else None


def _extent(document: Document, index: int, lines: list[str]) -> slice:
    """The lines of a feed, from its header to its last value."""
    start = document.key(("feeds", index)).line - 1
    following = ("feeds", index + 1)
    end = (
        document.key(following).line - 1 if following in document.elements("feeds") else len(lines)
    )
    while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1  # what stands above the next feed is about that one
    return slice(start, end)


def _reread(before: Document, edited: str, expected: list[Any]) -> Document:
    with suppress(ConfigError):
        after = parse_toml(edited, before.file)
        if _feeds(after) == expected:
            return after
    message = "this file can't be edited by the program; write each feed as a [[feeds]] table"
    raise ConfigError([Problem(Place(before.file), message)])


def _check(document: Document, indexes: Iterable[int]) -> None:
    report = Report()
    for index in indexes:
        read_table(FeedTable, document, ("feeds", index), report)
    if errors := report.problems("error"):
        raise ConfigError(errors)


def _failure(document: Document, index: int, message: str) -> ConfigError:
    return ConfigError([Problem(document.key(("feeds", index)), message)])


def _write(path: Path, text: str) -> None:
    """Replace the file in one step: a crash leaves the old one or the new one."""
    target = path.resolve()  # a link stays a link
    try:
        with tempfile.TemporaryDirectory(prefix=".", dir=target.parent) as folder:
            draft = Path(folder) / target.name
            with draft.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, draft)
            draft.replace(target)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError([Problem(Place(str(path)), f"can't be written: {error.strerror}")])
