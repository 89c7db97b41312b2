"""What feedparser makes entries with, with shorter ways for what most elements are.

What it gives is what its parent gives: what is not plain goes the parent's way. Its driver is
``sax.FeedDriver``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import feedparser
import feedparser.api
from feedparser.urls import make_safe_absolute_uri
from typing_extensions import override

from monitor.feeds.feeddicts import EntryDict, FeedDict, ParamsDict, QuickText, mended

_SPECIAL = ("feed", "rss", "math", "svg")  # roots that tell a language; what content may hold
_KEEP_TEXT_INPUT = ("title", "link", "description", "name")
_KEEP_IMAGE = ("title", "link", "description", "url", "href", "width", "height")
_TRACKED = frozenset({"base", "lang"})  # attributes that hold for what is inside
_SMALL = ("rel", "type")  # attributes whose values are read in small letters
_NOT_STORED = ("category", "tags", "itunes_keywords")
_XHTML = "application/xhtml+xml"
_ABSOLUTE = re.compile("https?://[^/]")
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")


@dataclass(frozen=True, slots=True)
class _Element:
    """What an element of a name is, while the namespaces stay what they are.

    Attributes:
        tag: as feedparser calls it.
        name: what it is kept under if nothing else is known of it.
        is_special: always the parent's.
        start: what feedparser does where it begins; ``end`` likewise.
    """

    tag: str
    name: str
    is_special: bool
    has_prefix: bool
    start: Callable[[Any, dict[str, str]], None] | None
    end: Callable[[Any], None] | None


class QuickHandler(feedparser.api.StrictFeedParser):  # type: ignore[misc]  # feedparser is untyped
    """Reads like its parent; elements outside of content and text in entries take short cuts."""

    contentparams: feedparser.FeedParserDict
    baseuri: str
    depth: int
    incontent: int
    inimage: int
    intextinput: int

    def __init__(self, *args: Any) -> None:  # noqa: ANN401  # the parent's
        self._elements: dict[str, _Element] = {}
        super().__init__(*args)

    @override
    def startPrefixMapping(self, prefix: str | None, uri: str | None) -> None:
        before = self.namespacemap.copy(), self.namespaces_in_use.copy()
        super().startPrefixMapping(prefix, uri)
        if before != (self.namespacemap, self.namespaces_in_use):
            self._elements.clear()

    def starts_plainly(self, name: str, attrs: Mapping[str, str]) -> bool:
        """Takes the start of an element, unless it is one for the parent.

        Args:
            name: "namespace local prefix", as expat has it.
            attrs: its attributes, named likewise.

        Returns:
            Whether it was taken.
        """
        element = self._elements.get(name) or self._known(name)
        if self.incontent or self.decls or element.is_special:
            return False
        given = _plain_attributes(attrs) if attrs else {}
        if given is None:
            return False
        self.depth += 1
        if self.baseuri:
            self.baseuri = _joined(self.baseuri)
        self.basestack.append(self.baseuri)
        self.langstack.append(self.lang)
        if not element.has_prefix:
            self.intextinput = self.intextinput if element.tag in _KEEP_TEXT_INPUT else 0
            self.inimage = self.inimage if element.tag in _KEEP_IMAGE else 0
        self._begin(element, given)
        return True

    def _begin(self, element: _Element, given: dict[str, str]) -> None:
        if element.start is not None:
            try:
                element.start(self, given)
            except AttributeError:  # as in the parent: as if it were not there
                pass
            else:
                return
        if given:
            self._get_context()[element.name] = given
        else:
            self.push(element.name, 1)

    def ends(self, name: str) -> None:
        """Takes the end of an element; its name is that of ``starts_plainly``."""
        element = self._elements.get(name) or self._known(name)
        if self.svgOK or (self.incontent and element.end is None):
            super().unknown_endtag(element.tag)
            return
        if element.end is None:
            self.pop(element.name)
        else:
            try:
                element.end(self)
            except AttributeError:  # as in the parent
                self.pop(element.name)
        if self.incontent and not self._ends_in_content(element.tag):
            return
        self._leave()

    def _ends_in_content(self, tag: str) -> bool:
        """Puts an end tag into the content it stands in; false for one that is no end at all."""
        if not self.contentparams.get("type", "xml").endswith("xml"):
            if tag in ("xhtml:div", "div"):
                return False
            self.contentparams["type"] = _XHTML
        if self.contentparams.get("type") == _XHTML:
            self.handle_data(f"</{tag.rpartition(':')[2]}>", escape=0)
        return True

    def _leave(self) -> None:
        if self.basestack:
            self.basestack.pop()
            if self.basestack and self.basestack[-1]:
                self.baseuri = self.basestack[-1]
        if self.langstack:
            self.langstack.pop()
            if self.langstack:
                self.lang = self.langstack[-1]
        self.depth -= 1

    def _known(self, name: str) -> _Element:
        parts = name.split()
        tag = self._tag(*parts[:2]) if len(parts) > 1 else self._tag("", name)
        prefix, _, suffix = tag.partition(":") if ":" in tag else ("", "", tag)
        prefix = self.namespacemap.get(prefix, prefix)
        its = f"{prefix}_{suffix}" if prefix else suffix
        element = self._elements[name] = _Element(
            tag=tag,
            name=its,
            is_special=suffix in _SPECIAL,
            has_prefix=bool(prefix),
            start=getattr(type(self), f"_start_{its}", None),
            end=getattr(type(self), f"_end_{its}", None),
        )
        return element

    def _tag(self, namespace: str, local: str) -> str:
        prefix = self._matchnamespaces.get(namespace.lower())
        if not prefix and namespace:
            uses = self.namespaces_in_use.items()
            prefix = next((name for name, uri in uses if name and uri == namespace), None)
        return (f"{prefix}:{local}" if prefix else local).lower()

    @override
    def characters(self, text: str) -> None:
        if not self.elementstack:
            return
        if self.contentparams.get("type") == _XHTML:
            text = escape(text)
        self.elementstack[-1][2].append(text)

    @staticmethod
    def decode_entities(_: str, data: str) -> str:
        """A hook for other parsers; here the way to hand ``pop`` of the parent a quick text."""
        return QuickText(data)

    def _start_item(self, attrs_d: dict[str, str]) -> None:
        super()._start_item(attrs_d)
        self.entries[-1].__class__ = EntryDict
        self._depths = self.property_depth_map.setdefault(self.entries[-1], {})

    _start_entry = _start_item

    @override
    def resolve_uri(self, uri: str) -> str:
        if not self.baseuri and _ABSOLUTE.match(uri):
            return uri
        resolved: str = super().resolve_uri(uri)
        return resolved

    @override
    def push_content(
        self, tag: str, attrs_d: Any, default_content_type: str, expecting_text: Any
    ) -> None:
        self.incontent += 1
        if self.lang:
            self.lang = self.lang.replace("_", "-")
        kind = self.map_content_type(attrs_d.get("type", default_content_type))
        params: Any = ParamsDict({"type": kind, "language": self.lang, "base": self.baseuri})
        self.contentparams = params
        params["base64"] = self._is_base64(attrs_d, params)
        self.elementstack.append([tag, expecting_text, []])

    @override
    def pop(self, element: str, strip_whitespace: int = 1) -> str | None:
        stack, params = self.elementstack, self.contentparams
        if not stack or stack[-1][0] != element:
            return None
        in_entry = self.inentry and not self.insource
        if (
            not in_entry
            or not strip_whitespace
            or params.get("type") == _XHTML
            or params.get("base64")
        ):
            popped: str | None = super().pop(element, strip_whitespace)
            return popped
        _, expecting_text, pieces = stack.pop()
        output = "".join(pieces).strip()
        if not expecting_text:
            return output
        output = self._cleaned(element, output)
        is_inner_title = element == "title" and -1 < self.title_depth <= self.depth
        if element not in _NOT_STORED and not is_inner_title:
            self._keep(element, output)
        return output

    def _cleaned(self, element: str, output: str) -> str:
        params = self.contentparams
        if output and element in self.can_be_relative_uri and (element != "id" or self.guidislink):
            output = self.resolve_uri(output)
        if params:
            guessed = params.get("type") == "text/plain" and not self.version.startswith("atom")
            if guessed and ("<" in output or "&" in output) and self.looks_like_html(output):
                params["type"] = "text/html"
            params.pop("mode", None)
            params.pop("base64", None)
        return output if output.isascii() else mended(output)

    def _keep(self, element: str, output: str) -> None:
        entry = self.entries[-1]
        if element == "content":
            entry.setdefault(element, []).append(FeedDict(self.contentparams, value=output))
        elif element == "link":
            if not self.inimage:
                if "&" in output:
                    output = _REFERENCE.sub(r"&\g<1>", output.replace("&amp;", "&"))
                entry[element] = output
                if output:
                    entry["links"][-1]["href"] = output
        else:
            self._keep_other(entry, "summary" if element == "description" else element, output)

    def _keep_other(self, entry: feedparser.FeedParserDict, element: str, output: str) -> None:
        depth = self._depths.get(element)
        if depth is None or self.depth <= depth:
            self._depths[element] = self.depth
            entry[element] = output
        if self.incontent:
            entry[f"{element}_detail"] = FeedDict(self.contentparams, value=output)


def _plain_attributes(attrs: Mapping[str, str]) -> dict[str, str] | None:
    """As feedparser reads them; None if one is of a namespace or holds for what is inside."""
    given: dict[str, str] = {}
    for name, value in attrs.items():
        key = name.lower()
        if " " in key or key in _TRACKED:
            return None
        given[key] = value.lower() if key in _SMALL else value
    return given


@lru_cache(1)  # mostly the same for a whole document
def _joined(base: str) -> str:
    """What feedparser makes of the base address at every element that names none."""
    return make_safe_absolute_uri(base, base) or base
