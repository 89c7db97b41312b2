"""Where redirects lead, what may be sent there, and when a move is believed."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from monitor.errors import FetchError
from monitor.model.feed import Move

_UNUSUAL = re.compile(r"[#@\s]")
REDIRECTS = (301, 302, 303, 307, 308)
PERMANENT = (301, 308)
_BELIEVED_COUNT, _BELIEVED_TIME = 3, timedelta(hours=24)


def plain_url(url: str) -> str:
    """The URL without fragment, user and password."""
    if not _UNUSUAL.search(url):
        return url
    parts = urlsplit(urldefrag(url.strip()).url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def redirect_target(url: str, status: int, location: str) -> str:
    """The address that an answer of ``url`` leads to; FetchError if it leads nowhere."""
    if not location:
        raise FetchError(f"HTTP {status} without a Location", status=status)
    target = plain_url(urljoin(url, location))
    scheme = urlsplit(target).scheme
    if scheme not in ("http", "https"):
        raise FetchError(f"redirects to {scheme}:, which is neither http nor https")
    return target


def is_same_site(url: str, target: str) -> bool:
    """Whether credentials for ``url`` may go to ``target``: same origin, or its https form."""
    old, new = urlsplit(url), urlsplit(target)
    same_origin = (old.scheme, old.netloc) == (new.scheme, new.netloc)
    default_ports = old.port in (None, 80) and new.port in (None, 443)
    upgraded = old.scheme == "http" and new.scheme == "https" and default_ports
    return same_origin or (upgraded and old.hostname == new.hostname)


def next_move(known: Move | None, moved_to: str | None, now: datetime) -> Move | None:
    """What is known of a move after an answer that led to ``moved_to``, or nowhere else."""
    if moved_to is None:
        return None
    if known is None or known.to != moved_to:
        return Move(to=moved_to, since=now)
    return replace(known, count=known.count + 1)


def is_believed(url: str, move: Move, now: datetime) -> bool:
    """Whether a permanent redirect of ``url`` is taken up.

    On the same host at once, http to https included; elsewhere at the third time, and not within
    a day of the first: a portal of a hotel must not take a feed away.
    """
    same_host = urlsplit(url).hostname == urlsplit(move.to).hostname
    often = move.count >= _BELIEVED_COUNT and now - move.since >= _BELIEVED_TIME
    return same_host or often
