"""HTML to clean text: what matching reads never holds mark-up. The only door of lxml."""

import html
import re
from collections.abc import Mapping
from threading import local

from lxml import etree

MAX_HTML = 2_000_000  # characters; the longest article is a hundredth of it
MAX_LINE = 1_000

_BLOCK_TAGS = """
    address article aside blockquote body center details dialog div dl fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section summary table ul
"""
_LINE_TAGS = "br caption dd dt li option td th tr"
_SKIPPED_TAGS = """
    audio button canvas datalist head iframe math noscript object script select style svg
    template textarea title video
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_LINES = frozenset(_LINE_TAGS.split())
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_PAGE_START = 4_096

_MARKUP = re.compile(r"<(?:[a-zA-Z/][^<>]*>|!--|[!?][a-zA-Z])")
# Controls (but tab, line feed, carriage return), soft hyphen, zero-width, bidi, BOM, surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_EMPTY_LINES = re.compile(r"\n{3,}")
_LONG_REFERENCE = re.compile(
    r"&#(?:[xX][0-9a-fA-F]{7,}|[0-9]{8,});?"
)  # int() refuses 4,300 digits
_SKIP = r"(?>\s|<\?xml[^>]*>|<!--(?s:.*?)-->)*"
_PAGE = re.compile(  # some feeds claim to be HTML before they begin
    rf"{_SKIP}<(?:!doctype\s+html\b(?![^<>]*>{_SKIP}<(?:rss|feed|rdf))|(?:html|head|body)\b)".encode(),
    re.IGNORECASE,
)

_WRAPPED_MIN, _WRAPPED_MAX = 50, 100  # length of a full line in text wrapped by hand


def to_text(markup: str) -> str:
    """The text of a piece of HTML: blank line between blocks, new line for br, li and td.

    Text without a tag is taken as plain text; only its entities are decoded, and lines that
    were wrapped at a column are joined. Never raises; takes linear time on any input.

    Args:
        markup: HTML or text; only the first 2,000,000 characters are read.
    """
    markup = markup[:MAX_HTML]
    if "<" not in markup or not _MARKUP.search(markup):
        decoded = html.unescape(_LONG_REFERENCE.sub("\ufffd", markup)) if "&" in markup else markup
        text = _tidy(decoded)
        return _tidy(_unwrap(text)) if "\n" in text else text
    return _tidy(_READER.read(markup.encode("utf-8", "ignore")))


def clean_line(markup: str) -> str:
    """A title as one line of text, at most 1,000 characters."""
    return " ".join(to_text(markup).split())[:MAX_LINE].rstrip()


def strip_invisible(text: str) -> str:
    """Drops control, zero-width, bidi and soft-hyphen characters and lone surrogates."""
    if text.isprintable():  # as most are; a search takes longer
        return text
    return _INVISIBLE.sub("", text)


def looks_like_html_page(body: bytes) -> bool:
    """Whether a document is a web page rather than a feed (tells from its first tags)."""
    return _PAGE.match(body[:_PAGE_START].removeprefix(b"\xef\xbb\xbf")) is not None


class _Collector:
    """A parser target: builds no tree, so that nesting costs nothing."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.parts: list[str] = []
        self._skipping = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        self._skipping += tag in _SKIPPED
        self._break(tag)

    def end(self, tag: str) -> None:
        self._skipping -= tag in _SKIPPED
        if tag in _BLOCKS:
            self._break(tag)

    def data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(data.replace("\n", " "))

    def close(self) -> None:
        """Nothing to finish: the parts are complete."""

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag in _LINES:
            self.parts.append("\n")


class _Reader(local):
    """A parser for each thread, since making one takes longer than most of its work."""

    def __init__(self) -> None:
        self._collector = _Collector()
        self._parser = etree.HTMLParser(
            target=self._collector,  # type: ignore[arg-type]  # the stubs want comments and bytes
            encoding="utf-8",
            huge_tree=True,
        )

    def read(self, markup: bytes) -> str:
        self._collector.begin()
        try:
            self._parser.feed(markup)
            self._parser.close()
        except etree.XMLSyntaxError:  # nothing but a comment: libxml2 calls that an empty document
            return ""
        except BaseException:
            self.__init__()  # type: ignore[misc]  # whatever it holds
            raise
        return "".join(self._collector.parts)


_READER = _Reader()


def _tidy(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in text:
        return _tidy_line(text)
    text = "\n".join(map(_tidy_line, text.split("\n"))).strip()
    return _EMPTY_LINES.sub("\n\n", text) if "\n\n\n" in text else text


def _tidy_line(line: str) -> str:
    if line.isprintable() and "  " not in line:
        return line.strip()  # as most are; a printable blank is this one
    return " ".join(strip_invisible(line).split())


def _unwrap(text: str) -> str:
    """Joins the lines of paragraphs that were wrapped at a column; other line ends stay."""
    if max(map(len, text.split("\n"))) > _WRAPPED_MAX:
        return text
    return "\n\n".join(map(_unwrap_paragraph, text.split("\n\n")))


def _unwrap_paragraph(paragraph: str) -> str:
    lines = paragraph.split("\n")
    if any(len(line) < _WRAPPED_MIN for line in lines[:-1]):
        return paragraph
    return " ".join(lines)
