"""Edits of feeds.toml.

The file is edited as text, so that every comment and blank line of the user stays; the result is
read back before it replaces the file.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from monitor.config.config_tables import FeedTable
from monitor.config.document import Document, parse_toml, read_text, shown
from monitor.config.problems import Report
from monitor.config.schema import read_table
from monitor.errors import ConfigError, Place, Problem

_HEADER: Final = "# Read together with config.toml; `monitor feeds add` and `remove` write here.\n"


def add_feed(path: Path, url: str, name: str | None = None, tags: Sequence[str] = ()) -> None:
    """Append a feed to feeds.toml, which is made if there is none.

    Raises:
        ConfigError: the feed is there already or not valid, or the file can't be edited.
    """
    document, text = _read(path)
    feeds = _feeds(document)
    wish = {"url": url, "name": name, "tags": list(tags)}
    feed = {key: value for key, value in wish.items() if value}
    if _indexes(document, url):
        raise _failure(document, _indexes(document, url)[0], "this feed is there already")
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in feed.items()]
    edited = "\n".join([*text.rstrip("\n").split("\n"), "", "[[feeds]]", *lines, ""])
    _check(_reread(document, edited, [*feeds, feed]), len(feeds))
    _write(path, edited)


def remove_feed(path: Path, url: str) -> bool:
    """Take a feed out of feeds.toml; False if it does not name it.

    Raises:
        ConfigError: the file can't be read or edited.
    """
    document, text = _read(path)
    indexes = _indexes(document, url)
    if not indexes:
        return False
    lines = text.split("\n")
    for index in reversed(indexes):
        del lines[_extent(document, index, lines)]
    edited = "\n".join(lines)
    _reread(document, edited, [feed for feed in _feeds(document) if _url(feed) != url])
    _write(path, edited)
    return True


def _read(path: Path) -> tuple[Document, str]:
    cwd = Path.cwd()
    text = read_text(path, cwd) if path.exists() else _HEADER
    return parse_toml(text, shown(path, cwd)), text


def _feeds(document: Document) -> list[Any]:
    return [document.at(path) for path in document.elements("feeds")]


def _indexes(document: Document, url: str) -> list[int]:
    return [index for index, feed in enumerate(_feeds(document)) if _url(feed) == url]


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


def _check(document: Document, index: int) -> None:
    report = Report()
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
            with draft.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, draft)
            draft.replace(target)
    except OSError as error:
        message = f"can't be written: {error.strerror}"
        raise ConfigError([Problem(Place(str(path)), message)]) from error
