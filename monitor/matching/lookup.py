"""Which atoms of a rule set fire in a batch of articles of one language: tables, no loops.

Each word of the vocabulary has, once it is learnt, lists of the atoms it makes true alone, of the
tests that runs and proximities need, and a byte that says which of these lists are not empty.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.arrays import Column, Ints, Lists, where
from monitor.analysis.batch import FIELDS, TEXT, Batch
from monitor.analysis.lexicon import Word
from monitor.matching.atoms import ANYWHERE, Atoms, Fire
from monitor.matching.atoms import TEXT as TEXT_BIT
from monitor.matching.proximities import Proximities
from monitor.matching.runs import Runs
from monitor.matching.wordtests import INITIAL, PLAIN, SHOUTING, WordTests

_SINGLE, _SCOPED, _NAMED, _LEFT, _RIGHT, _OTHER, _CLOSE, _FAR = (1 << bit for bit in range(8))
CLOSE: Final = 12
"""Tokens; wider windows are looked up apart: every pair within the widest one is tried."""
_ANY_POSITION: Final = PLAIN | INITIAL | SHOUTING


class Lookup:
    """The tables of one rule set in one language; learns the words of its vocabulary."""

    def __init__(self, atoms: Atoms, language: str | None) -> None:
        self._words = WordTests(atoms, language)
        same = self._words.same
        self._single = _Singles(atoms, same)
        self._runs = Runs(atoms, same, language)
        close = [each for each in atoms.near if each.window <= CLOSE]
        far = [each for each in atoms.near if each.window > CLOSE]
        self._near = ((_CLOSE, Proximities(close, same)), (_FAR, Proximities(far, same)))
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
        flags = np.zeros(len(new), np.uint8)
        bits = np.zeros((2, len(new)), np.uint64)
        lists: dict[int, list[Sequence[int]]] = {flag: [()] * len(new) for flag in self._lists}
        for number, word in enumerate(new):
            for flag, values in self._learnt(word, bits[:, number]):
                if values:
                    lists[flag][number] = values
                    flags[number] |= flag
        for flag, found in lists.items():
            self._lists[flag].append(found)
        self._flags.extend(flags)
        self._left_bits.extend(bits[0])
        self._right_bits.extend(bits[1])

    def _learnt(self, word: Word, bits: NDArray[np.uint64]) -> Iterator[tuple[int, list[int]]]:
        """What there is of each list for a word; its signatures are written into ``bits``."""
        names = self._words.named(word)
        if names:
            yield _NAMED, [atom << 3 | positions for atom, positions in names]
        passed = self._words.passed(word)
        if passed:
            yield _SINGLE, self._single.anywhere(passed)
            yield _SCOPED, self._single.scoped(passed)
            for flag, tests in self._tests.items():
                yield flag, [test for test in passed if tests[test]]
            bits[:] = self._runs.left_bits(passed), self._runs.right_bits(passed)

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
