"""Regular expressions on the text of a field."""

from functools import lru_cache
from itertools import islice
from typing import Any, Final

from monitor.rules.regexes import compiled, encodable

_WORK: Final = 100_000_000  # characters that a search for all matches may read at worst
_LONGEST: Final = 2_000  # characters of a match


def is_found(pattern: str, text: str) -> bool:
    """Whether an expression matches somewhere in a text."""
    return _compiled(pattern).search(encodable(text)) is not None


def matches(pattern: str, text: str, most: int) -> list[tuple[int, int]]:
    """Start and end of the first matches that are not empty, in characters, without overlaps.

    At most ``most``; fewer if the text is long, since each search may read all of the rest. Of a
    match that is no passage any more, the beginning.
    """
    number = max(1, min(most, _WORK // (len(text) + 1)))
    found = _compiled(pattern).finditer(encodable(text))
    spans = (match.span() for match in found)
    some = islice(((start, end) for start, end in spans if start < end), number)
    return [(start, min(end, start + _LONGEST)) for start, end in some]


@lru_cache(maxsize=1_000)  # of up to 4 MB each
def _compiled(expression: str) -> Any:  # noqa: ANN401 - the library has no types
    return compiled(expression)
