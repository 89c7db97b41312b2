"""Addresses that may be those of feeds: in a page, at usual places, in lists of sitemaps."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urljoin, urlsplit

from monitor.feeds import robots
from monitor.feeds.elements import Element, elements
from monitor.feeds.entries import clean_url
from monitor.feeds.html import clean_line

MAX_SITEMAPS: Final = 2
MAX_USUAL: Final = 6
_USUAL: Final = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml")
_MAX_PAGE: Final = 2_000_000  # characters
_HIDDEN: Final = frozenset({"script", "style", "template"})
_FEED_TYPE: Final = re.compile(
    r"(?:application|text)/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:application|text)/(?:x-rss|xml)\b",
    re.IGNORECASE,
)
_FEED_WORD: Final = re.compile(
    r"(?:^|[/._?=&-])(?:rss2?|atom|rdf|feeds?)(?:$|[/._?=&-])", re.IGNORECASE
)
_HEAD: Final = 4_096  # characters
_INDEX: Final = re.compile(r"<(?:[\w.-]+:)?sitemapindex[\s>]")
_PLACE: Final = re.compile(r"<(?:[\w.-]+:)?loc>\s*(?:<!\[CDATA\[)?\s*(https?://[^<\]\s]{1,2000})")
_NEWS: Final = re.compile(r"news|latest|recent|aktuell|actu|noticias", re.IGNORECASE)


class Via(StrEnum):
    """How a feed was found."""

    ITSELF = "the address itself"
    NAMED = "named by the page"
    LINKED = "linked on the page"
    USUAL = "a usual address"
    SITEMAP = "news sitemap"


@dataclass(frozen=True, slots=True)
class Hint:
    """An address that may be that of a feed; ``title`` is what the page calls it."""

    url: str
    via: Via
    title: str = ""


@dataclass(frozen=True, slots=True)
class PageHints:
    """What a page says of feeds, in its order.

    Attributes:
        named: ``<link rel="alternate" type="application/rss+xml">`` and its like.
        linked: ordinary links that look like feeds.
    """

    named: tuple[Hint, ...]
    linked: tuple[Hint, ...]


_VIA: Final = {"link": Via.NAMED, "a": Via.LINKED}


def page_hints(page: str, url: str) -> PageHints:
    """The feeds that a page mentions.

    Args:
        page: its HTML; only the first 2,000,000 characters are read.
        url: its address.
    """
    tags = list(_visible(elements(page[:_MAX_PAGE], "link", "a", "base", *_HIDDEN)))
    stated = (tag.attributes.get("href", "") for tag in tags if tag.name == "base")
    base = clean_url(next(filter(None, stated), ""), url) or url
    links = [
        (tag, Hint(address, via, clean_line(tag.attributes.get("title", ""))))
        for tag in tags
        if (via := _VIA.get(tag.name))
        and (href := tag.attributes.get("href"))
        and (address := clean_url(href, base))
    ]
    return PageHints(
        named=tuple(hint for tag, hint in links if tag.name == "link" and _is_named(tag)),
        linked=tuple(hint for tag, hint in links if tag.name == "a" and _looks_like_feed(hint)),
    )


def _is_named(link: Element) -> bool:
    relation = link.attributes.get("rel", "").lower().split()
    is_feed = _FEED_TYPE.match(link.attributes.get("type", "")) is not None
    return ("alternate" in relation and is_feed) or "feed" in relation


def _looks_like_feed(hint: Hint) -> bool:
    parts = urlsplit(hint.url)
    word = _FEED_WORD.search(f"{parts.path}?{parts.query}")
    return word is not None or parts.netloc.startswith("feeds.")


def _visible(tags: Iterable[Element]) -> Iterator[Element]:
    """The start tags that don't stand in a script."""
    hidden = ""
    for tag in tags:
        if hidden:
            hidden = "" if (tag.name, tag.kind) == (hidden, "end") else hidden
        elif tag.name in _HIDDEN:
            hidden = tag.name if tag.kind == "start" else ""
        elif tag.kind != "end":
            yield tag


def usual_hints(page: str) -> list[Hint]:
    """Usual addresses of feeds, below a page and at the root of its site."""
    path = urlsplit(page).path.rstrip("/")
    below = [f"{path}/feed"] if path and "." not in path.rpartition("/")[2] else []
    return [Hint(urljoin(page, each), Via.USUAL) for each in (*below, *_USUAL)][:MAX_USUAL]


def sitemaps_of_robots(text: str, url: str) -> list[str]:
    """The sitemaps that a robots.txt names."""
    return _clean(robots.sitemaps(text), url)


def sitemaps_of_index(text: str, url: str) -> list[str]:
    """The sitemaps that an index of sitemaps lists; none if it is something else."""
    return _clean(_PLACE.findall(text), url) if _INDEX.search(text[:_HEAD]) else []


def news_hints(sitemaps: Iterable[str]) -> list[Hint]:
    """Those among sitemaps that are likely to list news, at most two."""
    news = (url for url in sitemaps if _NEWS.search(urlsplit(url).path))
    return [Hint(url, Via.SITEMAP) for url in news][:MAX_SITEMAPS]


def _clean(urls: Iterable[str], base: str) -> list[str]:
    return list(filter(None, (clean_url(url, base) for url in urls)))
