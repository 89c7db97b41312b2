"""What is wrong with a query that the grammar refuses, in words."""

from difflib import get_close_matches
from typing import Final

import regex

FIELDS: Final = (
    *("title", "lead", "text", "author", "url", "site", "feed", "tag", "lang"),
    *("intitle", "ingress", "summary", "intext", "body", "inurl"),
)
_FIELD: Final = regex.compile(r"(\w+):$")
_OPERATOR: Final = regex.compile(r"(?:^|[\s(])(OR|AND|NOT|-|O?NEAR(?:/\d+f?)?|W/\d+|PRE/\d+)\s*$")
_PROXIMITY: Final = regex.compile(r"(?:O?NEAR|PRE|W)(?:/\d+f?)?(?![^\s()])")
_LATER: Final = regex.compile(r"(?:SENT|PARA|W/S|W/P|ATLEAST|NOT\s+IN)(?![^\s()/\"])")

Diagnosis = tuple[int, str]


def diagnose(query: str, offset: int) -> Diagnosis:
    """Offset and message for a query whose character at ``offset`` can't stand there.

    ``offset`` is ``len(query)`` if the query ends too early.
    """
    before, rest = query[:offset], query[offset:].lstrip()
    offset = len(query) - len(rest)
    return (
        _ends_too_early(before, offset)
        if not rest
        else _brackets(query, before, rest, offset)
        or _operators(before, rest, offset)
        or (offset, _character(before, rest))
    )


def _ends_too_early(before: str, offset: int) -> Diagnosis:
    if not before.strip():
        return 0, "the query is empty; write at least one word"
    dangling = _OPERATOR.search(before)
    if dangling:
        return dangling.start(1), f'"{dangling[1]}" needs an operand after it'
    opened = _open_bracket(before)
    if opened is not None:
        return opened, '"(" is never closed'
    return offset, "the query ends too early"


def _open_bracket(text: str) -> int | None:
    stack: list[int] = []
    quoted = False
    for position, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == "(" and not quoted:
            stack.append(position)
        elif char == ")" and not quoted and stack:
            stack.pop()
    return stack[-1] if stack else None


def _brackets(query: str, before: str, rest: str, offset: int) -> Diagnosis | None:
    if rest[0] == '"':
        return offset, 'this quote has no partner; a phrase is written "like this"'
    if rest[0] != ")":
        return None
    dangling = _OPERATOR.search(before)
    if dangling:
        return dangling.start(1), f'"{dangling[1]}" needs an operand after it'
    if before.rstrip().endswith("("):
        return len(
            query[:offset].rstrip()
        ) - 1, "the group is empty; write at least one word in it"
    return offset, '")" has no "("'


def _operators(before: str, rest: str, offset: int) -> Diagnosis | None:
    word = rest.split(maxsplit=1)[0]
    beside = _OPERATOR.search(before)
    later = _LATER.match(rest)
    if later:
        name = " ".join(later[0].split())
        return offset, f'{name} is not available yet; to search for the word, quote it: "{name}"'
    if beside and (word == "NOT" or rest[0] == "-") and _PROXIMITY.match(beside[1]):
        return offset, f"an operand of {beside[1]} can't be negated; write NOT (a {beside[1]} b)"
    if beside and beside[1] == "NOT" and _PROXIMITY.match(rest):
        return beside.start(1), "NOT NEAR is not available yet; write a AND NOT (a NEAR/4 b)"
    if _PROXIMITY.match(rest):
        if before.strip() and not beside and not before.rstrip().endswith("("):
            return offset, "proximity can't be chained; use parentheses: (a OR b) NEAR/4 c"
        return offset, f'"{word}" needs an operand before it; to search for the word, quote it'
    if word.strip("()") in {"OR", "AND"}:
        name = word.strip("()")
        return (
            offset,
            f'"{name}" needs an operand before it; to search for the word, quote it: "{name}"',
        )
    return None


def _character(before: str, rest: str) -> str:
    field = _FIELD.search(before + rest[0])
    if field:
        close = get_close_matches(field[1].lower(), FIELDS, 1)
        if field[1] in FIELDS:
            return f'"{field[1]}:" needs a word, a phrase or a group right after it'
        if field[1] == "rule":
            return '"rule:" is not available yet; put the shared part into a topic: #name'
        hint = f'did you mean "{close[0]}:"?' if close else "to search for it, quote it"
        return f'unknown field "{field[1]}:"; {hint}'
    reasons = {
        "{": "an exact form is written {European Commission}, alone and closed",
        "!": '"!" is no operator; exclude with -NASA, an exact form is written {NASA}',
        "^": '"^" is no operator: words have no weight here',
        "}": '"}" has no "{"',
        "/": "regular expressions are not available yet; a word may carry wildcards: sanct*",
        "~": 'a window is written right after a phrase: "sanctions package"~4',
        "-": '"-" must stand right before what it excludes: -football',
        "=": '"=" must stand right before a word: =sanctions',
        "@": '"@" must stand right before the name of an entity: @nato',
        "#": '"#" must stand right before the name of a topic; a hashtag is quoted: "#MeToo"',
    }
    return reasons.get(rest[0], f"{rest[0]!r} can't stand here; quote it to search for it")
