"""Events told by several outlets, in languages with and without blanks."""

import tomllib
from itertools import chain
from pathlib import Path
from random import Random

import pytest

from monitor.model.article import Article
from tests.unit.stories.placing import Desk

EVENTS = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["event"]
LANGUAGES = sorted({event["language"] for event in EVENTS})


def told(language: str, *, tagged: bool = True) -> list[tuple[str, Article]]:
    """Every article in a language with the name of its event."""
    return list(
        chain.from_iterable(
            [
                (
                    event["name"],
                    Article(
                        title=each["title"],
                        text=each["text"],
                        language=language if tagged else None,
                    ),
                )
                for each in event["article"]
            ]
            for event in EVENTS
            if event["language"] == language
        )
    )


@pytest.mark.parametrize("order", range(6))
@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_of_one_event_share_a_story_and_others_do_not(language: str, order: int) -> None:
    articles = told(language)
    Random(order).shuffle(articles)  # noqa: S311  # repeatable, not secret
    stories = Desk().come_all(article for _, article in articles)
    events = [name for name, _ in articles]
    assert len(set(zip(events, stories, strict=True))) == len(set(events)) == len(set(stories))


@pytest.mark.parametrize("language", ["en", "zh", "ja", "th", "ar", "ko", "ru"])
def test_a_language_that_is_not_stated_is_seen(language: str) -> None:
    articles = told(language, tagged=False)
    stories = Desk().come_all(article for _, article in articles)
    assert len(set(stories)) == len({name for name, _ in articles})


def test_all_languages_together_change_nothing() -> None:
    articles = [pair for language in LANGUAGES for pair in told(language)]
    stories = Desk().come_all(article for _, article in articles)
    events = [name for name, _ in articles]
    assert len(set(zip(events, stories, strict=True))) == len(set(events)) == len(set(stories))


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_of_a_text_under_another_title_is_a_copy(language: str) -> None:
    desk = Desk()
    articles = [article for _, article in told(language)]
    desk.come_all(articles)
    first = max(articles, key=lambda article: len(article.text))
    number = articles.index(first) + 1
    part = Article(
        title=first.title.split(" ")[0],
        text=first.text[: len(first.text) * 2 // 3],
        language=language,
    )
    placement = desk.come(part)
    assert (placement.kinship, placement.story) == ("copy", desk.stories[number])
