"""Trees as the queries they come from: for failures that can be read, and as a second source."""

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
    Pattern,
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

_UNSPACED_FROM = "\u0e00"  # Thai, Lao, Khmer, kana, Han, Hangul: words without blanks


def written(what: Node | Positional) -> str:
    """The query of a tree; <…> for what no query says in one piece."""
    match what:
        case Clause(_, _, positional):
            return written(positional)
        case And(parts):
            return f"({' AND '.join(map(written, parts))})"
        case Or(parts) | AnyOf(parts):
            return f"({' OR '.join(map(written, parts))})"
        case Not(part):
            return f"(NOT {written(part)})"
        case Scope(field, part):
            return f"{field}:{_group(part)}"
        case Count(clause, minimum):
            return f"{_group(clause)}{{{minimum},}}"
        case AtLeast(minimum, parts):
            return f"ATLEAST/{minimum}({' '.join(map(_group, parts))})"
        case Weighted(_, _, parts, threshold):
            weights = ", ".join(f"{written(part)} = {weight:g}" for part, weight in parts)
            return f"<{weights}; threshold {threshold:g}>"
        case Meta(field, value, _):
            return f'{field}:"{value}"'
        case Regex(name, _, _):
            return name
        case Restriction(feeds, languages, until):
            return f"<feeds {feeds}, languages {languages}, until {until}>"
        case _:
            return _positional(what)


def _group(node: Node) -> str:
    text = written(node)
    return text if text.startswith("(") else f"({text})"


def _positional(what: Positional) -> str:
    match what:
        case Sequence(tokens):
            return _sequence(tokens)
        case Window(parts, slop):
            return f'"{" ".join(map(_part, parts))}"~{slop}'
        case Near(left, right, distance, ordered):
            return _pair(left, f"{'O' if ordered else ''}NEAR/{distance}", right)
        case Together(left, right, unit):
            return _pair(left, "SENT" if unit is Unit.SENTENCE else "PARA", right)
        case Apart(left, right, distance):
            return _pair(left, f"NOT NEAR/{distance}", right)
        case Outside(left, right):
            return _pair(left, "NOT IN", right)
        case Entity(id_) | Reference("entity", id_):
            return f"@{id_}"
        case Reference(kind, id_):
            return f"{'#' if kind == 'topic' else 'rule:'}{id_}"
        case AnyOf():
            return written(what)


def _pair(left: Positional, operator: str, right: Positional) -> str:
    return f"({written(left)} {operator} {written(right)})"


def _sequence(tokens: tuple[TokenTest, ...]) -> str:
    match tokens:
        case (Term(fold) | Pattern(fold),):
            return fold
        case (Form(fold),):
            return f"={fold}"
        case (CasedForm(), *_):
            return f"{{{' '.join(test.raw for test in tokens if isinstance(test, CasedForm))}}}"
        case _:
            stems = any(isinstance(test, Term) for test in tokens)
            return f'"{" ".join(test.fold for test in tokens)}"{"~" if stems else ""}'


def _part(tests: tuple[TokenTest, ...]) -> str:
    """A word of several tokens, as it must be written to stay one."""
    words = [test.fold for test in tests]
    return ("" if words[0] >= _UNSPACED_FROM else "-").join(words)


def is_query(what: Node | Positional) -> bool:
    """Whether ``written`` gives a query that means the same."""
    return "<" not in written(what)
