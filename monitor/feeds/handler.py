"""What feedparser makes entries with, with shorter ways for what most elements are.

What it gives is what its parent gives: what is not plain goes the parent's way.
"""

from collections.abc import Sequence
from typing import Any

import feedparser
import feedparser.api
from typing_extensions import override

_ROOTS = ("feed", "rss", "rdf:RDF")
_KEEP_TEXT_INPUT = ("title", "link", "description", "name")
_KEEP_IMAGE = ("title", "link", "description", "url", "href", "width", "height")
_SPECIAL = ("math", "svg")


class _Params(feedparser.FeedParserDict):  # type: ignore[misc]  # feedparser is untyped
    """What is known of the content that is read; copied often, and called by no other names."""

    get = dict.get

    def __deepcopy__(self, _: object) -> feedparser.FeedParserDict:
        return feedparser.FeedParserDict(self)


class QuickHandler(feedparser.api.StrictFeedParser):  # type: ignore[misc]  # feedparser is untyped
    """Reads like its parent; elements without attributes outside of content take a short cut."""

    contentparams: feedparser.FeedParserDict
    intextinput: int
    inimage: int

    def __init__(self, *args: Any) -> None:  # noqa: ANN401  # the parent's
        self._tags: dict[tuple[str | None, str], str] = {}
        super().__init__(*args)

    @override
    def startPrefixMapping(self, prefix: str | None, uri: str | None) -> None:
        self._tags.clear()
        super().startPrefixMapping(prefix, uri)

    @override
    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:
        if self.decls or len(attrs) or name[1] in _SPECIAL:
            super().startElementNS(name, qname, attrs)
        else:
            self.unknown_starttag(self._tag(name), [])

    @override
    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        self.unknown_endtag(self._tag(name))

    def _tag(self, name: tuple[str | None, str]) -> str:
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = self._made_tag(*name)
        return tag

    def _made_tag(self, namespace: str | None, local: str) -> str:
        prefix = self._matchnamespaces.get((namespace or "").lower())
        if not prefix and namespace:
            uses = self.namespaces_in_use.items()
            prefix = next((name for name, uri in uses if name and uri == namespace), None)
        return (f"{prefix}:{local}" if prefix else local).lower()

    @override
    def push_content(self, *args: Any) -> None:
        super().push_content(*args)
        self.contentparams = _Params(self.contentparams)

    @override
    def unknown_starttag(self, tag: str, attrs: Sequence[tuple[str, str]]) -> None:
        if attrs or self.baseuri or self.incontent or tag in _ROOTS:
            super().unknown_starttag(tag, attrs)
            return
        self.depth += 1
        self.basestack.append(self.baseuri)
        self.langstack.append(self.lang)
        prefix, _, suffix = tag.partition(":") if ":" in tag else ("", "", tag)
        prefix = self.namespacemap.get(prefix, prefix)
        if not prefix:
            self.intextinput = self.intextinput if tag in _KEEP_TEXT_INPUT else 0
            self.inimage = self.inimage if tag in _KEEP_IMAGE else 0
        name = f"{prefix}_{suffix}" if prefix else suffix
        try:
            getattr(self, f"_start_{name}")({})
        except AttributeError:  # as in the parent: there is no such method, or it failed
            self.push(name, 1)
