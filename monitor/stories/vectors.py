"""Articles of one language as vectors: TF-IDF of stems, cosine (Salton and Buckley 1988)."""

from collections import defaultdict
from collections.abc import Mapping
from math import log, sqrt
from typing import Final

from monitor.analysis.common import common_stems

# Frequencies begin with those of an invented collection, for the first article as well must be
# told from others by its names, not by its "the".
_PRIOR: Final = 1_000
_PRIOR_COMMON: Final = 100
_PRIOR_RARE: Final = 1

_STRONGEST: Final = 20  # terms by which others are looked up
_WIDEST: Final = 200  # articles that one of them may be in; more make it no clue
_CLOSEST: Final = 4  # of what they find, so many are compared


class Vectors:
    """The terms of articles of one language.

    Args:
        language: primary subtag; decides which words are common before articles show it.
    """

    def __init__(self, language: str) -> None:
        self._common = common_stems(language)
        self._terms: dict[int, Mapping[str, int]] = {}
        self._articles: dict[str, set[int]] = defaultdict(set)

    def __contains__(self, article: int) -> bool:
        return article in self._terms

    def add(self, article: int, terms: Mapping[str, int]) -> None:
        """Takes up an article that is not here."""
        self._terms[article] = terms
        for term in terms:
            self._articles[term].add(article)

    def remove(self, article: int) -> None:
        """Forgets an article that is here."""
        for term in self._terms.pop(article):
            having = self._articles[term]
            having.remove(article)
            if not having:
                del self._articles[term]

    def weigh(self, terms: Mapping[str, int]) -> dict[str, float]:
        """The vector of an article, of length 1; what others do not say counts more."""
        known = log(_PRIOR + len(self._terms))
        weights = {
            term: count * (known - log(self._prior(term) + len(self._articles.get(term, ()))))
            for term, count in terms.items()
        }
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {term: weight / length for term, weight in weights.items()} if length else {}

    def _prior(self, term: str) -> int:
        return _PRIOR_COMMON if term in self._common else _PRIOR_RARE

    def closest(self, vector: Mapping[str, float], least: float) -> list[tuple[float, int]]:
        """Articles with at least this cosine with a vector, the closest first."""
        found = [(self.cosine(vector, article), article) for article in self._near(vector, least)]
        return sorted(
            (each for each in found if each[0] >= least), key=lambda each: (-each[0], each[1])
        )

    def _near(self, vector: Mapping[str, float], least: float) -> list[int]:
        """Articles that may be close enough, the most likely ones.

        A cosine is at most the length of what both share, so a look at the strongest terms is
        enough.
        """
        strongest = sorted(vector, key=lambda term: (-vector[term], term))[:_STRONGEST]
        shared: dict[int, float] = defaultdict(float)
        for term in strongest:
            having = self._articles.get(term, ())
            if len(having) <= _WIDEST:
                square = vector[term] ** 2
                for article in having:
                    shared[article] += square
        likely = [article for article, square in shared.items() if square >= least * least]
        return sorted(likely, key=lambda article: (-shared[article], article))[:_CLOSEST]

    def cosine(self, vector: Mapping[str, float], article: int) -> float:
        """How alike a vector and that of an article are, from 0 to 1."""
        other = self.weigh(self._terms[article])
        return sum(weight * other[term] for term, weight in vector.items() if term in other)
