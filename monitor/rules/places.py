"""Problems of queries: where in the file, and a caret below the line."""

from monitor.errors import Problem
from monitor.model.rule import SourceText


class QueryError(Exception):
    """A query is wrong at an offset; becomes a problem once its file is known."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset, self.message = offset, message


class SyntaxProblem(QueryError):
    """A query breaks the grammar; other query errors are about what it means."""


def problem_at(source: SourceText, offset: int, message: str) -> Problem:
    """The problem of a query at an offset, with the line of the query and a caret below it."""
    start = source.text[:offset].rfind("\n") + 1
    shown, caret = _clip(source.text[start:].split("\n", 1)[0], offset - start)
    place = source.place.inside(source.text, offset)
    return Problem(place, f"{message}\n    {shown}\n    {' ' * caret}^")


def _clip(line: str, column: int, width: int = 90) -> tuple[str, int]:
    """At most ``width`` characters of the line around the column, and the column in them."""
    start = max(0, min(column - width // 2, len(line) - width))
    return line[start : start + width].replace("\t", " "), column - start
