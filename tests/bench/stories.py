"""Copies and stories: what is found, what is found wrongly, and what that costs.

Run ``python -m tests.bench.stories`` for made-up English articles, or with ``--news FOLDER`` for
those of a folder (see ``tests.bench.corpus.read_articles``; copies among them are set aside). Of
each article altered copies are made as editors and feeds make them. Two tellings of one event are
made from one article as well: the first has its headline and every second sentence, the other its
first sentence as a headline and the rest, so that they have no sentence in common.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from monitor.model.article import Article
from monitor.model.story import Kinship
from monitor.stories.copies import Copies
from monitor.stories.features import Features, features_of
from monitor.stories.index import Indexed, StoryIndex
from monitor.stories.vectors import Vectors
from tests.bench.corpus import generated_articles, read_articles
from tests.bench.gauges import in_turns, yardstick

BASES: Final = 400
UNRELATED: Final = 20_000
THRESHOLDS: Final = (0.25, 0.3, 0.33, 0.35, 0.37, 0.4, 0.45, 0.5, 0.6)
_SEED: Final = 11
_START: Final = datetime(2026, 11, 1, tzinfo=UTC)
_BEAT: Final = 300
"""Articles that are in the index together: those of three days."""

_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=\W?[^\W\d_a-z])")
_LEAST_SENTENCES: Final = 8


@dataclass(frozen=True, slots=True)
class News:
    """Articles to be altered, and others to take words and titles from."""

    bases: list[Article]
    others: list[Article]
    draw: Random

    def edited(self, text: str, share: float) -> str:
        """Runs of three to eight words replaced by others, as an editor does."""
        words = text.split()
        strange = self.draw.choice(self.others).text.split()
        left = int(len(words) * share)
        while left > 0:
            length = min(left, self.draw.randint(3, 8))
            at = self.draw.randrange(max(1, len(words) - length))
            words[at : at + length] = self.draw.choices(strange, k=length)
            left -= length
        return " ".join(words)

    def retitled(self, article: Article) -> Article:
        """The same under another title."""
        return replace(article, title=self.draw.choice(self.others).title)

    def shortened(self, article: Article) -> Article:
        """Without a third of its paragraphs, or of its sentences if it has no paragraphs."""
        paragraphs = article.text.split("\n\n")
        parts = paragraphs if len(paragraphs) > 2 else _sentences(article.text)
        kept = [part for part in parts if self.draw.random() > 1 / 3]
        return replace(article, text="\n\n".join(kept or parts))


def _sentences(text: str) -> list[str]:
    return _SENTENCE.split(" ".join(text.split()))


def alterations(news: News) -> dict[str, Callable[[Article], Article]]:
    """The ways in which an article is copied, by name."""
    return {
        "retitled": news.retitled,
        "first quarter": lambda it: replace(it, text=it.text[: len(it.text) // 4]),
        "summary of two sentences": lambda it: replace(
            it, lead=" ".join(_sentences(it.text)[:2]), text=""
        ),
        "40 % edited": lambda it: replace(it, text=news.edited(it.text, 0.4)),
        "40 % edited and retitled": lambda it: news.retitled(
            replace(it, text=news.edited(it.text, 0.4))
        ),
        "third of the paragraphs dropped": news.shortened,
    }


def fill(articles: Iterable[Article], index: StoryIndex | None = None) -> StoryIndex:
    """An index that holds articles under their numbers, each as a story of its own."""
    index = index or StoryIndex()
    for number, article in enumerate(articles):
        _put(index, number, features_of(article))
    return index


def _put(index: StoryIndex, number: int, features: Features) -> None:
    index.add(
        Indexed(
            article=number,
            story=number,
            began=_START,
            seen=_START,
            fingerprint=index.fingerprint(features),
        )
    )


def without_copies(articles: Sequence[Article]) -> tuple[list[Article], int]:
    """Articles of which none is a copy of an earlier one, and how many were."""
    index = StoryIndex()
    kept: list[Article] = []
    for article in articles:
        features = features_of(article)
        if index.place(features, _START).kinship is not Kinship.COPY:
            _put(index, len(kept), features)
            kept.append(article)
    return kept, len(articles) - len(kept)


def copies_found(news: News) -> dict[str, float]:
    """The share of altered copies that are known as copies of their base, by alteration."""
    index = fill(news.bases)

    def found(copy: Article, number: int) -> bool:
        placement = index.place(features_of(copy), _START)
        return placement.kinship is Kinship.COPY and placement.partner == number

    return {
        name: sum(found(alter(base), number) for number, base in enumerate(news.bases))
        / len(news.bases)
        for name, alter in alterations(news).items()
    }


def false_copies(news: News) -> list[tuple[str, str]]:
    """Titles of those of 20,000 pairs of different articles that are taken for copies."""
    features = [features_of(article) for article in news.bases]
    found = []
    for _ in range(UNRELATED):
        one, other = news.draw.sample(range(len(features)), 2)
        index = StoryIndex()
        _put(index, one, features[one])
        if index.place(features[other], _START).kinship is Kinship.COPY:
            found.append((news.bases[one].title, news.bases[other].title))
    return found


def cost(articles: Sequence[Article]) -> dict[str, float]:
    """Passes of the simplest tokeniser that an article takes; everything is known already."""
    features = [features_of(article) for article in articles]
    index = fill(articles)
    prints = [index.fingerprint(each) for each in features]
    copies = Copies()
    for number, each in enumerate(prints):
        copies.add(number, each.title, each.sketch)
    _, (yard, all_, sketches, placing, finding) = in_turns(
        [
            lambda: yardstick(articles),
            lambda: [features_of(article) for article in articles],
            lambda: [sketch_of(article) for article in articles],
            lambda: [index.place(each, _START) for each in features],
            lambda: [copies.find(each.title, each.sketch) for each in prints],
        ]
    )
    return {
        "sketch": round(sketches / yard, 2),
        "copies, look-up included": round((sketches + finding) / yard, 2),
        "copies and stories": round((all_ + placing) / yard, 2),
    }


def sketch_of(article: Article) -> frozenset[int]:
    """What ``features_of`` makes of the whole text."""
    from monitor.analysis.shingles import sketch

    return sketch(f"{article.title}\n{article.lead}\n{article.text}")


def tellings(article: Article) -> tuple[Article, Article] | None:
    """Two articles on one event without a common sentence; None if it is too short."""
    sentences = _sentences(article.text)
    if len(sentences) < _LEAST_SENTENCES:
        return None
    headline, first, second = sentences[0], sentences[1::2], sentences[2::2]
    return (
        replace(article, text=" ".join(first)),
        replace(article, title=headline, text=" ".join(second)),
    )


def same_story_curve(articles: Sequence[Article], draw: Random) -> list[dict[str, float]]:
    """Recall of tellings, and false ones among 20,000 pairs, by threshold."""
    pairs = [both for each in articles if (both := tellings(each))]
    right: list[float] = []
    wrong: list[float] = []
    for start in range(0, len(pairs), _BEAT):
        beat = pairs[start : start + _BEAT]
        vectors = Vectors(beat[0][0].language or "und")
        for number, (one, _) in enumerate(beat):
            vectors.add(number, vectors.weigh(features_of(one).terms))
        others = [vectors.weigh(features_of(other).terms) for _, other in beat]
        right += [vectors.cosine(other, number) for number, other in enumerate(others)]
        for _ in range(UNRELATED * len(beat) // len(pairs)):
            these, those = draw.sample(range(len(beat)), 2)
            wrong.append(vectors.cosine(others[these], those))
    return [
        {
            "threshold": threshold,
            "recall": round(sum(each >= threshold for each in right) / len(right), 3),
            "false": sum(each >= threshold for each in wrong),
            "pairs": len(right),
        }
        for threshold in THRESHOLDS
    ]


def stories_of(articles: Sequence[Article]) -> dict[str, int]:
    """How many stories articles fall into that come one after the other in three days."""
    index, stories = StoryIndex(), 0
    kinds = dict.fromkeys(Kinship, 0)
    step = timedelta(days=3) / _BEAT
    for number, article in enumerate(articles):
        now = _START + number * step
        placement = index.place(features_of(article), now)
        kinds[placement.kinship] += 1
        stories += placement.story is None
        if placement.repeats and placement.partner is not None:
            index.refresh(placement.partner, now)
        else:
            index.add(
                Indexed(
                    article=number,
                    story=placement.story or stories,
                    began=placement.began,
                    seen=now,
                    fingerprint=placement.fingerprint,
                )
            )
    return {"articles": len(articles)} | {str(kind): count for kind, count in kinds.items()}


def main() -> None:
    """Prints one line of JSON for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", type=Path, help="folder of articles instead of made-up ones")
    wish = parser.parse_args()
    articles = read_articles(wish.news) if wish.news else generated_articles(2 * BASES)
    alone, copies = without_copies(articles)
    draw = Random(_SEED)  # noqa: S311  # repeatable, not secret
    bases = alone[: min(BASES, len(alone) // 2)]
    news = News(bases, alone[len(bases) :], draw)
    _print("corpus", {"articles": len(articles), "copies set aside": copies, "bases": len(bases)})
    _print("copies found", copies_found(news))
    false = false_copies(news)
    _print("false copies", {"pairs": UNRELATED, "false": len(false), "examples": false[:5]})
    if wish.news:  # headlines that are made up say nothing of what is below them
        for line in same_story_curve(alone, draw):
            _print("same story", line)
    _print("stream", stories_of(articles))
    _print("passes", cost(bases))


def _print(name: str, figures: object) -> None:
    print(json.dumps({name: figures}, ensure_ascii=False))


if __name__ == "__main__":
    main()
