"""All regular expressions of a rule set in one RE2 set: a text is read once for all of them."""

from collections.abc import Iterator, Mapping, Sequence

from monitor.analysis.batch import Fields
from monitor.rules.regexes import ExpressionSet


class Expressions:
    """Which expressions are found in which fields.

    Args:
        atoms: RE2 pattern -> the atoms it makes true.
    """

    def __init__(self, atoms: Mapping[str, Sequence[int]]) -> None:
        self._atoms = tuple(atoms.values())
        self._set = ExpressionSet(tuple(atoms)) if atoms else None

    def find(self, articles: Sequence[Fields]) -> Iterator[tuple[int, list[int]]]:
        """Segments (number of the article * 3 + field) and the atoms that fire there."""
        if self._set is None:
            return
        segments = (field for article in articles for field in article)
        for segment, text in enumerate(segments):
            found = self._set.found(text)
            if found:
                yield segment, [atom for number in found for atom in self._atoms[number]]
