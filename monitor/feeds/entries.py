"""An item as an adaptor found it to an entry: clean text, a usable link, sane limits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from monitor.analysis.teaser import beginning, is_teaser
from monitor.feeds.html import MAX_LINE, clean_line, strip_invisible, to_text
from monitor.model.feed import Entry

MAX_ENTRIES = 1_000  # of a document
MAX_TEXT = 512_000  # characters
MAX_LEAD = 10_000
MAX_URL = 2_000
MAX_TAGS = 100
_MAX_MADE_TITLE = 100
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)

_NO_HOST = re.compile(r"[\s\x00-\x1f\x7f\"#%/<>?@\[\\\]^`{|}]")  # of the URL standard


# One that would come out as it is: no blanks, no empty query, fragment or parameters.
_PLAIN_URL = re.compile(
    r"https?://[A-Za-z0-9.-]*[A-Za-z0-9](?:/(?:[!-:<->@-~]|\?(?!#|$))*(?<!#))?"
)
_MAIL = r"[^\s()<>@:]+@[^\s()<>@]+"
_NAME_AND_MAIL = re.compile(
    rf"([^()<>@]+) (?:\({_MAIL}\)|<{_MAIL}>|{_MAIL})|{_MAIL} \(([^()]+)\)|<({_MAIL})>"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_SCRIPT, _REGION = 4, 2  # lengths of subtags


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """What RSS, Atom and JSON Feed have in common, before cleaning.

    Attributes:
        links: possible links to the article, best first, relative or absolute.
        title: HTML, as are ``summary``, ``contents`` and ``authors``.
    """

    guid: str = ""
    links: tuple[str, ...] = ()
    title: str = ""
    summary: str = ""
    contents: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str = ""
    published: datetime | None = None
    tags: tuple[str, ...] = ()


def clean_entries(
    items: Sequence[RawItem], *, base: str, site: str = "", now: datetime
) -> tuple[tuple[Entry, ...], str | None]:
    """Makes the entries of a document, in its order, at most 1,000.

    Of more it takes the newest, or the first if not all have a date.

    Args:
        items: as the adaptor found them.
        base: what relative links are relative to.
        site: address of the site, or an empty string.
        now: limit for dates.

    Returns:
        The entries, and in one line what was left out, if something was.
    """
    kept, problem = _at_most(items, now)
    entries = (clean_entry(item, base=base, site=site, now=now) for item in kept)
    return tuple(entry for entry in entries if entry is not None), problem


def _at_most(items: Sequence[RawItem], now: datetime) -> tuple[Sequence[RawItem], str | None]:
    if len(items) <= MAX_ENTRIES:
        return items, None
    more = f"more than {MAX_ENTRIES:,} entries; the"
    dated = [
        (when, -place)  # of one date, those that come first
        for place, item in enumerate(items)
        if (when := _clamp_date(item.published, now)) is not None
    ]
    if len(dated) < len(items):
        return items[:MAX_ENTRIES], f"{more} first {MAX_ENTRIES:,} were read"
    places = sorted(-place for _, place in sorted(dated, reverse=True)[:MAX_ENTRIES])
    return [items[place] for place in places], f"{more} newest {MAX_ENTRIES:,} were read"


def clean_entry(item: RawItem, *, base: str, site: str = "", now: datetime) -> Entry | None:
    """Makes the entry of an item; None if it says nothing at all.

    Args:
        item: as the adaptor found it.
        base: what relative links are relative to.
        site: stands in for a missing link.
        now: dates more than a day after it are nonsense.
    """
    url = next(filter(None, (clean_url(link, base) for link in item.links)), "")
    lead, text = _lead_and_text(item)
    guid, author = _clean_guid(item.guid), _clean_authors(item.authors)
    title = clean_line(item.title) or _made_title(lead or text) or url or guid or author
    if not title:
        return None
    return Entry(
        guid=guid,
        url=url or site,
        own_url=bool(url) or not site,
        title=title,
        lead=lead,
        text=text,
        author=author,
        language=clean_language(item.language),
        published=_clamp_date(item.published, now),
        tags=_clean_tags(item.tags),
    )


def clean_url(url: str, base: str) -> str:
    """An absolute http(s) URL of at most 2,000 characters, or an empty string."""
    if len(url) <= MAX_URL and _PLAIN_URL.fullmatch(url):
        return url
    return _clean_odd_url(url, base)


def _clean_odd_url(url: str, base: str) -> str:
    url = "".join(strip_invisible(url).split("\n")).strip().replace(" ", "%20")
    try:
        url = urljoin(base, url) if url else ""
        parts = urlsplit(url)
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return ""
    usable = host and not _NO_HOST.search(host) and len(url) <= MAX_URL
    return url if usable else ""


def clean_language(language: str) -> str | None:
    """A language tag in its usual spelling (``en-GB``, ``zh-Hans``); None if it is not one."""
    tag = language.strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        return None
    first, *rest = tag.lower().split("-")
    return "-".join([first, *map(_spell_subtag, rest)])


def _spell_subtag(subtag: str) -> str:
    if len(subtag) == _REGION:
        return subtag.upper()
    return subtag.title() if len(subtag) == _SCRIPT else subtag


def _lead_and_text(item: RawItem) -> tuple[str, str]:
    text = max(map(to_text, item.contents), key=len, default="")
    lead = to_text(item.summary)
    if not text and len(lead) > MAX_LEAD:  # feeds without a content element put all in there
        text = lead
    if is_teaser(text):
        lead, text = beginning(lead, text), ""
    return ("" if lead == text else lead[:MAX_LEAD]), text[:MAX_TEXT]


def _made_title(text: str) -> str:
    line = text.partition("\n")[0]
    if len(line) <= _MAX_MADE_TITLE:
        return line
    return line[:_MAX_MADE_TITLE].rpartition(" ")[0].rstrip(" ,;:") + " …"


def _clean_guid(guid: str) -> str | None:
    guid = strip_invisible(guid).strip()
    return guid if 0 < len(guid) <= MAX_URL else None


def _clamp_date(when: datetime | None, now: datetime) -> datetime | None:
    return when if when is not None and _EARLIEST <= when <= now + _AHEAD else None


def _clean_authors(authors: tuple[str, ...]) -> str:
    """Names in the order of the alphabet, so that a reordered byline is no other one."""
    names = {_author_name(clean_line(author)) for author in authors[:MAX_TAGS]}
    return ", ".join(sorted(filter(None, names)))[:MAX_LINE]


def _author_name(author: str) -> str:
    """``Jo Doe``, for Jo Doe <jo@paper.example> and jo@paper.example (Jo Doe) alike."""
    found = _NAME_AND_MAIL.fullmatch(author)
    return (found[1] or found[2] or found[3]).strip() if found else author


def _clean_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = dict.fromkeys(map(clean_line, tags[:MAX_TAGS]))
    return tuple(filter(None, cleaned))
