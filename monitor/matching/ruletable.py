"""The rules of a rule set as tables: which of them hold once the atoms are known."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.arrays import Ints, Lists, distinct, where
from monitor.matching.atoms import REPEATED, Atoms, Condition


class RuleTable:
    """Rules by number, in the order of ``conditions``.

    A rule of one clause holds when an atom of it fires. Any other is *anchored* on the clause that
    is expected to be true least often, and checked when an atom of that fires.

    Attributes:
        unanchored: rules without a clause, to be evaluated for every article.
    """

    def __init__(self, conditions: Sequence[Condition], atoms: Atoms) -> None:
        self._rules = len(conditions)
        self._atoms = len(atoms.fields)
        self._fields = np.array(atoms.fields, np.int64)
        self._scoped = bool((self._fields != (1 | 2 | 4)).any())
        direct: list[list[int]] = [[] for _ in range(self._atoms)]
        anchored: list[list[int]] = [[] for _ in range(self._atoms)]
        self._clauses, self._members, self._barring = Lists(), Lists(), []
        self._checked = np.full(self._rules, -1, np.int64)
        unanchored, rest, members, barring = [], [], [], []
        cost = atoms.cost
        for rule, condition in enumerate(conditions):
            clauses = condition.clauses
            if not clauses:
                unanchored.append(rule)
                continue
            if len(clauses) == 1 and not condition.barred:
                for atom in clauses[0]:
                    direct[atom].append(rule)
                continue
            if len(clauses) == 1:
                anchor = 0
            else:
                costs = [sum([cost[atom] for atom in clause]) for clause in clauses]
                anchor = costs.index(min(costs))
            for atom in clauses[anchor]:
                anchored[atom].append(rule)
            own = []
            for number, clause in enumerate(clauses):
                if number != anchor:
                    own.append(len(members))
                    members.append(clause)
                    barring.append(False)
            if condition.barred:
                own.append(len(members))
                members.append(condition.barred)
                barring.append(True)
            self._checked[rule] = len(rest)
            rest.append(own)
        self._direct, self._anchored = Lists(), Lists()
        self._direct.append(direct)
        self._anchored.append(anchored)
        self._clauses.append(rest)
        self._members.append(members)
        self._barring = np.array(barring, np.bool_)
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
        article, field = np.divmod(segments, 3)
        if self._scoped or repeated.any():
            bits = 1 << field
            bits[(field == 1) & repeated[article]] = REPEATED
            allowed = where(self._fields[atoms] & bits)
            article, atoms = article[allowed], atoms[allowed]
        fired = article * self._atoms + atoms
        source, rule = self._direct.of(atoms)
        found = [article[source] * self._rules + rule]
        source, rule = self._anchored.of(atoms)
        if len(rule):
            candidates = distinct(article[source] * self._rules + rule)
            found.append(candidates[self._check(candidates, fired, len(repeated))])
        hits = distinct(np.concatenate(found))
        return np.divmod(hits, max(1, self._rules))

    def _check(self, candidates: Ints, fired: Ints, articles: int) -> NDArray[np.bool_]:
        article, rule = np.divmod(candidates, self._rules)
        if len(self._fired) < articles * self._atoms:
            self._fired = np.zeros(articles * self._atoms, np.bool_)
        bitmap = self._fired
        bitmap[fired] = True
        owner, clause = self._clauses.of(self._checked[rule])
        member_of, atom = self._members.of(clause)
        true = bitmap[article[owner[member_of]] * self._atoms + atom]
        bitmap[fired] = False
        starts = where(np.diff(member_of, prepend=-1))
        failed = np.logical_or.reduceat(true, starts) == self._barring[clause]
        good = np.ones(len(candidates), np.bool_)
        good[owner[failed]] = False
        return good
