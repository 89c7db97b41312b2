"""Which article is an entry? Decided for a whole document at a time; pure.

The ladder: within a feed the GUID, unless its GUIDs have proved unstable; then the key of the
address, which holds over all feeds; then, among what the last document listed and this one does
not, title and date, every word, or most of the words. An article is at most one entry.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence

from monitor.analysis.shingles import similar
from monitor.feeds.urlkey import url_key
from monitor.model.feed import Entry, Item
from monitor.model.identity import (
    Fresh,
    GuidEvidence,
    Identified,
    Known,
    KnownArticle,
    Rung,
    Same,
    text_hash,
)

_BAD_POLL, _GOOD_POLL, _MOST_DOUBT = 2, -1, 8
_DISTRUST = 4  # two bad polls in a row
_RENAMED = 3  # headlines that must be known of a feed that renamed everything


def item_of(entry: Entry, feed: str) -> Item:
    """The keys of an entry; ``feed`` is the URL of its feed."""
    names = [f"guid:{entry.guid}"] if entry.guid else []
    names.append(_words_key(entry))
    return Item(
        entry=entry,
        address=url_key(entry.url) if entry.url and entry.own_url else None,
        names=tuple(f"{feed} {name}" for name in names),
        sha256=text_hash(entry),
    )


def _words_key(entry: Entry) -> str:
    if entry.title and entry.published:
        return _hash("title", entry.title, entry.published.isoformat())
    return _hash("text", entry.title, entry.lead, entry.text)


def _hash(kind: str, *parts: str) -> str:
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16)
    return f"{kind}:{digest.hexdigest()}"


def are_trusted(doubt: int) -> bool:
    """Whether the GUIDs of a feed tell its articles apart."""
    return doubt < _DISTRUST


def doubt_after(doubt: int, guids: GuidEvidence) -> int:
    """The doubt in the GUIDs of a feed after one more document.

    It rises where most of what can be checked is called differently than before, and sinks
    slowly: a feed that was renamed once is trusted, two servers that take turns are not.
    """
    wrong = guids.changed + guids.reused
    if wrong + guids.kept == 0:
        return doubt
    step = _BAD_POLL if wrong > guids.kept else _GOOD_POLL
    return min(max(doubt + step, 0), _MOST_DOUBT)


def identify(
    items: Sequence[Item],
    known: Known,
    *,
    trusted: bool,
    text_of: Callable[[int], str],
    whole: bool = True,
) -> Identified:
    """Finds the article of each entry of a document.

    Args:
        items: the entries in the order of the document; of copies the first one counts.
        known: what the store knows of them.
        trusted: the GUIDs of the feed tell its articles apart.
        text_of: title, lead and text of an article; asked only where nothing else decides.
        whole: these are all entries of the document; else it lists known ones beside them.
    """
    return _Document(items, known, trusted=trusted, text_of=text_of, whole=whole).identified()


class _Document:
    """Takes the entries down the ladder, all of them one rung at a time."""

    def __init__(
        self,
        items: Sequence[Item],
        known: Known,
        *,
        trusted: bool,
        text_of: Callable[[int], str],
        whole: bool,
    ) -> None:
        self._items = items
        self._addresses = {item.address for item in items}
        self._known = known
        self._trusted = trusted
        self._text_of = text_of
        self._whole = whole
        self._same: dict[int, Same] = {}  # by place in the document
        self._taken: dict[int, int] = {}  # article -> place of its entry
        self._copies: set[int] = set()
        self._reused = 0

    def identified(self) -> Identified:
        if not (self._known.by_guid or self._known.by_key or self._known.listed):
            return Identified(fresh=self._fresh())  # as at first: there is nothing to climb to
        self._climb(Rung.GUID, self._by_guid if self._trusted else _nothing)
        self._climb(Rung.ADDRESS, self._by_address)
        named = bool(self._same)
        self._climb(Rung.WORDS, self._by_name)
        self._climb(Rung.WORDS, self._by_words)
        self._climb(Rung.SKETCH, self._by_sketch)
        if self._whole and not named and self._is_renamed():
            self._climb(Rung.TITLE, self._by_title)
        return Identified(
            same=tuple(self._same[place] for place in sorted(self._same)),
            fresh=self._fresh(),
            guids=self._evidence(),
        )

    def _open(self) -> list[int]:
        return [
            place
            for place in range(len(self._items))
            if place not in self._same and place not in self._copies
        ]

    def _climb(self, rung: Rung, find: Callable[[Item], KnownArticle | None]) -> None:
        for place in self._open():
            item = self._items[place]
            article = find(item)
            if article is None:
                continue
            first = self._taken.setdefault(article.id, place)
            if first == place:
                self._same[place] = Same(item=item, article=article, rung=rung)
            elif not self._are_two(self._items[first], item):
                self._copies.add(place)

    def _are_two(self, one: Item, other: Item) -> bool:
        """Whether a document that lists both means two articles, though they share a name."""
        if _title(one.entry.title) == _title(other.entry.title):
            return False
        same_guid = self._trusted and one.entry.guid and one.entry.guid == other.entry.guid
        return not same_guid or one.address != other.address

    def _by_guid(self, item: Item) -> KnownArticle | None:
        called = self._known.by_guid.get(item.entry.guid or "", ())
        for article in sorted(called, key=lambda one: item.address != one.key):
            if self._goes_on(item, article):
                return article
        self._reused += bool(called)
        return None

    def _goes_on(self, item: Item, article: KnownArticle) -> bool:
        """Whether an entry with the GUID of an article is that article, perhaps edited."""
        if item.address == article.key:
            return True
        titled = item.entry.title in article.titles
        if not titled and article.key in self._addresses:
            return False  # another entry stands where it was
        there = self._at_address(item)
        if there and there.id != article.id and item.entry.title in there.titles:
            return False
        alike = self._is_similar(item, article)
        if _is_dated_alike(item, article) or (titled and _is_undated(item, article)):
            return alike is not False
        return alike is True or (titled and alike is None)

    def _at_address(self, item: Item) -> KnownArticle | None:
        return self._known.by_key.get(item.address) if item.address else None

    def _by_address(self, item: Item) -> KnownArticle | None:
        article = self._at_address(item)
        return None if article is None or self._is_another(item, article) else article

    def _is_another(self, item: Item, article: KnownArticle) -> bool:
        """Whether a feed uses an address again for another story."""
        return (
            self._trusted
            and article.carried
            and bool(item.entry.guid and article.guid)
            and not _is_same_guid(item.entry.guid, article.guid)
            and item.entry.title not in article.titles
            and not _is_dated_alike(item, article)
            and self._is_similar(item, article) is False
        )

    def _by_name(self, item: Item) -> KnownArticle | None:
        found = (self._known.by_key.get(name) for name in self._names(item))
        return next((article for article in found if article), None)

    def _names(self, item: Item) -> tuple[str, ...]:
        return item.names if self._trusted else item.names[-1:]  # the last one is what it says

    def _gone(self) -> list[KnownArticle]:
        """What the last document listed and this one does not: perhaps under other names."""
        return [article for article in self._known.listed if article.id not in self._taken]

    def _by_words(self, item: Item) -> KnownArticle | None:
        found = (article for article in self._gone() if self._says_the_same(item, article))
        return next(found, None)

    def _says_the_same(self, item: Item, article: KnownArticle) -> bool:
        dated = _is_dated_alike(item, article)
        if item.sha256 in article.hashes:
            said = bool(item.entry.lead or item.entry.text)
            return dated or (said and (_is_undated(item, article) or self._is_made_anew(item)))
        if not dated or item.entry.title not in article.titles:
            return False
        alike = self._is_similar(item, article)
        return alike is True or (alike is None and self._whole)

    def _by_sketch(self, item: Item) -> KnownArticle | None:
        found = (article for article in self._gone() if self._says_most(item, article))
        return next(found, None)

    def _says_most(self, item: Item, article: KnownArticle) -> bool:
        titled = self._is_made_anew(item) and item.entry.title in article.titles
        if not titled and not _is_dated_alike(item, article):
            return False
        return self._is_similar(item, article) is True

    def _is_made_anew(self, item: Item) -> bool:
        """Where names mean nothing, neither do dates: such feeds invent both at every poll."""
        return not self._trusted or item.entry.guid is None

    def _is_similar(self, item: Item, article: KnownArticle) -> bool | None:
        return similar(_all_text(item.entry), self._text_of(article.id))

    def _is_renamed(self) -> bool:
        """Whether a feed gave new names to everything: most headlines are those it had."""
        titles = {_title(self._items[place].entry.title) for place in self._open()}
        known = {_title(title) for article in self._gone() for title in article.titles}
        count = len(titles & known)
        return count >= _RENAMED and 2 * (count + len(self._same)) >= len(self._items)

    def _by_title(self, item: Item) -> KnownArticle | None:
        title = _title(item.entry.title)
        found = (article for article in self._gone() if title in map(_title, article.titles))
        return next(found, None)

    def _fresh(self) -> tuple[Fresh, ...]:
        above: dict[str, Item] = {}  # by the names that a copy would share
        used: set[str] = set()
        fresh = []
        for place in self._open():
            item = self._items[place]
            shared = self._shared_names(item)
            met = (above[name] for name in shared if name in above)
            if any(not self._are_two(one, item) for one in met):
                continue
            above |= dict.fromkeys(shared, item)
            if key := self._free_key(item, used):
                used.add(key)
                fresh.append(Fresh(item=item, key=key))
        return tuple(fresh)

    def _shared_names(self, item: Item) -> list[str]:
        """By what a copy in the same document would be known: by what it says only at last."""
        address = [item.address] if item.address else []
        names = self._names(item)
        return address + list(names[:-1]) or list(names)

    def _free_key(self, item: Item, used: set[str]) -> str | None:
        address = (item.address,) if item.address else ()
        free = (
            key
            for key in (*address, *self._names(item))
            if key not in used and key not in self._known.by_key
        )
        return next(free, None)

    def _evidence(self) -> GuidEvidence:
        checked = [
            _is_same_guid(found.item.entry.guid, found.article.guid)
            for found in self._same.values()
            if found.article.carried and found.item.entry.guid and found.article.guid
        ]
        counts = Counter(checked)
        return GuidEvidence(kept=counts[True], changed=counts[False], reused=self._reused)


def _nothing(_: Item) -> None:
    return None


def _is_dated_alike(item: Item, article: KnownArticle) -> bool:
    return item.entry.published is not None and item.entry.published == article.published


def _is_undated(item: Item, article: KnownArticle) -> bool:
    return None in (item.entry.published, article.published)


def _is_same_guid(one: str | None, other: str | None) -> bool:
    if one == other:
        return True
    addresses = (one or "", other or "")
    if not all(address.startswith(("http://", "https://")) for address in addresses):
        return False
    return url_key(addresses[0]) == url_key(addresses[1])


def _title(title: str) -> str:
    return " ".join(title.casefold().split())


def _all_text(entry: Entry) -> str:
    return f"{entry.title}\n{entry.lead}\n{entry.text}"
