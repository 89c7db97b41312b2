"""What every mail of ours has to be, checked with the standard library alone."""

import re
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

from typing_extensions import override

_ONCE = (
    *("Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "X-Monitor-Alert", "X-Monitor-Attempt"),
)
_AT_MOST_ONCE = ("References", "In-Reply-To", "List-Id", "Reply-To")
_LONGEST_LINE = 998  # RFC 5322, without its end


def faults_of(content: bytes) -> list[str]:
    """What is wrong with a mail as it was sent; empty if nothing is."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return [
        *_wrong_headers(mail),
        *_lost_links(mail),
        *(f"defect: {defect!r}" for part in mail.walk() for defect in part.defects),
        *(f"long line: {line[:60]!r}" for line in content.splitlines() if _is_long(line)),
    ]


def _wrong_headers(mail: EmailMessage) -> list[str]:
    counts = Counter(name.lower() for name, _ in mail.raw_items())
    double = [f"{name} more than once" for name, count in counts.items() if count > 1]
    missing = [f"no {name}" for name in _ONCE if name.lower() not in counts]
    known = {name.lower() for name in (*_ONCE, *_AT_MOST_ONCE)}
    return [*double, *missing, *(f"{name} is unknown" for name in counts.keys() - known)]


def _is_long(line: bytes) -> bool:
    return len(line) > _LONGEST_LINE


def _lost_links(mail: EmailMessage) -> list[str]:
    """Links of the HTML part that the text part does not show."""
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    if html is None or text is None:
        return ["a part is missing"]
    links = _Links()
    links.feed(html.get_content())
    shown = set(re.findall(r"https?://[^\s<>]+", text.get_content()))
    return [f"{link} is not in the text" for link in links.found if link not in shown]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and value]
