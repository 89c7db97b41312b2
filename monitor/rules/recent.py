"""What was computed lately, in bounded memory."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")

# Of a generation: 100,000 rules of 70 characters, whose trees take some 150 MB.
_ENTRIES: Final = 2**17
_CHARACTERS: Final = 2**23


class Recent(Generic[Value]):
    """Text -> what a function makes of it, computed when it is asked for.

    Two generations: when the young one is full it becomes the old one, and the old one goes.
    What is used at least once a generation stays. Threads may share it: an entry that is lost
    can be computed again. What raises is not kept, nor is None.
    """

    def __init__(self, compute: Callable[[str], Value]) -> None:
        self._compute = compute
        self._young: dict[str, Value] = {}
        self._old: dict[str, Value] = {}
        self._characters = 0

    def __getitem__(self, text: str) -> Value:
        value = self._young.get(text)
        if value is not None:
            return value
        value = self._old.get(text)
        if value is None:
            value = self._compute(text)
        if len(self._young) >= _ENTRIES or self._characters >= _CHARACTERS:
            self._old, self._young = self._young, {}
            self._characters = 0
        self._young[text] = value
        self._characters += len(text)
        return value
