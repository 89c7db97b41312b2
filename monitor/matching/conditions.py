"""Rule trees -> conditions on atoms: what the percolator looks up instead of evaluating.

A rule becomes a conjunction of clauses, each of which needs one of its atoms, and of atoms that
must not occur. A part that has no atoms of its own (a count, a phrase near a phrase) is replaced
by what must occur if it holds; the condition is then not *exact*, and the evaluator has the last
word. A condition may be too weak, never too strong (the way of Lucene's monitor).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final

from monitor.matching.atoms import (
    ANYWHERE,
    FORM,
    LEAD,
    NAME,
    REPEATED,
    TEXT,
    TITLE,
    AtomBuilder,
)
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
    Near,
    Node,
    Not,
    Or,
    Outside,
    Positional,
    Regex,
    Scope,
    Sequence,
    Term,
    Together,
    TokenTest,
    Weighted,
    Window,
)

_FIELDS: Final[dict[FieldName, int]] = {"title": TITLE, "lead": LEAD | REPEATED, "text": TEXT}
_MOST_PAIRS: Final = 64  # of words that a proximity operator may be spread to
_MOST_CLAUSES: Final = 8  # of a disjunction of conjunctions, spread
_MOST_WORDS: Final = 3  # of a window that is an atom


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


class ConditionBuilder:
    """Makes the conditions of trees; equal parts share their atoms."""

    def __init__(self) -> None:
        self._builder = AtomBuilder()
        self.atoms = self._builder.atoms
        # By identity: an entity is one object, and hashing it is slow.
        self._entities: dict[int, Condition] = {}

    def condition(self, node: Node, fields: int = ANYWHERE) -> Condition:
        """The condition of a tree."""
        if isinstance(node, Clause):
            return self._positional(node.what, fields)
        match node:
            case And(parts):
                return _all(self.condition(part, fields) for part in parts)
            case Or(parts):
                return self._any(self.condition(part, fields) for part in parts)
            case Not(part):
                return _none(self.condition(part, fields))
            case Scope(name, part):
                return self.condition(part, _FIELDS[name])
            case _:
                return self._special(node, fields)

    def _special(self, node: Node, fields: int) -> Condition:
        match node:
            case Regex(_, _, pattern):
                return Condition(((self._builder.expression(pattern, fields),),))
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
                clear = self._clear_mention(what)
                if fields == ANYWHERE:
                    return clear
                return _weak(_all((clear, self._mention(what, fields))), exact=False)
            case _:
                raise AssertionError(what)  # expanded when the rule was compiled

    def _run(self, tests: Iterable[TokenTest], fields: int) -> int:
        return self._builder.run(tuple(map(self._builder.test, tests)), fields)

    def _window(self, what: Window, fields: int) -> Condition:
        """Two or three inflected words are an atom.

        Other words may share their places in part, and then one place may serve two of them.
        """
        parts = what.parts
        if all(len(part) == 1 and isinstance(part[0], Term) for part in parts):
            tests = self._builder.rarest_first(self._builder.test(part[0]) for part in parts)
            atom = self._builder.proximity(
                tests[:_MOST_WORDS], what.slop + len(parts) - 1, fields, ordered=False
            )
            return Condition(((atom,),), (), exact=len(parts) <= _MOST_WORDS)
        clauses = tuple((self._run(part, fields),) for part in parts)
        return Condition(clauses, (), exact=False)

    def _near(self, what: Near, fields: int) -> Condition:
        left, right = _words(what.left), _words(what.right)
        if left and right and len(left) * len(right) <= _MOST_PAIRS:
            test = self._builder.test
            pairs = (
                self._builder.proximity(
                    (test(one), test(other)), what.distance + 1, fields, ordered=what.ordered
                )
                for one, other in product(left, right)
            )
            return Condition((tuple(dict.fromkeys(pairs)),))
        both = _all((self._positional(what.left, fields), self._positional(what.right, fields)))
        return _weak(both, exact=False)

    def _clear_mention(self, entity: Entity) -> Condition:
        """Without one, surnames and words that may be no names don't count."""
        found = self._entities.get(id(entity))
        if found is None:
            found = self._entities[id(entity)] = self._any_alias(entity)
        return found

    def _any_alias(self, entity: Entity) -> Condition:
        plain = [self._alias(alias) for alias in entity.aliases if alias.context is None]
        found = [Condition((tuple(dict.fromkeys(plain)),))] if plain else []
        for alias in entity.aliases:
            if alias.context is not None:
                spelled = Condition(((self._alias(alias),),))
                found.append(_all((spelled, self.condition(alias.context))))
        return self._any(found)

    def _alias(self, alias: AliasForm) -> int:
        if len(alias.fold) == 1:
            return self._builder.name(alias)
        any_case = alias.case is Case.ANY or (alias.case is Case.AUTO and not is_acronym(alias))
        return self._builder.run(self._words_of(alias), ANYWHERE, None if any_case else alias)

    def _words_of(self, alias: AliasForm) -> tuple[int, ...]:
        kind = NAME if alias.inflect else FORM
        return tuple([self._builder.word(kind, fold) for fold in alias.fold])

    def _mention(self, entity: Entity, fields: int) -> Condition:
        names = (*entity.aliases, *((entity.surname,) if entity.surname else ()))
        runs = (self._builder.run(self._words_of(name), fields) for name in names)
        return Condition((tuple(dict.fromkeys(runs)),), (), exact=False)

    def _any(self, parts: Iterable[Condition]) -> Condition:
        """One of the parts: the product of their clauses, as long as it is small."""
        found = list(parts)
        if len(found) == 1:
            return found[0]
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
