"""Query text -> query tree."""

import re
from dataclasses import dataclass, replace
from sys import intern
from typing import Final, NamedTuple

from monitor.errors import Problem, RuleError
from monitor.model.hit import FieldName
from monitor.model.rule import SourceText
from monitor.rules import operands, regexes, words
from monitor.rules.lexer import Token, plain, tokens_of
from monitor.rules.places import QueryError, SyntaxProblem, problem_at
from monitor.rules.recent import Recent
from monitor.rules.syntax_errors import check_blank, unexpected
from monitor.rules.tree import (
    And,
    AtLeast,
    Clause,
    MetaField,
    Node,
    Not,
    Or,
    Positional,
    Reference,
    Regex,
    Scope,
    is_positive,
)

MAX_DEPTH: Final = 60
MAX_LENGTH: Final = 20_000

_TEXT_FIELDS: Final[dict[str, FieldName]] = {
    "title:": "title",
    "intitle:": "title",
    "lead:": "lead",
    "ingress:": "lead",
    "summary:": "lead",
    "text:": "text",
    "intext:": "text",
    "body:": "text",
}
_META_FIELDS: Final = {
    **{f"{field}:": field for field in MetaField},
    "inurl:": MetaField.URL,
}
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
    node = _Parser(tokens, text, written).query()
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


class _Parser:
    """Recursive descent; a method reads what its line of the grammar in docs/rules.md says."""

    def __init__(self, tokens: list[Token], text: str, written: str) -> None:
        """Begin.

        Args:
            tokens: of the query.
            text: the query with plain signs.
            written: the query as it was written, of the same length.
        """
        self._tokens, self._text, self._written = tokens, text, written
        self._at = 0
        self._open: list[Token] = []

    def query(self) -> Node:
        node = self._any()
        if self._tokens[self._at].kind != "END":
            raise self._unexpected()
        return node

    def _any(self) -> Node:
        first = self._all()
        if self._tokens[self._at].kind != "OR":
            return first
        parts = [first]
        while self._tokens[self._at].kind == "OR":
            self._at += 1
            parts.append(self._all())
        return Or(tuple(parts))

    def _all(self) -> Node:
        parts = [self._not()]
        while (kind := self._tokens[self._at].kind) not in _ENDS:
            if kind == "AND":
                self._at += 1
            else:
                check_blank(self._tokens[self._at - 1], self._tokens[self._at])
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _not(self) -> Node:
        token = self._tokens[self._at]
        if token.kind != "NOT" and token.kind != "MINUS":
            return self._prox()
        self._enter(token)
        self._at += 1
        node = Not(self._not())
        self._open.pop()
        return node

    def _prox(self) -> Node:
        start = self._tokens[self._at].start
        left = self._unit()
        operator = self._tokens[self._at]
        if operator.kind != "PROX":
            return left
        self._at += 1
        second = self._tokens[self._at].start
        right = self._unit()
        what = operands.proximity(
            operator,
            operands.placed(left, operator, start),
            operands.placed(right, operator, second),
        )
        return Clause(self._since(start), (start, self._end()), what)

    def _unit(self) -> Node:
        token = self._tokens[self._at]
        match token.kind:
            case "FIELD":
                return self._scope(token)
            case "META":
                self._at += 1
                name, _, _ = token.text.partition(":")
                return self._question(_META_FIELDS[f"{name}:"], token.start + len(name) + 1)
            case _:
                return self._counted()

    def _scope(self, field: Token) -> Node:
        self._at += 1
        start = self._tokens[self._at].start
        node = self._counted()
        if field.text in _META_FIELDS:
            asked = _META_FIELDS[field.text]
            return operands.questions(asked, node, self._written, start)
        if operands.is_scoped(node):
            raise QueryError(start, f'a field stands inside "{field.text}"; name one of them')
        return Scope(_TEXT_FIELDS[field.text], node)

    def _question(self, field: MetaField, start: int) -> Node:
        end = self._end()
        return operands.question(field, self._written[start:end], start, end)

    def _counted(self) -> Node:
        start = self._tokens[self._at].start
        node = self._atom()
        braces = self._tokens[self._at]
        if braces.kind != "BRACES" or braces.start != self._end():
            return node
        name = self._since(start)
        self._at += 1
        return operands.counted(node, name, start, braces)

    def _atom(self) -> Node:
        token = self._tokens[self._at]
        match token.kind:
            case "LEAF":
                return self._leaf(token, self._meaning(token))
            case "LEFT":
                return self._group(token)
            case "BRACES" if not operands.is_count(token):
                return self._leaf(token, self._meaning(token))
            case "RULE":
                return self._leaf(token, Reference("rule", token.text.removeprefix("rule:")))
            case "ATLEAST":
                return self._at_least(token)
            case "REGEX":
                return self._regex(token)
            case _:
                raise self._unexpected()

    def _leaf(self, token: Token, what: Positional) -> Clause:
        self._at += 1
        return Clause(intern(token.text), (token.start, self._end()), what)

    def _meaning(self, token: Token) -> Positional:
        try:
            return words.operand(token.text)
        except QueryError as error:
            raise QueryError(token.start + error.offset, error.message) from None

    def _group(self, left: Token) -> Node:
        self._enter(left)
        self._at += 1
        node = self._any()
        self._leave()
        return node

    def _at_least(self, token: Token) -> AtLeast:
        self._enter(token)
        self._at += 1
        if self._tokens[self._at].kind != "LEFT":
            message = f"{token.text} takes a group: {token.text}(a b c)"
            raise SyntaxProblem(token.start, message)
        self._at += 1
        parts = [self._prox()]
        while self._tokens[self._at].kind not in {"RIGHT", "END"}:
            check_blank(self._tokens[self._at - 1], self._tokens[self._at])
            parts.append(self._prox())
        self._leave()
        return operands.at_least(token, tuple(parts))

    def _regex(self, token: Token) -> Regex:
        self._at += 1
        written = self._written[token.start : token.end]
        try:
            return Regex(written, (token.start, token.end), regexes.ready(written))
        except QueryError as error:
            raise QueryError(token.start + error.offset, error.message) from None

    def _enter(self, token: Token) -> None:
        if len(self._open) >= MAX_DEPTH:
            message = f"more than {MAX_DEPTH} levels of nesting; split the query"
            raise QueryError(token.start, message)
        self._open.append(token)

    def _leave(self) -> None:
        if self._tokens[self._at].kind != "RIGHT":
            raise self._unexpected()
        self._at += 1
        self._open.pop()

    def _end(self) -> int:
        """Offset behind the last token read."""
        return self._tokens[self._at - 1].end

    def _since(self, start: int) -> str:
        return self._text[start : self._end()]

    def _unexpected(self) -> SyntaxProblem:
        return unexpected(self._tokens, self._at, self._open)


_ENDS: Final = frozenset({"OR", "RIGHT", "END"})
