"""Feeds: what the files wish (FeedSpec), what a poll received (ParsedFeed, Entry)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

_PLAIN_HOST = re.compile(r"https?://([\w.-]+)(?::\d+)?(?:[/?#]|$)", re.ASCII)


class Quiet(StrEnum):
    """What a first poll does with the entries it finds."""

    QUIET = "quiet"
    ALERT = "alert"


class Hints(StrEnum):
    """How far the wishes of a server and its feed (ttl, max-age …) lengthen the wait."""

    FULL = "full"  # up to a day
    CAPPED = "capped"  # up to an hour: a monitor must stay fresh
    OFF = "off"


class FullText(StrEnum):
    """When the pages of articles are fetched."""

    AUTO = "auto"  # when a rule is undecided without the text
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A feed as the configuration wishes it.

    Attributes:
        url: as configured; the identity of the feed.
        location: what is fetched: the URL, or the absolute path of a local file.
        name: how people call it (default: the host, or the file name).
        tags: free labels; rules may ask for ``tag:NAME``.
        every: time between polls; None follows the rhythm of the feed.
        backlog: what the first poll tells: nothing, everything, or what is younger than a window.
        language: of entries that don't name theirs (BCP 47), else None.
        timezone: of dates that don't name theirs (IANA, such as ``Asia/Baghdad``); None: UTC.
        auth: ``user:password`` or ``bearer TOKEN``; never shown.
        proxy: URL of the HTTP proxy that all requests of this feed go through; never shown.
        hints: how far server and feed may lengthen the wait between polls.
        full_text: when pages of its articles are fetched.
        robots: whether robots.txt is heeded for these pages (feeds themselves are asked for by
            people, so it never counts for them).
        pages_per_day: most pages fetched for this feed in a day.
        backfill_pages: how many older pages of the feed its first poll reads (RFC 5005).
    """

    url: str
    location: str
    name: str
    tags: tuple[str, ...] = ()
    enabled: bool = True
    every: timedelta | None = None
    backlog: Quiet | timedelta = Quiet.QUIET
    language: str | None = None
    timezone: str | None = None
    user_agent: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    auth: str | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    hints: Hints = Hints.CAPPED
    full_text: FullText = FullText.AUTO
    robots: bool = True
    pages_per_day: int = 200
    backfill_pages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What makes the next fetch conditional: raw header values, and our hash of the body.

    Attributes:
        url: where the document came from in the end; the header values go only there.
    """

    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Permanent redirects that were seen, always to the same place.

    Attributes:
        to: where they lead.
        since: the first.
        count: how many.
    """

    to: str
    since: datetime
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A host that wants to be left alone.

    Attributes:
        began: when it said so.
        until: when it may be asked again.
        strikes: how many such pauses followed each other.
    """

    host: str
    began: datetime
    until: datetime
    strikes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed as received: clean text (no mark-up), an absolute http(s) link or none.

    Attributes:
        guid: identity inside its feed, if the feed gives one.
        url: link to the article; empty if there is none.
        own_url: whether ``url`` is that of the article; else it is that of the site, for want of
            one, and says nothing about who the entry is.
        lead: summary; empty if the feed gives none or it only repeats the text.
        text: all of the article; empty if the feed gives only its beginning.
        published: aware UTC, clamped to 1995 … now + 1 day; None if unknown or nonsense.
        tags: categories.
    """

    guid: str | None
    url: str
    own_url: bool = True
    title: str
    lead: str = ""
    text: str = ""
    author: str = ""
    language: str | None = None
    published: datetime | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry with the keys by which its article may be stored.

    Attributes:
        address: key of the link, which holds over all feeds; None without a link.
        names: keys that hold in its own feed, the surest first; at least one.
        sha256: of title, lead and text.
    """

    entry: Entry
    address: str | None
    names: tuple[str, ...]
    sha256: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, the surest first."""
        return self.names if self.address is None else (self.address, *self.names)


@dataclass(frozen=True, slots=True)
class Skips:
    """Hours (0-23) and weekdays (Monday is 0) in GMT at which a feed asks not to be polled."""

    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


NO_SKIPS = Skips()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a parse gave.

    Attributes:
        entries: in the order of the document.
        items: the same with their keys; a feed that is read to be stored has these only.
        complete: the parse saw the end of the document; only then may validators be saved.
        problem: what was wrong with the document, in one line, if something was.
        ttl: how long the feed asks to be left alone.
        skips: when it asks to be left alone.
        older: address of the page with the entries before these (RFC 5005), if it has one.
        item_hashes: of all items of the document, for the next parse; empty if it must not know.
        known: items that were in the last document as well and so were left out.
        pages: documents of which these are: with older pages more than one.
    """

    title: str
    language: str | None
    entries: tuple[Entry, ...] = ()
    items: tuple[Item, ...] = ()
    complete: bool = True
    problem: str | None = None
    ttl: timedelta | None = None
    skips: Skips = NO_SKIPS
    older: str | None = None
    item_hashes: bytes = field(default=b"", repr=False)
    known: int = 0
    pages: int = 1


def host_of(location: str) -> str:
    """The host of an address, in small letters; empty for files and what is no address."""
    if plain := _PLAIN_HOST.match(location):
        return plain[1].lower()
    try:
        parts = urlsplit(location)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
