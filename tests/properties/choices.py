"""The choices of which generated queries and articles are made."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

AnyChoice = TypeVar("AnyChoice")


class Choices:
    """A source of choices; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311

    def one(self, of: Sequence[AnyChoice]) -> AnyChoice:
        return of[self._random.randrange(len(of))]

    def number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def chance(self, percent: int) -> bool:
        return self._random.random() * 100 < percent
