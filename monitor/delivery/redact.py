"""What of a channel's URL may be shown."""

import re
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlsplit

_SHORTEST = 4  # characters; a shorter piece would blacken half of a sentence
_PUBLIC = frozenset(  # query keys whose values are no secrets
    {"bcc", "cc", "format", "from", "method", "mode", "name", "overflow", "reply", "smtp", "to"}
)
_MAIL = frozenset({"mailto", "mailtos"})  # their path holds recipients
_HEAD = re.compile(r"^[^/]*//[^/?#]*")


def shown(masked: str) -> str:
    """Returns schema, user and host of a URL whose password and tokens Apprise has masked.

    Path and query are left out: custom headers and the like are not masked there.
    """
    found = _HEAD.match(masked)
    return found[0] if found else ""


class Redactor:
    """Replaces the secrets of one URL in a text.

    Args:
        url: the URL with its secrets.
        public: the part of it that is no secret.
    """

    def __init__(self, url: str, public: str) -> None:
        known = f"{public} {unquote(public)}"
        pieces = {form for piece in _pieces(url) for form in _forms(piece)}
        secrets = {one for one in pieces if len(one) >= _SHORTEST and unquote(one) not in known}
        longest_first = sorted(secrets, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __call__(self, text: str) -> str:
        """Returns the text without the secrets."""
        return self._secrets.sub("***", text)


def _pieces(url: str) -> set[str]:
    """Everything in a URL that may be a secret: user, password, path, query."""
    parts = urlsplit(url)
    login, _, host = parts.netloc.rpartition("@")
    query = parse_qsl(parts.query, keep_blank_values=True)
    path = "" if parts.scheme in _MAIL else parts.path
    return {
        url,
        parts.netloc,
        login,
        b64encode(unquote(login).encode()).decode(),
        *re.split(r"[.:]", host)[:1],
        *_halves(login),
        *_halves(host),
        path.strip("/"),
        *re.split(r"[/:@,#]", f"{path}/{parts.fragment}"),
        *re.split(r"[/:@,#]", unquote(path)),
        *(unquote_plus(value) for key, value in query if key not in _PUBLIC),
    }


def _halves(token: str) -> list[str]:
    """What stands before and behind a colon, written as such or encoded."""
    return unquote(token).split(":", 1)


def _forms(piece: str) -> Iterator[str]:
    """How a piece may be written in a message; libraries encode anew what they decoded."""
    plain = unquote(piece)
    yield from (piece, plain, quote(plain), quote(plain, safe=""))
