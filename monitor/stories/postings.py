"""Which articles have a number, in few bytes: an index of days holds millions of numbers."""

from array import array
from typing import Final

_NONE, _SEVERAL = -1, -2  # instead of an article
_LEAST: Final = 64  # slots; always a power of two
_FILLED: Final = 0.6  # of the slots; then there will be twice as many


class Postings:
    """Numbers below 2³² - 1 -> articles; most numbers are in one.

    A table with open addressing and linear probing (Knuth, The Art of Computer Programming, 6.4):
    20 bytes a number, where a dict of sets takes 300 and one of ints 90.
    """

    def __init__(self) -> None:
        self._several: dict[int, set[int]] = {}
        # Python's own seed, so that nobody can plan texts whose numbers all collide.
        self._factor = hash("one") & 0xFFFFFFFF | 1
        self._clear(_LEAST)

    def _clear(self, slots: int) -> None:
        self._mask = slots - 1
        self._keys = array("I", bytes(4 * slots))  # number + 1; 0 is free
        self._articles = array("q", bytes(8 * slots))
        self._used = 0  # slots with a number, that of no article any more included

    def get(self, number: int) -> int | set[int] | None:
        """The article that has a number, or several of them; None if none has it."""
        at = self._slot(number)
        found = self._articles[at]
        if not self._keys[at] or found == _NONE:
            return None
        return self._several[number] if found == _SEVERAL else found

    def add(self, number: int, article: int) -> None:
        """An article, whose id is not negative, has a number."""
        at = self._slot(number)
        if not self._keys[at]:
            self._keys[at], self._articles[at] = number + 1, article
            self._used += 1
            if self._used > _FILLED * len(self._keys):
                self._grow()
            return
        found = self._articles[at]
        if found == _SEVERAL:
            self._several[number].add(article)
        elif found == _NONE:
            self._articles[at] = article
        elif found != article:
            self._several[number] = {found, article}
            self._articles[at] = _SEVERAL

    def remove(self, number: int, article: int) -> None:
        """An article does not have a number any more."""
        at = self._slot(number)
        several = self._several.get(number)
        if several is None:
            self._articles[at] = _NONE
            return
        several.remove(article)
        if len(several) == 1:
            self._articles[at] = self._several.pop(number).pop()

    def _slot(self, number: int) -> int:
        """Where a number is, or could be put."""
        keys, mask, key = self._keys, self._mask, number + 1
        at = (number * self._factor >> 16) & mask
        while (found := keys[at]) and found != key:
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        """Makes room, and forgets numbers that no article has any more."""
        keys, articles = self._keys, self._articles
        slots = _LEAST
        while 2 * (self._used - articles.count(_NONE)) > _FILLED * slots:
            slots *= 2
        self._clear(slots)
        for key, article in zip(keys, articles, strict=True):
            if key and article != _NONE:
                at = self._slot(key - 1)
                self._keys[at], self._articles[at] = key, article
                self._used += 1
