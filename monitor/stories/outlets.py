"""Whose a page is: an outlet with five feeds, or with an edition for phones, is one."""

from typing import Final
from urllib.parse import urlsplit

# Below these a country registers names, so the outlet is one label further left (bbc.co.uk).
_SHARED: Final = frozenset(
    {"ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "gv", "in", "k12", "mil", "ne", "net",
     "nhs", "nom", "or", "org", "police", "sch", "web"}
)  # fmt: skip
# Hosts of many outlets: each has a name of its own below them.
_HOSTERS: Final = frozenset(
    {"blogspot.com", "github.io", "livejournal.com", "medium.com", "substack.com", "tumblr.com",
     "wordpress.com"}
)  # fmt: skip
_COUNTRY: Final = 2  # letters


def site(url: str) -> str:
    """The part of a host that its owner registered (``bbc.co.uk``); empty without a host.

    Without the Public Suffix List, which is as long as this program: a rare suffix gives a name
    that is too short, and so one outlet too few.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    labels = host.split(".")
    if labels[-1].isdigit():
        return host  # an address, no name
    kept = 2
    if len(labels) > kept and len(labels[-1]) == _COUNTRY and labels[-2] in _SHARED:
        kept = 3
    if ".".join(labels[-kept:]) in _HOSTERS:
        kept += 1
    return ".".join(labels[-kept:])
