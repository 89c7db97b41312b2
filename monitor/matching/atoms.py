"""Atoms: the parts of queries that the percolator finds by tables alone.

A word, a run of neighbours, two or three words near each other, an expression; in one field or
in all. Rules share them: each is looked for once in an article, however many rules need it.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from monitor.analysis.arrays import Ints
from monitor.analysis.common import is_common
from monitor.rules.tree import AliasForm, CasedForm, Form, Pattern, Term, TokenTest

TITLE, LEAD, TEXT, REPEATED = 1, 2, 4, 8
"""Bits of the fields an atom may stand in; a lead that the text repeats is another field."""

ANYWHERE: Final = TITLE | LEAD | TEXT
_TEST_BITS: Final = 32
# How much more seldom a word occurs beside or near certain others, or in a title.
_SIDE_BY_SIDE, _NEARBY, _IN_TITLE = 0.05, 0.1, 0.05


TERM, FORM, CASED, PATTERN, NAME = range(5)
"""Kinds of tests: what a word is compared by; for a name its case forms count as well."""

_KINDS: Final = {Term: TERM, Form: FORM, Pattern: PATTERN}


Fire = Callable[[Ints, Ints], None]
"""Takes tokens and the atoms that are true there."""


@dataclass(frozen=True, slots=True)
class Proximity:
    """Tests near each other: the atom, the most tokens from the first to the last, the tests.

    ``ordered``: the first test stands before the second.
    """

    atom: int
    window: int
    tests: tuple[int, ...]
    ordered: bool


@dataclass(slots=True)
class Atoms:
    """All atoms of a rule set, each once; arrays where there are many.

    Attributes:
        fields: of each atom, the bits of the fields it may stand in.
        cost: of each atom, a guess at how often it occurs.
        tests: of each kind, the texts of the tests and their numbers.
        frequency: of each test, the same guess.
        singles: test -> atoms that one word makes true.
        names: one-word alias with its case rule -> atom.
        run_atoms: atoms of words that stand side by side.
        run_lengths: of each run, how many.
        run_tests: the tests of all runs.
        cased: runs that count only in the case of an alias.
        near: tests near each other.
        expressions: RE2 pattern -> atoms.
    """

    fields: "array[int]" = field(default_factory=lambda: array("q"))
    cost: "array[float]" = field(default_factory=lambda: array("d"))
    tests: tuple[dict[str, int], ...] = field(default_factory=lambda: ({}, {}, {}, {}, {}))
    frequency: "array[float]" = field(default_factory=lambda: array("d"))
    singles: dict[int, list[int]] = field(default_factory=dict)
    names: dict[AliasForm, int] = field(default_factory=dict)
    run_atoms: "array[int]" = field(default_factory=lambda: array("q"))
    run_lengths: "array[int]" = field(default_factory=lambda: array("q"))
    run_tests: "array[int]" = field(default_factory=lambda: array("q"))
    cased: dict[int, AliasForm] = field(default_factory=dict)
    near: list[Proximity] = field(default_factory=list)
    expressions: dict[str, list[int]] = field(default_factory=dict)


class AtomBuilder:
    """Numbers atoms and tests; equal ones once."""

    def __init__(self) -> None:
        self.atoms = Atoms()
        self._runs: dict[int, int] = {}
        self._others: dict[object, int] = {}

    def test(self, test: TokenTest) -> int:
        """The number of a test."""
        if isinstance(test, CasedForm):
            return self.word(CASED, test.raw)
        return self.word(_KINDS[type(test)], test.fold)

    def word(self, kind: int, text: str) -> int:
        """The number of a test by what it says."""
        known = self.atoms.tests[kind]
        number = known.get(text)
        if number is None:
            number = known[text] = len(self.atoms.frequency)
            self.atoms.frequency.append(frequency(kind, text))
        return number

    def _new(self, fields: int, cost: float) -> int:
        self.atoms.fields.append(fields)
        self.atoms.cost.append(cost if fields & TEXT else cost * _IN_TITLE)
        return len(self.atoms.fields) - 1

    def run(self, tests: tuple[int, ...], fields: int, alias: AliasForm | None = None) -> int:
        """The atom of neighbouring words, which are in the case of an alias if one is given."""
        if alias is not None:
            return self._cased_run(tests, fields, alias)
        key = fields  # a number takes half the room of a tuple
        for test in tests:
            key = key << _TEST_BITS | (test + 1)
        atom = self._runs.get(key)
        if atom is None:
            atom = self._runs[key] = self._new_run(tests, fields)
        return atom

    def _cased_run(self, tests: tuple[int, ...], fields: int, alias: AliasForm) -> int:
        atom = self._others.get((alias, fields))
        if atom is None:
            atom = self._others[alias, fields] = self._new_run(tests, fields)
            self.atoms.cased[atom] = alias
        return atom

    def _new_run(self, tests: tuple[int, ...], fields: int) -> int:
        atoms = self.atoms
        rarest = min(map(atoms.frequency.__getitem__, tests))
        atom = self._new(fields, rarest if len(tests) == 1 else rarest * _SIDE_BY_SIDE)
        if len(tests) == 1:
            atoms.singles.setdefault(tests[0], []).append(atom)
        else:
            atoms.run_atoms.append(atom)
            atoms.run_lengths.append(len(tests))
            atoms.run_tests.extend(tests)
        return atom

    def proximity(self, tests: tuple[int, ...], window: int, fields: int, *, ordered: bool) -> int:
        """The atom of two or three words near each other, the rarest first unless in order."""
        if not ordered:
            tests = self.rarest_first(tests)
        key = (tests, window, ordered, fields)
        atom = self._others.get(key)
        if atom is None:
            rarest = min(map(self.atoms.frequency.__getitem__, tests))
            atom = self._others[key] = self._new(fields, rarest * _NEARBY)
            self.atoms.near.append(Proximity(atom, window, tests, ordered))
        return atom

    def rarest_first(self, tests: Iterable[int]) -> tuple[int, ...]:
        """Tests by how often they are expected to hold."""
        return tuple(sorted(tests, key=lambda test: (self.atoms.frequency[test], test)))

    def name(self, alias: AliasForm) -> int:
        """The atom of a one-word alias, anywhere."""
        atom = self.atoms.names.get(alias)
        if atom is None:
            cost = frequency(FORM, alias.fold[0])
            atom = self.atoms.names[alias] = self._new(ANYWHERE, cost)
        return atom

    def expression(self, pattern: str, fields: int) -> int:
        """The atom of an RE2 expression."""
        key = (pattern, fields)
        atom = self._others.get(key)
        if atom is None:
            atom = self._others[key] = self._new(fields, 1.0)
            self.atoms.expressions.setdefault(pattern, []).append(atom)
        return atom


def frequency(kind: int, text: str) -> float:
    """A guess at how often a word occurs: common words often, long ones seldom."""
    if kind == PATTERN:
        return 20 / (1 + max(map(len, text.replace("?", "*").split("*"))))
    return 50.0 if is_common(text, "en") else 10 / len(text)
