"""What operators make of their operands: proximity, counts, questions about the article."""

import re
from typing import Final

from monitor.analysis.fold import fold
from monitor.rules.lexer import QUOTES, Token
from monitor.rules.places import QueryError
from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    AtLeast,
    Clause,
    Count,
    Meta,
    MetaField,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Positional,
    Reference,
    Regex,
    Scope,
    Sequence,
    Together,
    Unit,
)
from monitor.rules.words import distance

MAX_COUNT: Final = 1_000

_UNITS: Final = {
    "SENT": Unit.SENTENCE,
    "W/S": Unit.SENTENCE,
    "PARA": Unit.PARAGRAPH,
    "W/P": Unit.PARAGRAPH,
}
_COUNT: Final = re.compile(r"\{(\d*)(,?)(\d*)\}")
_ORDERED: Final = ("ONEAR", "PRE")
_PROXIMITY: Final = Near | Together | Apart | Outside


def proximity(operator: Token, left: Positional, right: Positional) -> Positional:
    """Two operands of a proximity operator.

    Raises:
        QueryError: the distance is too large.
    """
    if operator.text in _UNITS:
        return Together(left, right, _UNITS[operator.text])
    *negated, name = operator.text.split()
    if name == "IN":
        return Outside(left, right)
    name, _, number = name.partition("/")
    try:
        words = distance(number.rstrip("f") or "4")
    except QueryError as error:
        raise QueryError(operator.start, error.message) from None
    if negated:
        return Apart(left, right, words)
    return Near(left, right, words, ordered=name in _ORDERED or number.endswith("f"))


def placed(node: Node, operator: Token, start: int) -> Positional:
    """What may stand beside a proximity operator: words, phrases, references, OR groups.

    Args:
        node: the operand.
        operator: the operator, for the message.
        start: offset of the operand.

    Raises:
        QueryError: the operand is something else.
    """
    match node:
        case Clause(_, _, Reference("rule")):
            problem = "a rule speaks of whole articles; write rule:name AND (a NEAR/3 b)"
        case Clause(_, _, what) if not isinstance(what, _PROXIMITY):
            return what
        case Or(parts):
            return AnyOf(tuple(placed(part, operator, start) for part in parts))
        case _:
            problem = _NO_OPERAND[type(node)]
    takes = "takes words, phrases, references and OR groups"
    raise QueryError(start, f"{_name(operator)} {takes}: {problem}")


_NO_OPERAND: Final[dict[type[Node], str]] = {
    Clause: "proximity can't be chained",
    And: "write (a NEAR/3 b) AND (a NEAR/3 c) instead of an AND inside",
    Not: "an operand can't be negated",
    Scope: "the field goes outside: title:(a NEAR/3 b)",
    Meta: "the field goes outside: title:(a NEAR/3 b)",
    Count: "the count goes outside: (a NEAR/3 b){2,}",
    Regex: "a regular expression has no words to measure from",
    AtLeast: "write ATLEAST/2(a NEAR/3 b a NEAR/3 c) instead of an ATLEAST inside",
}


def _name(operator: Token) -> str:
    return " ".join(operator.text.split())


def counted(node: Node, name: str, start: int, braces: Token) -> Count:
    """An operand with a count after it.

    Args:
        node: the operand.
        name: how it is written.
        start: offset of the operand.
        braces: the count.

    Raises:
        QueryError: the operand can't be counted, or the number is out of bounds.
    """
    minimum = _minimum(braces)
    what = _countable(node, start)
    return Count(Clause(name, (start, start + len(name)), what), minimum)


def is_count(braces: Token) -> bool:
    """Whether braces that stand alone hold a count that lost its operand: ``a {3,}``."""
    shape = _COUNT.fullmatch(braces.text)
    return shape is not None and bool(shape[2]) and not (shape[1] and shape[3])


def at_least(operator: Token, parts: tuple[Node, ...]) -> AtLeast:
    """``ATLEAST/2( … )``.

    Raises:
        QueryError: it asks for none, or for more than there are.
    """
    digits = operator.text.partition("/")[2].lstrip("0") or "0"
    if len(digits) > len(str(len(parts))) or not 1 <= int(digits) <= len(parts):
        message = (
            f"ATLEAST has {len(parts)} operands here, so its number is from 1 to {len(parts)}"
        )
        raise QueryError(operator.start, f"{message}, not {digits[:9]}")
    return AtLeast(int(digits), parts)


def _minimum(braces: Token) -> int:
    shape = _COUNT.fullmatch(braces.text)
    if not shape or not any(shape.groups()):
        message = f"a blank is missing before {braces.text[:40]}; a count is written {{3,}}"
        raise QueryError(braces.start, message)
    least, comma, most = shape.groups()
    if most:
        above = f"a{{{int(most[:9]) + 1},}}"
        also = f"a{{{least},}} AND NOT {above}" if least else f"a AND NOT {above}"
        raise QueryError(braces.start, f"a count has no upper bound; write {also}")
    if not least or not comma:
        shown = f"{{{least[:9] or 3},}}"
        raise QueryError(braces.start, f"a count is written with a comma: {shown}")
    if len(least) > len(str(MAX_COUNT)) or not 1 <= int(least) <= MAX_COUNT:
        raise QueryError(braces.start, f"a count is from 1 to {MAX_COUNT:,}, not {least[:9]}")
    return int(least)


def _countable(node: Node, start: int) -> Positional:
    match node:
        case Clause(_, _, Reference("rule")):
            problem = "a rule speaks of whole articles"
        case Clause(_, _, what):
            return what
        case Or(parts):
            return AnyOf(tuple(_countable(part, start) for part in parts))
        case And():
            problem = "write a{3,} AND b{3,} instead of an AND inside"
        case Scope():
            problem = "the field goes outside: title:(a OR b){3,}"
        case _:
            problem = "not what stands here"
    takes = "a count takes a word, a phrase, a reference or an OR group"
    raise QueryError(start, f"{takes}: {problem}")


def is_scoped(node: Node) -> bool:
    """Whether a field stands inside."""
    match node:
        case Scope():
            return True
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return any(map(is_scoped, parts))
        case Not(part):
            return is_scoped(part)
        case _:
            return False


def question(field: MetaField, value: str, start: int, end: int) -> Meta:
    """A question about the article besides its words: ``author:x``, ``url:x`` and so on.

    Args:
        field: what is asked about.
        value: as written, quotes included.
        start: offset of the value.
        end: offset behind it.

    Raises:
        QueryError: there is nothing to look for, or a wildcard.
    """
    if value[:1] in QUOTES:
        value = value[1:-1]
    if not fold(value).strip("/ "):
        raise QueryError(start, f'"{field}:" needs something to look for')
    if "*" in value:
        raise QueryError(start, f'"{field}:" takes no wildcards: it looks for a part of the whole')
    return Meta(field, value, (start, end))


def questions(field: MetaField, node: Node, written: str, start: int) -> Node:
    """A question about the article, distributed over a group of values.

    Args:
        field: what is asked about.
        node: the group.
        written: the query.
        start: offset of the group.

    Raises:
        QueryError: the group holds something that is no value.
    """
    match node:
        case Or(parts):
            return Or(tuple(questions(field, part, written, start) for part in parts))
        case And(parts):
            return And(tuple(questions(field, part, written, start) for part in parts))
        case Not(part):
            return Not(questions(field, part, written, start))
        case Clause(name, (first, last), Sequence()) if _is_value(name):
            return question(field, written[first:last], first, last)
        case _:
            message = f'"{field}:" takes words, quoted texts or a group of them'
            raise QueryError(start, message)


def _is_value(name: str) -> bool:
    """Whether an operand is a plain word or a plain quoted text."""
    return name[0] not in "={@#" and "~" not in name.rpartition('"')[2]
