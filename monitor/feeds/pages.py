"""The article on a web page: its text, its language, its address. The only door of trafilatura.

Runs in a worker process: pages of strangers may take any time and memory. Nothing here fetches
anything; trafilatura could, and is never asked to.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from monitor.analysis.teaser import is_stub
from monitor.feeds.encoding import to_utf8
from monitor.feeds.entries import MAX_TEXT, clean_language, clean_url
from monitor.feeds.html import strip_invisible

MAX_PAGE: Final = 2_000_000  # bytes after decompression
_HEAD: Final = 200_000  # characters in which its tags are looked for
_SHORTEST: Final = 80  # characters; with less it is a heading, or the caption of a picture
_STUB: Final = 1_000  # characters; a page for subscribers that shows less shows its beginning
_CHARSET_AT: Final = 4_096  # bytes; browsers look at the first 1,024

_TAG = re.compile(
    r"<(html|link|meta|base|body)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"([a-z:-]+)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_META_CHARSET = re.compile(
    rb"<meta\s[^<>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
_REFRESH = re.compile(
    r"\s*(\d{1,9})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE
)
_AT_ONCE: Final = 10  # seconds; a page that reloads itself later is read as it is
_FOR_SUBSCRIBERS = re.compile(r"\"isAccessibleForFree\"\s{0,9}:\s{0,9}\"?false", re.IGNORECASE)
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSource:
    """A page as it was fetched; ``url`` is where it came from in the end."""

    body: bytes
    url: str
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says of its article.

    Attributes:
        text: paragraphs with blank lines between them.
        language: by the page (BCP 47), else None.
        canonical: the address of the article, if it names one on its own site.
        refresh: where it sends its readers at once, if it does.
        problem: why the text is not that of the article, or not all of it.
    """

    text: str = ""
    language: str | None = None
    canonical: str | None = None
    refresh: str | None = None
    problem: str | None = None


def is_page(content_type: str) -> bool:
    """Whether a document may be HTML, by what its server says."""
    return content_type.partition(";")[0].strip().lower() in _HTML_TYPES


def read_page(source: PageSource) -> Page:
    """Finds the article on a page; may take long, and much memory."""
    markup = _decoded(source)
    head = _Head(markup[:_HEAD], source.url)
    text = _main_text(markup)
    problem = _problem(text, markup)
    return Page(
        text=text[:MAX_TEXT],
        language=head.language,
        canonical=head.canonical or None,
        refresh=head.refresh,
        problem=problem,
    )


def _decoded(source: PageSource) -> str:
    content_type = source.content_type
    if "charset" not in content_type.lower():
        found = _META_CHARSET.search(source.body[:_CHARSET_AT])
        declared = found[1].decode("ascii", "ignore") if found else ""
        content_type = f"{content_type}; charset={declared}"
    return to_utf8(source.body[:MAX_PAGE], content_type).decode("utf-8", "replace")


def _main_text(markup: str) -> str:
    from trafilatura import extract  # heavy, and only workers need it

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of every odd page
    # Precision: what is beside the article (related links, most of all) makes false alerts.
    found = extract(markup, favor_precision=True, include_comments=False) or ""
    lines = (" ".join(line.split()) for line in strip_invisible(found).split("\n"))
    return "\n\n".join(filter(None, lines))


def _problem(text: str, markup: str) -> str | None:
    if len(text) < _SHORTEST:
        return "no text of an article was found on its page"
    if is_stub(text):
        return "its page shows only the beginning (for subscribers?)"
    if len(text) < _STUB and _FOR_SUBSCRIBERS.search(markup):
        return "its page is for subscribers only"
    return None


class _Head:
    """What the tags in the head of a page say; ``base`` is its address."""

    def __init__(self, markup: str, base: str) -> None:
        self.language: str | None = None
        self.canonical = ""
        self.refresh: str | None = None
        self._url = self._base = base
        for tag, attributes in _tags(markup):
            match tag:
                case "html":
                    lang = attributes.get("lang") or attributes.get("xml:lang") or ""
                    self.language = self.language or clean_language(lang)
                case "base":
                    self._base = clean_url(attributes.get("href", ""), base) or base
                case "link":
                    self._read_link(attributes)
                case "meta":
                    self._read_meta(attributes)
                case _:
                    break

    def _read_link(self, attributes: dict[str, str]) -> None:
        if "canonical" in attributes.get("rel", "").lower().split() and not self.canonical:
            target = clean_url(attributes.get("href", ""), self._base)
            # Anybody may claim to be anybody: only its own site is believed.
            if target and _site(target) == _site(self._url) and urlsplit(target).path != "/":
                self.canonical = target

    def _read_meta(self, attributes: dict[str, str]) -> None:
        content = attributes.get("content", "")
        match attributes.get("http-equiv", "").lower():
            case "content-language":
                self.language = self.language or clean_language(content)
            case "refresh":
                found = _REFRESH.match(content)
                if found and int(found[1]) <= _AT_ONCE:
                    target = clean_url(found[2], self._base)
                    self.refresh = target if target and target != self._url else None
            case _:
                pass


def _tags(markup: str) -> Iterator[tuple[str, dict[str, str]]]:
    for found in _TAG.finditer(_COMMENT.sub("", markup)):
        attributes = {
            name.lower(): unescape(double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(found[2])
        }
        yield found[1].lower(), attributes


def _site(url: str) -> str:
    """The host without what stands for the kind of reader."""
    host = urlsplit(url).hostname or ""
    first, _, rest = host.partition(".")
    return rest if first in {"www", "m", "amp", "mobile"} and "." in rest else host
