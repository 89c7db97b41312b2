"""The rules of a rule set as tables: which of them hold once the atoms are known."""

from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.arrays import Ints, Lists, distinct, where
from monitor.analysis.batch import FIELDS
from monitor.matching.atoms import ANYWHERE, LEAD, REPEATED, TEXT, TITLE, Atoms
from monitor.matching.conditions import Condition


class RuleTable:
    """Rules by number, in the order of ``conditions``.

    A rule of one clause holds when an atom of it fires. Any other is *anchored* on the clause that
    is expected to be true least often, and checked when an atom of that fires.

    Attributes:
        exact: of each rule, whether its condition says all.
        unanchored: rules without a clause, to be evaluated for every article.
    """

    def __init__(self, conditions: Iterable[Condition], atoms: Atoms) -> None:
        by_atom, clauses, members = _Pairs(), _Pairs(), _Pairs()
        barring, exact = bytearray(), bytearray()
        numbers = array("q")
        unanchored, checked = [], 0
        for rule, condition in enumerate(conditions):
            # What is barred is looked at beside a clause only.
            exact.append(condition.exact and bool(condition.clauses or not condition.barred))
            numbers.append(-1)
            if not condition.clauses:
                unanchored.append(rule)
            elif len(condition.clauses) == 1 and not condition.barred:
                by_atom.add(condition.clauses[0], rule)
            else:
                anchor = _rarest(condition.clauses, atoms.cost)
                by_atom.add(condition.clauses[anchor], rule)
                numbers[rule] = checked
                others = (*condition.clauses[:anchor], *condition.clauses[anchor + 1 :])
                for clause in (*others, condition.barred):
                    if clause:
                        clauses.add((checked,), len(barring))
                        members.add((len(barring),) * len(clause), clause)
                        barring.append(clause is condition.barred)
                checked += 1
        # The atoms are all there only now: ``conditions`` may be a generator that makes them.
        self._atoms = len(atoms.fields)
        self._fields = np.array(atoms.fields, np.int64)
        self._scoped = bool((self._fields != ANYWHERE).any())
        self._by_atom = by_atom.lists(self._atoms)
        self._clauses, self._members = clauses.lists(checked), members.lists(len(barring))
        self._barring = np.array(barring, np.bool_)
        self._checked = np.array(numbers, np.int64)
        self.exact = np.array(exact, np.bool_)
        self._rules = len(exact)
        self.unanchored = tuple(unanchored)
        self._fired = np.zeros(0, np.bool_)

    def holding(
        self, segments: Ints, atoms: Ints, repeated: NDArray[np.bool_]
    ) -> tuple[Ints, Ints]:
        """Articles and the rules whose conditions hold, side by side and in order.

        Args:
            segments: where atoms fired: number of the article * 3 + field.
            atoms: which.
            repeated: of each article whether its lead is a part of its text.
        """
        article = np.arange(len(repeated)).repeat(FIELDS)[segments]
        if self._scoped or repeated.any():
            bits = np.array((TITLE, LEAD, TEXT) * len(repeated))
            bits[1::FIELDS][repeated] = REPEATED
            allowed = self._fields[atoms] & bits[segments] != 0
            if not allowed.all():
                article, atoms = article[allowed], atoms[allowed]
        fired = article * self._atoms + atoms
        source, rule = self._by_atom.of(atoms)
        found = distinct(article[source] * self._rules + rule)
        article, rule = np.divmod(found, max(1, self._rules))
        checked = where(self._checked[rule] >= 0)
        if len(checked):
            good = np.ones(len(rule), np.bool_)
            good[checked] = self._check(article[checked], rule[checked], fired, len(repeated))
            article, rule = article[good], rule[good]
        return article, rule

    def touched(self, segments: Ints, atoms: Ints) -> tuple[Ints, Ints]:
        """Articles and the rules of which something that must occur does, side by side, in order.

        Args:
            segments: where atoms fired: number of the article * 3 + field.
            atoms: which; the field that a rule wants them in does not count.
        """
        source, rule = self._touching.of(atoms)
        found = distinct(segments[source] // FIELDS * self._rules + rule)
        return np.divmod(found, max(1, self._rules))

    @cached_property
    def _touching(self) -> Lists:
        """The rules of each atom that stands in one of their clauses."""
        source, rule = self._by_atom.of(np.arange(self._atoms))
        owner, clause = self._clauses.of(np.arange(len(self._clauses)))
        wanted = ~self._barring[clause]
        member_of, atom = self._members.of(clause[wanted])
        checked = where(self._checked >= 0)
        return Lists.grouped(
            np.concatenate((source, atom)),
            np.concatenate((rule, checked[owner[wanted][member_of]])),
            self._atoms,
        )

    def _check(self, article: Ints, rule: Ints, fired: Ints, articles: int) -> NDArray[np.bool_]:
        if len(self._fired) < articles * self._atoms:
            self._fired = np.zeros(articles * self._atoms, np.bool_)
        bitmap = self._fired
        bitmap[fired] = True
        owner, clause = self._clauses.of(self._checked[rule])
        member_of, atom = self._members.of(clause)
        true = bitmap[article[owner[member_of]] * self._atoms + atom]
        bitmap[fired] = False
        begins = np.ones(len(member_of), np.bool_)
        np.not_equal(member_of[1:], member_of[:-1], out=begins[1:])
        starts = where(begins)
        failed = np.logical_or.reduceat(true, starts) == self._barring[clause]
        good = np.ones(len(rule), np.bool_)
        good[owner[failed]] = False
        return good


class _Pairs:
    """Numbers under numbers, collected before they become ``Lists``."""

    def __init__(self) -> None:
        self._keys, self._values = array("q"), array("q")

    def add(self, keys: Sequence[int], values: int | Sequence[int]) -> None:
        """Each key with its value, or with the one given."""
        self._keys.extend(keys)
        self._values.extend((values,) * len(keys) if isinstance(values, int) else values)

    def lists(self, size: int) -> Lists:
        """The values of each key below ``size``, in the order they came."""
        return Lists.grouped(
            np.array(self._keys, np.int64), np.array(self._values, np.int64), size
        )


def _rarest(clauses: Sequence[Sequence[int]], cost: "array[float]") -> int:
    """Number of the clause whose atoms are expected least often."""
    if len(clauses) == 1:
        return 0
    costs = [sum([cost[atom] for atom in clause]) for clause in clauses]
    return costs.index(min(costs))
