"""Text of strangers in Markdown, in which it stays text."""

import re

from monitor.alerts.passages import Passage
from monitor.alerts.plain import without_mentions

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
# What makes a list, a heading or a number of a line that begins with it.
_LEADING = re.compile(r"^(\s*)(\d+)([.)])(?=\s)|^(\s*)([-+=])")


def escape(text: str) -> str:
    """Returns Markdown that shows the text as it is."""
    return without_mentions(_LEADING.sub(_guarded, _MARKS.sub(r"\\\1", text)))


def linked(text: str, url: str) -> str:
    """Returns a link, or only the text if there is no link."""
    target = url.replace("(", "%28").replace(")", "%29")
    return f"[{escape(text)}]({target})" if url else escape(text)


def marked(passage: Passage) -> str:
    """Returns a passage with its highlights in bold."""
    return "".join(
        f"**{escape(piece.text)}**" if piece.hit else escape(piece.text) for piece in passage
    )


def _guarded(found: re.Match[str]) -> str:
    if found[2]:
        return f"{found[1]}{found[2]}\\{found[3]}"
    return f"{found[4]}\\{found[5]}"
