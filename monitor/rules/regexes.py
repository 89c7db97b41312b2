r"""Regular expressions of queries: the only door of RE2, whose time is linear in the text.

Analysts write ``\w`` for any letter; RE2 means ASCII by it. So the classes ``\w \d \s`` are
written out. A word border (``\b``) can't be, since RE2 has no look-around.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import re2
import regex

from monitor.rules.places import QueryError

MAX_PATTERN: Final = 1_000
_FLAGS: Final = "ims"
# Bytes a compiled pattern may take; \w{1,100} needs 3 MB.
_MAX_MEMORY: Final = 4 << 20
# Of all patterns together; a set that runs out of it begins its tables anew.
_SET_MEMORY: Final = 256 << 20

# What a class stands for inside of [ ]; \W leaves out unassigned characters, which no text has.
_CONNECTORS: Final = r"\x{203F}\x{2040}\x{2054}\x{FE33}\x{FE34}\x{FE4D}-\x{FE4F}\x{FF3F}"
_CLASSES: Final = {
    r"\w": r"\p{L}\p{N}\p{M}_",
    r"\W": rf"\p{{S}}\p{{Z}}\p{{C}}\p{{Pd}}\p{{Ps}}\p{{Pe}}\p{{Pi}}\p{{Pf}}\p{{Po}}{_CONNECTORS}",
    r"\d": r"\p{Nd}",
    r"\D": r"\P{Nd}",
    r"\s": r"\t-\r\x{85}\p{Z}",
    r"\S": r"\x00-\x{08}\x{0E}-\x{1F}\x{7F}-\x{84}\x{86}-\x{9F}"
    r"\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}\p{Co}",
}
_ESCAPE: Final = r"\\(?:[pP]\{[^}]*\}|x\{[^}]*\}|x..|[pP].|.)"
_PIECE: Final = re.compile(
    rf"""
      \\Q.*?(?:\\E|$)
    | {_ESCAPE}
    | \[\^?\]?(?:\[:\^?\w+:\] | {_ESCAPE} | [^\]\\])*\]  # [^a-z]
    | \((?:\?(?:P?<\w*> | [a-zA-Z-]*:))?                 # ( (?: (?P<name> (?i:
    | \(\?[a-zA-Z-]*\)                                   # (?i)
    | \{{\d+,?\d*\}}
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_SET_PIECE: Final = re.compile(rf"{_ESCAPE}|.", re.DOTALL)
_BORDERS: Final = frozenset({r"\b", r"\B"})
_ASSERTIONS: Final = _BORDERS | {r"\A", r"\z", "^", "$"}
_STOPS: Final = frozenset({"|", "."})  # what is beyond them is not beside a border
_REPEAT: Final = re.compile(r"[*+?]|\{\d")
_OPTIONAL: Final = re.compile(r"[*?]|\{0")
_FOREIGN: Final = regex.compile(r"[\p{L}\p{M}--a-zA-Z]", regex.V1)
_FOREIGN_WORD: Final = regex.compile(r"[\p{L}\p{M}]*[\p{L}\p{M}--a-zA-Z][\p{L}\p{M}]+", regex.V1)
_REASONS: Final = {
    r"invalid perl operator: \(\?<?[=!].*": "RE2 has no look-around",
    r"invalid escape sequence: \\\d": "RE2 has no back references",
    r"pattern too large.*": "the expression is too large; repeat less",
}


def ready(written: str) -> str:
    r"""The expression of RE2 for what stands in a query.

    Args:
        written: with its slashes and flags: ``/sanctio\w+/i``.

    Raises:
        QueryError: RE2 refuses it, it is too large, it can match the empty string, or it has a
            word border beside a letter that RE2 takes for none.
    """
    pattern, _, flags = written[1:].rpartition("/")
    _check_outside(pattern, flags, len(written))
    pieces = _PIECE.findall(pattern)
    _check_borders(pieces)
    front = f"(?{''.join(sorted(set(flags)))})" if flags else ""
    expression = front + "".join(map(_unicode, pieces))
    compiled(expression)
    _check_empty(front, pieces)
    return expression


def compiled(expression: str) -> "re2._Regexp":
    """The expression, ready to search with.

    Raises:
        QueryError: RE2 refuses it.
    """
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    try:
        return re2.compile(expression, options)
    except re2.error as error:
        raise QueryError(0, f"not a regular expression: {_reason(error.args[0])}") from None


class ExpressionSet:
    """Many expressions, searched for in one pass over a text."""

    def __init__(self, expressions: Sequence[str]) -> None:
        self._sets = list(_sets(expressions, 0))

    def found(self, text: str) -> list[int]:
        """The numbers of the expressions that match somewhere in a text."""
        text = encodable(text)
        return [first + number for first, each in self._sets for number in each.Match(text) or ()]


def _sets(expressions: Sequence[str], first: int) -> Iterator[tuple[int, "re2.Set"]]:
    """Sets with the number of their first expression; as many as their memory asks for."""
    try:
        yield first, _set(expressions)
    except re2.error:
        half = len(expressions) // 2
        if not half:
            raise
        yield from _sets(expressions[:half], first)
        yield from _sets(expressions[half:], first + half)


def _set(expressions: Sequence[str]) -> "re2.Set":
    options = re2.Options()
    options.max_mem = _SET_MEMORY
    options.log_errors = False
    found = re2.Set.SearchSet(options)
    for expression in expressions:
        found.Add(expression)
    found.Compile()
    return found


def encodable(text: str) -> str:
    """The text with ``?`` for lone surrogates, which UTF-8 does not know."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def _reason(told: bytes) -> str:
    text = told.decode(errors="replace")
    return next(
        (reason for shape, reason in _REASONS.items() if re.fullmatch(shape, text, re.DOTALL)),
        text[:80],
    )


def _check_outside(pattern: str, flags: str, length: int) -> None:
    unknown = flags.strip("ims")
    if unknown:
        message = f'"{unknown[0]}" is no flag of a regular expression; there are i, s and m'
        raise QueryError(length - len(flags), message)
    if len(pattern) > MAX_PATTERN:
        raise QueryError(0, f"a regular expression has at most {MAX_PATTERN:,} characters")
    if "\b" in pattern:
        message = r"a backspace stands here; in TOML \b needs single quotes: '/\bkyiv\b/'"
        raise QueryError(1 + pattern.index("\b"), message)
    if r"\C" in pattern:
        raise QueryError(1 + pattern.index(r"\C"), r"\C is no character; write . instead")


def _unicode(piece: str) -> str:
    """A piece with the classes written out."""
    if piece[0] == "[":
        parts = _SET_PIECE.findall(piece[1:-1])
        return f"[{''.join(_CLASSES.get(part, part) for part in parts)}]" if parts else piece
    return f"[{_CLASSES[piece]}]" if piece in _CLASSES else piece


def _check_empty(front: str, pieces: Sequence[str]) -> None:
    bare = "".join("(?:)" if piece in _ASSERTIONS else _unicode(piece) for piece in pieces)
    if compiled(front + bare).fullmatch(""):
        message = "this expression can match the empty string, which is everywhere"
        raise QueryError(0, f"{message}; require at least one letter")


# --- word borders ---


def _check_borders(pieces: Sequence[str]) -> None:
    for number, piece in enumerate(pieces):
        if piece in _BORDERS:
            beside = _after(pieces[number + 1 :]) + _before(pieces[:number])
            if any(map(_is_foreign, beside)):
                offset = 1 + sum(map(len, pieces[:number]))
                raise QueryError(offset, _border_message(piece, "".join(pieces)))


def _border_message(border: str, pattern: str) -> str:
    found = _FOREIGN_WORD.search(re.sub(_ESCAPE, " ", pattern))
    example = f"={found[0]}" if found else "санкц*"
    return f"{border} knows ASCII letters only; search for the word with a word query: {example}"


def _after(pieces: Sequence[str]) -> list[str]:
    """What may follow directly; of a group that follows, everything."""
    found: list[str] = []
    depth = 0
    for number, piece in enumerate(pieces):
        follower = pieces[number + 1] if number + 1 < len(pieces) else ""
        if piece in _STOPS and not depth:
            break
        depth += (piece[0] == "(" and piece[-1] != ")") - (piece == ")")
        depth = max(depth, 0)
        if _is_atom(piece):
            found.append(piece)
        if found and not depth and not _OPTIONAL.match(follower) and not _REPEAT.match(piece):
            break
    return found


def _before(pieces: Sequence[str]) -> list[str]:
    """What may stand directly before; of a group that does, everything."""
    found: list[str] = []
    depth = 0
    optional = False
    for piece in reversed(pieces):
        if piece in _STOPS and not depth:
            break
        if _REPEAT.match(piece):
            optional = optional or (not depth and bool(_OPTIONAL.match(piece)))
            continue
        depth += (piece == ")") - (piece[0] == "(" and piece[-1] != ")")
        depth = max(depth, 0)
        if _is_atom(piece):
            found.append(piece)
        if found and not depth:
            if not optional:
                break
            optional = False
    return found


def _is_atom(piece: str) -> bool:
    return not (piece in _ASSERTIONS or piece in "|)" or piece[0] == "(" or _REPEAT.match(piece))


def _is_foreign(piece: str) -> bool:
    r"""Whether a piece may stand for a letter beyond ASCII; ``\w`` is not held against it."""
    escapes: Iterable[str] = re.findall(_ESCAPE, piece)
    return any(map(_is_foreign_escape, escapes)) or bool(
        _FOREIGN.search(re.sub(_ESCAPE, "", piece.removeprefix(r"\Q")))
    )


def _is_foreign_escape(escape: str) -> bool:
    name = escape[2:].strip("{}^")
    if escape[1] in "pP":
        return name.startswith("L") or len(name) > len("Lu")
    if escape[1] == "x" and re.fullmatch("[0-9A-Fa-f]{1,5}", name):
        return bool(_FOREIGN.match(chr(int(name, 16))))
    return False
