"""Articles of one language as vectors: TF-IDF of stems, cosine (Salton and Buckley 1988)."""

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from heapq import nlargest, nsmallest
from math import hypot, log
from sys import intern
from typing import Final

from monitor.analysis.common import common_stems

# Frequencies begin with those of an invented collection, for the first article as well must be
# told from others by its names, not by its "the".
_PRIOR: Final = 200
_PRIOR_COMMON: Final = 30
_PRIOR_RARE: Final = 1

SCALE: Final = 10_000
"""Weights are whole numbers, so that sums do not depend on their order; this one is 1."""

_STRONGEST: Final = 16  # terms at least by which others are looked up
_WIDEST: Final = 64  # articles that one of them may be in; more make it no clue
_CLOSEST: Final = 3  # of what they find, so many are compared
_log: Final = cache(log)


class Vectors:
    """Articles of one language.

    An article keeps the vector that it was given when it came: the weights of a term say what was
    common then.

    Args:
        language: primary subtag; decides which words are common before articles show it.
    """

    def __init__(self, language: str) -> None:
        self._common = common_stems(language)
        # Arrays, and strings that are shared: a dict a vector takes ten times as much memory.
        self._vectors: dict[int, tuple[tuple[str, ...], array[int]]] = {}
        self._articles: dict[str, array[int]] = {}

    def __contains__(self, article: int) -> bool:
        return article in self._vectors

    def add(self, article: int, vector: Mapping[str, int]) -> None:
        """Takes up an article that is not here."""
        terms = tuple(map(intern, vector))
        self._vectors[article] = terms, array("H", vector.values())
        for term in terms:
            having = self._articles.get(term)
            if having is None:
                self._articles[term] = array("q", [article])
            else:
                having.append(article)

    def remove(self, article: int) -> None:
        """Forgets an article that is here."""
        terms, _ = self._vectors.pop(article)
        for term in terms:
            having = self._articles[term]
            having.remove(article)
            if not having:
                del self._articles[term]

    def weigh(self, terms: Mapping[str, int]) -> dict[str, int]:
        """The vector of an article, of length ``SCALE``; what others do not say counts more."""
        known = _log(_PRIOR + len(self._vectors))
        common, articles = self._common, self._articles
        weights = []
        for term, count in terms.items():
            prior = _PRIOR_COMMON if term in common else _PRIOR_RARE
            having = articles.get(term)
            weights.append(count * (known - _log(prior + len(having) if having else prior)))
        length = hypot(*weights) or 1.0
        scaled = [round(weight / length * SCALE) for weight in weights]
        return dict(zip(terms, scaled, strict=True))

    def closest(self, vector: Mapping[str, int], least: float) -> list[tuple[float, int]]:
        """Articles with at least this cosine with a vector, the closest first."""
        found = [(self.cosine(vector, article), article) for article in self._near(vector, least)]
        return sorted(
            (each for each in found if each[0] >= least), key=lambda each: (-each[0], each[1])
        )

    def _near(self, vector: Mapping[str, int], least: float) -> list[int]:
        """Articles that may be close enough, the most likely ones.

        A cosine is at most the length of what both share, so a look at the strongest terms is
        enough.
        """
        most = max(_STRONGEST, len(vector) // 4)
        strongest = nlargest(most, zip(vector.values(), vector, strict=True))
        shared: dict[int, int] = defaultdict(int)
        for weight, term in strongest:
            having: Sequence[int] = self._articles.get(term, ())
            if len(having) <= _WIDEST:
                square = weight * weight
                for article in having:
                    shared[article] += square
        enough = (least * SCALE) ** 2
        likely = [(-square, article) for article, square in shared.items() if square >= enough]
        return [article for _, article in nsmallest(_CLOSEST, likely)]

    def cosine(self, vector: Mapping[str, int], article: int) -> float:
        """How alike a vector and that of an article are, from 0 to 1."""
        terms, weights = self._vectors[article]
        shared = [
            vector.get(term, 0) * weight for term, weight in zip(terms, weights, strict=True)
        ]
        return sum(shared) / SCALE**2
