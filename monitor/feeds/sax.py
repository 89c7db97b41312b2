"""The XML driver feedparser uses: expat with buffered text and hard limits.

feedparser finds it by name, through ``create_parser``. Buffered text means a third of the
callbacks; the limits stop documents that are built to take for ever. What the driver hands over
is what its parent does, so the entries are the same.
"""

import re
from typing import Any
from xml.sax import SAXParseException, expatreader
from xml.sax.xmlreader import AttributesNSImpl

from typing_extensions import override

MAX_DEPTH = 256
MAX_ATTRIBUTES = 256
MAX_ELEMENTS = 100_000
MAX_LOOSE_TAGS, MAX_LOOSE_REFERENCES = 200_000, 1_000_000
_BUFFER = 1 << 18
_C1_CONTROL = re.compile("[\x80-\x9f]")


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
    def setContentHandler(self, handler: Any) -> None:
        # feedparser's hook for the text of elements, of which its strict parser makes no use.
        if hasattr(handler, "decode_entities"):
            handler.decode_entities = _decode_entities
        super().setContentHandler(handler)

    @override
    def start_element_ns(self, name: str, attrs: Any) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise LimitError(f"elements nested deeper than {MAX_DEPTH}")
        if self._elements > MAX_ELEMENTS:
            raise LimitError(f"more than {MAX_ELEMENTS} elements")
        if attrs:
            if len(attrs) > MAX_ATTRIBUTES:
                raise LimitError(f"an element with more than {MAX_ATTRIBUTES} attributes")
            super().start_element_ns(name, attrs)
        else:  # as most are
            self._cont_handler.startElementNS(_name(name), None, AttributesNSImpl({}, {}))

    @override
    def end_element_ns(self, name: str) -> None:
        self._depth -= 1
        self._cont_handler.endElementNS(_name(name), None)


def _name(name: str) -> tuple[str | None, str]:
    """Namespace and local name of what expat calls "namespace local prefix"."""
    parts = name.split()
    return (None, name) if len(parts) == 1 else (parts[0], parts[1])


def _check_size(document: bytes) -> None:
    tags, references = document.count(b"<"), document.count(b"&")
    if tags > MAX_LOOSE_TAGS or references > MAX_LOOSE_REFERENCES:
        raise LimitError("not well-formed, and too large to be read all the same")


class _Text(str):
    """Text in which feedparser looks for what it calls Windows-1252, character by character."""

    __slots__ = ()

    @override
    def translate(self, table: Any, /) -> str:
        return super().translate(table) if _C1_CONTROL.search(self) else str(self)


def _decode_entities(_: str, text: str) -> str:
    return _Text(text)


create_parser = LimitedParser
