"""What the index answers depends on what is in it, not on how it came there or on the process."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.article import Article
from monitor.stories.features import features_of
from monitor.stories.index import Indexed, StoryIndex

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WORDS = st.sampled_from(
    ["Strelsau", "Zenda", "Rassendyll", "opera", "bridge", "vote", "harbour", "the", "of", "and",
     "says", "after", "2026", "ルドルフ橋", "мост", "Хентцау", "tax", "minister", "closes"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)
ARTICLES = st.builds(
    Article,
    title=st.lists(WORDS, max_size=8).map(" ".join),
    lead=TEXTS,
    text=TEXTS,
    language=st.sampled_from(["en", "ja", None]),
)
STREAMS = st.lists(st.tuples(ARTICLES, st.integers(0, 40)), min_size=1, max_size=12)


def play(stream: list[tuple[Article, int]], *, rebuilt: bool) -> list[tuple[object, ...]]:
    """What is decided of each article, the index made anew before each one or not."""
    index, stored = StoryIndex(), dict[int, Indexed]()
    decided: list[tuple[object, ...]] = []
    now = NOW
    for number, (article, hours) in enumerate(stream, 1):
        now += timedelta(hours=hours)
        if rebuilt:
            index = StoryIndex()
            for each in reversed(stored.values()):
                index.add(each)
        placement = index.place(features_of(article), now)
        decided.append(
            (placement.kinship, placement.story, placement.partner, round(placement.score, 9))
        )
        if placement.repeats:
            assert placement.partner is not None
            index.refresh(placement.partner, now)
            changed = replace(stored[placement.partner], seen=now)
        else:
            changed = Indexed(
                article=number,
                story=placement.story or number,
                began=placement.began,
                seen=now,
                fingerprint=placement.fingerprint,
            )
            index.add(changed)
        stored[changed.article] = changed
    return decided


@given(STREAMS)
def test_an_index_made_anew_decides_the_same(stream: list[tuple[Article, int]]) -> None:
    assert play(stream, rebuilt=True) == play(stream, rebuilt=False)


@given(ARTICLES)
def test_the_same_article_again_is_a_copy_if_it_says_enough(article: Article) -> None:
    features = features_of(article)
    index = StoryIndex()
    index.add(
        Indexed(article=1, story=1, began=NOW, seen=NOW, fingerprint=index.fingerprint(features))
    )
    placement = index.place(features, NOW)
    enough = len(features.sketch) >= 2 or (not features.sketch and bool(features.title))
    assert placement.kinship == "copy" or not enough
    if placement.kinship != "first":
        assert (placement.story, placement.partner) == (1, 1)


@given(st.lists(st.tuples(ARTICLES, st.booleans()), max_size=12))
def test_what_was_forgotten_leaves_no_trace(articles: list[tuple[Article, bool]]) -> None:
    index, fresh = StoryIndex(), StoryIndex()
    kept = []
    for number, (article, stays) in enumerate(articles):
        indexed = Indexed(
            article=number,
            story=number,
            began=NOW,
            seen=NOW if stays else NOW - timedelta(days=4),
            fingerprint=fresh.fingerprint(features_of(article)),
        )
        index.add(indexed)
        kept += [indexed] * stays
    for each in kept:
        fresh.add(each)
    for article, _ in articles:
        features = features_of(article)
        assert index.place(features, NOW) == fresh.place(features, NOW)
    assert len(index) == len(fresh) == len(kept)


_PROGRAM = """
from datetime import datetime
from monitor.model.article import Article
from monitor.stories.features import features_of
from monitor.stories.index import StoryIndex
features = features_of(Article(
    title="Strelsau rebuilds its burned opera house",
    text="The senate of Strelsau has decided to rebuild the opera house. Work begins in October.",
))
print(sorted(features.sketch), sorted(StoryIndex().fingerprint(features).vector.items()))
"""


def test_every_process_makes_the_same_sketch_of_a_text() -> None:
    seen = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(seen) == 1
    assert len(seen.pop()) > 100
