"""Puts articles that were hit into stories, inside the transaction that stores their hits."""

from collections.abc import Sequence
from datetime import datetime

from monitor.model.article import Article
from monitor.store import stories
from monitor.store.engine import Connection
from monitor.store.stories import Known, Member
from monitor.stories.features import Features
from monitor.stories.index import WINDOW, Indexed, StoryIndex, repeats

Hit = tuple[int, Article, Features]
"""An article that was hit: its id, what it says, and what it is compared by."""


class Stories:
    """What is known of the stories of the last three days.

    ``join`` takes the index out of use and ``keep`` puts it back: if the transaction between them
    fails, the index, which knows more than the tables then, is made again from them.
    """

    def __init__(self) -> None:
        self._index: StoryIndex | None = None
        self._taken: StoryIndex | None = None

    def join(self, connection: Connection, hit: Sequence[Hit], now: datetime) -> None:
        """Finds and stores the stories of articles that were hit; those that have one keep it.

        Args:
            connection: of a write.
            hit: articles, none twice.
            now: the time.
        """
        self._taken, self._index = self._index, None
        if not hit:
            return
        index = self._taken = self._taken or _rebuilt(connection, now)
        known = stories.known(connection, [article for article, *_ in hit])
        joining = _Joining(connection, index, now)
        for article, text, features in hit:
            if article in known:
                joining.look_again(article, known[article], features)
            else:
                joining.place(article, text, features)
        joining.store()

    def keep(self) -> None:
        """The transaction of ``join`` was committed."""
        self._index = self._taken


def _rebuilt(connection: Connection, now: datetime) -> StoryIndex:
    index = StoryIndex()
    for each in stories.indexed(connection, now - WINDOW):
        index.add(each)
    return index


class _Joining:
    """The articles of one transaction."""

    def __init__(self, connection: Connection, index: StoryIndex, now: datetime) -> None:
        self._connection = connection
        self._index = index
        self._now = now
        self._members: list[Member] = []
        self._new: dict[int, Indexed] = {}
        self._repeated: set[int] = set()

    def place(self, article: int, text: Article, features: Features) -> None:
        """Finds the story of an article; what follows in the batch may be found by it."""
        placement = self._index.place(features, self._now)
        story = placement.story or stories.begin(
            self._connection, article, text.title, features.language, self._now
        )
        self._members.append(Member(article=article, story=story, placement=placement))
        if placement.repeats and placement.partner is not None:
            self._repeated.add(placement.partner)
            self._index.refresh(placement.partner, self._now)
        else:
            self._take_up(
                Indexed(
                    article=article,
                    story=story,
                    began=placement.began,
                    seen=self._now,
                    fingerprint=placement.fingerprint,
                )
            )

    def look_again(self, article: int, known: Known, features: Features) -> None:
        """An article in a story has another text now."""
        indexed = self._index.get(article)
        seen = indexed.seen if indexed else known.seen
        fingerprint = self._index.fingerprint(features)
        partner = self._index.get(known.partner) if known.partner else None
        adds_nothing = not indexed and partner and repeats(fingerprint, partner)
        if adds_nothing or seen < self._now - WINDOW:
            return
        self._take_up(
            Indexed(
                article=article,
                story=known.story,
                began=known.began,
                seen=seen,
                fingerprint=fingerprint,
            )
        )

    def _take_up(self, indexed: Indexed) -> None:
        self._index.add(indexed)
        self._new[indexed.article] = indexed

    def store(self) -> None:
        """Writes what was found."""
        stories.add(self._connection, self._members, self._now)
        stories.index(self._connection, list(self._new.values()))
        stories.refresh(self._connection, self._repeated, self._now)
