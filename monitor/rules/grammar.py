"""The grammar of queries, as recursive descent."""

from functools import lru_cache
from sys import intern
from typing import Final

from monitor.model.hit import FieldName
from monitor.rules import operands, regexes, words
from monitor.rules.lexer import Token
from monitor.rules.places import QueryError, SyntaxProblem
from monitor.rules.syntax_errors import check_blank, unexpected
from monitor.rules.tree import (
    And,
    At,
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
)

MAX_DEPTH: Final = 60

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
_ENDS: Final = frozenset({"OR", "RIGHT", "END"})
_NEGATIONS: Final = frozenset({"NOT", "MINUS"})


class Parser:
    """Reads a query once; each method reads what its line of the grammar in docs/rules.md says."""

    def __init__(self, tokens: list[Token], text: str, written: str) -> None:
        """Take the tokens of a query.

        Args:
            tokens: of the query.
            text: the query with plain signs.
            written: the query as it was written, of the same length.
        """
        self._tokens, self._text, self._written = tokens, text, written
        self._at = 0
        self._open: list[Token] = []

    def query(self) -> Node:
        """The tree of the whole query.

        Raises:
            QueryError: the query is wrong, in its grammar or in its meaning.
        """
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
        if token.kind not in _NEGATIONS:
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
        return Clause(self._since(start), _at(start, self._end()), what)

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
        return Clause(intern(token.text), _at(token.start, self._end()), what)

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


@lru_cache(2**14)
def _at(start: int, end: int) -> At:
    """A range; equal ones of a rule set are one object."""
    return start, end
