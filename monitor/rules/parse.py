"""Query text -> query tree (the only door of lark)."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, cast

import regex
from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken
from lark.visitors import v_args

from monitor.analysis.fold import fold
from monitor.errors import Problem, RuleError
from monitor.model.hit import FieldName
from monitor.model.rule import SourceText
from monitor.rules import words
from monitor.rules.places import QueryError, problem_at
from monitor.rules.syntax_errors import diagnose
from monitor.rules.tree import (
    And,
    AnyOf,
    At,
    CasedForm,
    Clause,
    Meta,
    MetaField,
    Near,
    Node,
    Not,
    Or,
    Pattern,
    Positional,
    Reference,
    Scope,
    Sequence,
    TokenTest,
    is_positive,
)

MAX_DISTANCE: Final = 64
MAX_DEPTH: Final = 60
MAX_LENGTH: Final = 20_000

_TEXT_FIELDS: Final[dict[str, FieldName]] = {
    "title": "title",
    "intitle": "title",
    "lead": "lead",
    "ingress": "lead",
    "summary": "lead",
    "text": "text",
    "intext": "text",
    "body": "text",
}
_META_FIELDS: Final = {**{field.value: field for field in MetaField}, "inurl": MetaField.URL}
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\xa0\u202f", " "),
    }
)
_OPERATOR_IN_PHRASE: Final = regex.compile(r"(?<!\S)(?:AND|OR|NOT|O?NEAR(?:/\d+)?)(?!\S)")
_LOWER_CASE_OPERATOR: Final = regex.compile(r"(?<=[^\s(] )(?:and|or)(?= [^\s)])")


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; references are not expanded yet."""

    source: SourceText
    node: Node
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A node with its range in the query and the depth of its tree."""

    node: Node
    start: int
    end: int
    depth: int = 1


def parse_query(source: SourceText) -> Query:
    """Parse one query.

    Raises:
        RuleError: the query is wrong; its problem names line and column and shows a caret.
    """
    text = source.text.translate(_PLAIN)
    try:
        node = _named(_parse(text).node, text)
        _check_positive(node)
    except QueryError as error:
        raise RuleError([problem_at(source, error.offset, error.message)]) from None
    return Query(source, node, tuple(_warnings(source, text)))


def _parse(text: str) -> _Part:
    if len(text) > MAX_LENGTH:
        message = f"a query has at most {MAX_LENGTH:,} characters; split it into rules"
        raise QueryError(0, message)
    try:
        part: _Part = _grammar().parse(text)  # type: ignore[assignment]
    except (UnexpectedCharacters, UnexpectedToken) as error:
        ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        offset = len(text) if ended else cast("int", error.pos_in_stream)
        raise QueryError(*diagnose(text, offset)) from None
    return part


def _check_positive(node: Node) -> None:
    if not is_positive(node):
        message = "this query can be true of an article that has nothing of it"
        raise QueryError(0, f"{message}; add what must occur")


def phrase_node(source: SourceText, slop: int) -> Clause:
    """The window of a topic phrase: its stems in any order, at most ``slop`` other words.

    Raises:
        RuleError: the phrase has no word.
    """
    try:
        return Clause(source.text, (0, len(source.text)), words.window(source.text, slop, 0))
    except QueryError as error:
        raise RuleError([problem_at(source, error.offset, error.message)]) from None


def odd_words(source: SourceText) -> list[Problem]:
    """Warnings for words of a phrase that look like operators."""
    return [
        _warning(source, match.start(), f'"{match[0]}" is a word here; a phrase has no operators')
        for match in _OPERATOR_IN_PHRASE.finditer(source.text)
    ]


def _warnings(source: SourceText, text: str) -> list[Problem]:
    unquoted = regex.sub(r'"[^"]*"', lambda match: "_" * len(match[0]), text)
    return [
        _warning(
            source,
            match.start(),
            f'"{match[0]}" is searched as a word; the operator is "{match[0].upper()}"',
        )
        for match in _LOWER_CASE_OPERATOR.finditer(unquoted)
    ]


def _warning(source: SourceText, offset: int, message: str) -> Problem:
    return replace(problem_at(source, offset, message), level="warning")


# --- the tree ---


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    """The parser builds the tree while it reads, so deep nesting needs no deep recursion."""
    return Lark.open_from_package(
        "monitor.rules", "query.lark", parser="lalr", lexer="contextual", transformer=_Builder()
    )


def _named(node: Node, text: str) -> Node:
    """Name each clause by its text in the query."""
    match node:
        case Clause(_, at, what):
            return Clause(text[slice(*at)], at, what)
        case And(parts):
            return And(tuple(_named(part, text) for part in parts))
        case Or(parts):
            return Or(tuple(_named(part, text) for part in parts))
        case Not(part):
            return Not(_named(part, text))
        case Scope(field, part):
            return Scope(field, _named(part, text))
        case Meta(field, "", at):
            return _question(field, text[slice(*at)].strip('"'), at)
        case Meta():
            return node


@v_args(inline=True)
class _Builder(Transformer[Token, _Part]):
    """Calls of the grammar's rules, from the leaves up."""

    def start(self, part: _Part) -> _Part:
        return part

    def or_(self, *parts: _Part) -> _Part:
        return _branch(Or(tuple(part.node for part in parts)), parts)

    def and_(self, *parts: _Part) -> _Part:
        return _branch(And(tuple(part.node for part in parts)), parts)

    def not_(self, sign: Token, part: _Part) -> _Part:
        return _branch(Not(part.node), (part,), start=_start(sign))

    def group(self, left: Token, part: _Part, right: Token) -> _Part:
        return _branch(part.node, (part,), start=_start(left), end=_start(right) + 1)

    def near(self, left: _Part, operator: Token, right: _Part) -> _Part:
        distance, ordered = _proximity(operator)
        what = Near(_operand(left, operator), _operand(right, operator), distance, ordered)
        return _leaf(what, left.start, right.end)

    def count(self, _part: _Part, count: Token) -> _Part:
        raise QueryError(_start(count), f"counts like {count} are not available yet")

    def scope(self, field: Token, part: _Part) -> _Part:
        name = field[:-1]
        if name in _TEXT_FIELDS:
            if _is_scoped(part.node):
                raise QueryError(part.start, f'a field stands inside "{field}"; name one of them')
            node: Node = Scope(_TEXT_FIELDS[name], part.node)
        else:
            node = _meta(_META_FIELDS[name], part.node, part)
        return _branch(node, (part,), start=_start(field))

    def meta(self, token: Token) -> _Part:
        name, _, value = token.partition(":")
        end = _start(token) + len(token)
        at = (end - len(value), end)
        return _Part(_question(_META_FIELDS[name], value.strip('"'), at), _start(token), end)

    def word(self, token: Token) -> _Part:
        return _token(Sequence(words.stems(token, _start(token))), token)

    def exact(self, token: Token) -> _Part:
        return _token(Sequence(words.forms(token[1:], _start(token))), token)

    def cased(self, token: Token) -> _Part:
        return _token(Sequence(words.cased(token[1:-1], _start(token))), token)

    def string(self, token: Token) -> _Part:
        phrase, slop = token[1:].rsplit('"', 1)
        start = _start(token)
        if slop == "":
            return _token(Sequence(words.forms(phrase, start)), token)
        if slop == "~":
            return _token(Sequence(words.stems(phrase, start)), token)
        return _token(words.window(phrase, _distance(slop[1:], token), start), token)

    def entity(self, token: Token) -> _Part:
        return _token(Reference("entity", token[1:]), token)

    def topic(self, token: Token) -> _Part:
        return _token(Reference("topic", token[1:]), token)


def _start(token: Token) -> int:
    return token.start_pos or 0


def _token(what: Positional, token: Token) -> _Part:
    return _leaf(what, _start(token), _start(token) + len(token))


def _leaf(what: Positional, start: int, end: int) -> _Part:
    return _Part(Clause("", (start, end), what), start, end)


def _branch(
    node: Node, parts: tuple[_Part, ...], *, start: int | None = None, end: int | None = None
) -> _Part:
    depth = 1 + max(part.depth for part in parts)
    start = parts[0].start if start is None else start
    if depth > MAX_DEPTH:
        raise QueryError(start, f"more than {MAX_DEPTH} levels of nesting; split the query")
    return _Part(node, start, parts[-1].end if end is None else end, depth)


def _distance(digits: str, token: Token) -> int:
    if len(digits) > len(str(MAX_DISTANCE)) or int(digits) > MAX_DISTANCE:
        message = f"a distance is at most {MAX_DISTANCE} words, not {digits[:9]}"
        raise QueryError(_start(token), message)
    return int(digits)


def _proximity(operator: Token) -> tuple[int, bool]:
    """Distance and order; ``NEAR/4f`` and ``PRE/4`` are other tools' words for ONEAR/4."""
    name, _, number = operator.partition("/")
    ordered = name in {"ONEAR", "PRE"} or number.endswith("f")
    return _distance(number.rstrip("f") or "4", operator), ordered


def _operand(part: _Part, operator: Token) -> Positional:
    """What may stand beside NEAR: words, phrases, wildcards, references, OR groups of these."""
    match part.node:
        case Clause(_, _, what) if not isinstance(what, Near):
            return what
        case Or(parts):
            return AnyOf(
                tuple(_operand(_Part(each, part.start, part.end), operator) for each in parts)
            )
        case other:
            takes = f"{operator} takes words, phrases, references and OR groups"
            raise QueryError(part.start, f"{takes}: {_NO_OPERAND[type(other)]}")


_NO_OPERAND: Final[dict[type[Node], str]] = {
    Clause: "proximity can't be chained",
    And: "write (a NEAR/3 b) AND (a NEAR/3 c) instead of an AND inside",
    Not: "an operand can't be negated",
    Scope: "the field goes outside: title:(a NEAR/3 b)",
    Meta: "the field goes outside: title:(a NEAR/3 b)",
}


def _question(field: MetaField, value: str, at: At) -> Meta:
    if not fold(value).strip("/ "):
        raise QueryError(at[0], f'"{field}:" needs something to look for')
    if "*" in value:
        raise QueryError(at[0], f'"{field}:" takes no wildcards: it looks for a part of the whole')
    return Meta(field, value, at)


def _is_special(test: TokenTest) -> bool:
    return isinstance(test, Pattern | CasedForm)


def _is_scoped(node: Node) -> bool:
    match node:
        case Scope():
            return True
        case And(parts) | Or(parts):
            return any(map(_is_scoped, parts))
        case Not(part):
            return _is_scoped(part)
        case _:
            return False


def _meta(field: MetaField, node: Node, part: _Part) -> Node:
    """A question about the article, distributed over a group of values."""
    match node:
        case Or(parts):
            return Or(tuple(_meta(field, each, part) for each in parts))
        case And(parts):
            return And(tuple(_meta(field, each, part) for each in parts))
        case Not(inner):
            return Not(_meta(field, inner, part))
        case Clause(_, at, Sequence(tokens)) if not any(map(_is_special, tokens)):
            return Meta(field, "", at)  # its value is the text there; see ``_named``
        case _:
            raise QueryError(
                part.start, f'"{field}:" takes words, quoted texts or a group of them'
            )
