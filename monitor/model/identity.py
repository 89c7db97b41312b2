"""Who an entry is: the names it may be known by, what is known, and what was made of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.article import Arrival
from monitor.model.feed import Entry, Item


class Rung(StrEnum):
    """By what an entry was known again; the surest comes first."""

    GUID = "guid"  # the identity its feed gives it
    ADDRESS = "address"  # the key of its link, over all feeds
    WORDS = "words"  # what it says: title and date, or every word
    SKETCH = "sketch"  # most of what it says
    TITLE = "title"  # its headline, in a feed that gave new names to everything


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownArticle:
    """A stored article that an entry may be.

    Attributes:
        titles: those of all its revisions.
        hashes: ``sha256`` of all its revisions.
        revisions: number of the last one.
        guid: what the feed called it when it listed it last.
        carried: the feed has listed it.
        closed: it was deleted, and no text of it is taken any more.
    """

    id: int
    key: str
    titles: frozenset[str]
    hashes: frozenset[str]
    revisions: int = 1
    published: datetime | None = None
    guid: str | None = None
    carried: bool = True
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A feed that is not polled any more and listed some of these articles.

    Attributes:
        articles: those it listed.
        newest: date of the newest article it ever listed.
        read_at: when its last complete document was read.
    """

    articles: frozenset[int]
    newest: datetime | None
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows that the entries of a document may be.

    Attributes:
        by_guid: articles that the feed called so, the last ones first.
        by_key: articles by the key they are stored under.
        listed: what the last complete document of the feed listed.
        overlaps: of a feed without a document before: those it may go on from.
    """

    by_guid: Mapping[str, tuple[KnownArticle, ...]] = field(default_factory=dict)
    by_key: Mapping[str, KnownArticle] = field(default_factory=dict)
    listed: tuple[KnownArticle, ...] = ()
    overlaps: tuple[Overlap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """An entry that is a known article, and how we know."""

    item: Item
    article: KnownArticle
    rung: Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """An entry that nobody knows; ``key`` is what its article is stored under."""

    item: Item
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidEvidence:
    """How the GUIDs of a feed behaved in a document: numbers of entries.

    Attributes:
        kept: articles that are still called what they were.
        changed: known articles under another GUID.
        reused: GUIDs that now stand for another article.
    """

    kept: int = 0
    changed: int = 0
    reused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What was made of the entries of a document, in its order; copies of another are gone."""

    same: tuple[Same, ...] = ()
    fresh: tuple[Fresh, ...] = ()
    guids: GuidEvidence = GuidEvidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """An entry as it is stored: as a new article under ``key``, or as the known ``article``."""

    item: Item
    arrival: Arrival
    key: str
    article: KnownArticle | None = None


def text_hash(entry: Entry) -> str:
    """The sha256 of what an entry says."""
    text = f"{entry.title}\0{entry.lead}\0{entry.text}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
