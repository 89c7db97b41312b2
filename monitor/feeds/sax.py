"""The XML driver feedparser uses: expat with buffered text and hard limits.

feedparser finds it by name, through ``create_parser``. Buffered text means a third of the
callbacks; the limits stop documents that are built to take for ever.
"""

from typing import Any
from xml.sax import expatreader

from typing_extensions import override

MAX_DEPTH = 256
MAX_ATTRIBUTES = 256
MAX_ELEMENTS = 500_000
_BUFFER = 1 << 18


class LimitError(ValueError):
    """A document breaks a limit; not a SAXException, after which feedparser would go on."""


class LimitedParser(expatreader.ExpatParser):
    """Reads like its parent, but gives up on absurd documents."""

    _parser: Any
    _depth = 0
    _elements = 0

    @override
    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True
        self._parser.buffer_size = _BUFFER

    @override
    def start_element_ns(self, name: str, attrs: Any) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise LimitError(f"elements nested deeper than {MAX_DEPTH}")
        if len(attrs) > MAX_ATTRIBUTES:
            raise LimitError(f"an element with more than {MAX_ATTRIBUTES} attributes")
        if self._elements > MAX_ELEMENTS:
            raise LimitError(f"more than {MAX_ELEMENTS} elements")
        super().start_element_ns(name, attrs)

    @override
    def end_element_ns(self, name: str) -> None:
        self._depth -= 1
        super().end_element_ns(name)


create_parser = LimitedParser
