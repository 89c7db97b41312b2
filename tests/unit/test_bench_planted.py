"""The news of which the pipeline's benchmark knows what they hit."""

import re
import sqlite3
import statistics
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.feeds.parse import Document, read
from monitor.matching.percolator import Percolator
from monitor.rules.compile import compile_rules
from tests.bench import pipeline, planted
from tests.bench.draft import rule_book, written

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULES = planted.planted_rules(30)
PLAN = planted.plan(500, len(RULES))
ARTICLES = list(planted.written_out(PLAN, RULES))


def test_articles_hit_the_rules_they_were_planted_with_and_no_others() -> None:
    percolator = Percolator(compile_rules(rule_book(written(each.draft for each in RULES))))
    found = {
        (each.url, rule)
        for each, rules in zip(PLAN, percolator.which(ARTICLES), strict=True)
        for rule in rules
    }
    assert found == planted.hits(PLAN)


def test_a_tenth_are_hits_of_which_some_are_copies_and_some_others_nearly_hit() -> None:
    assert sum(bool(each.rules) for each in PLAN) == len(PLAN) // 10
    assert 0 < sum(each.is_copy for each in PLAN) < len(PLAN) // 25
    assert sum(each.nearly is not None for each in PLAN) > len(PLAN) // 3
    assert len(planted.stories(PLAN)) == sum(each.story == each.number for each in PLAN)


def test_articles_have_467_words_on_average() -> None:
    words = [len(re.findall(r"[^\W_]+", each.text)) for each in ARTICLES]
    assert statistics.mean(words) == pytest.approx(467, rel=0.05)


def test_a_longer_list_begins_with_the_shorter_one() -> None:
    assert planted.plan(80, len(RULES)) == PLAN[:80]
    assert list(planted.written_out(PLAN[:80], RULES)) == ARTICLES[:80]


def test_the_feeds_say_what_the_articles_say() -> None:
    said = {
        (item.entry.title, item.entry.text, item.entry.url)
        for body in planted.feeds(iter(ARTICLES), PLAN)
        for item in read(Document(body=body, url="https://paper.example/feed", now=NOW)).items
    }
    assert said == {
        (article.title, article.text, each.url)
        for each, article in zip(PLAN, ARTICLES, strict=True)
    }


def test_what_is_not_stored_as_planted_is_a_difference(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    few = planted.plan(20, 3)
    with closing(sqlite3.connect(database)) as store, store:
        store.executescript(_TABLES)
        for each in few[1:]:
            store.execute("INSERT INTO article VALUES (?, ?)", (each.number, each.url))
    assert [text.split(",")[0] for text in pipeline.differences(database, few)] == [
        "1 articles are wrong",
        *(
            f"{len(planned)} {what} are wrong"
            for what, planned in (
                ("hits", planted.hits(few)),
                ("stories", planted.stories(few)),
                ("messages", planted.stories(few)),
            )
        ),
    ]


_TABLES = """
CREATE TABLE article (id, url);
CREATE TABLE hit (id, rule, article);
CREATE TABLE story_article (story, article);
CREATE TABLE alert (id);
CREATE TABLE alert_hit (alert, hit);
CREATE TABLE delivery (id, alert);
"""
