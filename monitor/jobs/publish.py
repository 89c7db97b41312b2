"""Keeps Atom feeds of rules and of their tags in a folder, for readers of feeds."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, NamedTuple

import regex

from monitor.alerts.atom import AtomEntry, atom
from monitor.delivery.folder import replace_file
from monitor.errors import MonitorError
from monitor.model.alert import RuleFacts
from monitor.store import hit_list
from monitor.store.articles import DELETED
from monitor.store.engine import Store
from monitor.store.hit_list import HitLine

ENTRIES: Final = 50
"""Articles of a feed."""

_HITS: Final = 3 * ENTRIES  # several rules of a tag hit the same article
_OVERLAP: Final = 200  # hits
BATCH: Final = 100  # feeds that one run writes
_STATE: Final = ".state"
_RULES_AT_ONCE: Final = 500
_SAFE: Final = regex.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_UNSAFE: Final = regex.compile(r"[^\p{L}\p{N}_-]+")
_SLUG: Final = 40  # characters


class _Feed(NamedTuple):
    """A feed of a rule or of a tag."""

    of: Literal["rules", "tags"]
    name: str


class Publishing:
    """The job; ``rules`` may be replaced at any time.

    How far it has come is in the folder, too: without that all feeds are made again, which
    changes none that is as it should be.

    Args:
        store: where the hits are.
        folder: where the feeds go, in ``rules`` and ``tags``.
        rules: whose hits are published.
    """

    def __init__(self, store: Store, folder: Path, rules: Mapping[str, RuleFacts]) -> None:
        self.rules = rules
        self._store = store
        self._folder = folder
        self._upto = 0
        self._waiting: dict[_Feed, None] = {}  # to be made anew, in order

    def run(self) -> int:
        """Makes a batch of the feeds in which something is new; returns how many.

        A file is only written if it changes.

        Raises:
            StoreError: the hits can't be read; it will be done again.
            MonitorError: the files can't be written; it will be done again.
        """
        try:
            return self._run()
        except OSError as error:
            name = error.filename or self._folder
            raise MonitorError(f"{name} can't be written: {error.strerror}") from error

    def _run(self) -> int:
        if not self._waiting and not self._look():
            return 0
        batch = list(self._waiting)[:BATCH]
        tags = _by_tag(self.rules.values()) if any(feed.of == "tags" for feed in batch) else {}
        for feed in batch:
            self._make(feed, tags)
            del self._waiting[feed]
        if not self._waiting:
            replace_file(self._folder / _STATE, f"{self._upto}\n")
        return len(batch)

    def _look(self) -> bool:
        """Whether there are hits that no feed has; their feeds wait from now on."""
        done = self._stored()  # somebody may have wished for all
        with self._store.read() as connection:
            # A few more: ids are given in another order than rows are committed.
            rules, self._upto = hit_list.decided_after(connection, done - _OVERLAP)
        if self._upto <= done:
            return False
        facts = [self.rules[rule] for rule in sorted(rules) if rule in self.rules]
        tags = sorted({tag for each in facts for tag in each.tags})
        self._waiting |= dict.fromkeys([_Feed("rules", each.id) for each in facts])
        self._waiting |= dict.fromkeys([_Feed("tags", tag) for tag in tags])
        return True

    def _stored(self) -> int:
        try:
            return int((self._folder / _STATE).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return 0

    def _make(self, feed: _Feed, tags: Mapping[str, Sequence[str]]) -> None:
        """Makes the file of a feed anew; without an article there is none."""
        mine = self.rules.get(feed.name) if feed.of == "rules" else None
        rules = [mine.id] if mine else tags.get(feed.name, ()) if feed.of == "tags" else ()
        entries = _entries(self._newest(rules))
        path = self._folder / feed.of / f"{file_name(feed.name)}.atom"
        if not entries:
            path.unlink(missing_ok=True)
            return
        title = mine.title if mine else feed.name
        updated = max(entry.updated for entry in entries)
        replace_file(path, atom(f"{feed.of}/{feed.name}", title, entries, updated))

    def _newest(self, rules: Sequence[str]) -> list[HitLine]:
        found: list[HitLine] = []
        with self._store.read() as connection:
            for first in range(0, len(rules), _RULES_AT_ONCE):
                some = rules[first : first + _RULES_AT_ONCE]
                found += hit_list.recent(connection, rules=some, limit=_HITS, decided=True)
        return sorted(found, key=lambda hit: (hit.seen, hit.id), reverse=True)


def renew(folder: Path) -> None:
    """Lets the job make all feeds of a folder anew: something is to be in them no longer.

    Raises:
        MonitorError: the folder can't be written.
    """
    try:
        (folder / _STATE).unlink(missing_ok=True)
    except OSError as error:
        raise MonitorError(f"{folder} can't be written: {error.strerror}") from error


def file_name(name: str) -> str:
    """A name as that of a file on every system; different names give different ones."""
    if _SAFE.fullmatch(name):
        return name
    slug = _UNSAFE.sub("-", name).strip("-").casefold()[:_SLUG]
    return f"{slug or 'tag'}.{sha256(name.encode()).hexdigest()[:8]}"


def _by_tag(rules: Iterable[RuleFacts]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for rule in rules:
        for tag in rule.tags:
            found.setdefault(tag, []).append(rule.id)
    return found


def _entries(hits: Iterable[HitLine]) -> list[AtomEntry]:
    """Each article once, by its newest hit, with all its rules."""
    by_article: dict[int | None, list[HitLine]] = {}
    for hit in hits:
        if hit.why == DELETED:  # the article was
            continue
        by_article.setdefault(hit.article.id, []).append(hit)
    return [
        AtomEntry(
            article=each[0].article,
            spans=each[0].spans,
            why=each[0].why,
            updated=each[0].seen,
            categories=tuple(dict.fromkeys(hit.rule.id for hit in each)),
        )
        for each in list(by_article.values())[:ENTRIES]
    ]
