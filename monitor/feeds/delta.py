"""Delta parse: items that the last parse of a feed saw are cut out of its bytes beforehand.

Most changed feeds have one new item, and parsing costs as much as there is to parse. Head,
namespaces and tail of the document stay, so the new items mean what they mean in the whole.
"""

import hashlib
import re
from dataclasses import dataclass

HASH_BYTES = 8
_TAG = re.compile(rb"<(/?)((?:[A-Za-z_][\w.-]*:)?(?:item|entry))(?=[\s>/])[^<>]*>")
# A document type may hold entities, of which items can be made.
_NOT_SIMPLE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cut:
    """A document without the items that are known.

    Attributes:
        hashes: of all items of the document, joined.
        known: number of items cut.
        new: number of items that stayed.
    """

    body: bytes
    hashes: bytes
    known: int
    new: int


def cut_known(body: bytes, seen: bytes) -> Cut | None:
    """Cuts the items whose hashes were seen; None if that is not provably simple.

    Whether it was right shows afterwards: the parser must find ``new`` items, and no fault.

    Args:
        body: a whole XML document in UTF-8.
        seen: hashes of the last parse, joined.
    """
    spans = _items(body)
    if not spans:
        return None
    known = {seen[at : at + HASH_BYTES] for at in range(0, len(seen), HASH_BYTES)}
    view = memoryview(body)
    hashes = [_hash(view[start:end]) for start, end in spans]
    gone = [span for span, hash_ in zip(spans, hashes, strict=True) if hash_ in known]
    return Cut(
        body=_without(view, gone),
        hashes=b"".join(hashes),
        known=len(gone),
        new=len(spans) - len(gone),
    )


def _items(body: bytes) -> list[tuple[int, int]] | None:
    """From where to where the items reach; None if one is nested, empty or open."""
    first = _TAG.search(body)
    if first is None or _NOT_SIMPLE.search(body, 0, first.start()):
        return None
    found = []
    open_tag: re.Match[bytes] | None = None
    for tag in _TAG.finditer(body, first.start()):
        if tag[0].endswith(b"/>") or bool(tag[1]) != (open_tag is not None):
            return None
        if open_tag is None:
            open_tag = tag
        elif open_tag[2] == tag[2]:
            found.append((open_tag.start(), tag.end()))
            open_tag = None
        else:
            return None
    return None if open_tag else found


def _hash(item: memoryview) -> bytes:
    return hashlib.blake2b(item, digest_size=HASH_BYTES).digest()


def _without(body: memoryview, gone: list[tuple[int, int]]) -> bytes:
    starts = [0, *(end for _, end in gone)]
    ends = [*(start for start, _ in gone), len(body)]
    return b"".join(body[start:end] for start, end in zip(starts, ends, strict=True))
