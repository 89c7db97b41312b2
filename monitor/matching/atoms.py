"""Rule trees -> conditions on atoms: what the percolator looks up instead of evaluating.

An *atom* is a small part of a query that is found by tables alone: a word, a run of neighbours, two
or three words near each other, an expression; in one field or in all. A rule becomes a conjunction
of clauses, each of which needs one of its atoms, and of atoms that must not occur. A part that has
no atoms of its own (a count, a phrase near a phrase) is replaced by what must occur if it holds;
the condition is then not *exact*, and the evaluator has the last word. A condition may be too weak,
never too strong (the way of Lucene's monitor).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from math import prod
from typing import Final

from monitor.analysis.common import is_common
from monitor.matching.casing import is_acronym
from monitor.model.hit import FieldName
from monitor.model.rule import Case
from monitor.rules.tree import (
    AliasForm,
    And,
    AnyOf,
    Apart,
    AtLeast,
    Clause,
    Count,
    Entity,
    Form,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Pattern,
    Positional,
    Regex,
    Scope,
    Sequence,
    Term,
    TokenTest,
    Together,
    Weighted,
    Window,
)

TITLE, LEAD, TEXT, REPEATED = 1, 2, 4, 8
"""Bits of the fields an atom may stand in; a lead that the text repeats is another field."""

ANYWHERE: Final = TITLE | LEAD | TEXT
_FIELDS: Final[dict[FieldName | None, int]] = {
    None: ANYWHERE,
    "title": TITLE,
    "lead": LEAD | REPEATED,
    "text": TEXT,
}
_MOST_PAIRS: Final = 64  # of words that a proximity operator may be spread to
_MOST_CLAUSES: Final = 8  # of a disjunction of conjunctions, spread


@dataclass(frozen=True, slots=True)
class Inflected:
    """A word of a name, or one of its case forms."""

    fold: str


AtomTest = TokenTest | Inflected


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be true of an article; see the module.

    Attributes:
        clauses: of each at least one atom must occur; none means that nothing must.
        barred: none of these atoms may occur.
        exact: the condition says all.
    """

    clauses: tuple[tuple[int, ...], ...]
    barred: tuple[int, ...] = ()
    exact: bool = True


ALWAYS: Final = Condition((), (), exact=False)


@dataclass(slots=True)
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
    """All atoms of a rule set, each once.

    Attributes:
        fields: of each atom, the bits of the fields it may stand in.
        cost: of each atom, a guess at how often it occurs.
        tests: tests of words, with their numbers.
        frequency: of each test, the same guess.
        singles: test -> atoms that one word makes true.
        names: one-word alias with its case rule -> atom.
        runs: atom and its tests, which stand side by side.
        cased: runs that count only in the case of an alias.
        near: tests near each other.
        expressions: RE2 pattern -> atoms.
    """

    fields: list[int] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    tests: dict[AtomTest, int] = field(default_factory=dict)
    singles: dict[int, list[int]] = field(default_factory=dict)
    names: dict[AliasForm, int] = field(default_factory=dict)
    runs: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    cased: dict[int, AliasForm] = field(default_factory=dict)
    near: list[Proximity] = field(default_factory=list)
    expressions: dict[str, list[int]] = field(default_factory=dict)
    _known: dict[object, int] = field(default_factory=dict)
    frequency: list[float] = field(default_factory=list)

    def test(self, test: AtomTest) -> int:
        """The number of a test."""
        number = self.tests.get(test)
        if number is None:
            number = self.tests[test] = len(self.tests)
            self.frequency.append(frequency(test))
        return number

    def _new(self, fields: int, cost: float) -> int:
        self.fields.append(fields)
        self.cost.append(cost)
        return len(self.fields) - 1

    def run(self, tests: tuple[int, ...], fields: int, alias: AliasForm | None = None) -> int:
        """The atom of neighbouring words, which are in the case of an alias if one is given."""
        key = (tests, fields, alias)
        atom = self._known.get(key)
        if atom is None:
            rarest = min(map(self.frequency.__getitem__, tests))
            atom = self._known[key] = self._new(fields, rarest / len(tests) ** 2)
            if len(tests) == 1:
                self.singles.setdefault(tests[0], []).append(atom)
            else:
                self.runs.append((atom, tests))
            if alias:
                self.cased[atom] = alias
        return atom

    def proximity(
        self, tests: tuple[int, ...], window: int, fields: int, *, ordered: bool
    ) -> int:
        """The atom of two or three words near each other, the rarest first unless in order."""
        if not ordered:
            tests = tuple(sorted(tests, key=lambda test: (self.frequency[test], test)))
        key = (tests, window, ordered, fields)
        atom = self._known.get(key)
        if atom is None:
            rarest = min(map(self.frequency.__getitem__, tests))
            atom = self._known[key] = self._new(fields, rarest / 4)
            self.near.append(Proximity(atom, window, tests, ordered))
        return atom

    def name(self, alias: AliasForm) -> int:
        """The atom of a one-word alias, anywhere."""
        atom = self.names.get(alias)
        if atom is None:
            cost = frequency(Form(alias.fold[0]))
            atom = self.names[alias] = self._new(ANYWHERE, cost)
        return atom

    def expression(self, pattern: str, fields: int) -> int:
        """The atom of an RE2 expression."""
        key = (pattern, fields)
        atom = self._known.get(key)
        if atom is None:
            atom = self._known[key] = self._new(fields, 1.0)
            self.expressions.setdefault(pattern, []).append(atom)
        return atom


class ConditionBuilder:
    """Makes the conditions of trees; equal parts share their atoms."""

    def __init__(self) -> None:
        self.atoms = Atoms()
        # By identity: a positional that the rules share is one object, and hashing trees is slow.
        self._positionals: dict[tuple[int, int], Condition] = {}

    def condition(self, node: Node, fields: int = ANYWHERE) -> Condition:
        """The condition of a tree."""
        match node:
            case Clause(_, _, what):
                return self._positional(what, fields)
            case And(parts):
                return _all(self.condition(part, fields) for part in parts)
            case Or(parts):
                return self._any(self.condition(part, fields) for part in parts)
            case Not(part):
                return _none(self.condition(part, fields))
            case Scope(name, part):
                return self.condition(part, _FIELDS[name])
            case Regex(_, _, pattern):
                return Condition(((self.atoms.expression(pattern, fields),),))
            case Count(clause, minimum):
                return _weak(self.condition(clause, fields), exact=minimum == 1)
            case AtLeast(minimum, parts):
                return self._at_least(minimum, [self.condition(part, fields) for part in parts])
            case Weighted(_, _, parts, _):
                positive = (self.condition(part, fields) for part, weight in parts if weight > 0)
                return _weak(self._any(positive), exact=False)
            case _:  # a question about the article, which has no words
                return ALWAYS

    def _at_least(self, minimum: int, parts: list[Condition]) -> Condition:
        if minimum == len(parts):
            return _all(parts)
        if minimum == 1:
            return self._any(parts)
        # Of any len - minimum + 1 parts at least one holds.
        parts.sort(key=self._cost)
        return _weak(self._any(parts[: len(parts) - minimum + 1]), exact=False)

    def _positional(self, what: Positional, fields: int) -> Condition:
        key = (id(what), fields)
        found = self._positionals.get(key)
        if found is None:
            found = self._positionals[key] = self._of(what, fields)
        return found

    def _of(self, what: Positional, fields: int) -> Condition:
        match what:
            case Sequence(tests):
                return Condition(((self._run(tests, fields),),))
            case Window():
                return self._window(what, fields)
            case Near():
                return self._near(what, fields)
            case Together(left, right, _):
                both = _all((self._positional(left, fields), self._positional(right, fields)))
                return _weak(both, exact=False)
            case Apart(left, _, _) | Outside(left, _):
                return _weak(self._positional(left, fields), exact=False)
            case AnyOf(parts):
                return self._any(self._positional(part, fields) for part in parts)
            case Entity():
                clear = self._any(map(self._alias, what.aliases))
                if fields == ANYWHERE:
                    return clear
                return _weak(_all((clear, self._mention(what, fields))), exact=False)
            case _:
                raise AssertionError(what)  # expanded when the rule was compiled

    def _run(self, tests: Iterable[AtomTest], fields: int) -> int:
        return self.atoms.run(tuple(map(self.atoms.test, tests)), fields)

    def _window(self, what: Window, fields: int) -> Condition:
        """Two or three inflected words are an atom.

        Other words may share their places in part, and then one place may serve two of them.
        """
        parts = what.parts
        if all(len(part) == 1 and isinstance(part[0], Term) for part in parts):
            numbers = sorted(
                (self.atoms.test(part[0]) for part in parts), key=self.atoms.frequency.__getitem__
            )
            atom = self.atoms.proximity(
                tuple(numbers[:3]), what.slop + len(parts) - 1, fields, ordered=False
            )
            return Condition(((atom,),), (), exact=len(parts) <= 3)
        clauses = tuple((self._run(part, fields),) for part in parts)
        return Condition(clauses, (), exact=False)

    def _near(self, what: Near, fields: int) -> Condition:
        left, right = _words(what.left), _words(what.right)
        if left and right and len(left) * len(right) <= _MOST_PAIRS:
            test = self.atoms.test
            pairs = (
                self.atoms.proximity(
                    (test(one), test(other)), what.distance + 1, fields, ordered=what.ordered
                )
                for one, other in product(left, right)
            )
            return Condition((tuple(dict.fromkeys(pairs)),))
        both = _all((self._positional(what.left, fields), self._positional(what.right, fields)))
        return _weak(both, exact=False)

    def _alias(self, alias: AliasForm) -> Condition:
        """A clear mention; without one, surnames and words that may be no names don't count."""
        if len(alias.fold) == 1:
            atom = self.atoms.name(alias)
        else:
            test = self.atoms.test
            tests = tuple(test(_of_name(fold, alias)) for fold in alias.fold)
            any_case = alias.case is Case.ANY or (alias.case is Case.AUTO and not is_acronym(alias))
            atom = self.atoms.run(tests, ANYWHERE, None if any_case else alias)
        found = Condition(((atom,),))
        if alias.context is None:
            return found
        return _all((found, self.condition(alias.context)))

    def _mention(self, entity: Entity, fields: int) -> Condition:
        names = (*entity.aliases, *((entity.surname,) if entity.surname else ()))
        runs = ([_of_name(fold, name) for fold in name.fold] for name in names)
        atoms = tuple(dict.fromkeys(self._run(tests, fields) for tests in runs))
        return Condition((atoms,), (), exact=False)

    def _any(self, parts: Iterable[Condition]) -> Condition:
        """One of the parts: the product of their clauses, as long as it is small."""
        found = list(parts)
        if any(part.barred or not part.clauses for part in found):
            found = [Condition(part.clauses, (), exact=False) for part in found]
            if not all(part.clauses for part in found):
                return ALWAYS
        exact = all(part.exact for part in found)
        if prod(len(part.clauses) for part in found) > _MOST_CLAUSES:
            exact = False
            found = [Condition((min(part.clauses, key=self._clause_cost),)) for part in found]
        clauses = tuple(
            tuple(dict.fromkeys(atom for clause in chosen for atom in clause))
            for chosen in product(*(part.clauses for part in found))
        )
        return Condition(clauses, (), exact=exact)

    def _cost(self, part: Condition) -> float:
        return min(map(self._clause_cost, part.clauses), default=1e9)

    def _clause_cost(self, clause: tuple[int, ...]) -> float:
        return sum(map(self.atoms.cost.__getitem__, clause))


def _of_name(fold: str, alias: AliasForm) -> AtomTest:
    return Inflected(fold) if alias.inflect else Form(fold)


def _all(parts: Iterable[Condition]) -> Condition:
    found = tuple(parts)
    return Condition(
        tuple(dict.fromkeys(clause for part in found for clause in part.clauses)),
        tuple(atom for part in found for atom in part.barred),
        exact=all(part.exact for part in found),
    )


def _none(part: Condition) -> Condition:
    if part.exact and len(part.clauses) == 1 and not part.barred:
        return Condition((), part.clauses[0])
    if part.exact and part.barred and not part.clauses:
        return Condition((part.barred,))
    return ALWAYS


def _weak(part: Condition, *, exact: bool) -> Condition:
    return Condition(part.clauses, part.barred if exact else (), exact=part.exact and exact)


def _words(what: Positional) -> tuple[TokenTest, ...]:
    """The words of an operand that is one or a group of them; none for any other."""
    match what:
        case Sequence((test,)):
            return (test,)
        case AnyOf(parts):
            found = [_words(part) for part in parts]
            return tuple(test for words in found for test in words) if all(found) else ()
        case _:
            return ()


@lru_cache(maxsize=100_000)
def frequency(test: AtomTest) -> float:
    """A guess at how often a word occurs: common words often, long ones seldom."""
    match test:
        case Pattern(fold):
            return 20 / (1 + max(map(len, fold.replace("?", "*").split("*"))))
        case _:
            return 50.0 if is_common(test.fold, "en") else 10 / len(test.fold)
