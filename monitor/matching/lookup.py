"""Which atoms of a rule set fire in a batch of articles of one language: tables, no loop over words.

Each word of the vocabulary has, once it is learnt, lists of the atoms it makes true alone, of the
tests that runs and proximities need, and a byte that says which of these lists are not empty. Runs
are found by the hash of their rarest pair of neighbours, proximities by the hash of two tests
within the window.
"""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.arrays import Column, Groups, Ints, Keys, Lists, joined
from monitor.analysis.batch import Batch
from monitor.analysis.lexicon import Word
from monitor.matching.atoms import Atoms, Proximity
from monitor.matching.wordtests import INITIAL, PLAIN, SHOUTING, WordTests

Fire = Callable[[Ints, Ints], None]
"""Takes tokens and the atoms that are true there."""

_SINGLE, _NAMED, _RUN, _CLOSE, _FAR = (1 << bit for bit in range(5))
CLOSE: Final = 12
"""Tokens; wider windows are looked up apart, as each step to the next token is a pass."""
_ANY_POSITION: Final = PLAIN | INITIAL | SHOUTING
_PLACE_BITS: Final = 40


class Lookup:
    """The tables of one rule set in one language; learns the words of its vocabulary."""

    def __init__(self, atoms: Atoms, language: str | None) -> None:
        self._words = WordTests(atoms, language)
        same = self._words.same
        self._single = _merged(atoms.singles, same)
        self._runs = _Runs(atoms.runs, same, atoms.frequency)
        close = [each for each in atoms.near if each.window <= CLOSE]
        far = [each for each in atoms.near if each.window > CLOSE]
        self._near = tuple(
            (flag, _Near(uses, same), Lists()) for flag, uses in ((_CLOSE, close), (_FAR, far))
        )
        self._flags = Column(np.uint8)
        self._singles, self._named, self._run_tests = Lists(), Lists(), Lists()

    def learn(self, words: list[Word]) -> None:
        """Meet the words of the vocabulary that came since the last call."""
        new = words[len(self._flags) :]
        if not new:
            return
        tests = [self._words.passed(word) for word in new]
        singles = [
            [atom for test in passed for atom in self._single.get(test, ())] for passed in tests
        ]
        named = [
            [atom * 8 + bits for atom, bits in self._words.named(word)] for word in new
        ]
        runs = [[test for test in passed if test in self._runs.tests] for passed in tests]
        lists = [
            (_SINGLE, self._singles, singles),
            (_NAMED, self._named, named),
            (_RUN, self._run_tests, runs),
        ]
        for flag, near, known in self._near:
            lists.append(
                (flag, known, [[test for test in passed if test in near.tests] for passed in tests])
            )
        flags = np.zeros(len(new), np.uint8)
        for flag, known, found in lists:
            known.append(found)
            flags |= np.array([flag if each else 0 for each in found], np.uint8)
        self._flags.extend(flags)

    def find(self, batch: Batch, fire: Fire) -> None:
        """Report every atom that a token of the batch, or a run that begins there, makes true."""
        self.learn(batch.vocabulary.words)
        word = batch.word
        flags = self._flags.data[word]
        tokens = np.flatnonzero(flags & _SINGLE)
        source, atoms = self._singles.of(word[tokens])
        fire(tokens[source], atoms)
        self._find_names(batch, np.flatnonzero(flags & _NAMED), fire)
        self._find_runs(batch, flags & _RUN != 0, fire)
        for flag, near, tests in self._near:
            tokens = np.flatnonzero(flags & flag)
            if len(tokens) > 1:
                source, test = tests.of(word[tokens])
                near.find(tokens[source], test, batch.sentence[tokens[source]], fire)

    def _find_names(self, batch: Batch, tokens: Ints, fire: Fire) -> None:
        if not len(tokens):
            return
        source, value = self._named.of(batch.word[tokens])
        tokens, atoms, bits = tokens[source], value >> 3, value & _ANY_POSITION
        limited = np.flatnonzero(bits != _ANY_POSITION)
        if len(limited):
            there = tokens[limited]
            position = np.where(batch.initial(there), INITIAL, PLAIN)
            position[batch.shouting[there]] = SHOUTING
            wrong = limited[bits[limited] & position == 0]
            tokens, atoms = np.delete(tokens, wrong), np.delete(atoms, wrong)
        fire(tokens, atoms)

    def _find_runs(self, batch: Batch, useful: NDArray[np.bool_], fire: Fire) -> None:
        left = np.flatnonzero(useful[:-1] & useful[1:])
        left = left[batch.sentence[left] == batch.sentence[left + 1]]
        if not len(left):
            return
        source, one = self._run_tests.of(batch.word[left])
        left = left[source]
        source, other = self._run_tests.of(batch.word[left + 1])
        self._runs.find(batch, left[source], one[source], other, self._passes, fire)

    def _passes(self, words: Ints, tests: Ints) -> NDArray[np.bool_]:
        """Whether each word passes the test beside it."""
        source, test = self._run_tests.of(words)
        found = np.zeros(len(words), np.bool_)
        found[source[test == tests[source]]] = True
        return found


class _Runs:
    """Neighbouring words, by their rarest pair."""

    def __init__(
        self, runs: list[tuple[int, tuple[int, ...]]], same: Ints, frequency: list[float]
    ) -> None:
        self._atom = np.fromiter((atom for atom, _ in runs), np.int64, len(runs))
        self._length = np.fromiter((len(tests) for _, tests in runs), np.int64, len(runs))
        self._first = np.cumsum(self._length) - self._length
        flat = np.fromiter(chain.from_iterable(tests for _, tests in runs), np.int64)
        self._flat = same[flat]
        self.tests = frozenset(self._flat.tolist())
        self._at = np.zeros(len(runs), np.int64)
        for number in np.flatnonzero(self._length > 2).tolist():  # noqa: PLR2004
            tests = runs[number][1]
            pairs = [frequency[one] * frequency[two] for one, two in zip(tests, tests[1:])]
            self._at[number] = pairs.index(min(pairs))
        left = self._first + self._at
        self._pairs = Groups(_key(self._flat[left], self._flat[left + 1])) if runs else None

    def find(
        self,
        batch: Batch,
        left: Ints,
        one: Ints,
        other: Ints,
        passes: Callable[[Ints, Ints], NDArray[np.bool_]],
        fire: Fire,
    ) -> None:
        if self._pairs is None:
            return
        source, run = self._pairs.of(_key(one, other))
        first = left[source] - self._at[run]
        longer = np.flatnonzero(self._length[run] > 2)  # noqa: PLR2004
        if len(longer):
            wrong = longer[~self._whole(batch, first[longer], run[longer], passes)]
            first, run = np.delete(first, wrong), np.delete(run, wrong)
        fire(first, self._atom[run])

    def _whole(
        self,
        batch: Batch,
        first: Ints,
        run: Ints,
        passes: Callable[[Ints, Ints], NDArray[np.bool_]],
    ) -> NDArray[np.bool_]:
        """Whether all words of a run stand where they should, in one sentence."""
        last = first + self._length[run] - 1
        good = (first >= 0) & (last < len(batch.word))
        inside = np.flatnonzero(good)
        good[inside] = batch.sentence[first[inside]] == batch.sentence[last[inside]]
        for step in range(int(self._length[run].max())):
            open_ = np.flatnonzero(
                good
                & (step < self._length[run])
                & (step != self._at[run])
                & (step != self._at[run] + 1)
            )
            good[open_] = passes(
                batch.word[first[open_] + step], self._flat[self._first[run[open_]] + step]
            )
        return good


class _Near:
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
        self.tests = frozenset(np.concatenate((self._one, self._two, self._third)).tolist())
        self._widest = int(self._window.max()) if size else 0
        self._pairs = Groups(_sorted_key(self._one, self._two)) if size else None

    def find(self, tokens: Ints, test: Ints, sentence: Ints, fire: Fire) -> None:
        """``tokens`` ascend and may repeat, ``test`` and ``sentence`` are theirs."""
        if self._pairs is None:
            return
        # A gap between sentences that is wider than any window.
        place = tokens + sentence * (self._widest + 1)
        ordered: Ints | None = None
        for ahead in range(1, len(tokens)):
            distance = place[ahead:] - place[:-ahead]
            close = np.flatnonzero(distance <= self._widest)
            if not len(close):
                break
            close = close[distance[close] > 0]
            source, use = self._pairs.of(_sorted_key(test[close], test[close + ahead]))
            left = close[source]
            good = distance[left] <= self._window[use]
            good &= ~self._ordered[use] | (test[left] == self._one[use]) 
            left, use = left[good], use[good]
            pair = np.flatnonzero(self._third[use] < 0)
            fire(tokens[left[pair]], self._atom[use[pair]])
            triple = np.flatnonzero(self._third[use] >= 0)
            if len(triple):
                left, use = left[triple], use[triple]
                if ordered is None:
                    ordered = np.sort((test << _PLACE_BITS) | place)
                low = place[left + ahead] - self._window[use]
                high = place[left] + self._window[use]
                third = self._third[use]
                others = (test[left] == third).astype(np.int64) + (test[left + ahead] == third)
                found = _number_between(ordered, third, low, high) > others
                fire(tokens[left[found]], self._atom[use[found]])


def _number_between(ordered: Ints, test: Ints, low: Ints, high: Ints) -> Ints:
    """How many places of each test lie in a range; ``ordered`` has the test in its high bits."""
    test = test << _PLACE_BITS
    first = np.searchsorted(ordered, test | np.maximum(low, 0))
    return np.searchsorted(ordered, test | high, "right") - first


def _merged(singles: dict[int, list[int]], same: Ints) -> dict[int, list[int]]:
    """Test -> atoms, with those of all tests that are the same in this language."""
    found: dict[int, list[int]] = {}
    for test, atoms in singles.items():
        number = int(same[test])
        found[number] = [*found[number], *atoms] if number in found else atoms
    return found


def _key(one: Ints, other: Ints) -> Keys:
    return (one << 32 | other).astype(np.uint64)


def _sorted_key(one: Ints, other: Ints) -> Keys:
    return _key(np.minimum(one, other), np.maximum(one, other))
