"""A folder of text files is a feed, too: it is read as if it were a JSON Feed."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

from monitor.errors import FetchError
from monitor.feeds.encoding import to_utf8

MAX_FILE = 2_000_000  # bytes; of longer files the beginning is read
_TEXT = frozenset([".txt", ".text", ".md", ".markdown"])
_HTML = frozenset([".html", ".htm"])
_MAX_TITLE = 300  # characters; a longer first line is no title
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,1000})</title", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6} +")


def folder_feed(folder: Path, cap: int) -> bytes:
    """The text files of a folder as a JSON Feed, the newest first.

    A file is known by its name; its first line is the title, its date is that of the last
    change. Hidden files and those of other kinds are left out.

    Args:
        folder: its sub-folders are not read.
        cap: most bytes to read; files that are older than those are left out.

    Raises:
        FetchError: the folder or a file in it can't be read.
    """
    try:
        return json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": folder.name,
                "items": list(_items(_newest_first(folder), cap)),
            }
        ).encode()
    except OSError as error:
        raise FetchError(f"cannot read {error.filename or folder}: {error.strerror}") from error


def _newest_first(folder: Path) -> list[tuple[int, Path]]:
    found = []
    for path in folder.iterdir():
        if path.suffix.lower() in _TEXT | _HTML and not path.name.startswith("."):
            changed = _changed(path)
            found += [(changed, path)] if changed is not None else []
    return sorted(found, key=lambda each: (-each[0], each[1].name))


def _changed(path: Path) -> int | None:
    """Nanoseconds; None for what is no file, or is gone."""
    return path.stat().st_mtime_ns if path.is_file() else None


def _items(files: list[tuple[int, Path]], cap: int) -> Iterator[dict[str, Any]]:
    for changed, path in files:
        try:
            with path.open("rb") as file:
                content = file.read(MAX_FILE)
        except FileNotFoundError:  # removed since it was listed
            continue
        cap -= len(content)
        if cap < 0:
            return
        yield _item(path, content, datetime.fromtimestamp(changed // 10**9, UTC))


def _item(path: Path, content: bytes, changed: datetime) -> dict[str, Any]:
    item = {"id": path.name, "date_modified": changed.isoformat()}
    text = to_utf8(content).decode("utf-8", "replace")
    if path.suffix.lower() in _HTML:
        title = _TITLE.search(text)
        return item | {"title": unescape(title[1]) if title else "", "content_html": text}
    first, _, rest = text.strip().partition("\n")
    if len(first) > _MAX_TITLE:
        return item | {"content_text": text}
    return item | {"title": _HEADING.sub("", first, count=1), "content_text": rest.strip()}
