"""What is wrong with a query that breaks the grammar, in words, and how to put it right."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from monitor.rules.lexer import META_FIELDS, TEXT_FIELDS, Token
from monitor.rules.places import QueryError, SyntaxProblem

_FIELDS: Final = (*TEXT_FIELDS, *META_FIELDS, "rule")
_NEEDS_OPERAND: Final = frozenset({"OR", "AND", "NOT", "MINUS", "PROX"})
_BEGINS_OPERAND: Final = frozenset(
    {"LEAF", "BRACES", "REGEX", "META", "RULE", "FIELD", "LEFT", "ATLEAST", "MINUS"}
)
_BEFORE_OPERAND: Final = _NEEDS_OPERAND | {"LEFT", "FIELD", "ATLEAST"}

_ODD: Final = {
    '"': 'this quote has no partner; a phrase is written "like this"',
    "{": "an exact form is written {European Commission}, alone and closed",
    "}": '"}" has no "{"',
    "!": '"!" is no operator; exclude with -NASA, an exact form is written {NASA}',
    "^": '"^" is no operator: words have no weight here',
    "/": 'a regular expression is written /sanctio[a-z]+/; quote "/" to search for words',
    "~": 'a window is written right after a phrase: "sanctions package"~4',
    "-": '"-" must stand right before what it excludes: -football',
    "=": '"=" must stand right before a word: =sanctions; a phrase is exact anyway',
    "@": '"@" must stand right before the name of an entity: @nato',
    "#": '"#" must stand right before the name of a topic; a hashtag is quoted: "#MeToo"',
}
_SLIPS: Final = {
    "ATLEAST": "is written with a number and a group: ATLEAST/2(a b c)",
    "SENT": "takes no number; within a number of words is NEAR/4",
    "PARA": "takes no number; within a number of words is NEAR/4",
}


def unexpected(tokens: Sequence[Token], at: int, opened: Sequence[Token]) -> SyntaxProblem:
    """The problem of a token that can't stand where it stands.

    Args:
        tokens: of the whole query.
        at: number of the token.
        opened: the brackets before it that are not closed, and the signs of negation.
    """
    token = tokens[at]
    before = tokens[at - 1] if at else None
    match token.kind:
        case "END":
            return _end(before, opened)
        case "RIGHT":
            return _right(token, before)
        case "PROX":
            return _proximity(token, before)
        case "OR" | "AND":
            return _junction(token, opened)
        case "NOT" | "MINUS":
            return _negation(token, before)
        case "FIELD" | "META" if before and before.kind == "FIELD":
            message = f'a field stands inside "{before.text}"; name one of them'
            return SyntaxProblem(before.start, message)
        case _:
            return SyntaxProblem(token.start, _odd(token, before))


def check_blank(before: Token, token: Token) -> None:
    """Two operands in a row need a blank or a bracket between them.

    Raises:
        QueryError: there is none: ``"EU"-Paket``, ``AROUND(4)``.
    """
    touches = before.end == token.start and before.kind != "RIGHT"
    if touches and token.kind in _BEGINS_OPERAND:
        first, second = _short(before), _short(token)
        message = f"a blank is missing between {first} and {second}"
        if before.text == "AROUND":
            message = "AROUND(4) is written NEAR/4 here"
        elif '"' in before.text + token.text:
            message += "; or a quote is missing or too much"
        raise QueryError(token.start, message)


def _end(before: Token | None, opened: Sequence[Token]) -> SyntaxProblem:
    if before is None:
        return SyntaxProblem(0, "the query is empty; write at least one word")
    if before.kind in _NEEDS_OPERAND:
        return _dangling(before)
    brackets = [each for each in opened if each.kind in {"LEFT", "ATLEAST"}]
    sign = "(" if brackets[-1].kind == "LEFT" else f"{brackets[-1].text}("
    return SyntaxProblem(brackets[-1].start, f'"{sign}" is never closed')


def _right(token: Token, before: Token | None) -> SyntaxProblem:
    if before and before.kind in _NEEDS_OPERAND:
        return _dangling(before)
    if before and before.kind == "LEFT":
        return SyntaxProblem(before.start, "the group is empty; write at least one word in it")
    return SyntaxProblem(token.start, '")" has no "("')


def _dangling(operator: Token) -> SyntaxProblem:
    return SyntaxProblem(operator.start, f'"{_written(operator)}" needs an operand after it')


def _proximity(token: Token, before: Token | None) -> SyntaxProblem:
    name = _written(token)
    if before and before.kind not in _BEFORE_OPERAND:
        message = "proximity can't be chained; use parentheses: (a OR b) NEAR/4 c"
    elif before and before.kind == "AND" and name.startswith("NOT"):
        message = f'"AND" is too much here; write a {name} b'
    else:
        message = f'"{name}" needs an operand before it; to search for the word, quote it'
    return SyntaxProblem(token.start, message)


def _junction(token: Token, opened: Sequence[Token]) -> SyntaxProblem:
    name = token.text
    if opened and opened[-1].kind == "ATLEAST":
        message = f"ATLEAST takes operands separated by blanks; write (x {name} y) for one"
    else:
        message = (
            f'"{name}" needs an operand before it; to search for the word, quote it: "{name}"'
        )
    return SyntaxProblem(token.start, message)


def _negation(token: Token, before: Token | None) -> SyntaxProblem:
    """Where only a unit may stand: after proximity, after a field, in ATLEAST."""
    if before and before.kind == "FIELD":
        message = f"a negation stands before the field: NOT {before.text}a"
    elif before and before.kind == "PROX":
        name = _written(before)
        message = f"an operand of {name} can't be negated; write {_negated(name)}"
    else:
        message = "ATLEAST takes operands separated by blanks; write (NOT x) for one"
    return SyntaxProblem(token.start, message)


def _negated(name: str) -> str:
    near = name.startswith("NEAR") or name[2:].isdigit()
    if near and not name.endswith("f"):
        return f"a NOT {name} b"
    return f"a AND NOT (a {name.removeprefix('NOT ')} b)"


def _odd(token: Token, before: Token | None) -> str:
    if token.kind == "SLIP":
        name = token.text.partition("/")[0]
        rest = _SLIPS.get(name, f"is written with a number of words: {name}/4")
        return f'"{token.text[:40]}" {rest}; to search for it, quote it'
    if token.text == ":":
        return _field(before)
    if token.kind == "BRACES":
        return "a count stands right after its operand: sanction{3,}"
    return _ODD.get(token.text[0], f"{token.text!r} can't stand here; quote it to search for it")


def _field(before: Token | None) -> str:
    """What is wrong with a colon: no field, an unknown one, or nothing after it."""
    name = before.text if before and before.kind == "LEAF" else ""
    if name == "rule":
        return '"rule:" needs the name of one rule right after it: rule:asset-freeze'
    if name in _FIELDS:
        return f'"{name}:" needs a word, a phrase or a group right after it'
    close = get_close_matches(name.lower(), _FIELDS, 1)
    hint = f'did you mean "{close[0]}:"?' if close else "to search for it, quote it"
    return f'unknown field "{name[-40:]}:"; {hint}'


def _written(operator: Token) -> str:
    return " ".join(operator.text.split())


def _short(token: Token) -> str:
    return token.text if len(token.text) <= len("sanctions package") else f"{token.text[:16]}…"
