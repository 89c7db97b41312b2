from dataclasses import replace

import pytest
import sqlalchemy as sa

from monitor.model.story import Kinship
from monitor.store import articles, prune, stories
from monitor.store.engine import Connection, Store
from monitor.store.stories import Member
from monitor.store.tables import FEED as FEED_ROW
from monitor.store.tables import HIT, STORY
from monitor.stories.features import features_of
from monitor.stories.index import Fingerprint, Indexed, Placement, StoryIndex
from tests.support.stored import (
    DAY,
    FEED,
    HOUR,
    MINUTE,
    NOW,
    OTHER,
    entry,
    hit,
    memberships,
    store_entries,
)

NOTHING = Fingerprint(language="en", title="", sketch=frozenset(), vector={})
PLACEMENTS = {
    Kinship.FIRST: Placement(kinship=Kinship.FIRST, began=NOW, fingerprint=NOTHING),
    Kinship.COPY: Placement(
        kinship=Kinship.COPY, began=NOW, fingerprint=NOTHING, partner=1, score=0.9
    ),
    Kinship.SAME_STORY: Placement(
        kinship=Kinship.SAME_STORY, began=NOW, fingerprint=NOTHING, partner=1, score=0.5
    ),
}


def join(connection: Connection, article: int, kinship: Kinship, story: int | None = None) -> int:
    story = story or stories.begin(connection, article, f"Title {article}", "en", NOW)
    member = Member(article=article, story=story, placement=PLACEMENTS[kinship])
    stories.add(connection, [member], NOW + article * MINUTE)
    return story


def fill(connection: Connection, *numbers: int) -> None:
    """Articles with these numbers, and ids from 1 in this order."""
    for number in numbers:
        store_entries(connection, [entry(number)], now=NOW + number * MINUTE)


@pytest.mark.parametrize(
    ("urls", "count"),
    [
        pytest.param(["https://www.bbc.co.uk/1", "https://feeds.bbc.co.uk/2"], 1, id="editions"),
        pytest.param(["https://bbc.co.uk/1", "https://itv.co.uk/2"], 2, id="two of a country"),
        pytest.param(["https://a.substack.com/1", "https://b.substack.com/2"], 2, id="hosted"),
        pytest.param(["", ""], 1, id="without pages, of one feed"),
        pytest.param(["https://bbc.co.uk/1", ""], 2, id="one without a page"),
    ],
)
def test_outlets_are_sites_not_feeds(store: Store, urls: list[str], count: int) -> None:
    with store.write() as connection:
        story = None
        for number, url in enumerate(urls, 1):
            store_entries(connection, [replace(entry(number), url=url)])
            story = join(connection, number, Kinship.SAME_STORY, story)
        assert story is not None
        assert stories.outlets(connection, story) == count


def test_five_feeds_that_carry_one_page_are_one_outlet(store: Store) -> None:
    with store.write() as connection:
        for spec in (FEED, OTHER):
            store_entries(connection, [entry(1)], spec=spec)
        story = join(connection, 1, Kinship.FIRST)
        assert stories.outlets(connection, story) == 1


def indexed(connection: Connection, article: int, story: int) -> Indexed:
    return Indexed(
        article=article,
        story=story,
        began=NOW,
        seen=NOW + article * HOUR,
        fingerprint=StoryIndex().fingerprint(
            features_of(articles.load(connection, [article])[article])
        ),
    )


def test_what_articles_are_compared_by_comes_back_as_it_was(store: Store) -> None:
    with store.write() as connection:
        fill(connection, 1)
        text = "Twelve words at least make a sketch, and here are a few more of them, to be sure."
        store_entries(connection, [entry(2, text=text)])
        story = join(connection, 1, Kinship.FIRST)
        join(connection, 2, Kinship.COPY, story)
        rows = [indexed(connection, 1, story), indexed(connection, 2, story)]
        assert rows[1].fingerprint.sketch
        stories.index(connection, rows)
        stories.index(connection, rows[1:])  # again
    with store.read() as connection:
        found = list(stories.indexed(connection, NOW))
        assert found == rows
        assert list(stories.indexed(connection, NOW + 2 * HOUR)) == rows[1:]


def test_a_repetition_makes_a_sketch_younger(store: Store) -> None:
    with store.write() as connection:
        fill(connection, 1)
        story = join(connection, 1, Kinship.FIRST)
        stories.index(connection, [indexed(connection, 1, story)])
        stories.refresh(connection, {1}, NOW + DAY)
        assert [each.seen for each in stories.indexed(connection, NOW + DAY)] == [NOW + DAY]


def test_old_sketches_go_and_their_articles_stay_in_the_story(store: Store) -> None:
    with store.write() as connection:
        fill(connection, 1, 2)
        story = join(connection, 1, Kinship.FIRST)
        join(connection, 2, Kinship.COPY, story)
        stories.index(connection, [indexed(connection, each, story) for each in (1, 2)])
        assert prune.sketches(connection, NOW + 2 * HOUR, 9) == 1
        assert [each.article for each in stories.indexed(connection, NOW)] == [2]
        assert len(memberships(connection)) == 2


def test_a_story_goes_with_its_last_article(store: Store) -> None:
    later = NOW + 400 * DAY
    with store.write() as connection:
        fill(connection, 1, 2)
        for kinship, article in ((Kinship.FIRST, 1), (Kinship.COPY, 2)):
            join(connection, article, kinship, article - 1 or None)
        stories.index(connection, [indexed(connection, 1, 1)])
        kept = hit(connection, 2)
        for claim in articles.claim_new(connection, 9):
            articles.mark_matched(connection, [(claim.id, claim.tries, None)])
        connection.execute(sa.update(FEED_ROW).values(parsed_at=later))
        assert prune.articles(connection, later, later, 9) == 1
        assert list(memberships(connection)) == [2]
        assert stories.known(connection, [2])[2].partner is None
        assert list(stories.indexed(connection, NOW)) == []
        connection.execute(sa.delete(HIT).where(HIT.c.id == kept))
        assert prune.articles(connection, later, later, 9) == 1
        assert connection.scalar(sa.select(sa.func.count()).select_from(STORY)) == 0
