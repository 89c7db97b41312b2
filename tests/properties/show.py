"""Query tree -> query text: what parses to the same tree."""

import re
from collections.abc import Iterable
from typing import Final

from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    AtLeast,
    CasedForm,
    Clause,
    Count,
    Entity,
    Form,
    Meta,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Positional,
    Reference,
    Regex,
    Restriction,
    Scope,
    Sequence,
    Term,
    Together,
    TokenTest,
    Unit,
    Weighted,
    Window,
)

_SIGNS: Final = {"entity": "@", "topic": "#", "rule": "rule:"}
_UNITS: Final = {Unit.SENTENCE: "SENT", Unit.PARAGRAPH: "PARA"}
_BARE: Final = re.compile(r"[\w./:@?&=%+-]+")


def show(node: Node) -> str:
    """Print a tree as a query.

    Words are printed folded, so the text may differ from what was parsed, but its tree is the
    same but for names and positions. Of a compiled tree, an entity is printed as its reference, a
    weighted topic by its name, and the restriction of a rule as questions.
    """
    match node:
        case Clause(_, _, what):
            return _positional(what)
        case And(parts):
            return " AND ".join(_inside(part) for part in parts)
        case Or(parts):
            return " OR ".join(_alternative(part) for part in parts)
        case Not(part):
            return f"NOT {_inside(part)}"
        case Scope(field, part):
            return f"{field}:{_unit(part)}"
        case Count(clause, minimum):
            return f"{_operand(clause.what)}{{{minimum},}}"
        case AtLeast(minimum, parts):
            return f"ATLEAST/{minimum}({' '.join(_listed(part) for part in parts)})"
        case _:
            return _question(node)


def _question(node: Meta | Regex | Weighted | Restriction) -> str:
    match node:
        case Meta(field, value, _):
            return f"{field}:{_value(value)}"
        case Regex(name, _, _) | Weighted(name, _, _, _):
            return name
        case Restriction(feeds, languages, until):
            asked = [f"feed:{_group(feeds)}"] if feeds else []
            asked += [f"lang:{_group(languages)}"] if languages else []
            asked += [f"until {until}"] if until else []
            return " AND ".join(asked)


def _group(values: Iterable[str]) -> str:
    return f"({' OR '.join(map(_value, values))})"


def _value(value: str) -> str:
    return value if _BARE.fullmatch(value) else f'"{value}"'


# --- where brackets are needed ---


def _alternative(node: Node) -> str:
    """A part of an OR."""
    return f"({show(node)})" if isinstance(node, Or) else show(node)


def _inside(node: Node) -> str:
    """A part of an AND or a NOT."""
    return f"({show(node)})" if isinstance(node, And | Or) else show(node)


def _listed(node: Node) -> str:
    """A part of ATLEAST."""
    return f"({show(node)})" if isinstance(node, And | Or | Not) else show(node)


def _unit(node: Node) -> str:
    """What stands behind a field."""
    match node:
        case Clause(_, _, Near() | Together() | Apart() | Outside()):
            return f"({show(node)})"
        case Clause() | Count() | Regex() | AtLeast():
            return show(node)
        case _:
            return f"({show(node)})"


# --- what stands somewhere ---


def _positional(what: Positional) -> str:
    match what:
        case Sequence(tokens):
            return _sequence(tokens)
        case Window(parts, slop):
            words = " ".join("-".join(test.fold for test in part) for part in parts)
            return f'"{words}"~{slop}'
        case AnyOf(parts):
            return f"({' OR '.join(map(_operand, parts))})"
        case Entity(id_, _, _):
            return f"@{id_}"
        case Reference(kind, id_):
            return f"{_SIGNS[kind]}{id_}"
        case Near() | Together() | Apart() | Outside():
            return f"{_operand(what.left)} {_operator(what)} {_operand(what.right)}"


def _operand(what: Positional) -> str:
    """What stands beside an operator."""
    shown = _positional(what)
    return f"({shown})" if isinstance(what, Near | Together | Apart | Outside) else shown


def _operator(what: Near | Together | Apart | Outside) -> str:
    match what:
        case Near(_, _, distance, ordered):
            return f"{'ONEAR' if ordered else 'NEAR'}/{distance}"
        case Together(_, _, unit):
            return _UNITS[unit]
        case Apart(_, _, distance):
            return f"NOT NEAR/{distance}"
        case Outside():
            return "NOT IN"


def _sequence(tokens: tuple[TokenTest, ...]) -> str:
    match tokens:
        case (Form(fold),):
            return f"={fold}"
        case (CasedForm(), *_):
            return f"{{{' '.join(test.raw for test in tokens if isinstance(test, CasedForm))}}}"
        case (single,):
            return single.fold
        case _:
            how = "~" if any(isinstance(test, Term) for test in tokens) else ""
            return f'"{" ".join(test.fold for test in tokens)}"{how}'
