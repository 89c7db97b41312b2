"""One operand of a query -> what it looks for, by the analysis that articles go through.

An operand means the same wherever it stands, so its meaning is computed once per text: equal
words and phrases of a rule set are one object.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, TypeVar

import regex

from monitor.analysis.tokens import tokenise
from monitor.rules.places import QueryError
from monitor.rules.tree import (
    CasedForm,
    Form,
    Pattern,
    Positional,
    Reference,
    Sequence,
    Term,
    TokenTest,
    Window,
)

Found = TypeVar("Found")

MAX_DISTANCE: Final = 64

_KEPT: Final = 2**16
_LONGEST: Final = 200  # longer operands are rare, and many of them would fill the memory
_LITERAL: Final = regex.compile(r"[\p{L}\p{N}]")
_MIN_LITERALS: Final = 2
# Two letters that no text holds stand for the wildcards while a word is analysed.
_ANY, _ONE = "\ua78f", "\ua7f7"
_HIDE: Final = str.maketrans({"*": _ANY, "?": _ONE})
_SHOW: Final = str.maketrans({_ANY: "*", _ONE: "?"})
# Analysis reads U.S. as one word by its capitals; in a query case says nothing.
_INITIALS: Final = regex.compile(r"(?<![\p{L}\p{N}.])\p{L}(?:\.\p{L})+(?![\p{L}\p{N}])")
# Signs that are operators in other tools.
_ELSEWHERE: Final = {
    "&&": "; write AND, or just a blank",
    "||": "; write OR",
    "|": "; write OR",
    "+": "; a blank means AND",
}
_LATIN_SHORT: Final = frozenset({"e.g", "i.e"})


def _kept(compute: Callable[[str], Found]) -> Callable[[str], Found]:
    """Keep what a text means, unless it is long."""
    cached = lru_cache(_KEPT)(compute)

    @wraps(compute)
    def lookup(text: str) -> Found:
        return cached(text) if len(text) <= _LONGEST else compute(text)

    return lookup


@_kept
def operand(written: str) -> Positional:
    """What a word, phrase, exact form or reference looks for.

    Args:
        written: the operand with its signs: ``wom?n``, ``=sanctions``, ``{NATO}``, ``"a b"~4``,
            ``@nato``, ``#topic``.

    Raises:
        QueryError: there is nothing to search for, or a wildcard can't be kept; its offset counts
            from the operand.
    """
    match written[0]:
        case '"':
            return _quoted(written)
        case "=":
            return Sequence(_forms(written[1:]))
        case "{":
            return Sequence(_cased(written[1:-1]))
        case "@":
            return Reference("entity", written[1:])
        case "#":
            return Reference("topic", written[1:])
        case _:
            return Sequence(_stems(written))


def window(text: str, slop: int) -> Sequence | Window:
    """Its words in any order; a word of several tokens (EU-Paket, 制裁) stays together.

    Raises:
        QueryError: there is no word.
    """
    parts = tuple(_stems(chunk) for chunk in text.split() if _LITERAL.search(chunk))
    _some(parts, text)
    return Sequence(parts[0]) if len(parts) == 1 else Window(parts, slop)


def distance(digits: str) -> int:
    """A number of words between two.

    Raises:
        QueryError: it is too large.
    """
    if len(digits) > len(str(MAX_DISTANCE)) or int(digits) > MAX_DISTANCE:
        message = f"a distance is at most {MAX_DISTANCE} words, not {digits[:9]}"
        raise QueryError(0, message)
    return int(digits)


def dotted(text: str) -> str:
    """The text with initials (u.s.) in capitals, so that analysis joins them."""
    if "." not in text:
        return text
    return _INITIALS.sub(
        lambda found: found[0] if found[0].casefold() in _LATIN_SHORT else found[0].upper(), text
    )


def _quoted(written: str) -> Positional:
    phrase, how = written[1:].rsplit('"', 1)
    match how:
        case "":
            return Sequence(_forms(phrase))
        case "~":
            return Sequence(_stems(phrase))
        case _:
            return window(phrase, distance(how[1:]))


def _stems(text: str) -> tuple[TokenTest, ...]:
    """Tokens compared by stem; those with a wildcard by pattern."""
    return _some(tuple(test for chunk in dotted(text).split() for test in _chunk(chunk)), text)


def _forms(text: str) -> tuple[TokenTest, ...]:
    """Tokens compared in exactly their form, case and accents aside."""
    return tuple(_form(test.fold) if isinstance(test, Term) else test for test in _stems(text))


def _cased(text: str) -> tuple[TokenTest, ...]:
    """Tokens compared in exactly their form and case."""
    if "*" in text or "?" in text:
        raise QueryError(0, "an exact form has no wildcards; leave the braces out")
    tokens = tokenise(text, None)
    return _some(tuple(map(CasedForm, tokens.raw, tokens.fold)), text)


@_kept
def _chunk(chunk: str) -> tuple[TokenTest, ...]:
    """The tests of what stands between two blanks."""
    if chunk.isascii() and chunk.isalnum():
        return (_term(chunk.lower()),)
    folded = tokenise(chunk.translate(_HIDE), None).fold
    words = [word.translate(_SHOW) for word in folded]
    return tuple(_pattern(word, chunk) if _is_pattern(word) else _term(word) for word in words)


_term: Final = lru_cache(_KEPT)(Term)
_form: Final = lru_cache(_KEPT)(Form)


def _is_pattern(word: str) -> bool:
    return "*" in word or "?" in word


def _pattern(word: str, chunk: str) -> Pattern:
    if len(_LITERAL.findall(word)) >= _MIN_LITERALS:
        return Pattern(word)
    if len(_LITERAL.findall(chunk)) >= _MIN_LITERALS:  # 制裁*: its tokens are single signs
        message = f"{chunk!r} is found inside longer words anyway; leave the wildcard out"
        raise QueryError(0, message)
    raise QueryError(0, f"the wildcard {chunk!r} needs at least two letters")


def _some(found: tuple[Found, ...], text: str) -> tuple[Found, ...]:
    if not found:
        hint = _ELSEWHERE.get(text, "")
        raise QueryError(0, f"{text!r} has no letter or digit to search for{hint}")
    return found
