"""Collecting problems: files are read to their ends, then all problems are raised together."""

from collections.abc import Iterable
from typing import Literal

from monitor.errors import ConfigError, Place, Problem


class Report:
    """The problems found so far."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def error(self, place: Place, message: str) -> None:
        """Note something that is wrong."""
        self._problems.append(Problem(place, message))

    def warn(self, place: Place, message: str) -> None:
        """Note something that is odd."""
        self._problems.append(Problem(place, message, "warning"))

    def add(self, error: ConfigError) -> None:
        """Note the problems of another reader."""
        self.extend(error.problems)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note several problems."""
        self._problems.extend(problems)

    def problems(self, level: Literal["error", "warning"]) -> tuple[Problem, ...]:
        """What was noted, in the order of the places."""
        chosen = (problem for problem in self._problems if problem.level == level)
        return tuple(sorted(chosen, key=_order))


def _order(problem: Problem) -> tuple[str, int, int]:
    return problem.place.file, problem.place.line, problem.place.column
