"""Articles with hits join stories, in the transaction of their hits."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from monitor.jobs.match import Matching
from monitor.model.feed import Entry
from monitor.store import articles, rules
from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.support.fakes import KilledError, MortalStore, Words, restart
from tests.support.stored import (
    DAY,
    FEED,
    HOUR,
    NOW,
    OTHER,
    REVISION,
    Membership,
    make_database,
    memberships,
    store_entries,
)

REPORT = (
    "Parliament in Ruritania voted on Tuesday to close the harbour of Strelsau to foreign "
    "warships, after a debate that lasted until midnight and ended with shouts from the gallery.\n"
    "The prime minister told reporters that the ban begins in May. Two parties left the chamber "
    "before the vote, and the navy said it would move its own frigates to the northern port."
)
RETOLD = (
    "Foreign warships will be kept out of the harbour of Strelsau: Ruritania's parliament backed "
    "a ban by a narrow majority late on Tuesday, with two parties walking out of the vote.\n"
    "Officers of the navy are looking for moorings in the north."
)
UNRELATED = (
    "A bakery in Zenda has won the national prize for its rye bread for the third year running, "
    "beating more than two hundred competitors with a recipe that is kept in a bank vault.\n"
    "The owner said she would spend the money on a larger oven."
)
CLOSED = "Ruritania closes harbour of Strelsau to foreign warships"


def item(number: int, title: str, text: str) -> Entry:
    return Entry(guid=f"g{number}", url=f"https://news.example/{number}", title=title, text=text)


PRINTED = item(1, CLOSED, REPORT)
COPIED = replace(item(2, "Parliament says no", REPORT), url="https://other.example/2")
TOLD_AGAIN = item(3, "Foreign warships barred from Strelsau harbour in Ruritania", RETOLD)
ELSEWHERE = item(4, "Zenda bakery wins prize for rye bread", UNRELATED)


class Desk:
    """The job with a matcher that hits every one of these articles."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.job = Matching(store, Words("the", "Parliament"), lambda _: None)
        with store.write() as connection:
            rules.save(connection, REVISION, {}, NOW)

    def come(self, *entries: Entry, now: datetime = NOW) -> None:
        """Articles come one after the other."""
        for each in entries:
            with self.store.write() as connection:
                spec = OTHER if "other" in each.url else FEED
                store_entries(connection, [each], spec=spec, now=now)
            self.match(now)

    def match(self, now: datetime = NOW) -> None:
        while self.job.run(now):
            pass

    def restart(self) -> None:
        self.job = Matching(self.store, Words("the", "Parliament"), lambda _: None)

    def stories(self) -> dict[str, Membership]:
        """Of each article that has one, by its title."""
        with self.store.read() as connection:
            lines = articles.recent(connection)
            found = memberships(connection)
        return {line.title: found[line.id] for line in reversed(lines) if line.id in found}


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_copies_and_reports_of_the_same_event_share_a_story(desk: Desk) -> None:
    desk.come(PRINTED, COPIED, TOLD_AGAIN, ELSEWHERE)
    assert desk.stories() == {
        PRINTED.title: Membership(story=1, copy=False),
        COPIED.title: Membership(story=1, copy=True),
        TOLD_AGAIN.title: Membership(story=1, copy=False),
        ELSEWHERE.title: Membership(story=2, copy=False),
    }


def test_one_batch_is_as_good_as_many(desk: Desk) -> None:
    with desk.store.write() as connection:
        store_entries(connection, [ELSEWHERE, TOLD_AGAIN, PRINTED])
    desk.match()
    found = desk.stories()
    assert found[PRINTED.title].story == found[TOLD_AGAIN.title].story
    assert found[PRINTED.title].story != found[ELSEWHERE.title].story


def test_an_article_without_a_hit_is_in_no_story(desk: Desk) -> None:
    desk.come(item(1, "Nothing", "Not for us"))
    assert desk.stories() == {}


def test_a_story_is_found_by_a_later_process(desk: Desk) -> None:
    desk.come(PRINTED)
    desk.restart()
    desk.come(COPIED)
    assert desk.stories()[COPIED.title] == Membership(story=1, copy=True)


@pytest.mark.parametrize("restarted", [False, True])
def test_what_comes_three_days_later_is_another_story(desk: Desk, *, restarted: bool) -> None:
    desk.come(PRINTED)
    if restarted:
        desk.restart()
    desk.come(COPIED, now=NOW + 3 * DAY + HOUR)
    assert desk.stories()[COPIED.title] == Membership(story=2, copy=False)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_copy_keeps_what_it_copies_known(desk: Desk, *, restarted: bool) -> None:
    desk.come(PRINTED)
    desk.come(COPIED, now=NOW + 2 * DAY)
    if restarted:
        desk.restart()
    third = replace(item(5, "Once more", REPORT), url="https://third.example/5")
    desk.come(third, now=NOW + 4 * DAY)
    assert desk.stories()["Once more"] == Membership(story=1, copy=True)


@pytest.mark.parametrize("restarted", [False, True])
def test_an_article_whose_text_comes_later_keeps_its_story_and_is_found_by_it(
    desk: Desk, *, restarted: bool
) -> None:
    short = item(1, "Vote", "Parliament voted.")
    desk.come(short)
    desk.come(replace(short, text=REPORT), now=NOW + HOUR)
    if restarted:
        desk.restart()
    desk.come(COPIED, now=NOW + 2 * HOUR)
    assert desk.stories() == {
        "Vote": Membership(story=1, copy=False),
        COPIED.title: Membership(story=1, copy=True),
    }


def test_a_copy_that_becomes_an_article_of_its_own_stays_where_it_is(desk: Desk) -> None:
    desk.come(PRINTED, COPIED)
    desk.come(replace(COPIED, text=UNRELATED))
    assert desk.stories()[COPIED.title] == Membership(story=1, copy=True)


class World:
    """What outlives every process: the database and what is still to come."""

    def __init__(self, folder: Path, backend: str, *entries: Entry) -> None:
        self.url = make_database(folder, backend)
        self.waiting = list(entries)

    def process(self, lives: int | None = None, *, before_commit: bool = True) -> bool:
        """Runs until all is done, or it is killed at a write; returns whether it survived."""
        store = MortalStore.open(self.url)
        store.lives, store.before_commit = lives, before_commit
        try:
            restart(store)
            desk = Desk(store)
            while self.waiting:
                desk.come(self.waiting[0])
                self.waiting.pop(0)
            desk.match()
        except KilledError:
            return False
        finally:
            store.close()
        return store.lives != 0


@pytest.mark.parametrize("before_commit", [True, False], ids=["before", "after"])
def test_a_kill_at_any_commit_changes_no_story(
    tmp_path: Path, backend: str, *, before_commit: bool
) -> None:
    for lives in count(1):
        folder = tmp_path / str(lives)
        folder.mkdir()
        world = World(folder, backend, PRINTED, COPIED, TOLD_AGAIN, ELSEWHERE)
        survived = world.process(lives, before_commit=before_commit)
        assert world.process()
        store = Store.open(world.url)
        found = Desk(store).stories()
        assert integrity(store) == []
        store.close()
        assert [each.copy for each in found.values()] == [False, True, False, False]
        together = {found[each.title].story for each in (PRINTED, COPIED, TOLD_AGAIN)}
        assert len(together) == 1
        assert found[ELSEWHERE.title].story not in together
        if survived:
            break
    assert lives > 8


def test_a_batch_that_could_not_be_stored_leaves_no_trace_in_memory(
    tmp_path: Path, backend: str
) -> None:
    store = MortalStore.open(make_database(tmp_path, backend))
    desk = Desk(store)
    desk.come(ELSEWHERE)
    with store.write() as connection:
        store_entries(connection, [PRINTED])
    store.lives = 2  # the claim, and the results that are lost
    with pytest.raises(KilledError):
        desk.match()
    store.lives = None
    desk.come(COPIED, now=NOW + timedelta(minutes=1))
    with store.read() as connection:
        story = desk.stories()[COPIED.title].story
        assert [each.story for each in memberships(connection).values()].count(story) == 2
    assert integrity(store) == []
    store.close()
