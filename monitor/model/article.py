"""Articles: who one is, and its text as matching reads it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Arrival(StrEnum):
    """How an article came; written by poll, decides whether its hits may be told."""

    LIVE = "live"
    BACKLOG = "backlog"
    FLOOD = "flood"  # one of so many at once that one notice tells of all


class Stage(StrEnum):
    """How far an article has come."""

    NEW = "new"
    WANTED = "wanted"  # rules are undecided; its page is to be fetched
    TEXT = "text"  # its page has come
    MATCHED = "matched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A feed that carried an article, as rules see it."""

    name: str
    url: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One revision of an article with what rules may ask about it.

    Attributes:
        id: stored id, or None for an article from elsewhere (a test, ``explain``).
        revision: number of the text, from 1; spans point into it.
        text: all of it; empty if only title and lead have come so far.
        own_url: whether ``url`` is its own; else it is that of the site, for want of a better one.
        source: name of the feed that brought it first.
        carriers: every feed that carried it.
        seen: when the first feed showed it to us (UTC).
    """

    title: str
    lead: str = ""
    text: str = ""
    language: str | None = None
    url: str = ""
    own_url: bool = True
    author: str = ""
    tags: tuple[str, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    id: int | None = None
    revision: int = 1
    source: str = ""
    published: datetime | None = None
    seen: datetime | None = None
