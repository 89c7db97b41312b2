"""A second evaluator, written from docs/rules.md by enumeration and without any index.

It tries every range of every field; slow, and simple enough to be believed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import regex

from monitor.analysis.stem import stem
from monitor.analysis.tokens import Tokens
from monitor.model.hit import FieldName
from monitor.rules.tree import (
    And,
    AnyOf,
    CasedForm,
    Clause,
    Form,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Positional,
    Scope,
    Sequence,
    Term,
    TokenTest,
    Window,
)

Range = tuple[int, int]


def passes(test: TokenTest, tokens: Tokens, i: int, language: str | None) -> bool:
    match test:
        case Term(fold):
            return stem(fold, language) == tokens.stem[i]
        case Form(fold):
            return fold == tokens.fold[i]
        case CasedForm(raw, _):
            return raw == tokens.raw[i]
        case Pattern(fold):
            expression = regex.escape(fold).replace(r"\*", ".*").replace(r"\?", ".")
            return regex.fullmatch(expression, tokens.fold[i]) is not None


def one_sentence(tokens: Tokens, first: int, last: int) -> bool:
    return len({tokens.sentence[i] for i in range(first, last + 1)}) == 1


def ranges(what: Positional, tokens: Tokens, language: str | None) -> set[Range]:
    """Every range that satisfies a positional, those that contain a smaller one included."""
    every = [
        (i, j)
        for i in range(len(tokens))
        for j in range(i, len(tokens))
        if one_sentence(tokens, i, j)
    ]
    match what:
        case Sequence(tests):
            return {
                (i, j)
                for i, j in every
                if j - i + 1 == len(tests)
                and all(passes(test, tokens, i + k, language) for k, test in enumerate(tests))
            }
        case Window(parts, slop):
            words = sum(map(len, parts))
            places = {each for part in parts for each in ranges(Sequence(part), tokens, language)}
            wanted = Counter(frozenset(ranges(Sequence(part), tokens, language)) for part in parts)
            return {
                (i, j)
                for i, j in every
                if j - i + 1 <= words + slop
                and i in {first for first, _ in places}
                and j in {last for _, last in places}
                and all(
                    sum(i <= first and last <= j for first, last in same) >= number
                    for same, number in wanted.items()
                )
            }
        case Near(left, right, distance, ordered):
            one, other = (ranges(each, tokens, language) for each in (left, right))
            pairs = [(a, b) for a in one for b in other]
            if not ordered:
                pairs += [(b, a) for a, b in pairs]
            return {
                (a[0], b[1])
                for a, b in pairs
                if 0 <= b[0] - a[1] - 1 <= distance and one_sentence(tokens, a[0], b[1])
            }
        case AnyOf(parts):
            return {each for part in parts for each in ranges(part, tokens, language)}
        case _:
            raise AssertionError(what)


def smallest(found: set[Range]) -> set[Range]:
    return {
        (i, j)
        for i, j in found
        if not any((k, m) != (i, j) and i <= k and m <= j for k, m in found)
    }


def holds(
    node: Node,
    fields: Mapping[FieldName, Tokens],
    searched: Iterable[FieldName],
    language: str | None,
) -> bool:
    match node:
        case Clause(_, _, what):
            return any(ranges(what, fields[name], language) for name in searched)
        case And(parts):
            return all(holds(part, fields, searched, language) for part in parts)
        case Or(parts):
            return any(holds(part, fields, searched, language) for part in parts)
        case Not(part):
            return not holds(part, fields, searched, language)
        case Scope(field, part):
            return holds(part, fields, (field,), language)
        case _:
            raise AssertionError(node)
