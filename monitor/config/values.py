"""Values as the user writes them -> values as the program wants them; ``ValueError`` says why not.

The messages of values that may be secret never repeat them.
"""

import json
import math
import re
from collections.abc import Iterable
from datetime import date, timedelta
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_network
from typing import Final, TypeVar
from urllib.parse import parse_qs, urlsplit
from zoneinfo import available_timezones

from monitor.model.feed import Quiet

Item = TypeVar("Item")

_SHOWN: Final = 60  # characters of a wrong value that a message repeats
_PRINTABLE_BITS: Final = 64
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST: Final = 36_500 * 86_400  # seconds; sums with a date stay within what Python can hold
_DURATION: Final = re.compile(r"([0-9]{1,12})([smhd])")
_MOST: Final = 10_000  # of what is counted
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]")
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# The fetcher writes these itself: another value would break the connection or what it knows.
_OWN_HEADERS: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-modified-since",
        "if-none-match",
        "proxy-authorization",
        "te",
        "transfer-encoding",
    }
)
_LISTEN: Final = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+)):(?P<port>[0-9]{1,5})"
)
_LAST_PORT: Final = 65_535
_ADDRESS: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")


def quoted(value: object) -> str:
    """A value of the user inside a message, cut to a bearable length."""
    match value:
        case str():
            return json.dumps(value[:_SHOWN] + "…" * (len(value) > _SHOWN), ensure_ascii=False)
        case bool():
            return str(value).lower()
        case int() if value.bit_length() > _PRINTABLE_BITS:
            return "this number"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return str(value)


def nearest(name: str, known: Iterable[str]) -> str:
    """``did you mean …?`` with the nearest known name, else empty."""
    close = get_close_matches(name, list(known), 1)
    return f"did you mean {quoted(close[0])}?" if close else ""


def duration(value: object, also: str = "", least: int = 0) -> timedelta:
    """``"90s"``, ``"10m"``, ``"24h"`` or ``"7d"``; ``also`` names what else is allowed."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        other = f", or {also}" if also else ""
        raise ValueError(f'{quoted(value)} is not a duration; write for example "10m"{other}')
    seconds = int(match[1]) * _UNITS[match[2]]
    if seconds < least:
        raise ValueError(f"{quoted(value)} is too short; the least is {least}s")
    if seconds > _LONGEST:
        raise ValueError(f"{quoted(value)} is too long; the most is 36500d")
    return timedelta(seconds=seconds)


def positive_duration(value: object) -> timedelta:
    """A duration of at least a second."""
    return duration(value, least=1)


def retention(value: object) -> timedelta | None:
    """A duration of at least a second, or None for ``"forever"``."""
    return None if value == "forever" else duration(value, '"forever"', least=1)


def duration_or_off(value: object) -> timedelta | None:
    """A duration, or None for ``"off"``."""
    return None if value == "off" else duration(value, '"off"')


def limit(value: object) -> int | None:
    """A number of messages, or None for ``"off"``."""
    if value == "off":
        return None
    if type(value) is int and 1 <= value <= _MOST:
        return value
    raise ValueError(f'must be a whole number from 1 to {_MOST}, or "off"')


def rhythm(value: object) -> timedelta | None:
    """A duration of at least a second, or None for ``"auto"``."""
    return None if value == "auto" else duration(value, '"auto"', least=1)


def backlog(value: object) -> Quiet | timedelta:
    """``"quiet"``, ``"alert"`` or a duration of at least a second."""
    for word in Quiet:
        if value == word.value:
            return word
    return duration(value, '"quiet" or "alert"', least=1)


def day(value: object) -> date:
    """A TOML date."""
    if type(value) is date:
        return value
    raise ValueError(f"{quoted(value)} is not a day; write it without quotes, like 2027-12-31")


def listen(value: object) -> tuple[str, int]:
    """``"127.0.0.1:9464"``, ``"[::1]:9464"`` or ``"localhost:9464"``: address and port."""
    match = _LISTEN.fullmatch(value) if isinstance(value, str) else None
    if match and int(match["port"]) <= _LAST_PORT:
        return match["six"] or match["host"], int(match["port"])
    raise ValueError(f'{quoted(value)} is not an address; write for example "127.0.0.1:9464"')


def name(text: str) -> str:
    """The name of a rule, topic, entity or channel."""
    if _NAME.fullmatch(text):
        return text
    raise ValueError(
        f"{quoted(text)} is not a name; names are made of a-z, 0-9, - and _ "
        "and begin with a letter or digit"
    )


def language(text: str) -> str:
    """A language tag (BCP 47)."""
    if _LANGUAGE.fullmatch(text):
        return text
    raise ValueError(f'{quoted(text)} is not a language; write its tag, like "en" or "pt-BR"')


def line(text: str) -> str:
    """A text of one line that says something."""
    if text.strip() and not _UNPRINTABLE.search(text):
        return text
    raise ValueError("must be one line of text")


def line_or_nothing(text: str) -> str:
    """A text of one line, or an empty one."""
    return line(text) if text else text


def words(text: str) -> str:
    """A phrase, a query or an alias: not blank, and without the slips of TOML's double quotes."""
    if not text.strip():
        raise ValueError("is empty")
    for character, escape in (("\b", r"\b"), ("\f", r"\f")):
        if character in text:
            raise ValueError(
                f'holds a control character, because TOML reads {escape} inside "…" as one; '
                "write the text in single quotes '…'"
            )
    return text


def weight(number: float) -> float:
    """What a query of a topic counts: any finite number but 0."""
    if number and math.isfinite(number):
        return number
    raise ValueError(f"a weight of {number:g} says nothing; write one above or below 0")


def threshold(number: float) -> float:
    """What the weights of a topic must reach."""
    if number > 0 and math.isfinite(number):
        return number
    raise ValueError("must be above 0, else the topic is there without any of its queries")


def not_empty(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """A list with something in it."""
    if items:
        return items
    raise ValueError("must not be empty")


def header(text: str) -> str:
    """The name of an HTTP header that the user may set."""
    if not _HEADER.fullmatch(text):
        raise ValueError(f"{quoted(text)} is not the name of an HTTP header")
    if text.lower() in _OWN_HEADERS:
        raise ValueError(f"{quoted(text)} is set by the program itself")
    return text


def timezone(text: str) -> str:
    """The name of a time zone (IANA)."""
    zones = available_timezones()
    if text in zones:
        return text
    hint = nearest(text, zones) or 'write its name, like "Europe/Brussels" or "UTC"'
    raise ValueError(f"{quoted(text)} is not a time zone; {hint}")


def proxy(text: str) -> str:
    """The URL of an HTTP proxy, perhaps with credentials (it is never repeated)."""
    try:
        parts = urlsplit(line(text))
        complete = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        complete = False
    if complete:
        return text
    raise ValueError(
        'must be the URL of an HTTP proxy, like "http://proxy.example:3128"; '
        "SOCKS proxies are not supported"
    )


def network(text: str) -> str:
    """An address or a network, as CIDR."""
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        raise ValueError(
            f'{quoted(text)} is no address or network; write for example "192.168.1.0/24"'
        ) from None


def mail_address(text: str) -> str:
    """One e-mail address without a name."""
    if _ADDRESS.fullmatch(text):
        return text
    raise ValueError(f"{quoted(text)} is not an e-mail address")


def sender(text: str) -> str:
    """An e-mail address, with or without a name: ``Desk <desk@example.org>``."""
    mail_address(parseaddr(line(text))[1] or text)
    return text


def host(text: str) -> str:
    """The host of a mail server."""
    if _HOST.fullmatch(text):
        return text
    raise ValueError('must be a host name or an address; a port goes into "port"')


def feed_url(text: str) -> str:
    """An http(s) URL without credentials, or a path."""
    line(text)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return text
    if scheme[0].lower() not in {"http:", "https:"}:
        raise ValueError(
            f"{quoted(scheme[0])} can't be fetched; "
            "write an http(s) URL, or a path relative to this file"
        )
    return _web_url(text)


def _web_url(text: str) -> str:
    wrong = ValueError('is not a URL; write for example "https://example.org/feed.xml"')
    try:
        parts = urlsplit(text)
        complete = parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        raise wrong from None
    if not complete or " " in text:
        raise wrong
    if "@" in parts.netloc:
        raise ValueError(
            'credentials don\'t belong in a URL; write it without them, and auth = "env:NAME" '
            "with user:password in the environment variable NAME"
        )
    return text


def store_url(text: str) -> str:
    """The URL of an SQLite file, or of a database of PostgreSQL, which holds no password."""
    if _UNPRINTABLE.search(text):
        raise ValueError(_STORE_URL)
    if re.fullmatch(r"sqlite:///(?!:memory:|file:)[^?]+", text):
        return text
    parts = urlsplit(text)
    if parts.scheme != "postgresql" or not parts.path.strip("/"):
        raise ValueError(_STORE_URL)
    if parts.password is not None or "password" in parse_qs(parts.query):
        raise ValueError(
            "must not hold a password; put it into ~/.pgpass or the variable PGPASSWORD"
        )
    return text


_STORE_URL: Final = (
    'must be "sqlite:///FILE", where FILE is a path without options, '
    'or "postgresql://user@host/database"'
)
