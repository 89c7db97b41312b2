"""Which article is an entry? The key by which a feed's entries are known again."""

import hashlib

from monitor.feeds.urlkey import url_key
from monitor.model.feed import Entry


def entry_key(entry: Entry) -> str:
    """The key of an entry's article: its address, else its guid, else what it says.

    Only keys of addresses (``http…``) hold over all feeds; the others belong to one feed.
    """
    if entry.url and entry.own_url:
        return url_key(entry.url)
    if entry.guid:
        return f"guid:{entry.guid}"
    if entry.title and entry.published:
        return _hash("title", entry.title, entry.published.isoformat())
    return _hash("text", entry.title, entry.lead, entry.text)


def _hash(kind: str, *parts: str) -> str:
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16)
    return f"{kind}:{digest.hexdigest()}"
