"""Where redirects lead, and what may be sent there."""

from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from monitor.errors import FetchError

REDIRECTS = (301, 302, 303, 307, 308)
PERMANENT = (301, 308)


def plain_url(url: str) -> str:
    """The URL without fragment, user and password."""
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
