"""The articles and rules that benchmarks are measured with."""

import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.config.rulefiles import read_rules
from monitor.matching.percolator import Percolator
from monitor.model.rule import EntitySpec, RuleSpec
from monitor.rules.compile import compile_rules
from tests.bench.corpus import generated_articles, read_articles
from tests.bench.draft import Draft, rule_book, write_files, written
from tests.bench.engine import Live, compare
from tests.bench.rules_mix import HIT_RATE, RuleMix
from tests.bench.word_index import WordIndex
from tests.support.process import ROOT

ARTICLES = generated_articles(100)
_SHOW = """
from tests.bench.corpus import generated_articles
from tests.bench.engine import Live, compare
from tests.bench.rules_mix import RuleMix
articles = generated_articles(20)
print(articles, RuleMix(articles).drafts(100))
"""


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    return RuleMix(ARTICLES).drafts(400)


def shown(hash_seed: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = (sys.executable, "-c", _SHOW)
    return subprocess.run(
        command, env=environment, cwd=ROOT, check=True, capture_output=True
    ).stdout


def test_articles_and_rules_are_the_same_under_any_hash_seed() -> None:
    assert shown("1") == shown("2")


def test_a_longer_list_begins_with_the_shorter_one(drafts: list[Draft]) -> None:
    assert generated_articles(10) == ARTICLES[:10]
    assert RuleMix(ARTICLES).drafts(50) == drafts[:50]


def test_articles_have_450_words_a_tenth_of_them_with_a_capital_and_odd_punctuation() -> None:
    texts = [article.text for article in ARTICLES]
    words = [re.findall(r"[^\W_]+", text) for text in texts]
    assert 420 < statistics.mean(map(len, words)) < 500
    assert 110 < statistics.stdev(map(len, words)) < 170
    every = [word for found in words for word in found]
    assert 0.08 < sum(word[0].isupper() for word in every) / len(every) < 0.12
    assert set("“”’–()é") <= set("".join(texts))


def test_each_article_has_as_many_hits_as_promised(drafts: list[Draft]) -> None:
    index = WordIndex(ARTICLES)
    hits = sum(index.articles_of(draft).bit_count() for draft in drafts)
    assert hits == pytest.approx(HIT_RATE * len(ARTICLES) * len(drafts), rel=0.1)


def test_rules_match_where_they_were_drawn_to(drafts: list[Draft]) -> None:
    percolator = Percolator(compile_rules(rule_book(written(drafts))))
    index = WordIndex(ARTICLES)
    expected = {f"r{number}": index.articles_of(draft) for number, draft in enumerate(drafts)}
    found = dict.fromkeys(expected, 0)
    for number, holding in enumerate(percolator.which(ARTICLES)):
        for rule in holding:
            found[rule] |= 1 << number
    # The index knows nothing of the case of aliases that are common words.
    assert sum(found[id_] != expected[id_] for id_ in found) <= 0.01 * len(drafts)


def test_rule_files_say_what_the_rule_book_says(drafts: list[Draft], tmp_path: Path) -> None:
    book = rule_book(written(drafts))
    write_files(written(drafts), tmp_path, 7)
    reading = read_rules([tmp_path])
    assert not reading.problems
    assert len(list(tmp_path.iterdir())) == 7
    assert list(map(said, reading.book.rules.values())) == list(map(said, book.rules.values()))
    assert {id_: aliases(each) for id_, each in reading.book.entities.items()} == {
        id_: aliases(each) for id_, each in book.entities.items()
    }


def said(rule: RuleSpec) -> tuple[str, str, list[str], str]:
    query = rule.query.text if rule.query else ""
    return rule.id, rule.title, [each.text for each in rule.entities], query


def aliases(entity: EntitySpec) -> list[str]:
    return [alias.text.text for alias in entity.aliases]


def test_a_rule_that_is_not_found_is_a_difference(drafts: list[Draft]) -> None:
    every, fewer = (compile_rules(rule_book(written(part))) for part in (drafts, drafts[:-100]))
    right = Live(rule_book(written(drafts)), every, Percolator(every))
    wrong = Live(rule_book(written(drafts)), every, Percolator(fewer))
    assert compare(right, ARTICLES, 64).differences == []
    assert any("not found but holds" in each for each in compare(wrong, ARTICLES, 64).differences)


def test_a_folder_is_read_with_its_encodings_and_its_wrapped_lines(tmp_path: Path) -> None:
    body = "\n".join(["Lines of a paragraph that was wrapped,", "and goes on."] * 40)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "latin.txt").write_bytes(f"Zürich\n\n{body}\n\nEnd.".encode("latin-1"))
    (tmp_path / "short.txt").write_text("Too short\n\nto count.", encoding="utf-8")
    [article] = read_articles(tmp_path)
    assert article.title == "Zürich"
    assert article.text.startswith("Lines of a paragraph that was wrapped, and goes on. Lines")
    assert article.text.endswith("\n\nEnd.")
