"""The dictionaries and texts that feedparser works with, made to be asked often."""

import re
from contextlib import suppress
from typing import Any

import feedparser
from typing_extensions import override

FeedDict: Any = feedparser.FeedParserDict  # it is untyped
# Keys that feedparser's dictionaries look for under other names, too.
_ODD = frozenset(
    {"category", "enclosures", "license", "updated", "updated_parsed", *FeedDict.keymap}
)
_CP1252 = {
    n: bytes([n]).decode("cp1252") for n in {*range(0x80, 0xA0)} - {*b"\x81\x8d\x8f\x90\x9d"}
}
_C1_CONTROL = re.compile("[\x80-\x9f]")


class EntryDict(FeedDict):  # type: ignore[misc]
    """An entry; what has one name only is looked up as in any dictionary."""

    def __contains__(self, key: object) -> bool:
        return FeedDict.__contains__(self, key) if key in _ODD else dict.__contains__(self, key)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401
        return FeedDict.__getitem__(self, key) if key in _ODD else dict.__getitem__(self, key)

    def __setitem__(self, key: str, value: object) -> None:
        (FeedDict if key in _ODD else dict).__setitem__(self, key, value)

    def setdefault(self, key: str, default: object) -> Any:  # noqa: ANN401
        """What is there, else what is put there."""
        return (FeedDict if key in _ODD else dict).setdefault(self, key, default)


class ParamsDict(FeedDict):  # type: ignore[misc]
    """What is known of the content that is read; called by no other names."""

    get = dict.get
    __getitem__ = dict.__getitem__
    __setitem__ = dict.__setitem__

    def __deepcopy__(self, _: object) -> feedparser.FeedParserDict:
        return FeedDict(self)


class QuickText(str):
    """Text in which feedparser looks for what it calls Windows-1252, character by character."""

    __slots__ = ()

    @override
    def translate(self, table: Any, /) -> str:
        return super().translate(table) if _C1_CONTROL.search(self) else str(self)


def mended(text: str) -> str:
    """Text that was taken for Latin-1 or Windows-1252, as feedparser mends it."""
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_CP1252) if _C1_CONTROL.search(text) else text
