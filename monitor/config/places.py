"""Places in TOML files that are looked up when they are first asked for.

Most are never asked for: a rule without a problem needs none, and finding them takes longer than
reading the file.
"""

import re
from typing import Final

from typing_extensions import override

from monitor.config.positions import KeyPath, Position, locate
from monitor.errors import Place

# What stands for one character inside "…", or at the end of a line for none.
_CHARACTER: Final = re.compile(
    r"(?P<none>\\[ \t]*\n\s*)|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.|.", re.DOTALL
)


class LatePlace(Place):
    """Sets ``file``, ``line`` and ``column`` when one of them is read for the first time."""

    __slots__ = ()

    def __getattr__(self, name: str) -> str | int:
        if name not in {"file", "line", "column"}:
            raise AttributeError(name)
        file, (line, column) = self._found()
        found: dict[str, str | int] = {"file": file, "line": line, "column": column}
        for slot, value in found.items():
            object.__setattr__(self, slot, value)
        return found[name]

    def _found(self) -> tuple[str, Position]:
        raise NotImplementedError


class TablePlace(LatePlace):
    """The place of a table or of an item of a list."""

    __slots__ = ("origin", "path")
    origin: tuple[str, str]
    path: KeyPath

    def __init__(self, origin: tuple[str, str], path: KeyPath) -> None:
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "path", path)

    @override
    def _found(self) -> tuple[str, Position]:
        file, source = self.origin
        return file, locate(source).key(self.path)


class TextPlace(LatePlace):
    """The place of what a string in a table says: inside its quotes."""

    __slots__ = ("keys", "table")
    table: TablePlace
    keys: KeyPath

    def __init__(self, table: TablePlace, keys: KeyPath) -> None:
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "keys", keys)

    @override
    def _found(self) -> tuple[str, Position]:
        file, source = self.table.origin
        return file, locate(source).text((*self.table.path, *self.keys))

    @override
    def inside(self, text: str, offset: int) -> Place:
        written = _written(self.table.origin[1], (self.line, self.column), offset)
        return Place.inside(self, written, len(written)) if written else self


class NamePlace(TextPlace):
    """The place of what a key of a table says: inside its quotes if it has some."""

    __slots__ = ()

    @override
    def _found(self) -> tuple[str, Position]:
        file, source = self.table.origin
        return file, locate(source).name((*self.table.path, *self.keys))


def _written(source: str, position: Position, length: int) -> str:
    """How the file writes the first characters of the string that begins at a position."""
    line, column = position
    start = sum(len(each) + 1 for each in source.split("\n")[: line - 1]) + column - 1
    if source[:start].rstrip("\n")[-1:] != '"':  # other strings and bare keys have no escapes
        return source[start : start + length]
    end = start
    for found in _CHARACTER.finditer(source, start):
        if found["none"] is None:
            if not length:
                break
            length -= 1
        end = found.end()
    return source[start:end]
