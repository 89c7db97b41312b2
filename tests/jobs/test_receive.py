"""Feeds that lie about who their entries are, for many polls: every article is stored once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random

import pytest

from monitor.feeds.parse import Document as Received
from monitor.feeds.parse import read
from monitor.jobs.receive import receive
from monitor.model.feed import Entry, Validators
from monitor.store import articles, feed_claims, feed_polls, feeds
from monitor.store.arrivals import Arrivals, Stored
from monitor.store.engine import Store
from monitor.store.feed_polls import Document
from tests.support.fakes import rss
from tests.support.stored import FEED, HOUR, MINUTE, NOW, OTHER

POLLS, WINDOW = 40, 8
WHOLE = Document(title="", validators=Validators(), fetch_url=None)
Lie = Callable[[Entry, int, int], Entry]  # entry, place in the document, number of the poll

LIES: dict[str, Lie] = {
    "none": lambda entry, _place, _poll: entry,
    "no guids": lambda entry, _place, _poll: replace(entry, guid=None),
    "guids of one poll": lambda entry, _place, poll: replace(entry, guid=f"{entry.guid}/{poll}"),
    "guids that count places": lambda entry, place, _poll: replace(entry, guid=str(place)),
    "one guid for all": lambda entry, _place, _poll: replace(entry, guid="feed"),
    "trackers": lambda entry, place, poll: replace(
        entry, url=f"http://www.news.example{entry.url[20:]}?utm_id={poll}&fbclid={place}"
    ),
    "guids and addresses of one poll": lambda entry, _place, poll: replace(
        entry, guid=f"{entry.guid}/{poll}", url=f"{entry.url}/{poll}"
    ),
    "one address for all": lambda entry, _place, _poll: replace(entry, url="https://news.example"),
    "no addresses": lambda entry, _place, _poll: replace(entry, url=""),
    "two servers": lambda entry, _place, poll: replace(entry, guid=f"{entry.guid}-{poll % 2}"),
}


def article(number: int, now: datetime) -> Entry:
    words = " ".join(f"word{number}of{place}" for place in range(40))
    return Entry(
        guid=f"guid-{number}",
        url=f"https://news.example/story/{number}",
        title=f"Story {number}",
        text=words,
        published=now - number % 7 * MINUTE,
    )


@pytest.mark.parametrize("lie", LIES)
def test_every_article_is_stored_once(store: Store, lie: str) -> None:
    dice = Random(lie)  # noqa: S311 - no secret
    now, published = NOW, list[Entry]()
    for poll in range(POLLS):
        now += HOUR
        published += [article(len(published) + n, now) for n in range(dice.randint(0, 3))]
        edited = dice.randrange(len(published)) if published and dice.random() < 0.3 else None
        if edited is not None:
            old = published[edited]
            published[edited] = replace(old, text=f"{old.text} Edited {poll}.")
        listed = published[-WINDOW:][::-1]
        take_in(store, [LIES[lie](entry, place, poll) for place, entry in enumerate(listed)], now)
    with store.read() as connection:
        stored = sorted(line.title for line in articles.recent(connection))
    assert stored == sorted(entry.title for entry in published)


def take_in(store: Store, entries: list[Entry], now: datetime) -> None:
    parsed = read(Received(body=rss(*entries), url=FEED.url, now=now, feed=FEED.url))
    with store.write() as connection:
        feeds.sync(connection, [FEED], now)
        (claim,) = feed_claims.claim_due(connection, now, now, None, everything=True)
        arrivals = Arrivals(connection, parsed.items)
        receive(arrivals, claim, FEED, parsed, now)
        arrivals.insert()
        feed_polls.record_parsed(connection, [(claim, now, now + HOUR, WHOLE)])


def test_what_two_feeds_bring_in_one_write_is_one_article_of_both(store: Store) -> None:
    entries = [article(number, NOW) for number in (2, 1)]
    parsed = {
        spec.url: read(Received(body=rss(*entries), url=spec.url, now=NOW, feed=spec.url))
        for spec in (FEED, OTHER)
    }
    with store.write() as connection:
        feeds.sync(connection, [FEED, OTHER], NOW)
        claims = feed_claims.claim_due(connection, NOW, NOW, None, everything=True)
        arrivals = Arrivals(connection, [item for one in parsed.values() for item in one.items])
        received = [receive(arrivals, one, FEED, parsed[one.url], NOW).stored for one in claims]
        arrivals.insert()
        lines = articles.recent(connection)
        carriers = articles.carriers(connection, [line.id for line in lines])
    assert received == [Stored(new=2, quiet=2), Stored(carried=2)]
    assert [line.title for line in lines] == ["Story 2", "Story 1"]
    assert {len(carried) for carried in carriers.values()} == {2}
