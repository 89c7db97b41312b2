"""Words near each other: found by the hash of two of them within a window."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.arrays import Groups, Ints, joined, mask, signatures, unordered_keys, where
from monitor.matching.atoms import Fire, Proximity

_PLACE_BITS: Final = 40
_CROWDED: Final = 12  # pairs a token; more come from a few words again and again
_SLICE: Final = 4_000  # tokens whose neighbours are looked up together: what a cache holds


class Proximities:
    """Two or three tests within a window of one sentence, by a pair of them."""

    def __init__(self, uses: list[Proximity], same: Ints) -> None:
        size = len(uses)
        self._atom = np.fromiter((use.atom for use in uses), np.int64, size)
        self._window = np.fromiter((use.window for use in uses), np.int64, size)
        self._ordered = np.fromiter((use.ordered for use in uses), np.bool_, size)
        self._one = same[np.fromiter((use.tests[0] for use in uses), np.int64, size)]
        self._two = same[np.fromiter((use.tests[1] for use in uses), np.int64, size)]
        third = np.fromiter((use.tests[-1] for use in uses), np.int64, size)
        triple = np.fromiter((len(use.tests) > 2 for use in uses), np.bool_, size)  # noqa: PLR2004
        self._third = np.where(triple, same[third], -1)
        every = np.concatenate((self._one, self._two, self._third))
        self.tests = mask(every[every >= 0], len(same))
        self._widest = int(self._window.max()) if size else 0
        self._bit = signatures(len(same))
        self._partners = np.zeros(len(same), np.uint64)
        np.bitwise_or.at(self._partners, self._one, self._bit[self._two])
        np.bitwise_or.at(self._partners, self._two, self._bit[self._one])
        self._pairs = Groups(unordered_keys(self._one, self._two))

    def find(self, tokens: Ints, test: Ints, sentence: Ints, fire: Fire) -> None:
        """``tokens`` ascend and may repeat, ``test`` and ``sentence`` are theirs."""
        if not len(tokens):
            return
        # A gap between sentences that is wider than any window.
        place = tokens + sentence * (self._widest + 1)
        last = np.searchsorted(place, place + self._widest, "right")
        if int((last - np.arange(len(last))).sum()) > _CROWDED * len(last):
            # In the shortest window with all tests none of them stands twice, but for its ends.
            again = np.searchsorted(place, place[_next_same(test)], "right")
            last = np.minimum(last, again)
        ordered: Ints | None = None
        for begin in range(0, len(tokens), _SLICE):
            some = slice(begin, begin + _SLICE)
            left = np.arange(begin, min(begin + _SLICE, len(tokens)))
            source, right = joined(left + 1, last[some] - left - 1)
            left, right, use = self._pairs_of(test, place, source + begin, right)
            third = self._third[use]
            triple = where(third >= 0)
            if len(triple):
                if ordered is None:
                    ordered = np.sort((test << _PLACE_BITS) | place)
                good = third < 0
                good[triple] = self._have_third(
                    test, place, ordered, (left[triple], right[triple], use[triple])
                )
                left, use = left[good], use[good]
            fire(tokens[left], self._atom[use])

    def _pairs_of(
        self, test: Ints, place: Ints, left: Ints, right: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """Places with the first two tests of a use near each other, and the use."""
        maybe = self._partners[test[left]] & self._bit[test[right]] != 0
        left, right = left[maybe], right[maybe]
        source, use = self._pairs.of(unordered_keys(test[left], test[right]))
        left, right = left[source], right[source]
        distance = place[right] - place[left]
        good = (distance <= self._window[use]) & (distance > 0)
        good &= ~self._ordered[use] | (test[left] == self._one[use])
        return left[good], right[good], use[good]

    def _have_third(
        self, test: Ints, place: Ints, ordered: Ints, found: tuple[Ints, Ints, Ints]
    ) -> NDArray[np.bool_]:
        """Whether the third test holds at another place within the window of both.

        ``ordered`` are the places with their tests in the high bits.
        """
        left, right, use = found
        third, window = self._third[use], self._window[use]
        high_bits = third << _PLACE_BITS
        low = high_bits | np.maximum(place[right] - window, 0)
        high = high_bits | (place[left] + window)
        there = np.searchsorted(ordered, high, "right") - np.searchsorted(ordered, low)
        others = (test[left] == third).astype(np.int64) + (test[right] == third)
        more: NDArray[np.bool_] = there > others
        return more


def _next_same(test: Ints) -> Ints:
    """For each place the next one of the same test; their number if there is none."""
    order = np.argsort(test, kind="stable")
    found = np.full(len(test), len(test) - 1)
    same = where(test[order[1:]] == test[order[:-1]])
    found[order[same]] = order[same + 1]
    return found
