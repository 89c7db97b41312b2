"""Places in rule files that are looked up when they are asked for.

Few ever are: a rule without a problem needs none, and finding them takes longer than reading the
file.
"""

import re
from abc import ABC, abstractmethod
from functools import lru_cache
from itertools import accumulate
from typing import Final

from typing_extensions import override

from monitor.config.positions import KeyPath, Position, Positions, locate
from monitor.errors import Place

# What stands for one character inside "…", or at the end of a line for none.
_CHARACTER: Final = re.compile(
    r"(?P<none>\\[ \t]*\n\s*)|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.|.", re.DOTALL
)


class Origin:
    """A rule file as it was read last.

    Its places follow it: tables that are the same in a new text are taken over with theirs.
    """

    __slots__ = ("file", "source")

    def __init__(self, file: str, source: str) -> None:
        self.file = file
        self.source = source


class LatePlace(Place, ABC):
    """A place known by its path in a file."""

    __slots__ = ()

    @property
    @abstractmethod
    def origin(self) -> Origin:
        """The file."""

    @property
    @override
    def file(self) -> str:
        return self.origin.file

    @property
    @override
    def line(self) -> int:
        return self._position(locate(self.origin.source))[0]

    @property
    @override
    def column(self) -> int:
        return self._position(locate(self.origin.source))[1]

    @override
    def fixed(self) -> Place:
        return Place(self.file, *self._position(locate(self.origin.source)))

    @abstractmethod
    def _position(self, positions: Positions) -> Position:
        """Line and column, from 1."""


class TablePlace(LatePlace):
    """The place of a table or of an item of a list."""

    __slots__ = ("_origin", "path")
    _origin: Origin
    path: KeyPath

    def __init__(self, origin: Origin, path: KeyPath) -> None:
        object.__setattr__(self, "_origin", origin)  # places are frozen
        object.__setattr__(self, "path", path)

    @property
    @override
    def origin(self) -> Origin:
        return self._origin

    @override
    def _position(self, positions: Positions) -> Position:
        return positions.key(self.path)


class TextPlace(LatePlace):
    """The place of what a string in a table says: inside its quotes."""

    __slots__ = ("keys", "table")
    table: TablePlace
    keys: KeyPath

    def __init__(self, table: TablePlace, keys: KeyPath) -> None:
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "keys", keys)

    @property
    @override
    def origin(self) -> Origin:
        return self.table.origin

    @override
    def _position(self, positions: Positions) -> Position:
        return positions.text((*self.table.path, *self.keys))

    @override
    def inside(self, text: str, offset: int) -> Place:
        place = self.fixed()
        written = _written(self.origin.source, (place.line, place.column), offset)
        return place.inside(written, len(written))


class NamePlace(TextPlace):
    """The place of what a key of a table says: inside its quotes if it has some."""

    __slots__ = ()

    @override
    def _position(self, positions: Positions) -> Position:
        return positions.name((*self.table.path, *self.keys))


@lru_cache(maxsize=8)
def _line_starts(source: str) -> list[int]:
    """Offset of the first character of each line."""
    lengths = (len(line) + 1 for line in source.split("\n"))
    return list(accumulate(lengths, initial=0))


def _written(source: str, position: Position, length: int) -> str:
    """How the file writes the first characters of the string that begins at a position."""
    line, column = position
    start = _line_starts(source)[line - 1] + column - 1
    before = source[max(start - 2, 0) : start]  # a newline may follow the opening quotes
    if before.rstrip("\n")[-1:] != '"':  # other strings and bare keys have no escapes
        return source[start : start + length]
    end = start
    for found in _CHARACTER.finditer(source, start):
        if found["none"] is None:
            if not length:
                break
            length -= 1
        end = found.end()
    return source[start:end]
