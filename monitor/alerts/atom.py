"""Articles that a query or a rule found, as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import quoteattr

import regex

from monitor.model.article import Article
from monitor.model.hit import Span

_NOT_XML: Final = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_AROUND: Final = 80  # characters on either side of a passage
_PASSAGES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomEntry:
    """An article and why it is in a feed.

    Attributes:
        spans: passages, of which some are shown.
        why: is shown where there are none.
        updated: when it was found.
        categories: ids of the rules that found it.
    """

    article: Article
    spans: tuple[Span, ...]
    why: str
    updated: datetime
    categories: tuple[str, ...] = ()


def atom(key: str, title: str, entries: Iterable[AtomEntry], updated: datetime) -> str:
    """The feed document.

    Args:
        key: of the feed; its id is made of it.
        title: of the feed.
        entries: in their order; no article twice.
        updated: when the newest came, or when the feed was made.
    """
    told = "".join(map(_entry, entries))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <title>{_text(title)}</title>\n"
        f"  <id>{uuid5(NAMESPACE_URL, f'media-monitor:{_clean(key)}').urn}</id>\n"
        f"  <updated>{_time(updated)}</updated>\n"
        "  <author><name>Media Monitor</name></author>\n"
        f"{told}</feed>\n"
    )


def _entry(entry: AtomEntry) -> str:
    article = entry.article
    link = f"    <link href={quoteattr(_clean(article.url))}/>\n" if article.url else ""
    published = (
        f"    <published>{_time(article.published)}</published>\n" if article.published else ""
    )
    author = _text(article.author or article.source) or "unknown"
    rules = "".join(
        f"    <category term={quoteattr(_clean(rule))}/>\n" for rule in entry.categories
    )
    passages = "".join(f"<p>{each}</p>" for each in _passages(entry))
    return (
        "  <entry>\n"
        f"    <title>{_text(article.title) or '(no title)'}</title>\n"
        f"    <id>{uuid5(NAMESPACE_URL, f'{article.id} {_clean(article.url)}').urn}</id>\n"
        f"{link}{published}"
        f"    <updated>{_time(entry.updated)}</updated>\n"
        f"    <author><name>{author}</name></author>\n"
        f"{rules}"
        f'    <content type="html">{_text(passages or escape(entry.why))}</content>\n'
        "  </entry>\n"
    )


def _passages(entry: AtomEntry) -> Iterable[str]:
    spans = [span for span in entry.spans if span.field != "title"]
    for span in (spans or entry.spans)[:_PASSAGES]:
        yield _passage(entry.article, span)


def _passage(article: Article, span: Span) -> str:
    text: str = getattr(article, span.field)
    start, end = max(0, span.start - _AROUND), span.end + _AROUND
    before, after = escape(text[start : span.start]), escape(text[span.end : end])
    found = f"<b>{escape(text[span.start : span.end])}</b>"
    return f"{'…' if start else ''}{before}{found}{after}{'…' if end < len(text) else ''}"


def _text(text: str) -> str:
    return escape(_clean(text), quote=False)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
