"""Which rules can match at all: an index from words to rules.

Every rule that can be preselected has *anchors*: words one of which must occur if the rule holds
(the way of Lucene's monitor: of a conjunction the best part, of a disjunction all). The
presearcher may select too many rules, never too few; the property tests hold it to that.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Protocol

from monitor.analysis.common import is_common
from monitor.analysis.stem import stem, stem_language
from monitor.rules.compile import RuleSet
from monitor.rules.tree import (
    And,
    AnyOf,
    Clause,
    Entity,
    Form,
    Meta,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Positional,
    Reference,
    Scope,
    Sequence,
    Term,
    TokenTest,
    Window,
)

Anchors = frozenset[TokenTest]

_MIN_PREFIX: Final = 2


class Presearcher(Protocol):
    """Names the rules that are worth evaluating."""

    def candidates(self, words: set[str], language: str | None) -> Iterable[str]:
        """Ids of rules; ``words`` are the folded forms and stems of an article."""
        ...


class EveryRule:
    """No filter: the oracle."""

    def __init__(self, rules: RuleSet) -> None:
        self._ids = tuple(rules.rules)

    def candidates(self, words: set[str], language: str | None) -> Iterable[str]:  # noqa: ARG002
        """All of them."""
        return self._ids


class WordIndex:
    """Rules by one of the words that must occur in what they match."""

    def __init__(self, rules: RuleSet) -> None:
        anchored = {id_: anchors(rule.tree) for id_, rule in rules.rules.items()}
        self.unfiltered = tuple(id_ for id_, found in anchored.items() if found is None)
        self._order = {id_: number for number, id_ in enumerate(anchored)}
        self._anchored = {id_: found for id_, found in anchored.items() if found}
        self._prefixes = _prefixes(self._anchored)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._languages: dict[str | None, Mapping[str, tuple[str, ...]]] = {}

    def candidates(self, words: set[str], language: str | None) -> list[str]:
        """Rules in the order of the files."""
        index = self._index(language)
        found = set(self.unfiltered)
        for word in words & index.keys():
            found.update(index[word])
        for length in self._lengths:
            for prefix in {word[:length] for word in words} & self._prefixes.keys():
                found.update(self._prefixes[prefix])
        return sorted(found, key=self._order.__getitem__)

    def _index(self, language: str | None) -> Mapping[str, tuple[str, ...]]:
        """Stems depend on the language: one index for each that has come so far."""
        key = stem_language(language)
        if key not in self._languages:
            self._languages[key] = _by_word(self._anchored, key)
        return self._languages[key]


def _by_word(
    anchored: Mapping[str, Anchors], language: str | None
) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for id_, tests in anchored.items():
        for test in tests:
            if isinstance(test, Term):
                found[stem(test.fold, language)].append(id_)
            elif not isinstance(test, Pattern):
                found[test.fold].append(id_)
    return {word: tuple(ids) for word, ids in found.items()}


def _prefixes(anchored: Mapping[str, Anchors]) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for id_, tests in anchored.items():
        for test in tests:
            if isinstance(test, Pattern):
                found[_prefix(test)].append(id_)
    return {prefix: tuple(ids) for prefix, ids in found.items()}


def _prefix(pattern: Pattern) -> str:
    return pattern.fold.split("*")[0].split("?")[0]


def anchors(node: Node) -> Anchors | None:
    """Words one of which occurs in every article the tree holds for; None if there are none."""
    match node:
        case Clause(_, _, what):
            return _of_positional(what)
        case And(parts):
            return _best(map(anchors, parts))
        case Or(parts):
            return _all(map(anchors, parts))
        case Scope(_, part):
            return anchors(part)
        case Not() | Meta():
            return None


def _of_positional(what: Positional) -> Anchors | None:
    match what:
        case Sequence(tokens):
            return _best(map(_of_token, tokens))
        case Window(parts, _):
            return _best(_of_token(test) for part in parts for test in part)
        case Near(left, right, _, _):
            return _best((_of_positional(left), _of_positional(right)))
        case AnyOf(parts):
            return _all(map(_of_positional, parts))
        case Entity(_, aliases, _):  # a surname never counts alone
            return _all(_best(_of_token(Form(fold)) for fold in alias.fold) for alias in aliases)
        case Reference():
            raise AssertionError(what)  # expanded when the rule was compiled


def _of_token(test: TokenTest) -> Anchors | None:
    if isinstance(test, Pattern) and len(_prefix(test)) < _MIN_PREFIX:
        return None
    return frozenset((test,))


def _all(parts: Iterable[Anchors | None]) -> Anchors | None:
    found: set[TokenTest] = set()
    for part in parts:
        if part is None:
            return None
        found |= part
    return frozenset(found)


def _best(parts: Iterable[Anchors | None]) -> Anchors | None:
    return min((part for part in parts if part is not None), key=_cost, default=None)


def _cost(tests: Anchors) -> float:
    return sum(map(_frequency, tests))


@lru_cache(maxsize=100_000)
def _frequency(test: TokenTest) -> float:
    """A guess at how often a word occurs: common words often, long ones seldom."""
    if isinstance(test, Pattern):
        return 20 / len(_prefix(test))
    if is_common(test.fold, None):
        return 50.0
    return 10 / len(test.fold)
