"""Lets articles come to an index one after the other."""

from collections.abc import Iterable
from datetime import UTC, datetime

from monitor.model.article import Article
from monitor.stories.features import features_of
from monitor.stories.index import Indexed, Placement, StoryIndex

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Desk:
    """An index with what it decided, by the numbers of articles (from 1)."""

    def __init__(self) -> None:
        self.index = StoryIndex()
        self.stories: dict[int, int] = {}
        self.placements: dict[int, Placement] = {}

    def come(self, article: Article, now: datetime = NOW) -> Placement:
        number = len(self.stories) + 1
        placement = self.index.place(features_of(article), now)
        story = placement.story or len(set(self.stories.values())) + 1
        self.stories[number], self.placements[number] = story, placement
        if placement.repeats:
            assert placement.partner is not None
            self.index.refresh(placement.partner, now)
        else:
            self.index.add(
                Indexed(
                    article=number,
                    story=story,
                    began=placement.began,
                    seen=now,
                    fingerprint=placement.fingerprint,
                )
            )
        return placement

    def come_all(self, articles: Iterable[Article]) -> list[int]:
        """The stories of several articles."""
        for article in articles:
            self.come(article)
        return list(self.stories.values())
