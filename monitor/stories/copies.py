"""Finds articles that share text, by the numbers in their sketches."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from monitor.analysis.shingles import CONTAINED, LEAST_SHARED
from monitor.stories.features import Features

COMMON: Final = 20
"""A number in more articles than this is boilerplate: an agency's footer, a newsletter's lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """An article that shares text.

    Attributes:
        contained: share of the smaller sketch that is in the larger one.
        covered: share of the larger sketch that is in the smaller one.
    """

    article: int
    contained: float
    covered: float


class Copies:
    """The texts of articles, by what they share."""

    def __init__(self) -> None:
        self._features: dict[int, Features] = {}
        # One article or several: most numbers are in one, and an int takes no memory of its own.
        self._articles: dict[int, int | set[int]] = {}
        self._titles: dict[str, set[int]] = {}

    def add(self, article: int, features: Features) -> None:
        """Takes up an article that is not here."""
        self._features[article] = features
        for number in features.sketch:
            known = self._articles.setdefault(number, article)
            if isinstance(known, set):
                known.add(article)
            elif known != article:
                self._articles[number] = {known, article}
        if features.title:
            self._titles.setdefault(features.title, set()).add(article)

    def remove(self, article: int) -> None:
        """Forgets an article that is here."""
        features = self._features.pop(article)
        for number in features.sketch:
            known = self._articles[number]
            if isinstance(known, set) and len(known) > 1:
                known.remove(article)
            else:
                del self._articles[number]
        if features.title:
            self._titles[features.title].remove(article)
            if not self._titles[features.title]:
                del self._titles[features.title]

    def find(self, features: Features) -> list[Shared]:
        """Articles of which one sketch holds a good part of the other, in any order.

        A text too short for a sketch is compared by its title alone.
        """
        shared: Counter[int] = Counter()
        own = 0
        for number in features.sketch:
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
            if count >= LEAST_SHARED
        ]
        return [each for each in found if each.contained >= CONTAINED] + [
            Shared(article=article, contained=1.0, covered=1.0)
            for article in self._equally_titled(features)
        ]

    def _share(self, article: int, count: int, own: int) -> Shared:
        other = self._size(self._features[article].sketch)
        return Shared(
            article=article, contained=count / min(own, other), covered=count / max(own, other)
        )

    def _size(self, sketch: Iterable[int]) -> int:
        """How many numbers of a sketch are no boilerplate."""
        known = map(self._articles.__getitem__, sketch)
        return sum(not isinstance(each, set) or len(each) <= COMMON for each in known)

    def _equally_titled(self, features: Features) -> Iterable[int]:
        titled = self._titles.get(features.title, ()) if features.title else ()
        return [
            article
            for article in titled
            if not (features.sketch and self._features[article].sketch)
        ]
