"""Findings as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import quoteattr

import regex

from monitor.archive.search import Finding
from monitor.model.article import Article
from monitor.model.hit import Span

_NOT_XML: Final = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_AROUND: Final = 80  # characters on either side of a passage
_PASSAGES: Final = 3


def atom(title: str, findings: Iterable[Finding], updated: datetime) -> str:
    """The feed document.

    Args:
        title: of the feed; its id is made of it.
        findings: its entries, in their order.
        updated: when it was made.
    """
    entries = "".join(map(_entry, findings))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <title>{_text(title)}</title>\n"
        f"  <id>{uuid5(NAMESPACE_URL, f'media-monitor:{title}').urn}</id>\n"
        f"  <updated>{_time(updated)}</updated>\n"
        "  <author><name>Media Monitor</name></author>\n"
        f"{entries}</feed>\n"
    )


def _entry(finding: Finding) -> str:
    article = finding.article
    seen = article.seen or article.published
    link = f"    <link href={quoteattr(_clean(article.url))}/>\n" if article.url else ""
    published = (
        f"    <published>{_time(article.published)}</published>\n" if article.published else ""
    )
    author = _text(article.author or article.source) or "unknown"
    passages = "".join(f"<p>{each}</p>" for each in _passages(finding))
    return (
        "  <entry>\n"
        f"    <title>{_text(article.title) or '(no title)'}</title>\n"
        f"    <id>{uuid5(NAMESPACE_URL, f'{article.id} {_clean(article.url)}').urn}</id>\n"
        f"{link}{published}"
        f"    <updated>{_time(seen or datetime.fromtimestamp(0, UTC))}</updated>\n"
        f"    <author><name>{author}</name></author>\n"
        f'    <content type="html">{_text(passages or escape(finding.match.why))}</content>\n'
        "  </entry>\n"
    )


def _passages(finding: Finding) -> Iterable[str]:
    spans = [span for span in finding.match.spans if span.field != "title"]
    for span in (spans or finding.match.spans)[:_PASSAGES]:
        yield _passage(finding.article, span)


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
