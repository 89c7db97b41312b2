"""Turns articles down before their words are read: by questions and expressions of rules.

Like the index it may let too many pass, never too few.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from monitor.matching.questions import answer, divided
from monitor.model.article import Article
from monitor.rules.compile import CompiledRule
from monitor.rules.regexes import ExpressionSet
from monitor.rules.tree import And, Meta, MetaField, Node, Or, Regex, Restriction, Scope, children

_MOST: Final = 8  # rules; of more, one will want the article anyway
Test = Callable[[Article], bool]


def sieve(rules: Sequence[CompiledRule]) -> Test | None:
    """Whether an article may be one that a rule holds for; None if all may be."""
    if len(rules) > _MOST:
        return None
    tests = [test for rule in rules if (test := _test(rule.tree))]
    if len(tests) < len(rules):
        return None
    return lambda article: any(test(article) for test in tests)


def _test(tree: Node) -> Test | None:
    question, rest = divided(tree)
    found = [] if question is None or _asks_language(question) else [_asking(question)]
    parts = rest.parts if isinstance(rest, And) else (rest,) if rest else ()
    found += [_searching(patterns) for part in parts if (patterns := _expressions(part))]
    return (lambda article: all(test(article) for test in found)) if found else None


def _asking(question: Node) -> Test:
    return lambda article: answer(question, article, article.language)


def _searching(patterns: Iterable[str]) -> Test:
    expressions = ExpressionSet(tuple(patterns))
    return lambda article: any(
        expressions.found(text) for text in (article.text, article.title, article.lead)
    )


def _asks_language(question: Node) -> bool:
    """A language may have to be guessed, from the words."""
    match question:
        case Meta(field):
            return field is MetaField.LANG
        case Restriction(_, languages, _):
            return bool(languages)
        case _:
            return any(map(_asks_language, children(question)))


def _expressions(node: Node) -> tuple[str, ...]:
    """Expressions one of which is found wherever a node holds; none if that can't be said."""
    match node:
        case Regex(_, _, pattern):
            return (pattern,)
        case Scope(_, part):
            return _expressions(part)
        case Or(parts):
            found = [_expressions(part) for part in parts]
            return tuple(each for some in found for each in some) if all(found) else ()
        case _:
            return ()
