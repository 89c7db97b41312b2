"""The XML driver feedparser uses: expat with buffered text and hard limits.

feedparser finds it by name, through ``create_parser``. Buffered text means a third of the
callbacks; the limits stop documents that are built to take for ever. What the driver hands over
is what its parent does, so the entries are the same.
"""

from collections.abc import Mapping
from typing import Any
from xml.sax import SAXParseException, expatreader

from typing_extensions import override

MAX_DEPTH = 256
MAX_ATTRIBUTES = 256
MAX_ELEMENTS = 100_000
MAX_LOOSE_TAGS, MAX_LOOSE_REFERENCES = 200_000, 1_000_000
_BUFFER = 1 << 18


class LimitError(ValueError):
    """A document breaks a limit; not a SAXException, after which feedparser would go on."""


class LimitedParser(expatreader.ExpatParser):
    """Reads like its parent, but gives up on absurd documents."""

    _parser: Any
    _cont_handler: Any
    _depth = 0
    _elements = 0

    @override
    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True
        self._parser.buffer_size = _BUFFER

    @override
    def parse(self, source: Any) -> None:
        document = source.getByteStream().getvalue()
        try:
            super().parse(source)
        except SAXParseException:
            # feedparser goes on with its loose parser, which knows no limits.
            _check_size(document)
            raise

    @override
    def start_element_ns(self, name: str, attrs: Mapping[str, str]) -> None:
        self._count(attrs)
        super().start_element_ns(name, attrs)

    @override
    def end_element_ns(self, name: str) -> None:
        self._depth -= 1
        super().end_element_ns(name)

    def _count(self, attrs: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise LimitError(f"elements nested deeper than {MAX_DEPTH}")
        if self._elements > MAX_ELEMENTS:
            raise LimitError(f"more than {MAX_ELEMENTS} elements")
        if len(attrs) > MAX_ATTRIBUTES:
            raise LimitError(f"an element with more than {MAX_ATTRIBUTES} attributes")


class FeedDriver(LimitedParser):
    """Hands elements to a ``QuickHandler``, without the objects that SAX would make of each."""

    @override
    def start_element_ns(self, name: str, attrs: Mapping[str, str]) -> None:
        self._count(attrs)
        if not self._cont_handler.starts_plainly(name, attrs):
            expatreader.ExpatParser.start_element_ns(self, name, attrs)

    @override
    def end_element_ns(self, name: str) -> None:
        self._depth -= 1
        self._cont_handler.ends(name)


def _check_size(document: bytes) -> None:
    tags, references = document.count(b"<"), document.count(b"&")
    if tags > MAX_LOOSE_TAGS or references > MAX_LOOSE_REFERENCES:
        raise LimitError("not well-formed, and too large to be read all the same")


create_parser = FeedDriver
