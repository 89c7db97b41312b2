"""Places articles among the stories of the last three days.

The index holds only articles that add something: one that repeats an indexed article (a copy, or a
report in nearly the same words) is found through that one, which it keeps fresh. So forty prints
of one report cost as much as one, and no story drifts by chains of copies. What the index answers
depends on the articles in it, not on their order or on how it was filled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Final

from monitor.model.story import Kinship
from monitor.stories.copies import Copies, Shared
from monitor.stories.features import Features
from monitor.stories.vectors import Vectors

WINDOW: Final = timedelta(hours=72)
"""How long an article stays in the index after it, or the last repetition of it, came."""

LONGEST: Final = timedelta(days=7)
"""Until then a story takes reports in other words; copies always find theirs."""

SAME_STORY: Final = 0.4
_SAME_BEGINNING: Final = 0.15
_MOSTLY_SAME: Final = 0.3
_REPEATS: Final = 0.7
_FULLER: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """An article in the index.

    Attributes:
        began: when its story began.
        seen: when it, or the last repetition of it, came.
    """

    article: int
    story: int
    began: datetime
    seen: datetime
    features: Features


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs, and why.

    Attributes:
        story: id; None if a new one begins.
        began: when the story began.
        partner: the indexed article that it is a copy of, or closest to.
        score: of a copy the share of the shorter sketch that both have, else the cosine.
        repeats: it adds nothing to its partner, so it need not be indexed.
    """

    kinship: Kinship
    began: datetime
    story: int | None = None
    partner: int | None = None
    score: float = 0.0
    repeats: bool = False


class StoryIndex:
    """What is known of the last three days."""

    def __init__(self) -> None:
        self._indexed: dict[int, Indexed] = {}
        self._ages: list[tuple[datetime, int]] = []
        self._copies = Copies()
        self._vectors: dict[str, Vectors] = {}

    def __len__(self) -> int:
        return len(self._indexed)

    def get(self, article: int) -> Indexed | None:
        """An article, if it is in the index."""
        return self._indexed.get(article)

    def place(self, features: Features, now: datetime) -> Placement:
        """The story of an article that has none yet; the index stays as it is.

        Args:
            features: of the article.
            now: what came more than three days before is forgotten first.
        """
        self._forget(now - WINDOW)
        vectors = self._of_language(features.language)
        vector = vectors.weigh(features.terms)
        return (
            self._copy(features, vectors, vector)
            or self._same_story(vectors, vector, now)
            or Placement(kinship=Kinship.FIRST, began=now)
        )

    def add(self, indexed: Indexed) -> None:
        """Takes up an article, or what is new about it."""
        if indexed.article in self._indexed:
            self._remove(indexed.article)
        self._indexed[indexed.article] = indexed
        heappush(self._ages, (indexed.seen, indexed.article))
        self._copies.add(indexed.article, indexed.features)
        self._of_language(indexed.features.language).add(indexed.article, indexed.features.terms)

    def refresh(self, article: int, now: datetime) -> None:
        """Keeps an indexed article for three days from now: it was repeated."""
        self._indexed[article] = replace(self._indexed[article], seen=now)
        heappush(self._ages, (now, article))

    def _of_language(self, language: str) -> Vectors:
        return self._vectors.setdefault(language, Vectors(language))

    def _forget(self, before: datetime) -> None:
        while self._ages and self._ages[0][0] < before:
            _, article = heappop(self._ages)
            indexed = self._indexed.get(article)
            if indexed and indexed.seen < before:
                self._remove(article)

    def _remove(self, article: int) -> None:
        features = self._indexed.pop(article).features
        self._copies.remove(article)
        self._vectors[features.language].remove(article)

    def _copy(
        self, features: Features, vectors: Vectors, vector: Mapping[str, float]
    ) -> Placement | None:
        found = [
            each
            for each in self._copies.find(features)
            if self._tells_the_same(each, vectors, vector)
        ]
        if not found:
            return None
        best = max(found, key=lambda each: (each.contained, each.covered, -each.article))
        partner = self._indexed[best.article]
        return Placement(
            kinship=Kinship.COPY,
            began=partner.began,
            story=partner.story,
            partner=best.article,
            score=best.contained,
            repeats=not _is_fuller(features, partner.features),
        )

    def _tells_the_same(
        self, shared: Shared, vectors: Vectors, vector: Mapping[str, float]
    ) -> bool:
        """Not if one text is a small part of the other that does not begin like it: a round-up."""
        if shared.covered >= _MOSTLY_SAME:
            return True
        return (
            shared.article in vectors and vectors.cosine(vector, shared.article) >= _SAME_BEGINNING
        )

    def _same_story(
        self, vectors: Vectors, vector: Mapping[str, float], now: datetime
    ) -> Placement | None:
        for cosine, article in vectors.closest(vector, SAME_STORY):
            partner = self._indexed[article]
            if now - partner.began <= LONGEST:
                return Placement(
                    kinship=Kinship.SAME_STORY,
                    began=partner.began,
                    story=partner.story,
                    partner=article,
                    score=cosine,
                    repeats=cosine >= _REPEATS,
                )
        return None


def _is_fuller(features: Features, other: Features) -> bool:
    return len(features.sketch) > _FULLER * len(other.sketch)


def repeats(features: Features, partner: Indexed | None) -> bool:
    """Whether an article that is known better now still adds nothing to its partner."""
    return partner is not None and not _is_fuller(features, partner.features)
