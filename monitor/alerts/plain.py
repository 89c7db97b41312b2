"""Text of strangers made harmless: one line, no control characters, only web links."""

import re

# Line breaks fake a layout, escape sequences drive a terminal, overrides turn text around.
_WHITE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_UNSEEN = re.compile(r"[\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_UNSAFE_IN_LINK = re.compile(r"[\s\x00-\x20\x7f-\x9f\"<>\\^`{|}]")
_LINK_OR_MENTION = re.compile(r"https?://[^\s<>]+|@(?=[\w*])|<(?=[^\W\d_]|[@!#&/])", re.IGNORECASE)
_CALL = re.compile(r"@(?=(?:everyone|here|channel|all|room)\b|\*)", re.IGNORECASE)


def tidy(text: str) -> str:
    """Returns the text with every run of white space and control characters as one space."""
    return _WHITE.sub(" ", _UNSEEN.sub("", text))


def one_line(text: str) -> str:
    """Text of strangers as one harmless line."""
    return tidy(text).strip()


def clip(text: str, limit: int) -> str:
    """Returns at most ``limit`` characters, cut between words and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: max(0, limit - 1)]
    word = head.rpartition(" ")[0]
    return (word if len(word) > limit // 2 else head).rstrip(" ,;:—-") + "…"


def link(url: str) -> str:
    """Returns the URL with unsafe characters encoded, or nothing if it is not http or https."""
    url = _UNSEEN.sub("", url.strip())
    if not _WEB.match(url):
        return ""
    return _UNSAFE_IN_LINK.sub(_encoded, url)


def _encoded(char: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in char[0].encode())


def without_mentions(text: str) -> str:
    """Returns the text so that no chat service rings everybody because a headline says so.

    Links keep working: in them only what calls everybody is changed, and to what means the same.
    """
    return _LINK_OR_MENTION.sub(_unmentioned, text)


def _unmentioned(found: re.Match[str]) -> str:
    if len(found[0]) == 1:
        return found[0] + "\N{ZERO WIDTH SPACE}"
    return _CALL.sub("%40", found[0])
