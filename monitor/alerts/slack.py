"""An alert in Slack's mrkdwn, in which nothing of a feed can be a command."""

import re

from monitor.alerts.passages import Passage
from monitor.alerts.view import AlertView

_SECTION = 3000  # Slack refuses a longer one
_LINK = 1500  # a longer link would leave no room for its title
_TITLE = 180
_SOURCE = 80
_BREAK = "\N{ZERO WIDTH SPACE}"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {mark: mark + _BREAK for mark in "*_~`"}
_TABLE = str.maketrans(_ESCAPES)
_HALF_A_TOKEN = re.compile(r"(?:&[a-z]*|<[^>]*)$")


def escape(text: str) -> str:
    """Returns mrkdwn that shows the text as it is: no mention, link, bold or code comes of it."""
    return text.translate(_TABLE)


def sections(view: AlertView) -> tuple[str, ...]:
    """Returns the alert as the texts of its section blocks, none above Slack's limit."""
    return tuple(clipped(part) for part in (_head(view), _why(view), *_quotes(view), _foot(view)))


def _head(view: AlertView) -> str:
    title = escape(view.clipped_title(_TITLE))
    url = view.url.replace("&", "&amp;")
    linked = f"<{url}|{title}>" if url and len(url) <= _LINK else title
    meta = " · ".join(filter(None, (escape(view.source[:_SOURCE]), view.published, view.seen)))
    return f"*{linked}*\n{meta}"


def _why(view: AlertView) -> str:
    lines = (f"• *{escape(why.rule)}* — {escape(why.line)}" for why in view.why)
    return "\n".join(("*Why it matched*", *lines))


def _quotes(view: AlertView) -> list[str]:
    quotes = [f"> {_marked(passage)}" for passage in view.passages]
    if quotes and view.more:
        quotes[-1] += f"\n{view.more}"
    return quotes


def _marked(passage: Passage) -> str:
    # Bold needs a boundary on both sides, which a letter beside the hit would not give.
    return "".join(
        f"{_BREAK}*{escape(piece.text)}*{_BREAK}" if piece.hit else escape(piece.text)
        for piece in passage
    )


def _foot(view: AlertView) -> str:
    return escape(view.footer)


def clipped(text: str) -> str:
    """Returns mrkdwn that fits into a section."""
    if len(text) <= _SECTION:
        return text
    return _HALF_A_TOKEN.sub("", text[: _SECTION - 1]) + "…"
