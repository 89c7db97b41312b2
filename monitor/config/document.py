"""A TOML file as values with their places."""

import ast
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from monitor.config.positions import KeyPath, locate
from monitor.errors import ConfigError, Place, Problem

_WHERE: Final = re.compile(r" \(at (?:end of document|line (\d+), column (\d+))\)$")
_TWICE: Final = re.compile(r"Cannot declare (\(.*\)) twice")

_PLAIN_WORDS: Final = {
    "Cannot overwrite a value": "this key has a value already; a key may stand once in a table",
    "Invalid value": "there is no valid value here; texts need quotes",
    "Invalid statement": 'expected key = value or a [table]; keys are bare or in "quotes"',
    "Illegal character '\\n'": "the quote of a text is not closed on its line",
    "Expected newline or end of document after a statement": (
        "only one key = value may stand on a line; texts need quotes"
    ),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file.

    Attributes:
        file: its name as the user writes it.
        source: its text; where things stand in it is looked up when a place is asked for.
        data: its values, as tomllib gives them.
    """

    file: str
    source: str
    data: dict[str, Any]

    def key(self, path: KeyPath) -> Place:
        """Place of a key, a table header or a list item."""
        return Place(self.file, *locate(self.source).key(path))

    def value(self, path: KeyPath) -> Place:
        """Place of a value."""
        return Place(self.file, *locate(self.source).value(path))

    def text(self, path: KeyPath) -> Place:
        """Place of the first character inside the quotes of a string."""
        return Place(self.file, *locate(self.source).text(path))

    def tables(self, key: str) -> list[KeyPath]:
        """Paths of the named tables below a top-level key."""
        content = self.data.get(key)
        return [(key, name) for name in content] if isinstance(content, dict) else []

    def elements(self, key: str) -> list[KeyPath]:
        """Paths of what the list of a top-level key holds."""
        content = self.data.get(key)
        return [(key, index) for index in range(len(content))] if isinstance(content, list) else []

    def texts(self, path: KeyPath) -> list[tuple[KeyPath, str]]:
        """The strings in a list of a table, with their paths; none if there is no such list."""
        table = self.at(path[:-1])
        found = table.get(path[-1]) if isinstance(table, dict) else None
        items = enumerate(found if isinstance(found, list) else [])
        return [((*path, index), item) for index, item in items if isinstance(item, str)]

    def at(self, path: KeyPath) -> Any:  # noqa: ANN401 - a TOML value is what it is
        """The value of a path that exists."""
        value: Any = self.data
        for part in path:
            value = value[part]
        return value


def shown(path: Path, cwd: Path) -> str:
    """The name of a file as the user would write it: relative below ``cwd``, else as given."""
    try:
        return str((cwd / path).relative_to(cwd))
    except ValueError:
        return str(path)


def read_text(path: Path, cwd: Path) -> str:
    """The text of a file with newlines as its line ends.

    Raises:
        ConfigError: it can't be read, or is not UTF-8.
    """
    try:
        return (cwd / path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        place = Place(shown(path, cwd), line)
        raise _failure(place, "is not UTF-8; save the file with that encoding") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _failure(Place(shown(path, cwd)), f"can't be read: {reason}") from error


def parse_toml(text: str, file: str) -> Document:
    """A document from its text.

    Raises:
        ConfigError: it is not TOML; one problem, since TOML has no way to go on after it.
    """
    try:
        return Document(file, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_problem(str(error), text, file)]) from error
    except RecursionError as error:
        raise _failure(Place(file), "lists or tables are nested too deeply") from error
    except ValueError as error:  # Python's limit on the digits of a number
        raise _failure(Place(file), "a number has too many digits") from error


def _failure(place: Place, message: str) -> ConfigError:
    return ConfigError([Problem(place, message)])


def _syntax_problem(error: str, text: str, file: str) -> Problem:
    where = _WHERE.search(error)
    message = error[: where.start()] if where else error
    line, column = _end(text)
    if where and where[1]:
        line, column = int(where[1]), int(where[2])
    return Problem(Place(file, line, column), _plain(message, text, file))


def _end(text: str) -> tuple[int, int]:
    """Position after the last character that is not white space."""
    lines = text.rstrip().split("\n")
    return len(lines), len(lines[-1]) + 1


def _plain(message: str, text: str, file: str) -> str:
    if twice := _TWICE.fullmatch(message):
        path = ast.literal_eval(twice[1])
        first = Place(file, *locate(text).key(path))
        return f"[{'.'.join(path)}] is there twice, first at {first}; join the two"
    return f"not TOML: {_PLAIN_WORDS.get(message, message)}"
