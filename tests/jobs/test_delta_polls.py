"""Polls parse what is new; once a day they parse all that a feed lists."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from monitor.feeds.parse import Document, read
from monitor.jobs.poll import Poller
from monitor.model.feed import ParsedFeed
from monitor.store.arrivals import Stored
from monitor.store.engine import Store
from monitor.store.tables import ARTICLE, FEED
from tests.support.fakes import Clock, Web, dice, page
from tests.support.stored import DAY, HOUR, NOW, entry
from tests.support.stored import FEED as SPEC


class Polls:
    """A feed, and what its polls parsed and stored."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.web = Web()
        self.clock = Clock()
        self.parsed: list[ParsedFeed] = []
        self.stored: list[Stored] = []
        self.poller = Poller(
            store,
            self.web,
            now=self.clock,
            random=dice(),
            on_done=lambda report: self.stored.append(report.stored),
            parse=self._parse,
        )
        self.poller.use([SPEC])

    def _parse(self, document: Document) -> ParsedFeed:
        self.parsed.append(read(document))
        return self.parsed[-1]

    def poll(self, *numbers: int) -> list[str]:
        """The titles that are parsed of a document that lists entries with these numbers."""
        self.web.pages[SPEC.location] = page(*map(entry, numbers))
        self.poller.start_due(self.clock.now, everything=True)
        self.poller.drain()
        return [found.entry.title for found in self.parsed[-1].items]

    def read_whole_at(self) -> datetime | None:
        with self.store.read() as connection:
            return connection.scalar(select(FEED.c.parsed_at))

    def articles(self) -> int:
        with self.store.read() as connection:
            return len(connection.execute(select(ARTICLE.c.id)).all())


@pytest.fixture
def polls(store: Store) -> Iterator[Polls]:
    running = Polls(store)
    yield running
    running.poller.close()


def titles(*numbers: int) -> list[str]:
    return [entry(n).title for n in numbers]


def test_a_poll_parses_what_the_last_one_did_not_list(polls: Polls) -> None:
    assert polls.poll(2, 1) == titles(2, 1)
    polls.clock.pass_by(HOUR)
    assert polls.poll(3, 2, 1) == titles(3)
    assert polls.stored[-1] == Stored(new=1)
    polls.clock.pass_by(HOUR)
    assert polls.poll(3, 2) == []
    assert polls.poll(3, 2, 1) == titles(1)
    assert polls.articles() == 3


def test_what_is_listed_is_noted_once_a_day(polls: Polls) -> None:
    polls.poll(2, 1)
    polls.clock.pass_by(DAY - HOUR)
    assert polls.poll(3, 2, 1) == titles(3)
    assert polls.read_whole_at() == NOW
    polls.clock.pass_by(HOUR)
    assert polls.poll(4, 3, 2, 1) == titles(4, 3, 2, 1)
    assert polls.read_whole_at() == NOW + DAY
    assert polls.stored[-1] == Stored(new=1)


def test_a_document_that_was_cut_off_leaves_nothing_known(polls: Polls) -> None:
    polls.poll(2, 1)
    whole = page(*map(entry, (4, 3, 2, 1)))
    assert whole.body is not None
    body = whole.body[: whole.body.index(b"<guid", whole.body.index(b"Title 3"))]
    polls.web.pages[SPEC.location] = replace(whole, body=body)
    polls.poller.start_due(NOW, everything=True)
    polls.poller.drain()
    assert [found.entry.title for found in polls.parsed[-1].items] == titles(4)
    assert polls.poll(4, 3, 2, 1) == titles(4, 3)
    assert polls.articles() == 4
