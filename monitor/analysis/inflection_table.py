"""Tables of case endings: how one is written, and what it makes of a name.

A row is ``kept-cut: endings``. It is for names that end in *kept* + *cut* (regular expressions;
C is any consonant, Ц any Serbian one, V any vowel), and the endings take the place of *cut*. The
first row that fits a name is its paradigm. Marks before an ending: ``^`` softens the stem
(Amerika, Americe; Turku, Turun), ``+`` doubles its last letter (Helsinki, Helsinkiin; Trump,
Trumppal); ``0`` is the empty ending. A name in the singular has forms in the singular, one in the
plural (Niemcy, Pardubice) those of the plural. Endings of several genders may stand in one row, as
a form that does not exist does no harm, unless it is another name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import regex

_CLASSES: Final = {
    "C": "[^aeiouyəаеиоуыэюяіє]",
    "Ц": "[бвгдђжзјклљмнњпрстћфхцчџш]",
    "V": "[aeiouyə]",
}
_SHORTEST_STEM: Final = 2
_SHORTEST_BARE: Final = 4  # Nice, but not nic

Forms = tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    pattern: "regex.Pattern[str]"
    plain: frozenset[str]
    soft: frozenset[str]
    doubled: frozenset[str]


class Table:
    """The paradigms of a language.

    Args:
        rows: see the module.
        soft: end of a stem -> the ends it has when softened, separated by blanks; the first
            pattern that fits counts. Without one the stem stays as it is.
        fleeting: end of a name in a consonant -> the ends its stem may have before an ending
            (Pav*e*l, Pavla; Ки*ї*в, Києва); all that fit count.
    """

    def __init__(
        self,
        rows: str,
        *,
        soft: Mapping[str, str] | None = None,
        fleeting: Mapping[str, str] | None = None,
    ) -> None:
        self._written = rows, soft or {}, fleeting or {}

    # Read when the language is first met: all patterns together take a tenth of a second.

    @cached_property
    def _rows(self) -> tuple[_Row, ...]:
        return tuple(_row(line) for line in self._written[0].splitlines() if line.strip())

    @cached_property
    def _soft(self) -> "tuple[_Change, ...]":
        return _changes(self._written[1])

    @cached_property
    def _fleeting(self) -> "tuple[_Change, ...]":
        return _changes(self._written[2])

    def forms(self, name: str) -> Forms:
        """The forms of a folded name: stems, each with the endings it takes."""
        for row in self._rows:
            if (match := row.pattern.search(name)) and match.start("cut") >= _SHORTEST_STEM:
                return self._declined(row, name[: match.start("cut")], match["cut"])
        return ()

    def _declined(self, row: _Row, stem: str, cut: str) -> Forms:
        stems = [stem]
        if cut in {"", "ь"}:
            stems += [
                pattern.sub(end, stem)
                for pattern, ends in self._fleeting
                for end in ends
                if pattern.search(stem)
            ]
        plain = row.plain if len(stem) >= _SHORTEST_BARE else row.plain - {""}
        forms = [(each, plain) for each in stems]
        forms += [(each, row.soft) for each in self._softened(stem)]
        forms.append((stem + stem[-1], row.doubled))
        return tuple(form for form in forms if form[1])

    def _softened(self, stem: str) -> list[str]:
        for pattern, ends in self._soft:
            if pattern.search(stem):
                return [pattern.sub(end, stem) for end in ends]
        return [stem]


def after(starts: str, endings: str) -> str:
    """Each of the endings after each of the starts (``se``, ``^``)."""
    return " ".join(start + ending for start in starts.split() for ending in endings.split())


def _row(line: str) -> _Row:
    name, _, endings = line.strip().partition(":")
    kept, _, cut = name.partition("-")
    marked: dict[str, set[str]] = {"": set(), "^": set(), "+": set()}
    for ending in endings.split():
        mark = ending[0] if ending[0] in marked else ""
        marked[mark].add(ending.removeprefix(mark).removesuffix("0"))
    return _Row(_ending(f"(?:{kept})(?<cut>{cut})"), *map(frozenset, marked.values()))


_Change = tuple["regex.Pattern[str]", list[str]]


def _changes(ends: Mapping[str, str]) -> tuple[_Change, ...]:
    return tuple((_ending(f"(?:{end})"), changed.split(" ")) for end, changed in ends.items())


def _ending(pattern: str) -> "regex.Pattern[str]":
    for name, letters in _CLASSES.items():
        pattern = pattern.replace(name, letters)
    return regex.compile(pattern + "$")
