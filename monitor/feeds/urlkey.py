"""One key for the spellings of an article's address; the original stays the link.

A deny list of query names, never an allow list: ``?id=``, ``?p=``, ``?v=`` and ``?page=`` tell
articles apart. Fragments go, but for ``#!…``, which is a path on sites of that kind.
"""

import re
from contextlib import suppress
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

# Families, by the beginning of a name.
_FAMILIES = (
    "utm_ mc_ pk_ piwik_ matomo_ mtm_ hsa_ ns_ at_ vero_ oly_ _hs __hs guce_ itm_ wt_ wt. elq fb_"
    " _branch_ __readwise ml_subscriber"
)
_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid srsltid gad_source gs_l msclkid yclid ysclid igshid"
    " igsh twclid ttclid epik ef_id s_kwcid wickedid rb_clickid mkt_tok hsctatracking _bhlid"
    " sc_cid dm_i cmpid cmp ocid smid smtyp ref_src ref_url xtor spm scid ncid sr_share"
    " guccounter s_cid sref taid soc_src soc_trk outputtype __twitter_impression traffic_source"
    " ftag ito _openstat _ga _gl trk action_object_map action_type_map action_ref_map"
    # Trackers on news sites, though they mean something on a few others:
    " ref referrer partner share mod cid rss amp"
)
_TRACKER = re.compile(
    rf"(?:{'|'.join(map(re.escape, _FAMILIES.split()))}).*|{'|'.join(_NAMES.split())}",
    re.IGNORECASE,
)
_SAME_SITE = ("www.", "m.", "mobile.", "amp.")
_USUAL_PORTS = (None, 80, 443)
_AMP_END = re.compile(r"/amp/?$|\.amp(?=\.html$)|\.amp$")
_AMP_START = re.compile(r"^/amp/")
_SESSION = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_AMP_CACHE = re.compile(
    r"^https?://(?:www\.google\.[a-z.]+/amp/|[^/]+\.cdn\.ampproject\.org/[acv]/)(s/)?",
    re.IGNORECASE,
)
_PLAIN_PATH = re.compile(r"(?!/amp/)(?:/[\w-]+)*(?<!/amp)/?", re.ASCII)  # its own key
_SLASHES = re.compile(r"//+")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_UNRESERVED = "-._~"


def url_key(url: str) -> str:
    """A key that is equal for addresses that lead to the same article.

    Scheme, ``www.``, mobile and AMP forms, copies in AMP caches, trackers, the order of the
    query, percent escapes and IDN spellings do not count. Never raises: what is not a valid URL
    is its own key.
    """
    url = _AMP_CACHE.sub(r"https://", url.strip())
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        if not host:
            return url
        fragment = parts.fragment if parts.fragment.startswith("!") else ""
        address = _host_key(host) + (f":{port}" if port not in _USUAL_PORTS else "")
        key = ("https", address, _path_key(parts.path), _query_key(parts.query), fragment)
        return urlunsplit(key)
    except ValueError:  # also UnicodeError, from lone surrogates
        return url


def _host_key(host: str) -> str:
    if not host.isascii():
        with suppress(UnicodeError):  # not a name for IDNA: an empty label, one too long
            host = host.encode("idna").decode()
    for prefix in _SAME_SITE:
        if host.startswith(prefix) and host.count(".") > 1:  # m.example.com, but not m.com
            return host[len(prefix) :]
    return f"[{host}]" if ":" in host else host


def _path_key(path: str) -> str:
    if not _PLAIN_PATH.fullmatch(path):
        path = _SLASHES.sub("/", _SESSION.sub("", path))
        path = _AMP_START.sub("/", _AMP_END.sub("", path))
        path = _ESCAPED.sub(_plainest_escape, quote(path, safe=_PATH_SAFE))
    return path.rstrip("/") or "/"


def _plainest_escape(found: re.Match[str]) -> str:
    """``%7e`` is ``~`` and ``%c3`` is ``%C3``; ``%2f`` stays escaped, for it is no separator."""
    character = chr(int(found[0][1:], 16))
    if character.isascii() and (character.isalnum() or character in _UNRESERVED):
        return character
    return found[0].upper()


def _query_key(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if not _TRACKER.fullmatch(pair[0])))
