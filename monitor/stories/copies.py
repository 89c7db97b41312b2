"""Finds articles that share text, by the numbers in their sketches."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from monitor.analysis.shingles import CONTAINED
from monitor.stories.postings import Postings

COMMON: Final = 20
"""A number in more articles than this is boilerplate: an agency's footer, a newsletter's lines."""

_LEAST: Final = 2  # with fewer nobody can tell
_HOPEFUL: Final = CONTAINED / 2  # of a sketch that is counted whole, boilerplate and all


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """An article that shares text.

    Attributes:
        count: how many numbers both sketches have.
        contained: share of the smaller sketch that is in the larger one.
        covered: share of the larger sketch that is in the smaller one.
    """

    article: int
    count: int
    contained: float
    covered: float


class Copies:
    """The texts of articles, by what they share."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, array[int]]] = {}
        self._articles = Postings()
        self._titles: dict[str, set[int]] = {}

    def add(self, article: int, title: str, sketch: frozenset[int]) -> None:
        """Takes up an article that is not here; see ``Features``."""
        self._known[article] = title, array("I", sketch)
        for number in sketch:
            self._articles.add(number, article)
        if title:
            self._titles.setdefault(title, set()).add(article)

    def remove(self, article: int) -> None:
        """Forgets an article that is here."""
        title, sketch = self._known.pop(article)
        for number in sketch:
            self._articles.remove(number, article)
        if title:
            self._titles[title].remove(article)
            if not self._titles[title]:
                del self._titles[title]

    def find(self, title: str, sketch: frozenset[int]) -> list[Shared]:
        """Articles of which one sketch holds a good part of the other, in any order.

        A text too short for a sketch is compared by its title alone.
        """
        shared: Counter[int] = Counter()
        own = 0
        for number in sketch:
            known = self._articles.get(number)
            if isinstance(known, set):
                if len(known) > COMMON:
                    continue
                shared.update(known)
            elif known is not None:
                shared[known] += 1
            own += 1
        found = [
            self._share(article, count, own)
            for article, count in shared.items()
            if count >= _LEAST and count >= _HOPEFUL * min(own, len(self._known[article][1]))
        ]
        return [each for each in found if each.contained >= CONTAINED] + [
            Shared(article=article, count=0, contained=1.0, covered=1.0)
            for article in self._equally_titled(title, sketch)
        ]

    def _share(self, article: int, count: int, own: int) -> Shared:
        other = self._size(self._known[article][1])
        return Shared(
            article=article,
            count=count,
            contained=count / min(own, other),
            covered=count / max(own, other),
        )

    def _size(self, sketch: Iterable[int]) -> int:
        """How many numbers of a sketch are no boilerplate."""
        known = map(self._articles.get, sketch)
        return sum(not isinstance(each, set) or len(each) <= COMMON for each in known)

    def _equally_titled(self, title: str, sketch: frozenset[int]) -> Iterable[int]:
        titled = self._titles.get(title, ()) if title else ()
        return [article for article in titled if not (sketch and self._known[article][1])]
