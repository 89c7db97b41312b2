"""The text of a rule file, cut into its tables."""

import re
from typing import Final, TypeAlias

TableKey: TypeAlias = tuple[str, str]
"""Kind and name: ``("rules", "sanctions")``."""

_HEADER: Final = re.compile(r"^[ \t]*\[.*", re.MULTILINE)
_TABLE: Final = re.compile(r"\[(entities|topics|rules)\.([a-z0-9][a-z0-9_-]*)\][ \t]*(?:#.*)?")
_SAID: Final = re.compile(r"^[ \t]*[^\s#]", re.MULTILINE)
_LONG_QUOTES: Final = ('"""', "'''")


def split(source: str) -> dict[TableKey, str] | None:
    """The text of each table with those below it, in their order.

    The tables say by themselves what they say together. None if that can't be seen at a glance: a
    text of several lines may hold what looks like a header, and tables may be written in other
    ways.
    """
    if any(quotes in source for quotes in _LONG_QUOTES):
        return None
    starts: list[tuple[TableKey, int]] = []
    below: tuple[str, ...] = ()
    for header in _HEADER.finditer(source):
        line = header[0]
        if table := _TABLE.fullmatch(line):
            starts.append(((table[1], table[2]), header.start()))
            below = (f"[{table[1]}.{table[2]}.", f"[[{table[1]}.{table[2]}.")
        elif not (below and line.startswith(below)):
            return None
    ends = [*(start for _, start in starts), len(source)]
    if _SAID.search(source[: ends.pop(0)]):
        return None
    tables = {key: source[start:end] for (key, start), end in zip(starts, ends, strict=True)}
    return tables if len(tables) == len(starts) else None
