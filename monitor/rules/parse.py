"""Query text -> query tree."""

import re
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from monitor.errors import Problem, RuleError
from monitor.model.rule import SourceText
from monitor.rules import words
from monitor.rules.grammar import Parser
from monitor.rules.lexer import Token, plain, tokens_of
from monitor.rules.places import QueryError, problem_at
from monitor.rules.recent import Recent
from monitor.rules.tree import Clause, Node, is_positive

MAX_LENGTH: Final = 20_000

_OPERATOR_IN_PHRASE: Final = re.compile(
    r"(?<!\S)(?:AND|OR|NOT|O?NEAR(?:/\d+)?|SENT|PARA|ATLEAST(?:/\d+)?)(?!\S)"
)
_LOWER_CASE_OPERATOR: Final = re.compile(r"and|or|not|(?:o?near|w|pre)/\d+")


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; references are not expanded yet."""

    source: SourceText
    node: Node
    warnings: tuple[Problem, ...]


def parse_query(source: SourceText) -> Query:
    """Parse one query.

    Raises:
        RuleError: the query is wrong; its problem names line and column and shows a caret.
    """
    try:
        parsed = _PARSED[source.text]
    except QueryError as error:
        raise RuleError([problem_at(source, error.offset, error.message)]) from None
    return Query(source, parsed.node, tuple(_lower_case(source, slip) for slip in parsed.slips))


def phrase_node(source: SourceText, slop: int) -> Clause:
    """The window of a topic phrase: its stems in any order, at most ``slop`` other words.

    Raises:
        RuleError: the phrase has no word.
    """
    try:
        return Clause(source.text, (0, len(source.text)), words.window(source.text, slop))
    except QueryError as error:
        raise RuleError([problem_at(source, error.offset, error.message)]) from None


def odd_words(source: SourceText) -> list[Problem]:
    """Warnings for words of a phrase that look like operators."""
    return [
        _warning(source, match.start(), f'"{match[0]}" is a word here; a phrase has no operators')
        for match in _OPERATOR_IN_PHRASE.finditer(source.text)
    ]


def _lower_case(source: SourceText, slip: Token) -> Problem:
    message = f'"{slip.text}" is searched as a word; the operator is "{slip.text.upper()}"'
    return _warning(source, slip.start, message)


def _warning(source: SourceText, offset: int, message: str) -> Problem:
    return replace(problem_at(source, offset, message), level="warning")


class _Parsed(NamedTuple):
    """What a text means wherever it stands; ``slips`` are words that look like operators."""

    node: Node
    slips: tuple[Token, ...]


def _parse(written: str) -> _Parsed:
    if len(written) > MAX_LENGTH:
        message = f"a query has at most {MAX_LENGTH:,} characters; split it into rules"
        raise QueryError(0, message)
    text = plain(written)
    tokens = tokens_of(text)
    node = Parser(tokens, text, written).query()
    if not is_positive(node):
        message = "this query can be true of an article that has nothing of it"
        raise QueryError(0, f"{message}; add what must occur")
    return _Parsed(node, tuple(_slips(tokens)) if _LOWER_CASE_OPERATOR.search(text) else ())


def _slips(tokens: list[Token]) -> list[Token]:
    return [
        token
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if token.kind == "LEAF" and _LOWER_CASE_OPERATOR.fullmatch(token.text)
        if before.kind != "LEFT" and after.kind not in {"RIGHT", "END"}
    ]


_PARSED: Final = Recent(_parse)
