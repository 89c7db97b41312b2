"""Growing columns, lists of numbers and hash tables as numpy arrays."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_WORD_BITS: Final = 64
_INT32: Final = np.iinfo(np.int32).max
_MANY: Final = 2_000
_EMPTY: Final = np.zeros(0, np.int64)


def where(mask: NDArray[Any]) -> Ints:
    """Numbers of the true entries; ``np.flatnonzero`` without its detours."""
    return mask.nonzero()[0]


class Column:
    """An array that grows at its end; ``data`` is a view of what is filled."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._room: NDArray[Any] = np.zeros(64, dtype)
        self.data = self._room[:0]

    def __len__(self) -> int:
        return len(self.data)

    def extend(self, values: Sequence[int] | NDArray[Any]) -> None:
        """Append values."""
        if not len(values):
            return
        old, new = len(self.data), len(self.data) + len(values)
        if new > len(self._room):
            room = np.zeros(max(new, len(self._room) * 5 // 4), self._room.dtype)
            room[:old] = self.data
            self._room = room
        self._room[old:new] = values
        self.data = self._room[:new]


class Lists:
    """A list of numbers for each of the numbers 0, 1, 2 …, appended one after the other."""

    def __init__(self) -> None:
        self._start = Column(np.int32)
        self._count = Column(np.int32)
        self._values = Column(np.int32)

    @classmethod
    def grouped(cls, keys: Ints, values: Ints, size: int) -> "Lists":
        """The values of each of the keys 0 to ``size - 1``, in their order."""
        found = cls()
        count = np.bincount(keys, minlength=size)
        found._count.extend(count)
        found._start.extend(np.cumsum(count) - count)
        found._values.extend(values[np.argsort(keys, kind="stable")])
        return found

    def __len__(self) -> int:
        return len(self._start)

    def append(self, lists: Sequence[Sequence[int]]) -> None:
        """Append lists."""
        at = len(self._values)
        starts = []
        for values in lists:
            starts.append(at)
            at += len(values)
        self._start.extend(starts)
        self._count.extend(list(map(len, lists)))
        self._values.extend([value for values in lists for value in values])

    def of(self, numbers: Ints) -> tuple[Ints, Ints]:
        """The lists of many numbers joined: index into ``numbers``, and value."""
        source, at = joined(self._start.data[numbers], self._count.data[numbers])
        return source, self._values.data[at].astype(np.int64)


class Groups:
    """64-bit key -> the numbers of the places that have it."""

    def __init__(self, keys: Keys) -> None:
        self._order = np.argsort(keys, kind="stable")
        ordered = keys[self._order]
        first = np.ones(len(keys), np.bool_)
        first[1:] = ordered[1:] != ordered[:-1]
        self._start = where(first)
        self._count = np.diff(np.append(self._start, len(keys)))
        self._table = HashTable(len(self._start))
        self._table.put(ordered[self._start], np.arange(len(self._start)))

    def of(self, keys: Keys) -> tuple[Ints, Ints]:
        """The places of many keys joined: index into ``keys``, and place."""
        group = self._table.get(keys)
        known = where(group >= 0)
        if not len(known):
            return _EMPTY, _EMPTY
        group = group[known]
        source, at = joined(self._start[group], self._count[group])
        return known[source], self._order[at]


def joined(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Ranges one after the other: the number of the range, and each number in it."""
    if not len(count):
        return _EMPTY, _EMPTY
    ends = count.cumsum()
    total = int(ends[-1])
    if total == len(count) and count.all():
        return np.arange(total), start
    source = np.arange(len(count)).repeat(count)
    return source, np.arange(total) + (start - ends + count).repeat(count)


def distinct(values: Ints) -> Ints:
    """Each value once, in order; for thousands of numbers faster than ``np.unique``."""
    if not len(values):
        return values
    if len(values) > _MANY and values.min() >= -_INT32 and values.max() <= _INT32:
        values = values.astype(np.int32)  # half the width is sorted in half the time
    ordered = np.sort(values)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first].astype(np.int64, copy=False)


class HashTable:
    """64-bit key -> number; open addressing with linear probing, at most half full."""

    def __init__(self, capacity: int = 1_000) -> None:
        self._bits = max(6, (2 * capacity - 1).bit_length())
        self._used = 0
        self._clear()

    def _clear(self) -> None:
        self._keys = np.zeros(1 << self._bits, np.uint64)
        self._values = np.full(1 << self._bits, -1, np.int32)

    def _slots(self, keys: Keys) -> Ints:
        return ((keys * _MIX) >> np.uint64(_WORD_BITS - self._bits)).astype(np.int64)

    def put(self, keys: Keys, values: Ints) -> None:
        """Add keys that are distinct and not there yet."""
        if 2 * (self._used + len(keys)) > len(self._keys):
            filled = self._values >= 0
            old_keys, old_values = self._keys[filled], self._values[filled].astype(np.int64)
            self._bits = (4 * (self._used + len(keys)) - 1).bit_length()
            self._clear()
            self._fill(old_keys, old_values)
        self._fill(keys, values)
        self._used += len(keys)

    def _fill(self, keys: Keys, values: Ints) -> None:
        """Each round places, of the keys that want the same free slot, one."""
        slots, mask = self._slots(keys), len(self._keys) - 1
        while len(keys):
            free = self._values[slots] < 0
            self._values[slots[free]] = values[free]
            self._keys[slots[free]] = keys[free]
            left = where(self._keys[slots] != keys)
            keys, values, slots = keys[left], values[left], (slots[left] + 1) & mask

    def get(self, keys: Keys) -> NDArray[np.int32]:
        """The number of each key, -1 where it is not there."""
        slots, mask = self._slots(keys), len(self._keys) - 1
        found = self._values[slots]
        wrong = where((self._keys[slots] != keys) & (found >= 0))
        while len(wrong):
            slots[wrong] = step = (slots[wrong] + 1) & mask
            found[wrong] = value = self._values[step]
            wrong = wrong[(self._keys[step] != keys[wrong]) & (value >= 0)]
        return found


def pair_keys(one: Ints, other: Ints) -> Keys:
    """Keys of pairs of numbers below 2**32."""
    return (one << 32 | other).astype(np.uint64)


def unordered_keys(one: Ints, other: Ints) -> Keys:
    """The same, whichever of the two comes first."""
    return pair_keys(np.minimum(one, other), np.maximum(one, other))


def signatures(size: int) -> Keys:
    """For each number one of 64 bits: sets of them turn most pairs down without a look-up."""
    return np.uint64(1) << (np.arange(size) % 64).astype(np.uint64)


def mask(numbers: Ints, size: int) -> bytearray:
    """For each number below ``size`` whether it is among these; quick to ask from Python."""
    found = np.zeros(size, np.uint8)
    found[numbers] = 1
    return bytearray(found.tobytes())
