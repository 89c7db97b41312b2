"""Which atoms of a rule set fire in a batch of articles of one language: tables, no loop over words.

Each word of the vocabulary has, once it is learnt, lists of the atoms it makes true alone, of the
tests that runs and proximities need, and a byte that says which of these lists are not empty. Runs
are found by the hash of their rarest pair of neighbours, proximities by the hash of two tests
within the window.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.arrays import Column, Groups, Ints, Keys, Lists, joined, where
from monitor.analysis.batch import FIELDS, TEXT, Batch
from monitor.analysis.lexicon import Word
from monitor.matching.atoms import ANYWHERE, Atoms, Proximity
from monitor.matching.atoms import TEXT as TEXT_BIT
from monitor.matching.casing import Clarity, grade
from monitor.matching.wordtests import INITIAL, PLAIN, SHOUTING, WordTests

Fire = Callable[[Ints, Ints], None]
"""Takes tokens and the atoms that are true there."""

_SINGLE, _SCOPED, _NAMED, _LEFT, _RIGHT, _OTHER, _CLOSE, _FAR = (1 << bit for bit in range(8))
CLOSE: Final = 12
"""Tokens; wider windows are looked up apart, as each step to the next token is a pass."""
_ANY_POSITION: Final = PLAIN | INITIAL | SHOUTING
_PLACE_BITS: Final = 40
_SLICE: Final = 4_000  # tokens whose neighbours are looked up together: what a cache holds


class Lookup:
    """The tables of one rule set in one language; learns the words of its vocabulary."""

    def __init__(self, atoms: Atoms, language: str | None) -> None:
        self._words = WordTests(atoms, language)
        same = self._words.same
        self._single = _Singles(atoms, same)
        self._runs = _Runs(atoms, same, language)
        close = [each for each in atoms.near if each.window <= CLOSE]
        far = [each for each in atoms.near if each.window > CLOSE]
        self._near = ((_CLOSE, _Near(close, same)), (_FAR, _Near(far, same)))
        self._flags = Column(np.uint8)
        self._left_bits, self._right_bits = Column(np.uint64), Column(np.uint64)
        self._lists = {flag: Lists() for flag in (_SINGLE, _SCOPED, _NAMED)}
        self._tests = {
            _LEFT: self._runs.left,
            _RIGHT: self._runs.right,
            _OTHER: self._runs.others,
            **{flag: near.tests for flag, near in self._near},
        }
        self._lists |= {flag: Lists() for flag in self._tests}

    def learn(self, words: list[Word]) -> None:
        """Meet the words of the vocabulary that came since the last call."""
        new = words[len(self._flags) :]
        if not new:
            return
        passed = [self._words.passed(word) for word in new]
        named = [[atom << 3 | bits for atom, bits in self._words.named(word)] for word in new]
        found = {
            _SINGLE: [self._single.anywhere(each) for each in passed],
            _SCOPED: [self._single.scoped(each) for each in passed],
            _NAMED: named,
        } | {
            flag: [[test for test in each if tests[test]] for each in passed]
            for flag, tests in self._tests.items()
        }
        flags = np.zeros(len(new), np.uint8)
        for flag, lists in found.items():
            self._lists[flag].append(lists)
            flags |= np.array([flag if each else 0 for each in lists], np.uint8)
        self._flags.extend(flags)
        self._left_bits.extend([self._runs.left_bits(each) for each in passed])
        self._right_bits.extend([self._runs.right_bits(each) for each in passed])

    def find(self, batch: Batch, fire: Fire) -> None:
        """Report every atom that a token of the batch, or a run that begins there, makes true."""
        self.learn(batch.vocabulary.words)
        flags = self._flags.data[batch.word]
        relevant = where(flags != 0)
        some = flags[relevant]
        _, tokens, atoms = self._listed(batch, _SINGLE, relevant[some & _SINGLE != 0])
        fire(tokens, atoms)
        scoped = relevant[some & _SCOPED != 0]
        scoped = (
            scoped[batch.segment[scoped] % FIELDS != TEXT] if self._single.outside_text else scoped
        )
        _, tokens, atoms = self._listed(batch, _SCOPED, scoped)
        fire(tokens, atoms)
        self._find_names(batch, relevant[some & _NAMED != 0], fire)
        self._find_runs(batch, relevant[some & _LEFT != 0], fire)
        for flag, near in self._near:
            _, tokens, tests = self._listed(batch, flag, relevant[some & flag != 0])
            near.find(tokens, tests, batch.sentence[tokens], fire)

    def _listed(self, batch: Batch, flag: int, tokens: Ints) -> tuple[Ints, Ints, Ints]:
        """What the words of some tokens have in a list: the number among them, token, value."""
        source, value = self._lists[flag].of(batch.word[tokens])
        return source, tokens[source], value

    def _find_names(self, batch: Batch, tokens: Ints, fire: Fire) -> None:
        if not len(tokens):
            return
        _, tokens, value = self._listed(batch, _NAMED, tokens)
        atoms, bits = value >> 3, value & _ANY_POSITION
        limited = where(bits != _ANY_POSITION)
        if len(limited):
            there = tokens[limited]
            position = np.where(batch.initial(there), INITIAL, PLAIN)
            position[batch.shouting[there]] = SHOUTING
            wrong = limited[bits[limited] & position == 0]
            tokens, atoms = np.delete(tokens, wrong), np.delete(atoms, wrong)
        fire(tokens, atoms)

    def _find_runs(self, batch: Batch, left: Ints, fire: Fire) -> None:
        left = left[:-1] if len(left) and left[-1] == len(batch.word) - 1 else left
        word = batch.word
        left = left[self._left_bits.data[word[left]] & self._right_bits.data[word[left + 1]] != 0]
        left = left[batch.sentence[left] == batch.sentence[left + 1]]
        if not len(left):
            return
        _, left, one = self._listed(batch, _LEFT, left)
        source, _, other = self._listed(batch, _RIGHT, left + 1)
        self._runs.find(batch, left[source], one[source], other, self._passes, fire)

    def _passes(self, words: Ints, tests: Ints) -> NDArray[np.bool_]:
        """Whether each word passes the test beside it."""
        source, test = self._lists[_OTHER].of(words)
        found = np.zeros(len(words), np.bool_)
        found[source[test == tests[source]]] = True
        return found


class _Runs:
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
        self.left = _mask(flat[left], len(same))
        self.right = _mask(flat[left + 1], len(same))
        self.others = _mask(self._extra_tests.data, len(same))
        self._bit = np.uint64(1) << (np.arange(len(same)) % 64).astype(np.uint64)
        self._partners = np.zeros(len(same), np.uint64)
        np.bitwise_or.at(self._partners, flat[left + 1], self._bit[flat[left]])
        self._pairs = Groups(_key(flat[left], flat[left + 1])) if len(first) else None

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
        passes: Callable[[Ints, Ints], NDArray[np.bool_]],
        fire: Fire,
    ) -> None:
        if self._pairs is None:
            return
        source, run = self._pairs.of(_key(one, other))
        left = left[source]
        longer = where(self._is_longer[run])
        if len(longer):
            wrong = longer[~self._whole(batch, left[longer], run[longer], passes)]
            left, run = np.delete(left, wrong), np.delete(run, wrong)
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
        passes: Callable[[Ints, Ints], NDArray[np.bool_]],
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
        every = np.concatenate((self._one, self._two, self._third))
        self.tests = _mask(every[every >= 0], len(same))
        self._widest = int(self._window.max()) if size else 0
        self._pairs = Groups(_sorted_key(self._one, self._two)) if size else None

    def find(self, tokens: Ints, test: Ints, sentence: Ints, fire: Fire) -> None:
        """``tokens`` ascend and may repeat, ``test`` and ``sentence`` are theirs."""
        if self._pairs is None or not len(tokens):
            return
        # A gap between sentences that is wider than any window.
        place = tokens + sentence * (self._widest + 1)
        last = np.searchsorted(place, place + self._widest, "right")
        for begin in range(0, len(tokens), _SLICE):
            some = slice(begin, begin + _SLICE)
            left = np.arange(begin, min(begin + _SLICE, len(tokens)))
            source, right = joined(left + 1, last[some] - left - 1)
            self._find_pairs(tokens, test, place, source + begin, right, fire)

    def _find_pairs(
        self, tokens: Ints, test: Ints, place: Ints, left: Ints, right: Ints, fire: Fire
    ) -> None:
        """``left`` and ``right`` are numbers of tokens that may be near each other."""
        source, use = self._pairs.of(_sorted_key(test[left], test[right]))
        if not len(use):
            return
        left, right = left[source], right[source]
        distance = place[right] - place[left]
        good = (distance <= self._window[use]) & (distance > 0)
        good &= ~self._ordered[use] | (test[left] == self._one[use])
        left, right, use = left[good], right[good], use[good]
        third = self._third[use]
        triple = where(third >= 0)
        if len(triple):
            left_, right_, third = left[triple], right[triple], third[triple]
            window = self._window[use[triple]]
            others = (test[left_] == third).astype(np.int64) + (test[right_] == third)
            found = _number_between(
                place, test, third, place[right_] - window, place[left_] + window
            )
            wrong = triple[found <= others]
            left, use = np.delete(left, wrong), np.delete(use, wrong)
        fire(tokens[left], self._atom[use])


def _number_between(place: Ints, test: Ints, wanted: Ints, low: Ints, high: Ints) -> Ints:
    """How many places of each wanted test lie in a range."""
    ordered = np.sort((test << _PLACE_BITS) | place)
    wanted = wanted << _PLACE_BITS
    first = np.searchsorted(ordered, wanted | np.maximum(low, 0))
    return np.searchsorted(ordered, wanted | high, "right") - first


def _mask(tests: Ints, size: int) -> bytearray:
    """For each test whether it is one of these; faster to ask from Python than an array."""
    found = np.zeros(size, np.uint8)
    found[tests] = 1
    return bytearray(found.tobytes())


class _Singles:
    """The atoms that one word makes true, by its tests.

    Attributes:
        outside_text: none of those of single fields is about the text.
    """

    def __init__(self, atoms: Atoms, same: Ints) -> None:
        self._atoms = dict(atoms.singles)
        for test in where(same != np.arange(len(same))).tolist():
            number = int(same[test])
            self._atoms[number] = [*self._atoms.get(number, ()), *self._atoms.get(test, ())]
        self._fields = atoms.fields
        self.outside_text = not any(
            atoms.fields[atom] == TEXT_BIT for each in atoms.singles.values() for atom in each
        )

    def anywhere(self, tests: list[int]) -> list[int]:
        """The atoms that may stand in any field."""
        return [
            atom
            for test in tests
            for atom in self._atoms.get(test, ())
            if self._fields[atom] == ANYWHERE
        ]

    def scoped(self, tests: list[int]) -> list[int]:
        """The atoms of one field."""
        return [
            atom
            for test in tests
            for atom in self._atoms.get(test, ())
            if self._fields[atom] != ANYWHERE
        ]


def _key(one: Ints, other: Ints) -> Keys:
    return (one << 32 | other).astype(np.uint64)


def _sorted_key(one: Ints, other: Ints) -> Keys:
    return _key(np.minimum(one, other), np.maximum(one, other))
