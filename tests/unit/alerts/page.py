"""What a mail program sees of a page."""

import json
from html.parser import HTMLParser

from typing_extensions import override

from monitor.model.alert import Message


class Page(HTMLParser):
    """Elements, links, and the visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.marks: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    @override
    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    @override
    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.text += data
        if "mark" in self._open:
            self.marks.append(data)


def words(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def shown(message: Message) -> str:
    """The words of the page."""
    return words(Page(message.html).text)


def forms(message: Message) -> tuple[str, ...]:
    """Every form of a message as text."""
    slack = json.dumps(message.blocks, ensure_ascii=False)
    return message.text, message.html, message.markdown, message.short, slack
