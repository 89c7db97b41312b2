"""Entries are known again by address, guid, or what they say."""

from dataclasses import replace
from datetime import UTC, datetime

from monitor.feeds.identity import entry_key
from monitor.model.feed import Entry

DAY = datetime(2026, 11, 24, tzinfo=UTC)
PLAIN = Entry(guid=None, url="", title="Title", text="Text.", published=DAY)


def test_an_address_comes_before_the_guid() -> None:
    entry = Entry(guid="7", url="http://www.paper.example/a?utm_source=x", title="T")
    assert entry_key(entry) == "https://paper.example/a"


def test_a_guid_comes_before_the_words() -> None:
    assert entry_key(Entry(guid="7", url="", title="T", published=DAY)) == "guid:7"


def test_title_and_date_tell_entries_apart_and_a_changed_text_does_not() -> None:
    edited = Entry(guid=None, url="", title="Title", text="Other.", published=DAY)
    later = Entry(guid=None, url="", title="Title", published=datetime(2026, 11, 25, tzinfo=UTC))
    assert entry_key(edited) == entry_key(PLAIN)
    assert entry_key(later) != entry_key(PLAIN)


def test_without_a_date_every_word_counts() -> None:
    entry = Entry(guid=None, url="", title="T", lead="L", text="X")
    others = [replace(entry, title="U"), replace(entry, lead="M"), replace(entry, text="Y")]
    assert len({entry_key(one) for one in [entry, *others]}) == 4
