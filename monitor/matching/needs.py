"""What an article must have for a tree to hold, in words that an index of the archive knows.

As for the percolator (``conditions``) it may be too weak, never too strong. An index has neither
places nor fields, so a phrase needs its words, wherever they stand.
"""

from collections.abc import Iterable, Sequence
from math import fsum

from monitor.analysis.wordset import name_prefixes, stems_in
from monitor.model.search import AllOf, Like, Need, OneOf, Word
from monitor.rules.tree import (
    AliasForm,
    And,
    AnyOf,
    Apart,
    AtLeast,
    CasedForm,
    Clause,
    Count,
    Entity,
    Form,
    Near,
    Node,
    Or,
    Outside,
    Pattern,
    Positional,
    Reference,
    Scope,
    Term,
    Together,
    TokenTest,
    Weighted,
    Window,
)
from monitor.rules.tree import Sequence as Phrase


def need_of(tree: Node, languages: Sequence[str]) -> Need | None:
    """What every article has for which a tree holds; None: that may be none of its words.

    Args:
        tree: of a rule or a query.
        languages: keys (``analysis.wordset``) of those that the articles may be in.
    """
    return _Needs(languages).of(tree)


class _Needs:
    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = tuple(languages)

    def of(self, node: Node) -> Need | None:
        match node:
            case And(parts):
                return _all(self.of(part) for part in parts)
            case Or(parts):
                return _any(self.of(part) for part in parts)
            case Scope(_, part):
                return self.of(part)
            case Clause(_, _, what):
                return self._place(what)
            case Count(clause, _):
                return self._place(clause.what)
            case AtLeast(minimum, parts):
                return self._at_least(minimum, parts)
            case Weighted():
                return self._weighted(node)
            case _:  # what is absent, expressions, questions about the article
                return None

    def _at_least(self, minimum: int, parts: tuple[Node, ...]) -> Need | None:
        if minimum == len(parts):
            return _all(map(self.of, parts))
        needs = [self.of(part) for part in parts]
        known = [need for need in needs if need is not None]
        # Even if all others hold, one of those must.
        return _any(known) if len(needs) - len(known) < minimum else None

    def _weighted(self, node: Weighted) -> Need | None:
        needs = [(self.of(part), weight) for part, weight in node.parts]
        # A part with a negative weight that does not hold takes nothing away.
        free = fsum(max(weight, 0.0) for need, weight in needs if need is None)
        if free >= node.threshold:
            return None
        return _any(need for need, weight in needs if need is not None and weight > 0)

    def _place(self, what: Positional) -> Need | None:
        match what:
            case Phrase(tokens):
                return _all(map(self._word, tokens))
            case Window(parts, _):
                return _all(self._word(test) for part in parts for test in part)
            case AnyOf(parts):
                return _any(map(self._place, parts))
            case Entity():
                return _any(map(self._alias, what.aliases))  # a surname counts beside one only
            case Near(left, right) | Together(left, right):
                return _all(map(self._place, (left, right)))
            case Apart(left) | Outside(left):
                return self._place(left)
            case Reference():
                raise AssertionError(what)  # expanded when the rule was compiled

    def _word(self, test: TokenTest) -> Need | None:
        match test:
            case Form(fold) | CasedForm(_, fold):
                return Word(fold)
            case Term(fold):
                return _any(map(Word, stems_in(fold, self._languages)))
            case Pattern(fold):
                start = fold.replace("?", "*").partition("*")[0]
                return Word(start, prefix=True) if start else Like(fold)

    def _alias(self, alias: AliasForm) -> Need | None:
        words = _all(self._name(fold, alias) for fold in alias.fold)
        return words if alias.context is None else _all((words, self.of(alias.context)))

    def _name(self, fold: str, alias: AliasForm) -> Need | None:
        prefixes = name_prefixes(fold, self._languages) if alias.inflect else ()
        return _any([Word(fold), *(Word(each, prefix=True) for each in prefixes)])


def _all(parts: Iterable[Need | None]) -> Need | None:
    found = tuple(dict.fromkeys(part for part in parts if part is not None))
    if not found:
        return None
    return found[0] if len(found) == 1 else AllOf(found)


def _any(parts: Iterable[Need | None]) -> Need | None:
    found = tuple(dict.fromkeys(parts))
    if not found:
        return None
    known = tuple(part for part in found if part is not None)
    if len(known) < len(found):
        return None
    return known[0] if len(known) == 1 else OneOf(known)
