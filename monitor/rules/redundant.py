"""Parts of a query that change nothing, or never can count."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from monitor.analysis.fold import fold
from monitor.analysis.stem import stem
from monitor.rules.tree import (
    And,
    AnyOf,
    AtLeast,
    CasedForm,
    Clause,
    Entity,
    Form,
    Meta,
    Node,
    Not,
    Or,
    Pattern,
    Positional,
    Regex,
    Restriction,
    Scope,
    Term,
    TokenTest,
    Weighted,
    Window,
    children,
    operands,
)
from monitor.rules.tree import Sequence as Phrase


class Oddity(Enum):
    """How a part of a query changes nothing."""

    TWICE = "stands twice"
    COVERED = "finds nothing that another alternative does not"
    NARROWER = "is another alternative with further conditions"
    IMPLIED = "holds whenever another condition does"
    NEVER = "is wanted and excluded"
    EXCLUDED = "is one of several alternatives, and excluded"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is odd about a node; ``other`` is the part of the query that makes it so."""

    node: Node
    other: Node
    oddity: Oddity


class Keys:
    """Keys under which nodes that mean the same are equal, wherever they stand.

    Args:
        languages: of the articles; words are the same if they have one stem in each of them.
    """

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = languages or (None,)

    def stems(self, folded: str) -> tuple[str, ...]:
        """The stems of a word."""
        return tuple(stem(folded, language) for language in self._languages)

    def node(self, node: Node) -> Hashable:
        """The key of a node."""
        match node:
            case Clause(_, _, what):
                return self.positional(what)
            case Meta(field, value, _):
                return Meta, field, fold(value)
            case Regex(_, _, pattern):
                return Regex, pattern
            case Restriction():
                return node
            case Weighted(_, _, parts, threshold):
                return Weighted, threshold, frozenset((self.node(part), w) for part, w in parts)
            case And() | Or():
                return type(node), frozenset(map(self.node, children(node)))
            case _:
                detail = (getattr(node, name, None) for name in ("field", "minimum"))
                return type(node), *detail, *map(self.node, children(node))

    def positional(self, what: Positional) -> Hashable:
        """The key of a positional."""
        match what:
            case Phrase(tokens):
                return Phrase, tuple(map(self.test, tokens))
            case Window(parts, slop):
                words = [tuple(map(self.test, part)) for part in parts]
                return Window, slop, tuple(sorted(words, key=repr))
            case AnyOf(parts):
                return AnyOf, frozenset(map(self.positional, parts))
            case Entity(id_):
                return Entity, id_
            case _ if inner := operands(what):
                rest = tuple(getattr(what, name, None) for name in ("distance", "ordered", "unit"))
                return type(what), rest, tuple(map(self.positional, inner))
            case _:
                return what

    def test(self, test: TokenTest) -> Hashable:
        """The key of a word."""
        return (Term, self.stems(test.fold)) if isinstance(test, Term) else test


class Finders:
    """Nodes among which one is looked for that finds whatever another one finds."""

    def __init__(self, nodes: Iterable[Node], keys: Keys) -> None:
        self._keys = keys
        self._same: dict[Hashable, Node] = {}
        self._patterns: list[tuple[str, Node]] = []
        for node in nodes:
            self._same.setdefault(keys.node(node), node)
            if isinstance(test := word_of(node), Pattern):
                self._patterns.append((test.fold, node))

    def of(self, node: Node) -> Node | None:
        """Another node that finds at least as much."""
        wider = (self._same.get(key) for key in self._wider(node))
        found = next((each for each in wider if each is not None and each is not node), None)
        return found or self._pattern_for(word_of(node))

    def part_of(self, group: And | Or) -> Node | None:
        """A node that is also a part of a group."""
        inner = (self._same.get(self._keys.node(part)) for part in group.parts)
        return next((each for each in inner if each is not None and each is not group), None)

    def _wider(self, node: Node) -> Iterator[Hashable]:
        """Keys of what finds at least as much."""
        yield self._keys.node(node)
        if isinstance(node, Scope):
            yield self._keys.node(node.part)
        match word_of(node):
            case CasedForm(_, folded):
                yield self._keys.positional(Phrase((Form(folded),)))
                yield self._keys.positional(Phrase((Term(folded),)))
            case Form(folded):
                yield self._keys.positional(Phrase((Term(folded),)))
            case _:
                pass

    def _pattern_for(self, test: TokenTest | None) -> Node | None:
        if test is None or isinstance(test, Pattern):
            return None
        words = [test.fold]
        if isinstance(test, Term):  # its other forms begin with the stem
            words += self._keys.stems(test.fold)
        return next(
            (
                node
                for pattern, node in self._patterns
                if all(fnmatchcase(word, pattern) for word in words)
            ),
            None,
        )


def word_of(node: Node) -> TokenTest | None:
    """The test of a clause of one word."""
    match node:
        case Clause(_, _, Phrase((test,))):
            return test
        case _:
            return None


def findings(node: Node, keys: Keys) -> Iterator[Finding]:
    """What is odd anywhere in a query."""
    match node:
        case Or(parts):
            yield from among_alternatives(parts, keys)
        case And(parts):
            yield from among_conditions(parts, keys)
        case AtLeast(_, parts):
            yield from _twice(parts, keys)
        case _:
            pass
    for part in children(node):
        yield from findings(part, keys)


def among_alternatives(parts: Sequence[Node], keys: Keys) -> Iterator[Finding]:
    """Of alternatives: those that find nothing that another one does not."""
    finders = Finders(parts, keys)
    for part in parts:
        other = finders.of(part)
        if other and keys.node(other) == keys.node(part):
            yield Finding(part, other, Oddity.TWICE)
        elif other:
            yield Finding(part, other, Oddity.COVERED)
        elif isinstance(part, And) and (one := finders.part_of(part)):
            yield Finding(part, one, Oddity.NARROWER)


def among_conditions(parts: Sequence[Node], keys: Keys) -> Iterator[Finding]:
    """Of conditions: those that follow from another one, and those that exclude each other."""
    wanted = [part for part in parts if not isinstance(part, Not)]
    finders = Finders(wanted, keys)
    for part in wanted:
        other = finders.of(part)
        if other and keys.node(other) == keys.node(part):
            yield Finding(part, other, Oddity.TWICE)
        elif other:
            yield Finding(other, part, Oddity.IMPLIED)
        elif isinstance(part, Or) and (one := finders.part_of(part)):
            yield Finding(part, one, Oddity.IMPLIED)
    unwanted = [part.part for part in parts if isinstance(part, Not)]
    yield from excluded(wanted, unwanted, keys)


def excluded(wanted: Iterable[Node], unwanted: Iterable[Node], keys: Keys) -> Iterator[Finding]:
    """What is wanted, but can't count since it is excluded."""
    finders = Finders((each for node in unwanted for each in _alternatives(node)), keys)
    for part in wanted:
        found = [(each, finders.of(each)) for each in _alternatives(part)]
        if all(other for _, other in found):
            yield Finding(part, found[0][1] or part, Oddity.NEVER)
        else:
            yield from (Finding(each, other, Oddity.EXCLUDED) for each, other in found if other)


def _alternatives(node: Node) -> Sequence[Node]:
    return node.parts if isinstance(node, Or) else (node,)


def _twice(parts: Sequence[Node], keys: Keys) -> Iterator[Finding]:
    first: dict[Hashable, Node] = {}
    for part in parts:
        other = first.setdefault(keys.node(part), part)
        if other is not part:
            yield Finding(part, other, Oddity.TWICE)
