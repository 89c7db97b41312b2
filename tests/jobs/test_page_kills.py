"""The process dies at every write of matching and extracting, and while a page is fetched or read."""

import asyncio
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Thread

import pytest

from monitor.errors import FetchError
from monitor.feeds.pages import Page, PageSource
from monitor.jobs.extract import Extraction, Reading
from monitor.jobs.match import Matching
from monitor.model.article import Stage
from monitor.model.feed import FeedSpec, FullText
from monitor.store import articles, rules
from monitor.store.articles import ArticleLine
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.jobs.test_extract import cancel_all, html, served
from tests.support.fakes import Clock, KilledError, MortalStore, Web, Words
from tests.support.stored import (
    FEED,
    HOUR,
    NOW,
    ON_SQLITE,
    REVISION,
    entry,
    make_database,
    store_entries,
)

ARTICLES = 3
URLS = [f"https://news.example/{number}" for number in range(1, ARTICLES + 1)]


class World:
    """What outlives every process: the database, the clock, the web."""

    def __init__(self, folder: Path, backend: str) -> None:
        self.url = make_database(folder, backend)
        store = Store.open(self.url)
        entries = [replace(entry(n + 1, text=""), lead="Troops …") for n in range(ARTICLES)]
        with store.write() as connection:
            store_entries(connection, entries)
            rules.save(connection, REVISION, {}, NOW)
        store.close()
        self.clock = Clock()
        self.web = Web()
        for url in URLS:
            self.web.pages[url] = served(html("Story"), url=url)
        self.deadly: str | None = None
        self.reads = 0

    def process(self, lives: int | None = None, *, before_commit: bool = True) -> bool:
        """Runs one process until nothing is due or it is killed; returns whether it survived."""
        store = MortalStore.open(self.url)
        store.lives, store.before_commit = lives, before_commit
        loop = asyncio.new_event_loop()
        thread = Thread(target=loop.run_forever)
        thread.start()
        reading = Reading(loop=loop, fetcher=self.web, robots=Willing(), read=self.read)
        # One page at a time: what dies is the process, not a thread of it.
        extraction = Extraction(store, reading, now=self.clock, on_done=lambda _: None, slots=1)
        self.died = False
        try:
            self._run(store, extraction)
        except KilledError:
            self.died = True
        finally:
            asyncio.run_coroutine_threadsafe(cancel_all(), loop).result()
            extraction.close()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
            store.close()
        return not self.died and store.lives != 0

    def _run(self, store: MortalStore, extraction: Extraction) -> None:
        matching = Matching(store, Words("Troops", "Sanctions"), lambda _: None)
        matching.modes = {FEED.url: FullText.AUTO}
        extraction.specs = {FEED.url: FEED}
        going_on = True
        while going_on:
            while matching.run(self.clock.now):
                pass
            going_on = extraction.start_due(self.clock.now) > 0
            extraction.drain()
            if self.died:
                raise KilledError

    def read(self, source: PageSource) -> Page:
        self.reads += 1
        if source.url == self.deadly:
            self.died = True
            raise KilledError
        return Page(text=f"Sanctions follow, says {source.url}.")

    def articles(self) -> list[ArticleLine]:
        store = MortalStore.open(self.url)
        assert integrity(store) == []
        with store.read() as connection:
            found = articles.recent(connection)
        store.close()
        return sorted(found, key=lambda line: line.url)


class Willing:
    """Sites that let everybody fetch everything."""

    async def allowed(self, url: str, feed: FeedSpec) -> bool:
        return bool(url and feed)


@ON_SQLITE
@pytest.mark.parametrize("before_commit", [True, False], ids=["before", "after"])
def test_a_kill_at_any_commit_loses_no_text_and_no_hit(
    tmp_path: Path, backend: str, *, before_commit: bool
) -> None:
    for lives in count(1):
        folder = tmp_path / str(lives)
        folder.mkdir()
        world = World(folder, backend)
        survived = world.process(lives, before_commit=before_commit)
        for _ in range(3):
            world.clock.pass_by(HOUR)
            assert world.process()
        for line in world.articles():
            assert (line.stage, line.reason) == (Stage.MATCHED, None)
            assert line.hits == ("Troops", "Sanctions")
        assert world.reads <= ARTICLES + 1  # the one in flight is read again, and no other
        if survived:
            break
    assert lives > 2 + 4 * ARTICLES  # each page: claimed, stored, claimed for matching, matched


def test_a_kill_while_a_page_is_fetched_costs_a_try_and_nothing_else(
    tmp_path: Path, backend: str
) -> None:
    world = World(tmp_path, backend)
    world.deadly = URLS[1]
    assert not world.process()
    world.deadly = None
    assert world.process()  # not due yet
    world.clock.pass_by(HOUR)
    assert world.process()
    assert [line.hits for line in world.articles()] == [("Troops", "Sanctions")] * ARTICLES


def test_a_page_that_always_kills_is_left_with_its_reason_and_holds_up_none(
    tmp_path: Path, backend: str
) -> None:
    world = World(tmp_path, backend)
    world.deadly = URLS[1]
    deaths = 0
    for _ in range(9):
        deaths += not world.process()
        world.clock.pass_by(HOUR)
    assert deaths == 3
    first, killer, last = world.articles()
    assert first.hits == last.hits == ("Troops", "Sanctions")
    assert (killer.stage, killer.hits) == (Stage.MATCHED, ("Troops",))
    assert killer.reason == ("undecided: the page was not read: 3 tries ended with the process")


@ON_SQLITE
@pytest.mark.parametrize("before_commit", [True, False], ids=["before", "after"])
def test_a_page_that_cannot_be_had_is_never_a_silent_no(
    tmp_path: Path, backend: str, *, before_commit: bool
) -> None:
    for lives in count(1):
        folder = tmp_path / str(lives)
        folder.mkdir()
        world = World(folder, backend)
        for url in URLS:
            world.web.pages[url] = FetchError("HTTP 500", status=500)
        survived = world.process(lives, before_commit=before_commit)
        for _ in range(6):
            world.clock.pass_by(2 * HOUR)
            for line in world.articles():
                assert line.stage is not Stage.MATCHED or line.reason, line
            world.process()
        for line in world.articles():
            assert (line.stage, line.hits) == (Stage.MATCHED, ("Troops",))
            assert line.reason is not None
            assert line.reason.startswith("undecided: ")
        if survived:
            break
