"""Texts and queries made to be slow: with quadratic time any of these would run for hours."""

import pytest

from monitor.matching.evaluate import MOST_PASSAGES
from monitor.matching.percolator import Percolator
from monitor.model.article import Article
from monitor.rules.compile import compile_rules
from tests.support.rulebook import book, entity

ALIASES = entity("alias", "alias x", *(f"alias {number}" for number in range(500)))

CASES = {
    "wildcards on one long word": ("*b*d OR bb", "b" * 500_000, 0),
    "one word again and again": ("a1 NEAR a1", "a1 " * 50_000, MOST_PASSAGES),
    "a window of equal words": ('"a1 a1 a1"~5', "a1 " * 50_000, MOST_PASSAGES),
    "many aliases that begin alike": ("@alias", "alias 1 " * 10_000, MOST_PASSAGES),
    "brackets that never match": (
        "(a1 OR b1) NEAR/3 (a1 OR b1)",
        "a1] b1 " * 30_000,
        MOST_PASSAGES,
    ),
    "wildcards far from each other": ("aa* NEAR/64 aa*", "aa " * 50_000, MOST_PASSAGES),
    "a wide window of equal words": ('"a1 a1 a1 a1"~64', "a1 " * 50_000, MOST_PASSAGES),
    "each word near the next": ("a1 NOT NEAR a1", "a1 " * 50_000, 0),
    "no word near the other": (
        "a1 NOT NEAR b1",
        "a1 " * 50_000 + "c1 " * 9 + "b1 " * 50_000,
        MOST_PASSAGES,
    ),
    "each word inside a phrase": ('a1 NOT IN "a1 a1 a1"', "a1 " * 50_000, 0),
    "every word in one sentence": ("a1 SENT a1", "a1 " * 50_000, MOST_PASSAGES),
    "a count of windows": ('("a1 a1"~9){9,}', "a1 " * 50_000, MOST_PASSAGES),
    "a name again and again": ("@alias", "alias x " * 20_000, MOST_PASSAGES),
    "an expression that reads on and on": ("/a+(?:a*b)?/", "a" * 500_000, 1),
    "an expression with many matches": ("/(?:a1 ){2}/", "a1 " * 50_000, MOST_PASSAGES),
    "pairs in thousands of sentences": ("a1 NEAR/9 b1", "A1 is b1. " * 20_000, MOST_PASSAGES),
}


@pytest.mark.parametrize(("query", "text", "spans"), CASES.values(), ids=CASES.keys())
def test_time_grows_with_the_text_and_passages_are_capped(
    query: str, text: str, spans: int
) -> None:
    percolator = Percolator(compile_rules(book({"r": query}, [ALIASES])))

    matches = percolator.match_batch([Article(title="", text=text)])[0].matches

    assert sum(len(match.spans) for match in matches) == spans
    assert all(len(match.why) < 1_000 for match in matches)
