"""Which article an entry is: the ladder, unstable GUIDs, copies inside a document."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.identity import are_trusted, doubt_after, identify, item_of
from monitor.model.feed import Entry, Item
from monitor.model.identity import GuidEvidence, Identified, Known, KnownArticle, Rung

FEED = "https://paper.example/feed"
DAY = datetime(2026, 11, 24, tzinfo=UTC)
STORY = (
    "The ministers of both countries signed the agreement on Tuesday evening after talks "
    "that lasted for more than twelve hours behind closed doors."
)
OTHER_STORY = (
    "Heavy rain flooded several streets of the old town before dawn, and the fire brigade had "
    "to rescue a family of four from the roof of their house."
)
ENTRY = Entry(
    guid="7", url="https://paper.example/a", title="Deal signed", text=STORY, published=DAY
)


def item(entry: Entry) -> Item:
    return item_of(entry, FEED)


def known_of(*entries: Entry, listed: bool = True, carried: bool = True) -> Known:
    """What a store knows after it took these in; their ids count from 1."""
    articles = {}
    for number, entry in enumerate(entries, 1):
        articles[number] = KnownArticle(
            id=number,
            key=item(entry).keys[0],
            titles=frozenset({entry.title}),
            hashes=frozenset({item(entry).sha256}),
            published=entry.published,
            guid=entry.guid if carried else None,
            carried=carried,
        )
    by_guid: dict[str, tuple[KnownArticle, ...]] = {}
    for article in articles.values():
        if article.guid:
            by_guid[article.guid] = (*by_guid.get(article.guid, ()), article)
    return Known(
        by_guid=by_guid,
        by_key={article.key: article for article in articles.values()},
        listed=tuple(articles.values()) if listed else (),
    )


def found(
    before: Sequence[Entry],
    now: Sequence[Entry],
    *,
    trusted: bool = True,
    listed: bool = True,
    whole: bool = True,
) -> Identified:
    texts = {n: f"{one.title}\n{one.lead}\n{one.text}" for n, one in enumerate(before, 1)}
    return identify(
        [item(entry) for entry in now],
        known_of(*before, listed=listed),
        trusted=trusted,
        text_of=texts.__getitem__,
        whole=whole,
    )


def rungs(result: Identified) -> list[Rung]:
    return [one.rung for one in result.same]


EDITED = replace(ENTRY, title="Deal signed at last", text=STORY + " Parliament votes in May.")
MOVED = replace(ENTRY, url="https://paper.example/world/a")
RENAMED = replace(MOVED, guid="https://paper.example/world/a")


@pytest.mark.parametrize(
    ("entry", "rung"),
    [
        pytest.param(ENTRY, Rung.GUID, id="nothing changed"),
        pytest.param(EDITED, Rung.GUID, id="edited"),
        pytest.param(MOVED, Rung.GUID, id="moved"),
        pytest.param(replace(EDITED, url=MOVED.url), Rung.GUID, id="edited and moved"),
        pytest.param(
            replace(EDITED, url=MOVED.url, published=DAY + timedelta(days=1)),
            Rung.GUID,
            id="edited, moved and dated anew",
        ),
        pytest.param(replace(EDITED, guid="8"), Rung.ADDRESS, id="another guid"),
        pytest.param(replace(EDITED, guid=None), Rung.ADDRESS, id="no guid"),
        pytest.param(RENAMED, Rung.WORDS, id="another guid and address"),
        pytest.param(
            replace(RENAMED, title="Deal signed at last"), Rung.SKETCH, id="a new headline as well"
        ),
        pytest.param(
            replace(RENAMED, text=STORY + " Parliament votes in May."),
            Rung.WORDS,
            id="a longer text as well",
        ),
    ],
)
def test_an_article_is_known_again(entry: Entry, rung: Rung) -> None:
    result = found([ENTRY], [entry])
    assert (rungs(result), result.fresh) == ([rung], ())


LATER = DAY + timedelta(days=1)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(
            Entry(guid="7", url=MOVED.url, title="Rain", text=OTHER_STORY, published=LATER),
            id="a guid used again",
        ),
        pytest.param(
            Entry(guid="7", url=MOVED.url, title="Deal signed", text=OTHER_STORY, published=LATER),
            id="a guid and a headline used again",
        ),
        pytest.param(
            Entry(guid="8", url=ENTRY.url, title="Rain", text=OTHER_STORY, published=LATER),
            id="an address used again",
        ),
        pytest.param(
            Entry(guid="8", url=MOVED.url, title="Deal signed", text=STORY, published=LATER),
            id="the same words on another day",
        ),
        pytest.param(
            Entry(guid="8", url=MOVED.url, title="Deal signed", text=OTHER_STORY, published=DAY),
            id="a headline of the same minute with another text",
        ),
        pytest.param(
            Entry(guid="8", url=MOVED.url, title="Rain", text=OTHER_STORY, published=DAY),
            id="the same minute",
        ),
    ],
)
def test_another_story_is_never_hidden(entry: Entry) -> None:
    result = found([ENTRY], [entry])
    assert (rungs(result), len(result.fresh)) == ([], 1)
    assert result.fresh[0].key not in known_of(ENTRY).by_key


def test_words_count_only_for_what_left_the_document() -> None:
    twin = replace(RENAMED, text="")
    plain = replace(ENTRY, text="")
    assert rungs(found([plain], [twin])) == [Rung.WORDS]
    result = found([plain], [plain, twin])  # two posts of one headline, listed side by side
    assert (rungs(result), len(result.fresh)) == ([Rung.GUID], 1)
    assert found([plain], [twin], listed=False).fresh
    assert found([plain], [replace(twin, lead="A lead.")], whole=False).fresh
    assert rungs(found([ENTRY], [RENAMED], whole=False)) == [Rung.WORDS]


def test_where_guids_mean_nothing_dates_do_not_either() -> None:
    again = replace(RENAMED, published=LATER)
    assert rungs(found([ENTRY], [again])) == []
    assert rungs(found([ENTRY], [again], trusted=False)) == [Rung.WORDS]
    assert rungs(found([ENTRY], [replace(again, guid=None)])) == [Rung.WORDS]
    edited = replace(again, text=STORY + " Parliament votes in May.")
    assert rungs(found([ENTRY], [edited], trusted=False)) == [Rung.SKETCH]


def test_guids_that_proved_unstable_are_not_asked() -> None:
    shifted = Entry(guid="7", url=MOVED.url, title="Rain", published=DAY)
    assert rungs(found([ENTRY], [shifted])) == [Rung.GUID]
    assert rungs(found([ENTRY], [shifted], trusted=False)) == []


def story(number: int, **changes: object) -> Entry:
    entry = Entry(
        guid=str(number),
        url=f"https://paper.example/{number}",
        title=f"Headline {number}",
        text=f"Words {number}",
        published=DAY + timedelta(minutes=number),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def test_guids_that_number_the_places_are_told_by_the_address() -> None:
    before = [story(n, guid=str(place)) for place, n in enumerate((3, 2, 1))]
    now = [story(n, guid=str(place)) for place, n in enumerate((4, 3, 2))]
    result = found(before, now)
    assert [one.article.id for one in result.same] == [1, 2]
    assert [one.item.entry.title for one in result.fresh] == ["Headline 4"]
    assert result.guids.kept == 0


def test_a_feed_that_renames_everything_is_known_by_its_headlines() -> None:
    before = [story(n) for n in range(1, 6)]
    now = [
        story(n, guid=f"new-{n}", url=f"https://new.example/{n}", published=LATER, text=f"{n}!")
        for n in range(2, 7)
    ]
    result = found(before, now)
    assert rungs(result) == [Rung.TITLE] * 4
    assert [one.item.entry.title for one in result.fresh] == ["Headline 6"]


def test_a_headline_that_recurs_does_not_make_a_feed_a_renamed_one() -> None:
    before = [story(n, title="Briefing") for n in range(1, 6)]
    now = [story(n, title="Briefing") for n in range(11, 16)]
    assert len(found(before, now).fresh) == 5


@pytest.mark.parametrize(
    ("entries", "articles"),
    [
        pytest.param([ENTRY, ENTRY], 1, id="twice"),
        pytest.param([ENTRY, replace(ENTRY, guid="8")], 1, id="under two guids"),
        pytest.param([ENTRY, MOVED], 1, id="under two addresses"),
        pytest.param([ENTRY, EDITED], 1, id="in two versions"),
        pytest.param([ENTRY, replace(EDITED, guid="8")], 2, id="two posts at one address"),
        pytest.param([ENTRY, replace(MOVED, title="Rain")], 2, id="one guid for all"),
        pytest.param([ENTRY, RENAMED], 2, id="one headline and minute"),
        pytest.param([replace(ENTRY, guid=None, url="")] * 2, 1, id="twice, without names"),
        pytest.param(
            [Entry(guid=None, url="", title="T", text=str(n)) for n in range(23)],
            23,
            id="nothing but texts",
        ),
    ],
)
def test_of_copies_in_a_document_the_first_counts(entries: list[Entry], articles: int) -> None:
    result = found([], entries)
    assert len(result.fresh) == articles
    assert len({one.key for one in result.fresh}) == articles
    assert result.fresh[0].item.entry == entries[0]


def test_posts_at_one_address_are_told_apart_in_later_documents_too() -> None:
    live = [story(n, url="https://paper.example/live") for n in (1, 2, 3)]
    first = found([], live)
    articles = tuple(
        KnownArticle(
            id=number,
            key=one.key,
            titles=frozenset({one.item.entry.title}),
            hashes=frozenset({one.item.sha256}),
            published=one.item.entry.published,
            guid=one.item.entry.guid,
        )
        for number, one in enumerate(first.fresh, 1)
    )
    known = Known(
        by_guid={one.guid or "": (one,) for one in articles},
        by_key={one.key: one for one in articles},
        listed=articles,
    )
    fourth = story(4, url="https://paper.example/live", text=OTHER_STORY)
    items = [item(entry) for entry in (fourth, *live)]
    again = identify(items, known, trusted=True, text_of=lambda id_: live[id_ - 1].text)
    assert [one.article.id for one in again.same] == [1, 2, 3]
    assert [one.item.entry for one in again.fresh] == [fourth]


def test_an_entry_without_a_link_is_known_in_its_own_feed_only() -> None:
    plain = Entry(guid="7", url="", title="T", published=DAY)
    assert item_of(plain, "https://a.example/feed").keys != item_of(plain, FEED).keys


def test_an_address_over_feeds_is_enough() -> None:
    foreign = known_of(ENTRY, carried=False, listed=False)
    copy = Entry(guid="x", url="http://www.paper.example/a?utm_source=b", title="Other words")
    result = identify([item(copy)], foreign, trusted=True, text_of=lambda _: "")
    assert rungs(result) == [Rung.ADDRESS]


@pytest.mark.parametrize(
    ("now", "evidence"),
    [
        pytest.param([ENTRY], GuidEvidence(kept=1), id="kept"),
        pytest.param([replace(ENTRY, guid="8")], GuidEvidence(changed=1), id="changed"),
        pytest.param(
            [replace(ENTRY, url=MOVED.url, title="Rain", published=LATER, text=OTHER_STORY)],
            GuidEvidence(reused=1),
            id="reused",
        ),
        pytest.param([replace(ENTRY, guid=None)], GuidEvidence(), id="none"),
    ],
)
def test_guids_are_watched(now: list[Entry], evidence: GuidEvidence) -> None:
    assert found([ENTRY], now).guids == evidence


def test_a_guid_that_is_an_address_may_change_its_scheme() -> None:
    before = replace(ENTRY, guid="http://paper.example/?p=7")
    now = replace(ENTRY, guid="https://www.paper.example/?p=7")
    assert found([before], [now]).guids == GuidEvidence(kept=1)


def doubted(*polls: GuidEvidence) -> bool:
    doubt = 0
    for evidence in polls:
        doubt = doubt_after(doubt, evidence)
    return not are_trusted(doubt)


GOOD, BAD, NEITHER = GuidEvidence(kept=9, changed=1), GuidEvidence(changed=9), GuidEvidence()


@pytest.mark.parametrize(
    ("polls", "distrusted"),
    [
        pytest.param([BAD], False, id="renamed once"),
        pytest.param([BAD, NEITHER, BAD], True, id="renamed again"),
        pytest.param([BAD, GOOD, BAD, GOOD, BAD], True, id="two servers that take turns"),
        pytest.param([BAD] * 9 + [GOOD] * 4, True, id="not yet trusted again"),
        pytest.param([BAD] * 9 + [GOOD] * 5, False, id="trusted again"),
        pytest.param([GuidEvidence(kept=1, reused=3)] * 2, True, id="used again"),
    ],
)
def test_guids_are_distrusted_when_most_change_again_and_again(
    polls: list[GuidEvidence], *, distrusted: bool
) -> None:
    assert doubted(*polls) is distrusted
