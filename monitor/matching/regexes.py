"""Regular expressions on the text of a field (the door of RE2 when articles are matched).

RE2 takes linear time for one match, whatever the expression.
"""

from functools import lru_cache
from itertools import islice
from typing import Any, Final

import re2

_WORK: Final = 100_000_000  # characters that a search for all matches may read at worst


def is_found(pattern: str, text: str) -> bool:
    """Whether an expression matches somewhere in a text."""
    return _compiled(pattern).search(_encodable(text)) is not None


def matches(pattern: str, text: str, most: int) -> list[tuple[int, int]]:
    """Start and end of the first matches that are not empty, in characters, without overlaps.

    At most ``most``; fewer if the text is long, since each search may read all of the rest.
    """
    number = max(1, min(most, _WORK // (len(text) + 1)))
    found = _compiled(pattern).finditer(_encodable(text))
    spans = (match.span() for match in found)
    return list(islice((span for span in spans if span[0] < span[1]), number))


def _encodable(text: str) -> str:
    """The text with ``?`` for lone surrogates, which UTF-8 does not know."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


@lru_cache(maxsize=1_000)  # of up to 8 MB each
def _compiled(pattern: str) -> Any:  # noqa: ANN401 - the library has no types
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)
