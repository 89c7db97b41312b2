"""The words of a query -> tests of tokens, by the analysis that articles go through."""

from typing import Final

import regex

from monitor.analysis.fold import fold
from monitor.analysis.scan import APOSTROPHES
from monitor.analysis.tokens import tokenise
from monitor.rules.places import QueryError
from monitor.rules.tree import CasedForm, Form, Pattern, Sequence, Term, TokenTest, Window

_PIECE: Final = regex.compile(r"[\p{L}\p{M}\p{N}*?]+")
# Ukrainian, Belarusian and Hebrew words hold an apostrophe; their tokens don't.
_INNER_APOSTROPHE: Final = regex.compile(
    rf"(?<=[\p{{Cyrillic}}\p{{Hebrew}}])[{APOSTROPHES}](?=[\p{{Cyrillic}}\p{{Hebrew}}])"
)
_LITERAL: Final = regex.compile(r"[\p{L}\p{N}]")
_MIN_LITERALS: Final = 2


def _piece(text: str, offset: int) -> TokenTest:
    if "*" not in text and "?" not in text:
        return Term(fold(text))
    if len(_LITERAL.findall(text)) < _MIN_LITERALS:
        raise QueryError(offset, f"the wildcard {str(text)!r} needs at least two letters")
    return Pattern(fold(text))


def stems(text: str, offset: int) -> tuple[TokenTest, ...]:
    """Tokens compared by stem; words with a wildcard by pattern."""
    if "*" in text or "?" in text:
        joined = _INNER_APOSTROPHE.sub("", text)
        tests = tuple(_piece(piece, offset) for piece in _PIECE.findall(joined))
    else:
        tests = tuple(map(Term, tokenise(text, None).fold))
    return _some(tests, text, offset)


def forms(text: str, offset: int) -> tuple[TokenTest, ...]:
    """Tokens compared in exactly their form, case and accents aside."""
    tests = stems(text, offset)
    return tuple(Form(test.fold) if isinstance(test, Term) else test for test in tests)


def cased(text: str, offset: int) -> tuple[TokenTest, ...]:
    """Tokens compared in exactly their form and case."""
    tokens = tokenise(text, None)
    return _some(tuple(map(CasedForm, tokens.raw, tokens.fold)), text, offset)


def _some(tests: tuple[TokenTest, ...], text: str, offset: int) -> tuple[TokenTest, ...]:
    if not tests:
        raise QueryError(offset, f"{str(text)!r} has no letter or digit to search for")
    return tests


def window(text: str, slop: int, offset: int) -> Sequence | Window:
    """Stems in any order; of a single word just that word."""
    tests = stems(text, offset)
    return Sequence(tests) if len(tests) == 1 else Window(tests, slop)
