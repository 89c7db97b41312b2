"""Where every key and value of a TOML text stands (the only door of tree-sitter).

tomllib gives values without positions, tree-sitter positions without values. What tree-sitter does
not understand simply has no position: the nearest known part of its path stands in for it.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import tree_sitter
import tree_sitter_toml

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the top of the document, e.g. ``("feeds", 0, "url")``."""

Position = tuple[int, int]
"""Line and column in characters, both from 1."""

_LANGUAGE: Final = tree_sitter.Language(tree_sitter_toml.language())
_LONG_QUOTES: Final = ('"""', "'''")


@dataclass(frozen=True, slots=True)
class Positions:
    """Positions by path; each method falls back to the nearest part of the path that has one.

    Attributes:
        keys: of the name of a key, or of the item itself in a list.
        values: of the first character of a value, its quote included.
        texts: of the first character inside the quotes of a string.
        names: likewise of a key in quotes.
    """

    keys: Mapping[KeyPath, Position]
    values: Mapping[KeyPath, Position]
    texts: Mapping[KeyPath, Position]
    names: Mapping[KeyPath, Position]

    def key(self, path: KeyPath) -> Position:
        """Position of a key."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys.get(path, (1, 1))

    def value(self, path: KeyPath) -> Position:
        """Position of a value."""
        return self.values.get(path) or self.key(path)

    def text(self, path: KeyPath) -> Position:
        """Position of what a string says; ``"x"`` may be short for ``{text = "x"}``."""
        return self.texts.get(path) or self.texts.get(path[:-1]) or self.value(path)

    def name(self, path: KeyPath) -> Position:
        """Position of what a key says."""
        return self.names.get(path) or self.key(path)


@lru_cache(maxsize=8)  # of large files it takes a while and some memory
def locate(text: str) -> Positions:
    """The positions in a TOML text whose line ends are newlines; never fails."""
    source = text.encode(errors="replace")  # keeps one character for one
    locator = _Locator(source.split(b"\n"))
    locator.document(tree_sitter.Parser(_LANGUAGE).parse(source).root_node)
    return Positions(locator.keys, locator.values, locator.texts, locator.names)


@dataclass(slots=True)
class _Locator:
    lines: Sequence[bytes]
    keys: dict[KeyPath, Position] = field(default_factory=dict)
    values: dict[KeyPath, Position] = field(default_factory=dict)
    texts: dict[KeyPath, Position] = field(default_factory=dict)
    names: dict[KeyPath, Position] = field(default_factory=dict)
    sizes: dict[KeyPath, int] = field(default_factory=dict)  # arrays of tables so far
    headed: set[KeyPath] = field(default_factory=set)  # tables whose header was seen
    last: tuple[int, int, int] = (0, 0, 0)  # a row, bytes and characters: lines may be very long

    def document(self, root: tree_sitter.Node) -> None:
        for node in root.named_children:
            if node.type == "pair":
                self._pair(node, ())
            elif node.type in {"table", "table_array_element"}:
                self._table(node)

    def _table(self, node: tree_sitter.Node) -> None:
        header, *rest = _content(node)
        if header.type == "pair":  # a header in the making, seen only beside a syntax error
            return
        path = self._header(list(_parts(header)), array=node.type == "table_array_element")
        for child in rest:
            if child.type == "pair":
                self._pair(child, path)

    def _header(self, parts: list[tree_sitter.Node], *, array: bool) -> KeyPath:
        path: KeyPath = ()
        for part in parts[:-1]:
            path = (*path, _name(part))
            self.keys.setdefault(path, self._start(part))
            if path in self.sizes:  # a prefix that is an array of tables means its last element
                path = (*path, self.sizes[path] - 1)
        path, start = (*path, _name(parts[-1])), self._start(parts[-1])
        if array:
            self.keys.setdefault(path, start)
            self.sizes[path] = self.sizes.get(path, 0) + 1
            path = (*path, self.sizes[path] - 1)
        if path not in self.headed:  # its own header is better than a mention in another
            self.keys[path] = start
            self.headed.add(path)
        return path

    def _pair(self, node: tree_sitter.Node, path: KeyPath) -> None:
        key, *values = _content(node)
        for part in _parts(key):
            path = (*path, _name(part))
            line, column = self.keys.setdefault(path, self._start(part))
            if part.type == "quoted_key":
                self.names.setdefault(path, (line, column + 1))
        for value in values[:1]:
            self._value(value, path)

    def _value(self, node: tree_sitter.Node, path: KeyPath) -> None:
        self.values[path] = self._start(node)
        if node.type == "string":
            self.texts[path] = self._inside(node)
        elif node.type == "inline_table":
            for child in _content(node):
                if child.type == "pair":
                    self._pair(child, path)
        elif node.type == "array":
            for index, item in enumerate(_content(node)):
                self.keys[*path, index] = self._start(item)
                self._value(item, (*path, index))

    def _start(self, node: tree_sitter.Node) -> Position:
        row, column = node.start_point
        known_row, known, characters = self.last
        if row != known_row or column < known:
            known = characters = 0
        characters += len(self.lines[row][known:column].decode())
        self.last = row, column, characters
        return row + 1, characters + 1

    def _inside(self, node: tree_sitter.Node) -> Position:
        line, column = self._start(node)
        text = _text(node)
        if not text.startswith(_LONG_QUOTES):
            return line, column + 1
        # TOML drops a newline right after the opening quotes.
        return (line + 1, 1) if text[3:4] == "\n" else (line, column + 3)


def _content(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _parts(key: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The single keys of a dotted key; a loop, as tree-sitter nests one level a dot."""
    waiting = [key]
    while waiting:
        node = waiting.pop()
        if node.type == "dotted_key":
            waiting.extend(reversed(_content(node)))
        else:
            yield node


def _name(key: tree_sitter.Node) -> str:
    text = _text(key)
    if key.type != "quoted_key":
        return text
    try:
        return next(iter(tomllib.loads(f"{text} = 0")))
    except tomllib.TOMLDecodeError:  # only beside a syntax error that is reported anyway
        return text


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()
