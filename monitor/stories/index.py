"""Places articles among the stories of the last three days.

The index holds only articles that add something: one that repeats an indexed article (a copy, or a
report in nearly the same words) is found through that one, which it keeps fresh. So forty prints
of one report cost as much as one, and no story drifts by chains of copies. What the index answers
depends on the articles in it, not on their order or on how it was filled.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Final

from monitor.analysis.shingles import LEAST_SHARED
from monitor.model.story import Kinship
from monitor.stories.copies import Copies, Shared
from monitor.stories.features import Features
from monitor.stories.vectors import Vectors

WINDOW: Final = timedelta(hours=72)
"""How long an article stays in the index after it, or the last repetition of it, came."""

LONGEST: Final = timedelta(days=7)
"""Until then a story takes reports in other words; copies always find theirs."""

SAME_STORY: Final = 0.37
"""The cosine from which two articles tell of the same event."""

_LEAST_TERMS: Final = 4  # "News in brief" is no event
_SAME_LEADER: Final = 0.19
_SAME_BEGINNING: Final = 0.25  # the cosine of a copy, however it was edited
_NEARLY_ALL: Final = 0.75  # of the larger sketch
_REPEATS: Final = 0.7  # so near that what is near one is near the other
_FULLER: Final = 1.5  # times as many numbers in its sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What further articles are compared with; see ``Features``.

    Attributes:
        vector: what the terms weigh; see ``Vectors``.
    """

    language: str
    title: str
    sketch: frozenset[int]
    vector: Mapping[str, int]


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
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is left of an article in the index beside that by which it is found.

    Attributes:
        size: of its sketch.
        terms: how many its vector has.
    """

    story: int
    began: datetime
    seen: datetime
    language: str
    size: int
    terms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs, and why.

    Attributes:
        story: id; None if a new one begins.
        began: when the story began.
        partner: the indexed article that it is a copy of, or closest to.
        fingerprint: of the article.
        score: of a copy the share of the shorter sketch that both have, else the cosine.
        repeats: it adds nothing to its partner, so it need not be indexed.
    """

    kinship: Kinship
    began: datetime
    fingerprint: Fingerprint
    story: int | None = None
    partner: int | None = None
    score: float = 0.0
    repeats: bool = False


class StoryIndex:
    """What is known of the last three days."""

    def __init__(self) -> None:
        self._known: dict[int, Known] = {}
        self._ages: list[tuple[datetime, int]] = []
        self._copies = Copies()
        self._vectors: dict[str, Vectors] = {}
        self._stories: dict[int, set[int]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._known)

    def get(self, article: int) -> Known | None:
        """What is known of an article, if it is in the index."""
        return self._known.get(article)

    def place(self, features: Features, now: datetime) -> Placement:
        """The story of an article that has none yet; the index stays as it is.

        Args:
            features: of the article.
            now: what came more than three days before is forgotten first.
        """
        self._forget(now - WINDOW)
        fingerprint = self.fingerprint(features)
        vectors = self._of_language(features.language)
        return (
            self._copy(fingerprint, vectors)
            or self._same_story(fingerprint, vectors, now)
            or Placement(kinship=Kinship.FIRST, began=now, fingerprint=fingerprint)
        )

    def fingerprint(self, features: Features) -> Fingerprint:
        """What an article is compared by, given what is common now."""
        return Fingerprint(
            language=features.language,
            title=features.title,
            sketch=features.sketch,
            vector=self._of_language(features.language).weigh(features.terms),
        )

    def add(self, indexed: Indexed) -> None:
        """Takes up an article, or what is new about it."""
        if indexed.article in self._known:
            self._remove(indexed.article)
        self._known[indexed.article] = _known(indexed)
        self._stories[indexed.story].add(indexed.article)
        heappush(self._ages, (indexed.seen, indexed.article))
        fingerprint = indexed.fingerprint
        self._copies.add(indexed.article, fingerprint.title, fingerprint.sketch)
        vectors = self._of_language(fingerprint.language)
        vectors.add(indexed.article, fingerprint.vector)

    def refresh(self, article: int, now: datetime) -> None:
        """Keeps an indexed article for three days from now: it was repeated."""
        self._known[article] = replace(self._known[article], seen=now)
        heappush(self._ages, (now, article))

    def _of_language(self, language: str) -> Vectors:
        return self._vectors.setdefault(language, Vectors(language))

    def _forget(self, before: datetime) -> None:
        while self._ages and self._ages[0][0] < before:
            _, article = heappop(self._ages)
            known = self._known.get(article)
            if known and known.seen < before:
                self._remove(article)

    def _remove(self, article: int) -> None:
        known = self._known.pop(article)
        self._copies.remove(article)
        self._vectors[known.language].remove(article)
        members = self._stories[known.story]
        members.remove(article)
        if not members:
            del self._stories[known.story]

    def _copy(self, fingerprint: Fingerprint, vectors: Vectors) -> Placement | None:
        found = [
            each
            for each in self._copies.find(fingerprint.title, fingerprint.sketch)
            if _tells_the_same(each, vectors, fingerprint.vector)
        ]
        if not found:
            return None
        best = max(found, key=lambda each: (each.contained, each.covered, -each.article))
        partner = self._known[best.article]
        return Placement(
            kinship=Kinship.COPY,
            began=partner.began,
            fingerprint=fingerprint,
            story=partner.story,
            partner=best.article,
            score=best.contained,
            repeats=repeats(fingerprint, partner),
        )

    def _same_story(
        self, fingerprint: Fingerprint, vectors: Vectors, now: datetime
    ) -> Placement | None:
        vector = fingerprint.vector
        if len(vector) < _LEAST_TERMS:
            return None
        for cosine, article in vectors.closest(vector, SAME_STORY):
            partner = self._known[article]
            if partner.terms < _LEAST_TERMS:
                continue
            if now - partner.began <= LONGEST and self._fits(partner.story, vectors, vector):
                return Placement(
                    kinship=Kinship.SAME_STORY,
                    began=partner.began,
                    fingerprint=fingerprint,
                    story=partner.story,
                    partner=article,
                    score=cosine,
                    repeats=cosine >= _REPEATS,
                )
        return None

    def _fits(self, story: int, vectors: Vectors, vector: Mapping[str, int]) -> bool:
        """Whether an article is near the oldest one of a story too, lest it drifts elsewhere."""
        leader = min(self._stories[story])
        return leader in vectors and vectors.cosine(vector, leader) >= _SAME_LEADER


def _tells_the_same(shared: Shared, vectors: Vectors, vector: Mapping[str, int]) -> bool:
    """Whether shared text makes a copy, not a round-up or a form filled in anew."""
    if shared.covered >= _NEARLY_ALL:
        return True
    if shared.article not in vectors:
        return False
    cosine = vectors.cosine(vector, shared.article)
    return cosine >= (_SAME_BEGINNING if shared.count >= LEAST_SHARED else SAME_STORY)


def repeats(fingerprint: Fingerprint, partner: Known) -> bool:
    """Whether a copy says hardly more than what it was found by."""
    return len(fingerprint.sketch) <= _FULLER * partner.size


def _known(indexed: Indexed) -> Known:
    return Known(
        story=indexed.story,
        began=indexed.began,
        seen=indexed.seen,
        language=indexed.fingerprint.language,
        size=len(indexed.fingerprint.sketch),
        terms=len(indexed.fingerprint.vector),
    )
