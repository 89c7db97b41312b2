"""The words of a query -> tests of tokens, by the analysis that articles go through."""

from typing import Final, TypeVar

import regex

from monitor.analysis.tokens import tokenise
from monitor.rules.places import QueryError
from monitor.rules.tree import CasedForm, Form, Pattern, Sequence, Term, TokenTest, Window

Found = TypeVar("Found")

_LITERAL: Final = regex.compile(r"[\p{L}\p{N}]")
_MIN_LITERALS: Final = 2
# Two letters that no text holds stand for the wildcards while a word is analysed.
_ANY, _ONE = "\ua78f", "\ua7f7"
_HIDE: Final = str.maketrans({"*": _ANY, "?": _ONE})
_SHOW: Final = str.maketrans({_ANY: "*", _ONE: "?"})
# Analysis reads U.S. as one word by its capitals; in a query case says nothing.
_INITIALS: Final = regex.compile(r"(?<![\p{L}\p{N}.])\p{L}(?:\.\p{L})+(?![\p{L}\p{N}])")
_LATIN_SHORT: Final = frozenset({"e.g", "i.e"})


def stems(text: str, offset: int) -> tuple[TokenTest, ...]:
    """Tokens compared by stem; those with a wildcard by pattern.

    Raises:
        QueryError: there is no token, or a wildcard can't be kept.
    """
    tests = tuple(test for chunk in dotted(text).split() for test in _chunk(chunk, offset))
    return _some(tests, text, offset)


def forms(text: str, offset: int) -> tuple[TokenTest, ...]:
    """Tokens compared in exactly their form, case and accents aside."""
    tests = stems(text, offset)
    return tuple(Form(test.fold) if isinstance(test, Term) else test for test in tests)


def cased(text: str, offset: int) -> tuple[TokenTest, ...]:
    """Tokens compared in exactly their form and case."""
    if "*" in text or "?" in text:
        raise QueryError(offset, "an exact form has no wildcards; leave the braces out")
    tokens = tokenise(text, None)
    return _some(tuple(map(CasedForm, tokens.raw, tokens.fold)), text, offset)


def window(text: str, slop: int, offset: int) -> Sequence | Window:
    """Its words in any order; a word of several tokens (EU-Paket, 制裁) stays together."""
    parts = tuple(stems(chunk, offset) for chunk in text.split() if _LITERAL.search(chunk))
    _some(parts, text, offset)
    return Sequence(parts[0]) if len(parts) == 1 else Window(parts, slop)


def dotted(text: str) -> str:
    """The text with initials (u.s.) in capitals, so that analysis joins them."""
    return _INITIALS.sub(
        lambda found: found[0] if found[0].casefold() in _LATIN_SHORT else found[0].upper(), text
    )


def _chunk(chunk: str, offset: int) -> list[TokenTest]:
    folded = tokenise(chunk.translate(_HIDE), None).fold
    words = [word.translate(_SHOW) for word in folded]
    return [_pattern(word, chunk, offset) if _is_pattern(word) else Term(word) for word in words]


def _is_pattern(word: str) -> bool:
    return "*" in word or "?" in word


def _pattern(word: str, chunk: str, offset: int) -> Pattern:
    if len(_LITERAL.findall(word)) >= _MIN_LITERALS:
        return Pattern(word)
    if len(_LITERAL.findall(chunk)) >= _MIN_LITERALS:  # 制裁*: its tokens are single signs
        message = f"{chunk!r} is found inside longer words anyway; leave the wildcard out"
        raise QueryError(offset, message)
    raise QueryError(offset, f"the wildcard {chunk!r} needs at least two letters")


def _some(found: tuple[Found, ...], text: str, offset: int) -> tuple[Found, ...]:
    if not found:
        raise QueryError(offset, f"{str(text)!r} has no letter or digit to search for")
    return found
