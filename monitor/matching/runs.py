"""Words side by side: found by the hash of their rarest pair, the others checked beside it."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.arrays import Column, Groups, Ints, Lists, mask, pair_keys, signatures, where
from monitor.analysis.batch import Batch
from monitor.matching.atoms import Atoms, Fire
from monitor.matching.casing import Clarity, grade

Passes = Callable[[Ints, Ints], NDArray[np.bool_]]
"""Whether each word passes the test beside it."""


class Runs:
    """Neighbouring words, by their rarest pair.

    Attributes:
        left, right: tests of the words of a pair.
        others: tests of the further words of longer runs.
    """

    def __init__(self, atoms: Atoms, same: Ints, language: str | None) -> None:
        self._cased, self._language = atoms.cased, language
        self._atom = np.array(atoms.run_atoms, np.int64)
        self._length = np.array(atoms.run_lengths, np.int64)
        self._is_cased = np.isin(self._atom, np.array(list(atoms.cased), np.int64))
        first = np.cumsum(self._length) - self._length
        written = np.array(atoms.run_tests, np.int64)
        flat = same[written]
        frequency = np.array(atoms.frequency)[written]
        self._at = np.zeros(len(first), np.int64)
        self._is_longer = self._length > 2  # noqa: PLR2004
        self._extras, self._steps, self._extra_tests = Lists(), Column(np.int64), Column(np.int64)
        extras: list[Sequence[int]] = [()] * len(first)
        steps: list[int] = []
        places: list[int] = []
        together = (frequency[:-1] * frequency[1:]).tolist()
        for number in where(self._is_longer).tolist():
            begin, length = int(first[number]), int(self._length[number])
            costs = together[begin : begin + length - 1]
            at = self._at[number] = costs.index(min(costs))
            further = [place for place in range(length) if place not in {at, at + 1}]
            extras[number] = range(len(steps), len(steps) + len(further))
            steps += [place - at for place in further]
            places += [begin + place for place in further]
        self._extras.append(extras)
        self._steps.extend(steps)
        self._extra_tests.extend(flat[np.array(places, np.int64)])
        left = first + self._at
        self.left = mask(flat[left], len(same))
        self.right = mask(flat[left + 1], len(same))
        self.others = mask(self._extra_tests.data, len(same))
        self._bit = signatures(len(same))
        self._partners = np.zeros(len(same), np.uint64)
        np.bitwise_or.at(self._partners, flat[left + 1], self._bit[flat[left]])
        self._pairs = Groups(pair_keys(flat[left], flat[left + 1]))

    def left_bits(self, tests: list[int]) -> int:
        """A set of left tests as bits, several of them a bit."""
        found = 0
        for test in tests:
            if self.left[test]:
                found |= int(self._bit[test])
        return found

    def right_bits(self, tests: list[int]) -> int:
        """What stands left of right tests, as the same bits: without a common one, no pair."""
        found = 0
        for test in tests:
            if self.right[test]:
                found |= int(self._partners[test])
        return found

    def find(
        self,
        batch: Batch,
        left: Ints,
        one: Ints,
        other: Ints,
        passes: Passes,
        fire: Fire,
    ) -> None:
        """Report the runs whose pair stands at ``left`` by its tests ``one`` and ``other``."""
        source, run = self._pairs.of(pair_keys(one, other))
        left = left[source]
        longer = where(self._is_longer[run])
        if len(longer):
            good = ~self._is_longer[run]
            good[longer] = self._whole(batch, left[longer], run[longer], passes)
            left, run = left[good], run[good]
        cased = where(self._is_cased[run])
        if len(cased):
            first = left - self._at[run]
            wrong = [
                each for each in cased.tolist() if not self._fits(batch, first[each], run[each])
            ]
            left, run = np.delete(left, wrong), np.delete(run, wrong)
        fire(left, self._atom[run])

    def _fits(self, batch: Batch, first: int, run: int) -> bool:
        """Whether a run is in the case of its alias."""
        numbers = batch.word[first : first + self._length[run]].tolist()
        words = [batch.vocabulary.words[number] for number in numbers]
        clarity = grade(
            self._cased[int(self._atom[run])],
            tuple(word.raw for word in words),
            words[0].fold,
            shouting=bool(batch.shouting[first]),
            initial=False,
            language=self._language,
        )
        return clarity is Clarity.CLEAR

    def _whole(
        self,
        batch: Batch,
        left: Ints,
        run: Ints,
        passes: Passes,
    ) -> NDArray[np.bool_]:
        """Whether the further words of a run stand beside its pair, in one sentence."""
        source, extra = self._extras.of(run)
        left = left[source]
        there = left + self._steps.data[extra]
        good = (there >= 0) & (there < len(batch.word))
        there[~good] = 0
        good &= batch.sentence[left] == batch.sentence[there]
        good &= passes(batch.word[there], self._extra_tests.data[extra])
        whole = np.ones(len(run), np.bool_)
        whole[source[~good]] = False
        return whole
